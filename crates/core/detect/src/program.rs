//! The rules of one kind of event, compiled: what is constant for the kind is decided, equal
//! tests stand once, and every rule hangs on the rarest texts it cannot match without.

use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use hashbrown::HashMap;
use model::catalogue::{Catalogue, Route};
use model::event::Kind;
use rustc_hash::FxBuildHasher;

use crate::anchor::{Anchor, Reach, anchors, tests};
use crate::correlation::Plan;
use crate::matcher::{Candidate, Matcher};
use crate::needs::Needs;
use crate::pattern::{Pattern, Stand};
use crate::rule::{Expression, Item, Rule, SourceKeys, Test};
use crate::standin;
use crate::token::Token;

/// Rules that may fire on events of one kind.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) rules: Vec<Compiled>,
    pub(crate) fields: Vec<FieldSlot>,
    pub(crate) items: Vec<Slot>,
    /// Memos of items on fields; keyword items have theirs behind these, one a column.
    pub(crate) memos: usize,
    pub(crate) keywords: usize,
    /// Rules that neither a text nor a test of a value can rule out.
    pub(crate) always: Vec<u32>,
    /// Items on which rules hang that hang on no text: numbers of items and of rules.
    pub(crate) tests: Vec<(u32, Vec<u32>)>,
    pub(crate) automaton: Option<AhoCorasick>,
    /// For each text of the automaton, who hangs on it.
    pub(crate) uses: Vec<Vec<Use>>,
    /// Texts that must be a whole value.
    pub(crate) whole: HashMap<Box<str>, Vec<Use>, FxBuildHasher>,
    /// Whether some rule hangs on a text in any field.
    pub(crate) anywhere: bool,
    /// Fields of which a rule asks whether they are there: numbers in `fields`.
    pub(crate) presence: Vec<u32>,
    /// What of the events is looked at.
    pub(crate) needs: Arc<Needs>,
}

/// A rule in a program.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// Number of the rule in the engine.
    pub(crate) rule: u32,
    pub(crate) root: Node,
    /// Fields whose values correlations want: numbers in `Program::fields`.
    pub(crate) wanted: Box<[u32]>,
}

/// An expression over the program's items.
#[derive(Debug)]
pub(crate) enum Node {
    Constant(bool),
    And(Box<[Node]>),
    Or(Box<[Node]>),
    Not(Box<Node>),
    Item(u32),
    /// Must hold within one record of the event.
    Record(Box<[Node]>),
}

/// An item with its field resolved.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) item: Arc<Item>,
    /// Number in `fields`; `None` for keywords.
    pub(crate) field: Option<u32>,
    /// The other field of a comparison between fields.
    pub(crate) other: Option<u32>,
    /// First memo of the item, or its number among keyword items.
    pub(crate) memo: usize,
    /// Whether Windows puts blanks behind the values of the field.
    pub(crate) is_padded: bool,
}

/// A field of rules and the columns it may stand in, most likely first.
#[derive(Debug)]
pub(crate) struct FieldSlot {
    pub(crate) name: Box<str>,
    pub(crate) places: Vec<ColumnName>,
    /// Whether Windows puts blanks behind its values.
    pub(crate) is_padded: bool,
}

/// Name of a column in a sheet.
#[derive(Debug)]
pub(crate) enum ColumnName {
    Known(Box<str>),
    Raw(Box<str>),
}

/// A rule that hangs on a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Use {
    /// Number in `Program::rules`.
    pub(crate) rule: u32,
    /// Field the text must stand in; `None` means any.
    pub(crate) field: Option<u32>,
    pub(crate) stand: Stand,
}

impl Program {
    /// Compiles the rules that read events of `kind`.
    pub(crate) fn new(rules: &[Rule], plan: &Plan, catalogue: &Catalogue, kind: &Kind) -> Self {
        let mut compiler = Compiler {
            catalogue,
            kind,
            plan,
            program: Self::default(),
            numbers: HashMap::default(),
            fields: HashMap::default(),
        };
        let mut routes: HashMap<&SourceKeys, (Route, bool), FxBuildHasher> = HashMap::default();
        let constants = Constants::of(catalogue, kind);
        let mut patterns: HashMap<Box<str>, Vec<Use>, FxBuildHasher> = HashMap::default();
        for (number, rule) in rules.iter().enumerate() {
            let (route, stands_in) = routes.entry(&rule.source).or_insert_with(|| {
                let keys = rule.source.keys();
                (catalogue.route(&keys, kind), catalogue.stands_in(&keys, kind))
            });
            let guard = match route {
                Route::No => continue,
                Route::Yes => Expression::Constant(true),
                Route::Where(sets) => guard(sets),
            };
            let folded = match stands_in {
                true => constants.fold(&standin::held(rule, catalogue, kind)),
                false => constants.fold(&rule.expression),
            };
            let whole = match (constants.fold(&guard), folded) {
                (_, Expression::Constant(false)) | (Expression::Constant(false), _) => continue,
                (Expression::Constant(true), folded) => folded,
                (guard, folded) => Expression::And(vec![folded, guard]),
            };
            compiler.add(u32::try_from(number).unwrap_or(u32::MAX), &whole, &mut patterns);
        }
        let mut program = compiler.finish(patterns);
        program.needs = Arc::new(Needs::of(&program, catalogue, kind));
        program
    }
}

struct Compiler<'a> {
    catalogue: &'a Catalogue,
    kind: &'a Kind,
    plan: &'a Plan,
    program: Program,
    numbers: HashMap<Box<str>, u32, FxBuildHasher>,
    fields: HashMap<Box<str>, u32, FxBuildHasher>,
}

impl Compiler<'_> {
    fn add(
        &mut self,
        rule: u32,
        expression: &Expression,
        patterns: &mut HashMap<Box<str>, Vec<Use>, FxBuildHasher>,
    ) {
        let root = self.node(expression);
        let number = u32::try_from(self.program.rules.len()).unwrap_or(u32::MAX);
        let feed = self.plan.rules.get(rule as usize).and_then(Option::as_ref);
        let wanted = feed.map_or(&[][..], |feed| &feed.wanted);
        let wanted = wanted.iter().map(|name| self.field(name)).collect();
        self.program.rules.push(Compiled { rule, root, wanted });
        let Some(anchors) = anchors(expression) else {
            return self.hang_on_tests(number, expression);
        };
        for Anchor { text, stand, reach } in anchors {
            let field = match reach {
                Reach::Anywhere => {
                    self.program.anywhere = true;
                    None
                }
                Reach::Field(name) => Some(self.field(name)),
            };
            let table = if stand == Stand::Whole { &mut self.program.whole } else { &mut *patterns };
            let uses = table.entry(text).or_default();
            let entry = Use { rule: number, field, stand };
            if !uses.contains(&entry) {
                uses.push(entry);
            }
        }
    }

    fn hang_on_tests(&mut self, rule: u32, expression: &Expression) {
        let Some(items) = tests(expression) else {
            return self.program.always.push(rule);
        };
        for item in items {
            let item = self.item(item);
            match self.program.tests.iter_mut().find(|(known, _)| *known == item) {
                Some((_, rules)) => rules.push(rule),
                None => self.program.tests.push((item, vec![rule])),
            }
        }
    }

    fn finish(mut self, patterns: HashMap<Box<str>, Vec<Use>, FxBuildHasher>) -> Program {
        let mut texts: Vec<_> = patterns.into_iter().collect();
        texts.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        if !texts.is_empty() {
            let kind = if texts.len() > 2_000 { None } else { Some(AhoCorasickKind::ContiguousNFA) };
            let built = AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                .kind(kind)
                .build(texts.iter().map(|(text, _)| text.as_bytes()));
            match built {
                Ok(automaton) => self.program.automaton = Some(automaton),
                // Only a set beyond the automaton's number space fails; then nothing is ruled out.
                Err(_) => {
                    self.program.always =
                        (0..u32::try_from(self.program.rules.len()).unwrap_or(u32::MAX)).collect()
                }
            }
            self.program.uses = texts.into_iter().map(|(_, uses)| uses).collect();
        }
        self.program
    }

    fn node(&mut self, expression: &Expression) -> Node {
        match expression {
            Expression::Constant(value) => Node::Constant(*value),
            Expression::And(parts) => Node::And(self.nodes(parts)),
            Expression::Or(parts) => Node::Or(self.nodes(parts)),
            Expression::Not(part) => Node::Not(Box::new(self.node(part))),
            Expression::Item(item) => Node::Item(self.item(item)),
            Expression::Map(parts) if names_record_type(parts) => Node::Record(self.nodes(parts)),
            Expression::Map(parts) if parts.len() == 1 => self.node(&parts[0]),
            Expression::Map(parts) => Node::And(self.nodes(parts)),
        }
    }

    fn nodes(&mut self, parts: &[Expression]) -> Box<[Node]> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn item(&mut self, item: &Arc<Item>) -> u32 {
        if let Some(&number) = self.numbers.get(&item.key) {
            return number;
        }
        let field = item.field.as_deref().map(|name| self.field(name));
        let other = match &item.test {
            Test::Field { other, .. } => Some(self.field(other)),
            _ => None,
        };
        if let (Some(field), Test::Missing | Test::Exists) = (field, &item.test)
            && !self.program.presence.contains(&field)
        {
            self.program.presence.push(field);
        }
        // A memo for each column in which the field may stand. Keywords look at every column of a sheet, and
        // how many these are is known only then: theirs come behind all others, numbered by item.
        let memo = match field {
            Some(field) => {
                self.program.memos += self.program.fields[field as usize].places.len();
                self.program.memos - self.program.fields[field as usize].places.len()
            }
            None => {
                self.program.keywords += 1;
                self.program.keywords - 1
            }
        };
        let number = u32::try_from(self.program.items.len()).unwrap_or(u32::MAX);
        let is_padded = field.is_some_and(|field| self.program.fields[field as usize].is_padded);
        self.program.items.push(Slot { item: item.clone(), field, other, memo, is_padded });
        self.numbers.insert(item.key.clone(), number);
        number
    }

    fn field(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.fields.get(name) {
            return number;
        }
        let mut places = Vec::new();
        let known = self.catalogue.field(self.kind, name);
        match known {
            Some(field) => {
                places.push(ColumnName::Known(field.name.as_str().into()));
                for listed in self.catalogue.names_of(self.kind, field) {
                    places.push(ColumnName::Raw(listed.into()));
                }
            }
            None => places.push(ColumnName::Raw(name.into())),
        }
        let number = u32::try_from(self.program.fields.len()).unwrap_or(u32::MAX);
        self.program.fields.push(FieldSlot {
            name: name.into(),
            places,
            is_padded: known.is_some_and(|field| field.padded),
        });
        self.fields.insert(name.into(), number);
        number
    }
}

/// Whether a selection map says which record it speaks of, as audit rules do with `type`.
pub(crate) fn names_record_type(parts: &[Expression]) -> bool {
    parts.iter().any(|part| matches!(part, Expression::Item(item) if item.field.as_deref() == Some("type")))
}

/// The condition that a log source puts on fields, as an expression.
pub(crate) fn guard(sets: &[Vec<(String, Vec<String>)>]) -> Expression {
    let item = |field: &str, values: &[String]| {
        let matchers = values
            .iter()
            .map(|value| Matcher::Text(Pattern::new(&[Token::Literal(value.clone())], false)))
            .collect();
        let key = format!("{field}|={}", values.join("\u{1}")).into();
        Expression::Item(Arc::new(Item { field: Some(field.into()), test: Test::Any(matchers), key }))
    };
    let all = |set: &Vec<(String, Vec<String>)>| {
        Expression::And(set.iter().map(|(field, values)| item(field, values)).collect())
    };
    Expression::Or(sets.iter().map(all).collect())
}

/// What the kind alone decides: tests of event id and channel.
struct Constants {
    event_id: Option<String>,
    channel: Option<String>,
    /// Events of this kind have a `Channel` of their own (the log that was cleared). A test for
    /// nothing but the channel the event stands in is then a routing and holds; any other test
    /// means the event's own.
    own_channel: bool,
}

impl Constants {
    fn of(catalogue: &Catalogue, kind: &Kind) -> Self {
        let any = Kind::new(&kind.product, "", None);
        let field = |kind| catalogue.field(kind, "Channel").map(|field| field.name.as_str());
        Self {
            event_id: kind.event_id.map(|id| id.to_string()),
            channel: (!kind.log.is_empty() && *kind.product == *"windows").then(|| kind.log.to_string()),
            own_channel: field(kind).is_some_and(|own| Some(own) != field(&any)),
        }
    }

    fn fold(&self, expression: &Expression) -> Expression {
        match expression {
            Expression::Constant(value) => Expression::Constant(*value),
            Expression::Item(item) => {
                self.decide(item).map_or_else(|| expression.clone(), Expression::Constant)
            }
            Expression::Not(part) => match self.fold(part) {
                Expression::Constant(value) => Expression::Constant(!value),
                part => Expression::Not(Box::new(part)),
            },
            Expression::And(parts) => self.join(parts, false, Expression::And),
            Expression::Map(parts) => self.join(parts, false, Expression::Map),
            Expression::Or(parts) => self.join(parts, true, Expression::Or),
        }
    }

    /// Joins folded parts; `decisive` is the constant that settles the whole.
    fn join(
        &self,
        parts: &[Expression],
        decisive: bool,
        whole: fn(Vec<Expression>) -> Expression,
    ) -> Expression {
        let mut open = Vec::with_capacity(parts.len());
        for part in parts {
            match self.fold(part) {
                Expression::Constant(value) if value == decisive => return Expression::Constant(decisive),
                Expression::Constant(_) => {}
                part => open.push(part),
            }
        }
        if open.is_empty() { Expression::Constant(!decisive) } else { whole(open) }
    }

    fn decide(&self, item: &Item) -> Option<bool> {
        let field = item.field.as_deref()?;
        let text = match field {
            "EventID" => self.event_id.as_deref()?,
            "Channel" => self.channel.as_deref()?,
            _ => return None,
        };
        match &item.test {
            Test::Any(matchers) => {
                let value =
                    Candidate { text, folded: &crate::fold::fold(text), is_number: field == "EventID" };
                let holds = matchers.iter().any(|matcher| matcher.matches(value));
                if field == "Channel" && self.own_channel && !(holds && matchers.len() == 1) {
                    return None;
                }
                Some(holds)
            }
            Test::Missing => Some(false),
            Test::Exists => Some(true),
            Test::Field { .. } => None,
        }
    }
}

/// Whether the kind decides a test, and how; the yardstick asks the same.
pub(crate) fn decided(item: &Item, catalogue: &Catalogue, kind: &Kind) -> Option<bool> {
    Constants::of(catalogue, kind).decide(item)
}
