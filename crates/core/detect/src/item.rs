//! From a field, its modifiers and its values to the tests an item makes.
//!
//! Modifiers work as a chain, from left to right, each on what the one before left
//! (Sigma specification 2.1.0, "Value modifiers").

use std::collections::HashMap;
use std::sync::Arc;

use rsigma_parser::value::{SigmaString, SpecialChar, StringPart};
use yaml_serde::Value;

use crate::cause::Cause;
use crate::encode::{base64_offsets, base64_text, dash_places, spelled_dashes, utf16};
use crate::matcher::{Comparison, Matcher, RegularExpression, TimePart};
use crate::network::Network;
use crate::number::Number;
use crate::pattern::Pattern;
use crate::rule::{Expression, Item, Relation, Test};
use crate::token::{Token, Tokens, plain, push_literal};

/// Values for the placeholders of the modifier `expand`, by name.
pub type Placeholders = HashMap<String, Vec<String>>;

/// Values that the placeholders of one text may lead to.
const EXPANDED: usize = 100_000;

/// What the modifiers of an item ask for besides changing its values.
#[derive(Debug, Default)]
struct Request {
    all: bool,
    cased: bool,
    negated: bool,
    exists: bool,
    field_reference: bool,
    regex: Option<RegexFlags>,
    network: bool,
    comparison: Option<Comparison>,
    part: Option<TimePart>,
    relation: Option<Relation>,
}

#[derive(Debug, Default, Clone, Copy)]
struct RegexFlags {
    ignore_case: bool,
    multi_line: bool,
    dot_all: bool,
}

/// A value on its way through the chain. One value of the rule may become several.
#[derive(Debug, Clone)]
enum Part {
    Text(Tokens),
    Bytes(Vec<u8>),
    Number(Number, String),
    Raw(String),
}

/// The expression of one entry of a selection map.
pub(crate) fn item_expression(
    key: &str,
    value: &Value,
    placeholders: &Placeholders,
) -> Result<Expression, Cause> {
    let mut words = key.split('|');
    let field: String = words.next().unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    let field: Option<Box<str>> = if field.is_empty() { None } else { Some(field.into()) };
    let modifiers: Vec<&str> = words.collect();
    let request = request(&modifiers)?;
    let values = values(value)?;
    if request.exists {
        return exists(field, values);
    }
    if value.is_null() {
        return missing(field, &modifiers, request.negated);
    }
    if request.field_reference {
        return references(field, values, &request, &modifiers);
    }
    let mut groups = Vec::with_capacity(values.len());
    for value in values {
        let mut parts = vec![read(value, request.regex.is_some())?];
        for modifier in &modifiers {
            parts = apply(modifier, parts, placeholders)?;
        }
        if field.is_none() {
            parts = parts.into_iter().map(anywhere).collect();
        }
        let matchers =
            parts.into_iter().map(|part| matcher(part, &request)).collect::<Result<Vec<_>, _>>()?;
        groups.push((matchers, format!("{value:?}")));
    }
    let name = format!("{}|{}", field.as_deref().unwrap_or_default(), modifiers.join("|"));
    let expression = if request.all {
        let items =
            groups.into_iter().map(|(matchers, values)| item(field.clone(), matchers, &name, &values));
        Expression::And(items.collect())
    } else {
        let (matchers, values): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
        item(field, matchers.into_iter().flatten().collect(), &name, &values.join("\u{1}"))
    };
    Ok(if request.negated { Expression::Not(Box::new(expression)) } else { expression })
}

/// The expression of one keyword.
pub(crate) fn keyword_expression(value: &Value) -> Result<Expression, Cause> {
    if value.is_null() {
        return Err(Cause::KeywordNull);
    }
    item_expression("", value, &Placeholders::new())
}

fn item(field: Option<Box<str>>, matchers: Vec<Matcher>, name: &str, values: &str) -> Expression {
    let key = format!("{name}={values}").into();
    Expression::Item(Arc::new(Item { field, test: Test::Any(matchers), key }))
}

/// The values of an entry.
fn values(value: &Value) -> Result<&[Value], Cause> {
    match value {
        Value::Sequence(items) if items.is_empty() => Err(Cause::ValuesEmpty),
        Value::Sequence(items) => Ok(items),
        other => Ok(std::slice::from_ref(other)),
    }
}

fn request(modifiers: &[&str]) -> Result<Request, Cause> {
    let mut request = Request::default();
    for modifier in modifiers {
        match *modifier {
            "all" => request.all = true,
            "cased" => request.cased = true,
            "neq" => request.negated = true,
            "exists" => request.exists = true,
            "fieldref" => request.field_reference = true,
            "re" => request.regex = Some(RegexFlags::default()),
            "i" | "m" | "s" => {
                let flags = request.regex.as_mut();
                let flags =
                    flags.ok_or_else(|| Cause::ModifierWithoutRegex { modifier: (*modifier).to_owned() })?;
                match *modifier {
                    "i" => flags.ignore_case = true,
                    "m" => flags.multi_line = true,
                    _ => flags.dot_all = true,
                }
            }
            "cidr" => request.network = true,
            "lt" => request.comparison = Some(Comparison::Less),
            "lte" => request.comparison = Some(Comparison::LessOrEqual),
            "gt" => request.comparison = Some(Comparison::Greater),
            "gte" => request.comparison = Some(Comparison::GreaterOrEqual),
            "minute" => request.part = Some(TimePart::Minute),
            "hour" => request.part = Some(TimePart::Hour),
            "day" => request.part = Some(TimePart::Day),
            "week" => request.part = Some(TimePart::Week),
            "month" => request.part = Some(TimePart::Month),
            "year" => request.part = Some(TimePart::Year),
            "contains" => request.relation = Some(Relation::Contains),
            "startswith" => request.relation = Some(Relation::StartsWith),
            "endswith" => request.relation = Some(Relation::EndsWith),
            "base64" | "base64offset" | "wide" | "utf16le" | "utf16be" | "utf16" | "windash" | "expand" => {}
            other => return Err(Cause::ModifierUnknown { modifier: other.to_owned() }),
        }
    }
    check_combination(modifiers)?;
    Ok(request)
}

/// What a modifier decides about a value, if anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Text,
    Regex,
    Network,
    Number,
}

fn decision(modifier: &str) -> Option<Decision> {
    Some(match modifier {
        "contains" | "startswith" | "endswith" | "base64" | "base64offset" | "wide" | "utf16le"
        | "utf16be" | "utf16" | "windash" => Decision::Text,
        "re" => Decision::Regex,
        "cidr" => Decision::Network,
        "lt" | "lte" | "gt" | "gte" | "minute" | "hour" | "day" | "week" | "month" | "year" => {
            Decision::Number
        }
        _ => return None,
    })
}

/// Modifiers that decide differently what the value must be exclude each other.
fn check_combination(modifiers: &[&str]) -> Result<(), Cause> {
    let mut decided = modifiers.iter().filter_map(|modifier| Some((*modifier, decision(modifier)?)));
    let Some((modifier, first)) = decided.next() else { return Ok(()) };
    match decided.find(|(_, other)| *other != first) {
        Some((other, _)) => {
            Err(Cause::ModifiersExclusive { modifier: modifier.to_owned(), other: other.to_owned() })
        }
        None => Ok(()),
    }
}

fn exists(field: Option<Box<str>>, values: &[Value]) -> Result<Expression, Cause> {
    let [Value::Bool(wanted)] = values else {
        return Err(Cause::ExistsNotTruth);
    };
    let field = field.ok_or_else(|| Cause::ModifierWithoutField { modifier: "exists".to_owned() })?;
    let key = format!("{field}|exists").into();
    let item = Expression::Item(Arc::new(Item { field: Some(field), test: Test::Exists, key }));
    Ok(if *wanted { item } else { Expression::Not(Box::new(item)) })
}

fn missing(field: Option<Box<str>>, modifiers: &[&str], negated: bool) -> Result<Expression, Cause> {
    let Some(field) = field else { return Err(Cause::KeywordNull) };
    if let Some(modifier) = modifiers.iter().find(|modifier| !["neq", "all", "cased"].contains(modifier)) {
        return Err(Cause::ModifierOnNull { modifier: (*modifier).to_owned() });
    }
    let key = format!("{field}|missing").into();
    let item = Expression::Item(Arc::new(Item { field: Some(field), test: Test::Missing, key }));
    Ok(if negated { Expression::Not(Box::new(item)) } else { item })
}

fn references(
    field: Option<Box<str>>,
    values: &[Value],
    request: &Request,
    modifiers: &[&str],
) -> Result<Expression, Cause> {
    let field = field.ok_or_else(|| Cause::ModifierWithoutField { modifier: "fieldref".to_owned() })?;
    let relation = request.relation.unwrap_or(Relation::Equal);
    let items = values.iter().map(|value| {
        let other = value.as_str().ok_or(Cause::FieldrefNotName)?;
        let other: Box<str> = other.chars().filter(|c| !c.is_whitespace()).collect::<String>().into();
        let key = format!("{field}|{}={other}", modifiers.join("|")).into();
        let test = Test::Field { other, relation, cased: request.cased };
        Ok(Expression::Item(Arc::new(Item { field: Some(field.clone()), test, key })))
    });
    let items = items.collect::<Result<Vec<_>, Cause>>()?;
    let expression = if request.all { Expression::And(items) } else { Expression::Or(items) };
    Ok(if request.negated { Expression::Not(Box::new(expression)) } else { expression })
}

fn read(value: &Value, raw: bool) -> Result<Part, Cause> {
    Ok(match value {
        Value::String(text) if raw => Part::Raw(text.clone()),
        Value::String(text) => Part::Text(tokens(text)),
        Value::Bool(boolean) => Part::Text(vec![Token::Literal(boolean.to_string())]),
        Value::Number(number) => {
            let text = number.to_string();
            match Number::parse(&text) {
                Some(_) if raw => Part::Raw(text),
                Some(number) => Part::Number(number, text),
                None => Part::Text(vec![Token::Literal(text)]),
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
    for part in SigmaString::new(text).parts {
        match part {
            StringPart::Plain(text) => push_literal(&mut tokens, &text),
            StringPart::Special(SpecialChar::WildcardMulti) => tokens.push(Token::Any),
            StringPart::Special(SpecialChar::WildcardSingle) => tokens.push(Token::One),
        }
    }
    tokens
}

fn apply(modifier: &str, parts: Vec<Part>, placeholders: &Placeholders) -> Result<Vec<Part>, Cause> {
    let changed = match modifier {
        "contains" => parts.into_iter().map(|part| wrap(part, true, true)).collect(),
        "startswith" => parts.into_iter().map(|part| wrap(part, false, true)).collect(),
        "endswith" => parts.into_iter().map(|part| wrap(part, true, false)).collect(),
        "windash" => parts
            .into_iter()
            .map(|part| match part {
                Part::Text(tokens) => Part::Text(dash_places(tokens)),
                other => other,
            })
            .collect(),
        "expand" => return expand_all(parts, placeholders),
        "wide" | "utf16le" | "utf16be" | "utf16" => {
            let texts = plain_bytes(parts, modifier)?;
            texts
                .into_iter()
                .map(|bytes| utf16(&bytes, modifier).map(Part::Bytes))
                .collect::<Option<_>>()
                .ok_or_else(|| Cause::ModifierOnBytes { modifier: modifier.to_owned() })?
        }
        "base64" => {
            let texts = plain_bytes(parts, modifier)?;
            texts.into_iter().map(|bytes| literal(base64_text(&bytes))).collect()
        }
        "base64offset" => {
            let texts = plain_bytes(parts, modifier)?;
            texts.into_iter().flat_map(|bytes| base64_offsets(&bytes)).map(literal).collect()
        }
        _ => parts,
    };
    Ok(changed)
}

fn literal(text: String) -> Part {
    Part::Text(vec![Token::Literal(text)])
}

/// The bytes of values without wildcards; a dash place becomes every spelling it accepts.
fn plain_bytes(parts: Vec<Part>, modifier: &str) -> Result<Vec<Vec<u8>>, Cause> {
    let mut texts = Vec::new();
    for part in parts {
        match part {
            Part::Bytes(bytes) => texts.push(bytes),
            Part::Number(_, text) | Part::Raw(text) => texts.push(text.into_bytes()),
            Part::Text(tokens) => {
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

fn wrap(part: Part, before: bool, after: bool) -> Part {
    let mut tokens = match part {
        Part::Text(tokens) => tokens,
        Part::Number(_, text) => vec![Token::Literal(text)],
        Part::Bytes(bytes) => match String::from_utf8(bytes) {
            Ok(text) => vec![Token::Literal(text)],
            Err(error) => return Part::Bytes(error.into_bytes()),
        },
        raw @ Part::Raw(_) => return raw,
    };
    if before && tokens.first() != Some(&Token::Any) {
        tokens.insert(0, Token::Any);
    }
    if after && tokens.last() != Some(&Token::Any) {
        tokens.push(Token::Any);
    }
    Part::Text(tokens)
}

/// Keywords are searched anywhere inside a value.
fn anywhere(part: Part) -> Part {
    wrap(part, true, true)
}

fn expand_all(parts: Vec<Part>, placeholders: &Placeholders) -> Result<Vec<Part>, Cause> {
    let mut expanded = Vec::new();
    for part in parts {
        match part {
            Part::Text(tokens) => {
                let mut alternatives = vec![Tokens::new()];
                for token in &tokens {
                    match token {
                        Token::Literal(text) => alternatives = expand_text(text, alternatives, placeholders)?,
                        other => alternatives.iter_mut().for_each(|tokens| tokens.push(other.clone())),
                    }
                }
                expanded.extend(alternatives.into_iter().map(Part::Text));
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

fn matcher(part: Part, request: &Request) -> Result<Matcher, Cause> {
    if let Some(flags) = request.regex {
        let Part::Raw(text) = part else { return Err(Cause::RegexNotText) };
        return regex(&text, flags);
    }
    if request.network {
        let text = text_of(part)?;
        let network = Network::parse(&text).ok_or(Cause::NetworkUnreadable { value: text })?;
        return Ok(Matcher::Network(network));
    }
    if request.comparison.is_some() || request.part.is_some() {
        let text = text_of(part)?;
        let number = Number::parse(&text).ok_or(Cause::NumberUnreadable { value: text })?;
        let comparison = request.comparison.unwrap_or(Comparison::Equal);
        return Ok(match request.part {
            Some(time_part) => Matcher::TimePart(time_part, comparison, number),
            None => Matcher::Compare(comparison, number),
        });
    }
    Ok(match part {
        Part::Number(number, text) => Matcher::Number(number, text.into()),
        Part::Text(tokens) => Matcher::Text(Pattern::new(&tokens, request.cased)),
        Part::Raw(text) => Matcher::Text(Pattern::new(&[Token::Literal(text)], request.cased)),
        Part::Bytes(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Matcher::Text(Pattern::new(&[Token::Literal(text)], request.cased)),
            Err(_) => return Err(Cause::ValueEncoded),
        },
    })
}

fn text_of(part: Part) -> Result<String, Cause> {
    match part {
        Part::Text(tokens) => plain(&tokens).ok_or(Cause::ValueWildcards),
        Part::Number(_, text) | Part::Raw(text) => Ok(text),
        Part::Bytes(_) => Err(Cause::ValueEncoded),
    }
}

fn regex(text: &str, flags: RegexFlags) -> Result<Matcher, Cause> {
    let flags = [flags.ignore_case, flags.multi_line, flags.dot_all];
    let expression = RegularExpression::new(text, flags)?;
    Ok(Matcher::Regex(Box::new(expression)))
}
