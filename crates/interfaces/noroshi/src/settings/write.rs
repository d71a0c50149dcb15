//! Settings as a file says them.

use std::fmt::Write;

use page::Language;
use serde::Serializer;

use super::{Follow, Mail, Settings};

/// A language by its tag, for `#[serde(serialize_with)]`.
pub(super) fn language<S: Serializer>(language: &Language, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(language.tag())
}

/// All settings, defaults as well, as TOML.
pub(super) fn toml(settings: &Settings) -> String {
    let mut out = Toml(String::new());
    out.text("language", settings.language.tag());
    out.text("zone", &settings.zone);
    out.table("[log]");
    out.text("level", settings.log.level);
    out.table("[disk]");
    out.text("free", settings.disk.free);
    out.text("files", settings.disk.files);
    settings.follow.iter().for_each(|follow| out.follow(follow));
    if let Some(mail) = &settings.mail {
        out.mail(mail);
    }
    if let Some(deliver) = &settings.deliver {
        out.table("[deliver]");
        out.text("folder", deliver.folder.display());
    }
    if let Some(backup) = &settings.backup {
        out.table("[backup]");
        out.text("folder", backup.folder.display());
        out.number("keep", backup.keep);
    }
    out.0
}

struct Toml(String);

impl Toml {
    fn table(&mut self, head: &str) {
        self.0 += &format!("\n{head}\n");
    }

    fn text(&mut self, key: &str, value: impl ToString) {
        self.0 += &format!("{key} = {}\n", quoted(&value.to_string()));
    }

    fn texts<T: ToString>(&mut self, key: &str, values: impl Iterator<Item = T>) {
        let values: Vec<String> = values.map(|value| quoted(&value.to_string())).collect();
        self.0 += &format!("{key} = [{}]\n", values.join(", "));
    }

    fn number(&mut self, key: &str, value: impl Into<i64>) {
        self.0 += &format!("{key} = {}\n", value.into());
    }

    fn follow(&mut self, follow: &Follow) {
        self.table("[[follow]]");
        self.text("name", &follow.name);
        self.texts("paths", follow.paths.iter().map(|path| path.display()));
        self.text("owner", &follow.owner);
        self.text("tlp", follow.tlp.as_str().trim_start_matches("TLP:").to_lowercase());
        self.text("zone", &follow.zone);
        if let Some(year) = follow.year {
            self.number("year", year.get());
        }
        if let Some(span) = follow.silent_after {
            self.text("silent_after", span);
        }
    }

    fn mail(&mut self, mail: &Mail) {
        self.table("[mail]");
        self.text("from", &mail.from);
        self.texts("desk", mail.desk.iter());
        let Some(smtp) = &mail.smtp else { return };
        self.table("[mail.smtp]");
        self.text("host", &smtp.host);
        self.number("port", smtp.port.get());
        self.text("tls", smtp.tls);
        if let Some(sign_in) = &smtp.sign_in {
            self.text("user", &sign_in.user);
            self.text("password_file", sign_in.password_file.display());
        }
        if let Some(path) = &smtp.ca_file {
            self.text("ca_file", path.display());
        }
    }
}

/// A text as TOML writes it (TOML 1.0, "String").
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted + "\""
}
