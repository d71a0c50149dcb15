//! From a field, its modifiers and its values to the tests an item makes.
//!
//! Modifiers work as a chain, from left to right, each on what the one before left
//! (Sigma specification 2.1.0, "Value modifiers").

use std::sync::Arc;

use yaml_serde::Value;

use crate::cause::Cause;
use crate::matcher::{Comparison, Matcher, RegularExpression, TimePart};
use crate::network::Network;
use crate::number::Number;
use crate::operand::{Operand, Placeholders, anywhere, apply, read, text_of};
use crate::pattern::Pattern;
use crate::rule::{Expression, Item, Relation, Test};
use crate::token::Token;

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
        return exists(field, values, request.negated);
    }
    if value.is_null() {
        return missing(field, &modifiers, request.negated);
    }
    if request.field_reference {
        return references(field, values, &request, &modifiers);
    }
    let mut groups = Vec::with_capacity(values.len());
    for value in values {
        let mut operands = read(value, &modifiers, field.is_none())?;
        for modifier in &modifiers {
            operands = apply(modifier, operands, placeholders)?;
        }
        if field.is_none() {
            operands = operands.into_iter().map(anywhere).collect();
        }
        let matchers =
            operands.into_iter().map(|operand| matcher(operand, &request)).collect::<Result<Vec<_>, _>>()?;
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
    Comparison,
    TimePart,
    Reference,
    Exists,
}

fn decision(modifier: &str) -> Option<Decision> {
    Some(match modifier {
        "contains" | "startswith" | "endswith" | "base64" | "base64offset" | "wide" | "utf16le"
        | "utf16be" | "utf16" | "windash" => Decision::Text,
        "re" => Decision::Regex,
        "cidr" => Decision::Network,
        "lt" | "lte" | "gt" | "gte" => Decision::Comparison,
        "minute" | "hour" | "day" | "week" | "month" | "year" => Decision::TimePart,
        "fieldref" => Decision::Reference,
        "exists" => Decision::Exists,
        _ => return None,
    })
}

/// Modifiers that decide differently what the value must be exclude each other: one of them would
/// be passed over.
fn check_combination(modifiers: &[&str]) -> Result<(), Cause> {
    let refers = modifiers.contains(&"fieldref");
    for (at, modifier) in modifiers.iter().enumerate() {
        // Two fields are compared in one way.
        let is_second = |other: &str| {
            refers && [modifier, other].iter().all(|word| PLACES.contains(word)) && other != *modifier
        };
        if let Some(other) =
            modifiers[at + 1..].iter().find(|other| exclude(modifier, other) || is_second(other))
        {
            let (modifier, other) = ((*modifier).to_owned(), (*other).to_owned());
            return Err(Cause::ModifiersExclusive { modifier, other });
        }
    }
    Ok(())
}

fn exclude(one: &str, other: &str) -> bool {
    use Decision::{Comparison, Exists, Reference, TimePart};
    let goes_with = |modifier: &str, known: &[&str]| known.contains(&modifier);
    match (decision(one), decision(other)) {
        (Some(Exists | Reference), _) if one == other => false,
        (Some(Exists), _) => !goes_with(other, &["neq", "all"]),
        (_, Some(Exists)) => !goes_with(one, &["neq", "all"]),
        (Some(Reference), _) => !goes_with(other, &RELATIONS),
        (_, Some(Reference)) => !goes_with(one, &RELATIONS),
        (Some(Comparison), Some(Comparison)) | (Some(TimePart), Some(TimePart)) => one != other,
        (Some(Comparison | TimePart), Some(Comparison | TimePart)) => false,
        (Some(one), Some(other)) => one != other,
        _ => false,
    }
}

/// Where one text stands in another.
const PLACES: [&str; 3] = ["contains", "startswith", "endswith"];
/// What may be said beside `fieldref`.
const RELATIONS: [&str; 6] = ["contains", "startswith", "endswith", "cased", "neq", "all"];

fn exists(field: Option<Box<str>>, values: &[Value], negated: bool) -> Result<Expression, Cause> {
    let [Value::Bool(wanted)] = values else {
        return Err(Cause::ExistsNotTruth);
    };
    let field = field.ok_or_else(|| Cause::ModifierWithoutField { modifier: "exists".to_owned() })?;
    let key = format!("{field}|exists").into();
    let item = Expression::Item(Arc::new(Item { field: Some(field), test: Test::Exists, key }));
    Ok(if *wanted == negated { Expression::Not(Box::new(item)) } else { item })
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

fn matcher(operand: Operand, request: &Request) -> Result<Matcher, Cause> {
    if let Some(flags) = request.regex {
        let Operand::Raw(text) = operand else { return Err(Cause::RegexNotText) };
        return regex(&text, flags);
    }
    if request.network {
        let text = text_of(operand)?;
        let network = Network::parse(&text).ok_or(Cause::NetworkUnreadable { value: text })?;
        return Ok(Matcher::Network(network));
    }
    if request.comparison.is_some() || request.part.is_some() {
        let text = text_of(operand)?;
        let number = Number::parse(&text).ok_or(Cause::NumberUnreadable { value: text })?;
        let comparison = request.comparison.unwrap_or(Comparison::Equal);
        return Ok(match request.part {
            Some(time_part) => Matcher::TimePart(time_part, comparison, number),
            None => Matcher::Compare(comparison, number),
        });
    }
    Ok(match operand {
        Operand::Number(number, text) => Matcher::Number(number, text.into()),
        Operand::Text(tokens) => Matcher::Text(Pattern::new(&tokens, request.cased)),
        Operand::Raw(text) => Matcher::Text(Pattern::new(&[Token::Literal(text)], request.cased)),
        Operand::Bytes(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Matcher::Text(Pattern::new(&[Token::Literal(text)], request.cased)),
            Err(_) => return Err(Cause::ValueEncoded),
        },
    })
}

fn regex(text: &str, flags: RegexFlags) -> Result<Matcher, Cause> {
    let flags = [flags.ignore_case, flags.multi_line, flags.dot_all];
    let expression = RegularExpression::new(text, flags)?;
    Ok(Matcher::Regex(Box::new(expression)))
}
