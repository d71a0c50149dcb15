//! What a file may say, table by table. A key that is added here is added to [`KEYS`], too; a test holds
//! the two together.

use std::path::{Path, PathBuf};

use model::marking::Tlp;
use page::Language;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Cause, Fault, place};
use super::value::{Port, Year, absolute, path};
use super::walk::{Kind, Places, Section, Walk};
use super::{Backup, Deliver, Disk, Follow, Host, Log, Mail, Name, Settings, SignIn, Smtp, Tls, Zone};

/// Every key there is, without the numbers of members.
pub(super) const KEYS: &[&str] = &[
    "language",
    "zone",
    "log",
    "log.level",
    "disk",
    "disk.free",
    "disk.files",
    "follow",
    "follow.name",
    "follow.paths",
    "follow.owner",
    "follow.tlp",
    "follow.zone",
    "follow.year",
    "follow.silent_after",
    "mail",
    "mail.from",
    "mail.desk",
    "mail.smtp",
    "mail.smtp.host",
    "mail.smtp.port",
    "mail.smtp.tls",
    "mail.smtp.user",
    "mail.smtp.password_file",
    "mail.smtp.ca_file",
    "deliver",
    "deliver.folder",
    "backup",
    "backup.folder",
    "backup.keep",
];

/// Backups that are kept where nobody says how many.
const KEEP: u32 = 14;

/// Whose events are followed where nobody says whose.
const OWN: &str = "own";

const LANGUAGE: Kind<Language> = Kind {
    expected: "language",
    read: |value| Language::ALL.into_iter().find(|language| Some(language.tag()) == value.as_str()),
};
const TLP: Kind<Tlp> = Kind { expected: "tlp", read: |value| value.as_str()?.parse().ok() };
const ABSOLUTE: Kind<PathBuf> = Kind { expected: "path", read: |value| absolute(value.as_str()?) };
const FILE: Kind<PathBuf> = Kind { expected: "file", read: |value| path(value.as_str()?) };
const USER: Kind<String> = Kind {
    expected: "user",
    read: |value| {
        let text = value.as_str()?;
        let is_one = !text.is_empty() && !text.contains(char::is_control);
        is_one.then(|| text.to_owned())
    },
};
const PORT: Kind<Port> = Kind { expected: "port", read: |value| Port::of(whole(value)?) };
const YEAR: Kind<Year> = Kind { expected: "year", read: |value| Year::of(whole(value)?) };
const NUMBER_KEPT: Kind<u32> = Kind {
    expected: "keep",
    read: |value| u32::try_from(whole(value)?).ok().filter(|number| (1..=10_000).contains(number)),
};

/// A kind of value that is parsed from its text.
const fn text<T: std::str::FromStr>(expected: &'static str) -> Kind<T> {
    Kind { expected, read: |value| value.as_str()?.parse().ok() }
}

fn whole(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// Reads a file whose relative paths begin at a folder.
///
/// # Errors
/// All that is wrong, in the order of the text.
pub(super) fn read(text: &str, folder: &Path) -> Result<(Settings, Places), Vec<Fault>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // What the parser made of the rest is a guess.
        return Err(errors.iter().map(|error| syntax(text, error)).collect());
    }
    let mut walk = Walk { text, folder, known: KEYS, places: Places::default(), faults: Vec::new() };
    let settings = walk.settings(&table);
    let mut faults = walk.faults;
    if let Some(settings) = &settings {
        faults.extend(between(settings, &walk.places, folder, &|path| path.to_owned()));
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    match settings {
        Some(settings) if faults.is_empty() => Ok((settings, walk.places)),
        _ => Err(faults),
    }
}

/// What is wrong between the paths of settings, as `resolve` knows them: in the home, or in what another
/// source follows.
pub(super) fn between(
    settings: &Settings,
    places: &Places,
    home: &Path,
    resolve: &dyn Fn(&Path) -> PathBuf,
) -> Vec<Fault> {
    let mut followed: Vec<(String, PathBuf, &Name)> = Vec::new();
    for (follow, number) in settings.follow.iter().zip(1..) {
        let numbered = follow.paths.iter().zip(1..);
        let key = |member: i32| format!("follow[{number}].paths[{member}]");
        followed.extend(numbered.map(|(path, member)| (key(member), resolve(path), &follow.name)));
    }
    let mut faults = Vec::new();
    for (at, (key, path, _)) in followed.iter().enumerate() {
        // Of two that are the same, the first is right.
        let is_over = |other: usize, wide: &Path| path.starts_with(wide) && (path != wide || other < at);
        let over =
            followed.iter().enumerate().find(|(other, (_, wide, _))| *other != at && is_over(*other, wide));
        faults.extend(over.map(|(_, (_, _, name))| places.fault(key, Cause::Followed(name.to_string()))));
    }
    let deliver = settings.deliver.as_ref().map(|deliver| ("deliver.folder", resolve(&deliver.folder)));
    let backup = settings.backup.as_ref().map(|backup| ("backup.folder", resolve(&backup.folder)));
    let all = followed.iter().map(|(key, path, _)| (key.as_str(), path));
    let all = all.chain(deliver.iter().chain(&backup).map(|(key, path)| (*key, path)));
    faults.extend(
        all.filter(|(_, path)| path.starts_with(home)).map(|(key, _)| places.fault(key, Cause::InHome)),
    );
    faults
}

fn syntax(text: &str, error: &toml::de::Error) -> Fault {
    let (line, column) = place(text, error.span().map_or(0, |span| span.start));
    // Not what stood there: of a file that is no TOML nobody knows which part is a secret.
    let cause = Cause::Syntax(error.message().to_owned());
    Fault { line, column, key: String::new(), found: String::new(), cause }
}

impl<'a> Walk<'a> {
    fn settings(&mut self, table: &'a Spanned<DeTable<'a>>) -> Option<Settings> {
        let root = Section::root(table);
        let default = Settings::default();
        let language = self.value(&root, "language", &LANGUAGE).unwrap_or(default.language);
        let zone = self.value(&root, "zone", &text("zone")).unwrap_or(default.zone);
        let log = self.section(&root, "log").map(|section| self.log(&section)).unwrap_or_default();
        let disk = self.section(&root, "disk").map(|section| self.disk(&section, default.disk));
        let sections = self.sections(&root, "follow");
        let follow: Vec<_> = sections.iter().map(|section| self.follow(section, &zone)).collect();
        self.names(&sections, &follow);
        let mail = self.section(&root, "mail").map(|section| self.mail(&section));
        let deliver = self.section(&root, "deliver").map(|section| self.deliver(&section));
        let backup = self.section(&root, "backup").map(|section| self.backup(&section));
        self.end(&root);
        Some(Settings {
            language,
            zone,
            log,
            disk: disk.unwrap_or(default.disk),
            follow: follow.into_iter().collect::<Option<_>>()?,
            mail: transposed(mail)?,
            deliver: transposed(deliver)?,
            backup: transposed(backup)?,
        })
    }

    fn log(&mut self, section: &Section<'a>) -> Log {
        let level = self.value(section, "level", &text("level")).unwrap_or_default();
        self.end(section);
        Log { level }
    }

    fn disk(&mut self, section: &Section<'a>, default: Disk) -> Disk {
        let free = self.value(section, "free", &text("size")).unwrap_or(default.free);
        let files = self.value(section, "files", &text("size")).unwrap_or(default.files);
        self.end(section);
        Disk { free, files }
    }

    fn follow(&mut self, section: &Section<'a>, zone: &Zone) -> Option<Follow> {
        let name = self.required(section, "name", &text("name"));
        let paths = self.list(section, "paths", "paths", &ABSOLUTE);
        let owner = self.value(section, "owner", &text("owner")).or_else(|| OWN.parse().ok());
        let tlp = self.value(section, "tlp", &TLP).unwrap_or_default();
        let zone = self.value(section, "zone", &text("zone")).unwrap_or_else(|| zone.clone());
        let year = self.value(section, "year", &YEAR);
        let silent_after = self.value(section, "silent_after", &text("span"));
        self.end(section);
        Some(Follow { name: name?, paths: paths?, owner: owner?, tlp, zone, year, silent_after })
    }

    /// Two sources of one name would be one.
    fn names(&mut self, sections: &[Section<'a>], follow: &[Option<Follow>]) {
        let named: Vec<_> = sections
            .iter()
            .zip(follow)
            .filter_map(|(section, follow)| Some((section.key("name"), follow.as_ref()?.name.clone())))
            .collect();
        for (at, (key, name)) in named.iter().enumerate() {
            if let Some((first, _)) = named[..at].iter().find(|(_, other)| other == name) {
                let line = self.places.line(first);
                self.wrong(key, Cause::Name(line));
            }
        }
    }

    fn mail(&mut self, section: &Section<'a>) -> Option<Mail> {
        let from = self.required(section, "from", &text("address"));
        let desk = self.list(section, "desk", "addresses", &text("address"));
        let smtp = self.section(section, "smtp").map(|section| self.smtp(&section));
        self.end(section);
        Some(Mail { from: from?, desk: desk?, smtp: transposed(smtp)? })
    }

    fn smtp(&mut self, section: &Section<'a>) -> Option<Smtp> {
        let host: Option<Host> = self.required(section, "host", &text("host"));
        let tls: Tls = self.value(section, "tls", &text("tls")).unwrap_or_default();
        let port = self.value(section, "port", &PORT).unwrap_or(tls.port());
        let ca_file = self.file(section, "ca_file");
        let sign_in = self.sign_in(section);
        self.end(section);
        if tls == Tls::None && host.as_ref().is_some_and(|host| !host.is_loopback()) {
            self.wrong(&section.key("tls"), Cause::Unprotected);
        }
        Some(Smtp { host: host?, port, tls, sign_in, ca_file })
    }

    /// User and password, where the file names both.
    fn sign_in(&mut self, section: &Section<'a>) -> Option<SignIn> {
        let (user_key, password_key) = (section.key("user"), section.key("password_file"));
        let user = self.value(section, "user", &USER);
        let password_file = self.file(section, "password_file");
        match (self.places.has(&user_key), self.places.has(&password_key)) {
            (true, false) => self.wrong(&user_key, Cause::Alone),
            (false, true) => self.wrong(&password_key, Cause::Alone),
            _ => {}
        }
        Some(SignIn { user: user?, password_file: password_file? })
    }

    fn file(&mut self, section: &Section<'a>, name: &str) -> Option<PathBuf> {
        self.value(section, name, &FILE).map(|path| self.folder.join(path))
    }

    fn deliver(&mut self, section: &Section<'a>) -> Option<Deliver> {
        let folder = self.required(section, "folder", &ABSOLUTE);
        self.end(section);
        Some(Deliver { folder: folder? })
    }

    fn backup(&mut self, section: &Section<'a>) -> Option<Backup> {
        let folder = self.required(section, "folder", &ABSOLUTE);
        let keep = self.value(section, "keep", &NUMBER_KEPT).unwrap_or(KEEP);
        self.end(section);
        Some(Backup { folder: folder?, keep })
    }
}

/// What is not there is none; what is there and wrong is nothing.
fn transposed<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(Some(value)) => Some(Some(value)),
        Some(None) => None,
    }
}
