//! A mail in words: in both languages, the installation's first, with everything that came from elsewhere made
//! harmless.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use journal::effect::{Mail, Ordered, Value};
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};
use model::time::Instant;
use page::foreign::visible;
use page::wording::{Clock, duration};
use page::{Language, Words};

use crate::settings::{Addresses, Settings};

/// Longest value in a mail, in characters.
const LONGEST: usize = 2_000;
/// Longest value in a subject.
const LONGEST_IN_SUBJECT: usize = 120;

/// A mail in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Lines of text.
    pub text: String,
}

/// What a mail is made of.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// Its idempotency key.
    pub key: &'a str,
    /// Where it comes from, and what may be done with it.
    pub ordered: &'a Ordered,
    /// Its text and values.
    pub mail: &'a Mail,
    /// Names of those who stand in it, by subject.
    pub names: &'a BTreeMap<String, String>,
}

impl Letter {
    /// Writes a mail. A text that this version does not know is written as its bare values: what somebody
    /// was to be told must not be lost.
    #[must_use]
    pub fn write(draft: &Draft<'_>, settings: &Settings) -> Self {
        let first = settings.language;
        let second = if first == Language::Ja { Language::En } else { Language::Ja };
        let parts = [first, second].map(|language| draft.part(Words::new(language), settings));
        let marking = draft.ordered.marking.tlp.as_str();
        let [(subject, text), (other_subject, other_text)] = parts;
        Self {
            subject: format!("[{marking}] [Noroshi] {subject} / {other_subject}"),
            text: format!("{marking}\n\n{text}\n\n――――――――\n\n{other_text}\n\n{marking}\n"),
        }
    }

    /// The mail as it goes over the wire.
    pub(crate) fn message(
        &self,
        key: &str,
        addresses: &Addresses,
        now: Instant,
    ) -> Result<Message, lettre::error::Error> {
        let since = Duration::from_secs(u64::try_from(now.seconds()).unwrap_or(0));
        let domain = addresses.from.email.domain();
        let mut builder = Message::builder()
            .from(addresses.from.clone())
            .date(SystemTime::UNIX_EPOCH + since)
            .message_id(Some(format!("<{key}@{domain}>")))
            .subject(&self.subject)
            .raw_header(header("X-Noroshi-Key", key))
            // So that nobody's notice of absence comes back (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .header(MIME_VERSION_1_0)
            .header(ContentType::TEXT_PLAIN);
        for to in &addresses.desk {
            builder = builder.to(to.clone());
        }
        builder.body(self.text.replace('\n', "\r\n"))
    }
}

impl Draft<'_> {
    /// Subject and text in one language.
    fn part(&self, words: Words, settings: &Settings) -> (String, String) {
        let key = format!("mail-{}", self.mail.template.replace('.', "-"));
        let values = |longest| self.values((words, settings), longest);
        let subject = words.fill(&format!("{key}-subject"), &values(LONGEST_IN_SUBJECT));
        let text = words.fill(&format!("{key}-text"), &values(LONGEST));
        let (subject, text) = subject.zip(text).unwrap_or_else(|| self.bare(words, &values(LONGEST)));
        let Ordered { from, sequence, .. } = self.ordered;
        let evidence = [
            ("evidence".to_owned(), format!("act:{}/{sequence}", visible(from))),
            ("key".to_owned(), self.key.to_owned()),
        ];
        let end = words.fill("mail-end", &evidence.into()).unwrap_or_default();
        // What a translator breaks over lines is one line in a subject.
        (subject.split_whitespace().collect::<Vec<_>>().join(" "), format!("{}\n\n{end}", text.trim_end()))
    }

    fn bare(&self, words: Words, values: &BTreeMap<String, String>) -> (String, String) {
        let template = [("template".to_owned(), short(&self.mail.template, LONGEST_IN_SUBJECT))].into();
        let fill = |key: &str| words.fill(key, &template).unwrap_or_default();
        let values: String =
            values.iter().map(|(name, text)| format!("\n{}: {text}", visible(name))).collect();
        (fill("mail-unknown-subject"), format!("{}\n{values}", fill("mail-unknown-text")))
    }

    /// The values as texts without line breaks or anything else that is not seen.
    fn values(&self, (words, settings): (Words, &Settings), longest: usize) -> BTreeMap<String, String> {
        let clock = Clock::new(settings.zone.clone());
        let text = |value: &Value| match value {
            Value::Text(text) => short(text, longest),
            Value::Time(at) => clock.moment(at.timestamp()),
            Value::Seconds(seconds) => duration(*seconds as f64, words),
            Value::Actor(actor) => {
                let subject = actor.subject();
                short(self.names.get(subject).map_or(subject, String::as_str), longest)
            }
        };
        self.mail.values.iter().map(|(name, value)| (name.clone(), text(value))).collect()
    }
}

fn short(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => visible(text).into_owned(),
        Some((end, _)) => format!("{}…", visible(&text[..end])),
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
