//! Values of rules before they become tests, and what modifiers make of them.

use std::collections::HashMap;

use rsigma_parser::value::{SigmaString, SpecialChar, StringPart};
use yaml_serde::Value;

use crate::cause::Cause;
use crate::encode::{base64_offsets, base64_text, dash_places, spelled_dashes, utf16};
use crate::number::Number;
use crate::spelling;
use crate::token::{Token, Tokens, plain, push_literal};

/// Values for the placeholders of the modifier `expand`, by name.
pub type Placeholders = HashMap<String, Vec<String>>;

/// Values that the placeholders of one text may lead to.
const EXPANDED: usize = 100_000;

/// A value on its way through the chain. One value of the rule may become several.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    Text(Tokens),
    Bytes(Vec<u8>),
    Number(Number, String),
    Raw(String),
}

/// Modifiers that ask for a text, whatever the value looks like.
const TEXTUAL: [&str; 11] = [
    "contains",
    "startswith",
    "endswith",
    "base64",
    "base64offset",
    "wide",
    "utf16le",
    "utf16be",
    "utf16",
    "windash",
    "expand",
];

/// What a value of a rule is before its modifiers. A number that is spelled otherwise than its plain
/// decimal form may be meant as either.
pub(crate) fn read(value: &Value, modifiers: &[&str], keyword: bool) -> Result<Vec<Operand>, Cause> {
    let is_asked = |modifier: &&str| modifiers.contains(modifier);
    let raw = is_asked(&"re");
    if let Some((number, written)) = spelling::of(value) {
        let number = one(&Value::Number(number.clone()), false)?;
        return Ok(if raw {
            vec![Operand::Raw(written.to_owned())]
        } else if keyword || TEXTUAL.iter().any(is_asked) {
            vec![literal(written.to_owned())]
        } else if modifiers.iter().all(|modifier| ["all", "cased", "neq"].contains(modifier)) {
            vec![number, literal(written.to_owned())]
        } else {
            vec![number]
        });
    }
    one(value, raw).map(|operand| vec![operand])
}

fn one(value: &Value, raw: bool) -> Result<Operand, Cause> {
    Ok(match value {
        Value::String(text) if raw => Operand::Raw(text.clone()),
        Value::String(text) => Operand::Text(tokens(text)),
        Value::Bool(boolean) => Operand::Text(vec![Token::Literal(boolean.to_string())]),
        Value::Number(number) => {
            let text = number.to_string();
            match Number::parse(&text) {
                Some(_) if raw => Operand::Raw(text),
                Some(number) => Operand::Number(number, text),
                None => Operand::Text(vec![Token::Literal(text)]),
            }
        }
        Value::Null => return Err(Cause::ValueNull),
        Value::Mapping(_) => return Err(Cause::ValueMap),
        Value::Sequence(_) => return Err(Cause::ValueList),
        Value::Tagged(_) => return Err(Cause::ValueTagged),
    })
}

/// Wildcards and escapes of a Sigma text.
fn tokens(text: &str) -> Tokens {
    let mut tokens = Tokens::new();
    for operand in SigmaString::new(text).parts {
        match operand {
            StringPart::Plain(text) => push_literal(&mut tokens, &text),
            StringPart::Special(SpecialChar::WildcardMulti) => tokens.push(Token::Any),
            StringPart::Special(SpecialChar::WildcardSingle) => tokens.push(Token::One),
        }
    }
    tokens
}

pub(crate) fn apply(
    modifier: &str,
    operands: Vec<Operand>,
    placeholders: &Placeholders,
) -> Result<Vec<Operand>, Cause> {
    let changed = match modifier {
        "contains" => operands.into_iter().map(|operand| wrap(operand, true, true)).collect(),
        "startswith" => operands.into_iter().map(|operand| wrap(operand, false, true)).collect(),
        "endswith" => operands.into_iter().map(|operand| wrap(operand, true, false)).collect(),
        "windash" => operands
            .into_iter()
            .map(|operand| match operand {
                Operand::Text(tokens) => Operand::Text(dash_places(tokens)),
                other => other,
            })
            .collect(),
        "expand" => return expand_all(operands, placeholders),
        "wide" | "utf16le" | "utf16be" | "utf16" => {
            let texts = plain_bytes(operands, modifier)?;
            texts
                .into_iter()
                .map(|bytes| utf16(&bytes, modifier).map(Operand::Bytes))
                .collect::<Option<_>>()
                .ok_or_else(|| Cause::ModifierOnBytes { modifier: modifier.to_owned() })?
        }
        "base64" => {
            let texts = plain_bytes(operands, modifier)?;
            texts.into_iter().map(|bytes| literal(base64_text(&bytes))).collect()
        }
        "base64offset" => {
            let texts = plain_bytes(operands, modifier)?;
            texts.into_iter().flat_map(|bytes| base64_offsets(&bytes)).map(literal).collect()
        }
        _ => operands,
    };
    Ok(changed)
}

fn literal(text: String) -> Operand {
    Operand::Text(vec![Token::Literal(text)])
}

/// The bytes of values without wildcards; a dash place becomes every spelling it accepts.
fn plain_bytes(operands: Vec<Operand>, modifier: &str) -> Result<Vec<Vec<u8>>, Cause> {
    let mut texts = Vec::new();
    for operand in operands {
        match operand {
            Operand::Bytes(bytes) => texts.push(bytes),
            Operand::Number(_, text) | Operand::Raw(text) => texts.push(text.into_bytes()),
            Operand::Text(tokens) => {
                for tokens in spelled_dashes(&tokens).ok_or(Cause::WindashTooMany)? {
                    let wildcards = || Cause::ModifierOnWildcards { modifier: modifier.to_owned() };
                    let text = plain(&tokens).ok_or_else(wildcards)?;
                    texts.push(text.into_bytes());
                }
            }
        }
    }
    Ok(texts)
}

fn wrap(operand: Operand, before: bool, after: bool) -> Operand {
    let mut tokens = match operand {
        Operand::Text(tokens) => tokens,
        Operand::Number(_, text) => vec![Token::Literal(text)],
        Operand::Bytes(bytes) => match String::from_utf8(bytes) {
            Ok(text) => vec![Token::Literal(text)],
            Err(error) => return Operand::Bytes(error.into_bytes()),
        },
        raw @ Operand::Raw(_) => return raw,
    };
    if before && tokens.first() != Some(&Token::Any) {
        tokens.insert(0, Token::Any);
    }
    if after && tokens.last() != Some(&Token::Any) {
        tokens.push(Token::Any);
    }
    Operand::Text(tokens)
}

/// Keywords are searched anywhere inside a value.
pub(crate) fn anywhere(operand: Operand) -> Operand {
    wrap(operand, true, true)
}

fn expand_all(operands: Vec<Operand>, placeholders: &Placeholders) -> Result<Vec<Operand>, Cause> {
    let mut expanded = Vec::new();
    for operand in operands {
        match operand {
            Operand::Text(tokens) => {
                let mut alternatives = vec![Tokens::new()];
                for token in &tokens {
                    match token {
                        Token::Literal(text) => alternatives = expand_text(text, alternatives, placeholders)?,
                        other => alternatives.iter_mut().for_each(|tokens| tokens.push(other.clone())),
                    }
                }
                expanded.extend(alternatives.into_iter().map(Operand::Text));
            }
            other => expanded.push(other),
        }
    }
    Ok(expanded)
}

/// Replaces `%name%` by each of its values; `\%` is a percent sign.
fn expand_text(
    text: &str,
    mut alternatives: Vec<Tokens>,
    placeholders: &Placeholders,
) -> Result<Vec<Tokens>, Cause> {
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        if let Some(head) = rest[..at].strip_suffix('\\') {
            alternatives.iter_mut().for_each(|tokens| push_literal(tokens, &format!("{head}%")));
            rest = &rest[at + 1..];
            continue;
        }
        let name = rest[at + 1..].split_once('%').map(|(name, _)| name);
        let name = name.filter(|name| !name.is_empty());
        let Some(name) = name else {
            alternatives.iter_mut().for_each(|tokens| push_literal(tokens, &rest[..=at]));
            rest = &rest[at + 1..];
            continue;
        };
        let values = placeholders.get(name).filter(|values| !values.is_empty());
        let values = values.ok_or_else(|| Cause::PlaceholderUnknown { name: name.to_owned() })?;
        if alternatives.len().saturating_mul(values.len()) > EXPANDED {
            return Err(Cause::PlaceholderTooMany { name: name.to_owned() });
        }
        let mut longer = Vec::with_capacity(alternatives.len() * values.len());
        for tokens in &alternatives {
            for value in values {
                let mut tokens = tokens.clone();
                push_literal(&mut tokens, &rest[..at]);
                for token in self::tokens(value) {
                    match token {
                        Token::Literal(text) => push_literal(&mut tokens, &text),
                        other => tokens.push(other),
                    }
                }
                longer.push(tokens);
            }
        }
        alternatives = longer;
        rest = &rest[at + name.len() + 2..];
    }
    alternatives.iter_mut().for_each(|tokens| push_literal(tokens, rest));
    Ok(alternatives)
}

pub(crate) fn text_of(operand: Operand) -> Result<String, Cause> {
    match operand {
        Operand::Text(tokens) => plain(&tokens).ok_or(Cause::ValueWildcards),
        Operand::Number(_, text) | Operand::Raw(text) => Ok(text),
        Operand::Bytes(_) => Err(Cause::ValueEncoded),
    }
}
