//! A file to begin with: every setting with what it is for, and nothing in force but the defaults.

use page::Words;

/// Lines of the file: an explanation by its key in the texts, or a setting. One behind `#` without a
/// blank is an example and no default.
const LINES: &[Line] = &[
    Line::About("head"),
    Line::Says(""),
    Line::About("language"),
    Line::Says("language = \"ja\""),
    Line::About("zone"),
    Line::Says("zone = \"Asia/Tokyo\""),
    Line::Says(""),
    Line::Says("[log]"),
    Line::About("level"),
    Line::Says("level = \"info\""),
    Line::Says(""),
    Line::Says("[disk]"),
    Line::About("free"),
    Line::Says("free = \"128 MiB\""),
    Line::About("files"),
    Line::Says("files = \"10 GiB\""),
    Line::Says(""),
    Line::About("follow"),
    Line::Says("#[[follow]]"),
    Line::About("name"),
    Line::Says("#name = \"dc01\""),
    Line::About("paths"),
    Line::Says("#paths = [\"/var/log/forwarded/dc01\"]"),
    Line::About("owner"),
    Line::Says("#owner = \"own\""),
    Line::About("tlp"),
    Line::Says("#tlp = \"amber\""),
    Line::About("follow-zone"),
    Line::Says("#zone = \"Asia/Tokyo\""),
    Line::About("year"),
    Line::Says("#year = 2026"),
    Line::About("silent"),
    Line::Says("#silent_after = \"1 d\""),
    Line::Says(""),
    Line::About("mail"),
    Line::Says("#[mail]"),
    Line::About("from"),
    Line::Says("#from = \"noroshi@soc.example.jp\""),
    Line::About("desk"),
    Line::Says("#desk = [\"desk@soc.example.jp\"]"),
    Line::Says(""),
    Line::About("smtp"),
    Line::Says("#[mail.smtp]"),
    Line::Says("#host = \"mail.example.jp\""),
    Line::About("tls"),
    Line::Says("#tls = \"starttls\""),
    Line::About("port"),
    Line::Says("#port = 587"),
    Line::About("password"),
    Line::Says("#user = \"noroshi\""),
    Line::Says("#password_file = \"/etc/noroshi/smtp-password\""),
    Line::About("ca"),
    Line::Says("#ca_file = \"/etc/ssl/own-ca.pem\""),
    Line::Says(""),
    Line::About("deliver"),
    Line::Says("#[deliver]"),
    Line::Says("#folder = \"/srv/noroshi/out\""),
    Line::Says(""),
    Line::About("backup"),
    Line::Says("#[backup]"),
    Line::Says("#folder = \"/var/backups/noroshi\""),
    Line::About("keep"),
    Line::Says("#keep = 14"),
];

enum Line {
    About(&'static str),
    Says(&'static str),
}

/// The file, explained in the user's language.
#[must_use]
pub fn example(words: Words) -> String {
    let mut text = String::new();
    for line in LINES {
        match line {
            Line::About(key) => {
                let about = words.get(&format!("settings-about-{key}"));
                about.lines().for_each(|line| text += &format!("# {line}\n"));
            }
            Line::Says(line) => text += &format!("{line}\n"),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use page::Language;

    use super::super::parts::KEYS;
    use super::super::{Settings, Tls};
    use super::*;

    #[test]
    fn as_it_is_it_changes_nothing_and_taken_in_whole_it_says_everything() {
        for language in Language::ALL {
            let text = example(Words::new(language));
            assert_eq!(Settings::parse(&text, Path::new("/h")), Ok(Settings::default()), "{text}");
            let taken = |line: &str| match line.strip_prefix('#') {
                Some(rest) if !rest.starts_with(' ') => rest.to_owned(),
                _ => line.to_owned(),
            };
            let all: Vec<String> = text.lines().map(taken).collect();
            let (settings, places) = super::super::parts::read(&all.join("\n"), Path::new("/h")).unwrap();
            let missing: Vec<_> =
                KEYS.iter().filter(|key| !places.has(&key.replace("follow.", "follow[1]."))).collect();
            assert!(missing.iter().all(|key| **key == "follow"), "{missing:?}");
            let smtp = settings.mail.unwrap().smtp.unwrap();
            assert_eq!((smtp.tls, smtp.port), (Tls::StartTls, Tls::StartTls.port()));
        }
    }
}
