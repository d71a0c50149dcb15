//! `noroshi evidence`: what stands behind a figure, and back: what was said of it, and which figures count it.

mod act;
mod row;
mod told;

use model::clause::Clause;
use model::evidence::Reference;
use model::figure::{Counted, Figure, Period};
use page::foreign::visible;
use page::{Language, Words};
use serde_json::json;

use crate::arguments::Evidence;
use crate::books::{look, now, with_cause};
use crate::commands::figures::{period, title};
use crate::figures::{self, AsOf, Counting};
use crate::output;
use crate::{Failure, Outcome};
use told::Told;

/// Runs the command.
///
/// # Errors
/// When there is no home, it cannot be read, or nothing stands there.
pub fn run(arguments: &Evidence, words: Words) -> Result<Outcome, Failure> {
    let shown = || visible(&arguments.what).into_owned();
    let wrong = || Failure::usage(words, "evidence-error-form", &[("text", shown().into())]);
    let what: Reference = arguments.what.parse().map_err(|_| wrong())?;
    let counting = Counting::open(arguments.at.home.as_deref(), "evidence", words)?;
    let as_of = counting.as_of()?;
    let looking = Asking { counting: &counting, as_of: &as_of, asked: arguments.period.as_deref(), words };
    let told = match &what {
        Reference::Row(row) => looking.row(row)?,
        Reference::Act { stream, sequence } => looking.act(&what, stream, *sequence)?,
        Reference::Look(number) => looking.look(&what, *number)?,
        Reference::Clause(id) => looking.clause(id)?,
        Reference::Rules(set) => looking.rules(&what, set)?,
    };
    let none = || {
        let values = [("text", shown().into())];
        Failure { code: 3, text: words.with("evidence-error-none", &values) }
    };
    let told = told.ok_or_else(none)?;
    let outcome = if arguments.at.json {
        output::print_json(&told.object, words)
    } else {
        output::print(&told.text(words), words)
    };
    counting.books().tell_unseen(words);
    outcome
}

/// What is asked, and of whom.
struct Asking<'a> {
    counting: &'a Counting,
    as_of: &'a AsOf,
    /// The period that was typed.
    asked: Option<&'a str>,
    words: Words,
}

impl Asking<'_> {
    /// The period whose figures are looked at: as asked, or the year of a time.
    fn period(&self, time: Option<model::time::Instant>) -> Result<Period, Failure> {
        match (self.asked, time.and_then(Period::year_of)) {
            (None, Some(year)) => Ok(year),
            (asked, _) => period(asked, self.as_of, self.words),
        }
    }

    /// The figures that are not counted in the lake and count one of these in a period.
    fn counted_by(&self, what: &[Reference], period: Period) -> Result<Vec<Figure>, Failure> {
        let mut found = Vec::new();
        for figure in figures::all() {
            if what.is_empty() || matches!(figure.counted, Counted::Lake(_)) {
                continue;
            }
            let whole = model::figure::CellId::whole(figure.id);
            let rows = self.counting.rows((&figure, &whole), period, (self.as_of, usize::MAX))?;
            if rows.iter().any(|row| what.contains(&row.evidence)) {
                found.push(figure);
            }
        }
        Ok(found)
    }

    /// A look of the access log.
    fn look(&self, what: &Reference, number: u64) -> Result<Option<Told>, Failure> {
        let mut found = None;
        let read = look(|who| {
            access_log::read(&self.counting.home().access(), who.view, now(), &mut |entry| {
                if entry.number == number {
                    found = Some(entry);
                }
            })
        });
        let unread = |error| {
            let values = [("reason", with_cause(&error).into())];
            Failure { code: 1, text: self.words.with("cli-error-access", &values) }
        };
        read.map_err(unread)?;
        let Some(entry) = found else { return Ok(None) };
        let period = self.period(Some(entry.at))?;
        let mut told = Told::of(what);
        told.value("at", json!(entry.at));
        told.value("viewer", json!(entry.viewer.as_str()));
        told.value("book", json!(entry.book.as_str()));
        told.value("what", json!(entry.what));
        told.value("rows", json!(entry.rows));
        told.figures(&self.counted_by(std::slice::from_ref(what), period)?, period, self.words);
        Ok(Some(told))
    }

    /// A clause of the register.
    fn clause(&self, id: &str) -> Result<Option<Told>, Failure> {
        let Some(clause) = self.counting.register().clause(id) else { return Ok(None) };
        let period = self.period(None)?;
        let mut told = Told::of(&Reference::Clause(id.to_owned()));
        self.say_clause(&mut told, clause);
        let answers: Vec<Figure> =
            figures::all().into_iter().filter(|figure| figure.clauses.contains(&id)).collect();
        let named = |figure: &Figure| json!({ "figure": figure.id, "title": title(figure, self.words) });
        told.list("answered-by", answers.iter().map(named).collect());
        told.figures(&self.counted_by(&[Reference::Clause(id.to_owned())], period)?, period, self.words);
        Ok(Some(told))
    }

    fn say_clause(&self, told: &mut Told, clause: &Clause) {
        let is_japanese = self.words.language == Language::Ja;
        let both = |text: &model::clause::Both| if is_japanese { text.ja.clone() } else { text.en.clone() };
        told.value(
            "strength",
            json!(self.words.get(&format!("clause-strength-{}", clause.strength.as_str()))),
        );
        told.value("phrase", json!(both(&clause.phrase)));
        told.value("capability", json!(both(&clause.capability)));
        told.value("proof", json!(both(&clause.proof)));
        for citation in &clause.cites {
            let Some(cited) = self.counting.register().cited(&citation.cited) else { continue };
            let (name, article) =
                if is_japanese { (&cited.ja, &citation.ja) } else { (&cited.en, &citation.en) };
            let verified = if cited.is_verified { "yearly-verified" } else { "yearly-unverified" };
            let values = [
                ("name", name.as_str().into()),
                ("article", article.as_str().into()),
                ("version", cited.version.as_str().into()),
                ("verified", self.words.get(verified).into()),
            ];
            told.value("cites", json!(self.words.with("evidence-citation", &values)));
        }
    }

    /// A set of rules that came with the program.
    fn rules(&self, what: &Reference, set: &str) -> Result<Option<Told>, Failure> {
        let period = self.period(None)?;
        let counted = self.counted_by(std::slice::from_ref(what), period)?;
        if counted.is_empty() {
            return Ok(None);
        }
        let mut told = Told::of(what);
        told.value("what", json!(self.words.get("evidence-rules")));
        let name = set.split('@').next().unwrap_or_default();
        told.value("open", json!(format!("noroshi rules list {name}")));
        told.figures(&counted, period, self.words);
        Ok(Some(told))
    }
}
