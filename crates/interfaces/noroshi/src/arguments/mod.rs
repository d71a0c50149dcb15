//! What can be typed. Help texts stand in `locales/*/cli.ftl`, so both languages teach.

mod access;
mod backups;
mod config;
mod figures;
mod findings;
mod hunts;
mod indicators;
mod keep;
mod outbox;
mod register;
mod rules;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use intake::Settings;
use jiff::tz::TimeZone;
use model::level::Level;
use model::marking::Tlp;
use page::{Language, Words};
use sources::{Limits, Undated};

pub use access::{Access, AccessWhy};
pub use backups::{Backup, Restore, Upgrade};
pub use config::{Config, ConfigCheck, ConfigShow};
pub use figures::{Evidence, Figures, FiguresOne, FiguresShow, Report};
pub use findings::{
    Findings, FindingsAttach, FindingsClear, FindingsClose, FindingsGrade, FindingsMany, FindingsMerge,
    FindingsOne, FindingsReasoned, FindingsRules, FindingsShow, FindingsSplit, FindingsTake, FindingsText,
    FindingsUndo,
};
pub use hunts::{Hunts, HuntsOne, HuntsRetire, HuntsRun, HuntsSave, HuntsShow};
pub use indicators::{
    Benign, BenignAdd, BenignOne, BenignRemove, BenignSwitch, IndicatorSaid, Indicators, IndicatorsAdd,
    IndicatorsFromFinding, IndicatorsOne, IndicatorsSeen, IndicatorsShow, IndicatorsWithdraw,
};
pub use keep::{Doctor, Forget, Jobs, Rebuild, Retention, Serve, Status};
pub use outbox::{Outbox, OutboxChange, OutboxOne, OutboxShow};
pub use register::{Register, RegisterLeave, RegisterList, RegisterOrganisation, RegisterPerson};
pub use rules::{
    Rules, RulesAdd, RulesDiff, RulesDisable, RulesEnable, RulesExclude, RulesHistory, RulesInclude,
    RulesList, RulesSuppress, RulesSuppressions, RulesUnsuppress,
};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "noroshi", version, disable_help_subcommand = true)]
pub struct Arguments {
    #[arg(long, global = true, value_enum, value_name = "ja|en")]
    lang: Option<Lang>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Lang {
    Ja,
    En,
}

/// The commands.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub enum Command {
    Detect(Box<Detect>),
    Backtest(Box<Backtest>),
    #[command(subcommand)]
    Rules(Rules),
    Fields(Fields),
    Ingest(Box<Ingest>),
    Query(Query),
    Find(Find),
    Figures(Figures),
    Evidence(Evidence),
    Report(Report),
    Findings(Findings),
    Hunts(Hunts),
    Indicators(Indicators),
    #[command(subcommand)]
    Register(Register),
    #[command(subcommand)]
    Access(Access),
    Sources(Sources),
    Tables(Tables),
    Retention(Box<Retention>),
    Forget(Forget),
    Rebuild(Rebuild),
    Doctor(Doctor),
    Jobs(Jobs),
    Serve(Serve),
    Status(Status),
    Outbox(Outbox),
    #[command(subcommand)]
    Config(Config),
    Backup(Backup),
    Restore(Restore),
    Upgrade(Upgrade),
    Demo(Demo),
}

/// Which home is meant, and for whom the answer is.
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct At {
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
}

/// How logs are read, whatever is done with them.
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Reading {
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1970..=2261))]
    pub year: Option<i16>,
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

impl Reading {
    /// The same as the way in takes it.
    #[must_use]
    pub fn settings(&self, zone: TimeZone) -> Settings {
        let undated = self.year.map_or(Undated::Unknown, Undated::Year);
        Settings { threads: threads(self.threads), limits: Limits { zone, undated, ..Limits::default() } }
    }
}

/// Worker threads: as asked, else one for each processor.
#[must_use]
pub fn threads(asked: Option<usize>) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.filter(|threads| *threads > 0).unwrap_or_else(processors).min(256)
}

/// `noroshi detect`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Detect {
    #[arg(required_unless_present = "lake", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[arg(long, conflicts_with_all = ["paths", "follow", "year"])]
    pub lake: bool,
    #[arg(long, value_name = "DIR", requires = "lake")]
    pub home: Option<PathBuf>,
    #[arg(long, requires = "lake")]
    pub no_keep: bool,
    #[arg(long, value_name = "DIR|FILE")]
    pub rules: Vec<PathBuf>,
    #[arg(long, value_name = "DIR|FILE")]
    pub placeholders: Vec<PathBuf>,
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub level: Option<Level>,
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    #[arg(long)]
    pub force: bool,
    #[arg(long)]
    pub all_events: bool,
    #[arg(long)]
    pub follow: bool,
}

/// `noroshi backtest`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Backtest {
    #[arg(long, required = true, value_name = "DIR|FILE")]
    pub rules: Vec<PathBuf>,
    #[arg(long, value_name = "DIR|FILE")]
    pub against: Vec<PathBuf>,
    #[arg(long, value_name = "DIR|FILE")]
    pub placeholders: Vec<PathBuf>,
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub level: Option<Level>,
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub examples: usize,
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi fields`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Fields {
    #[arg(value_name = "WORD")]
    pub word: Option<String>,
    #[arg(long)]
    pub logsources: bool,
    #[arg(long, conflicts_with_all = ["json", "logsources"])]
    pub schema: bool,
    #[arg(long)]
    pub json: bool,
}

/// `noroshi ingest`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Ingest {
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
    #[arg(long, value_name = "ORG")]
    pub owner: Option<String>,
    #[arg(long, value_name = "TLP", value_parser = tlp, default_value = "amber")]
    pub tlp: Tlp,
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    #[arg(long, value_name = "DIR|FILE")]
    pub rules: Vec<PathBuf>,
    #[arg(long, value_name = "DIR|FILE")]
    pub placeholders: Vec<PathBuf>,
    #[arg(long, conflicts_with_all = ["rules", "placeholders"])]
    pub no_detect: bool,
    #[command(flatten)]
    pub reading: Reading,
    #[arg(long)]
    pub again: bool,
    #[arg(long, conflicts_with_all = ["again", "dry_run"])]
    pub follow: bool,
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long)]
    pub json: bool,
}

/// `noroshi query`
#[derive(Debug, Clone, Default, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Query {
    #[arg(value_name = "SQL")]
    pub sql: String,
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub param: Vec<String>,
    #[arg(long, conflicts_with_all = ["csv", "parquet"])]
    pub json: bool,
    #[arg(long, conflicts_with = "parquet")]
    pub csv: bool,
    #[arg(long, value_name = "FILE")]
    pub parquet: Option<PathBuf>,
    #[arg(long)]
    pub force: bool,
    #[arg(long = "as", value_name = "PERSON")]
    pub seat: Option<String>,
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
}

/// `noroshi find`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Find {
    #[arg(value_name = "VALUE", required_unless_present = "file")]
    pub values: Vec<String>,
    #[arg(short = 'f', long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub rows: Option<u16>,
    #[arg(long, value_name = "NAME", default_value = "own")]
    pub compartment: String,
    #[arg(long = "as", value_name = "PERSON")]
    pub seat: Option<String>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi sources`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Sources {
    #[arg(value_name = "PATTERN")]
    pub pattern: Option<String>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi tables`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Tables {
    #[arg(long = "as", value_name = "PERSON")]
    pub seat: Option<String>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi demo`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Demo {
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
    #[arg(long)]
    pub no_serve: bool,
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    #[arg(long, value_name = "FACTOR", value_parser = scale)]
    pub scale: Option<f64>,
    #[arg(long)]
    pub week: bool,
}

fn level(text: &str) -> Result<Level, String> {
    Level::parse(text).ok_or_else(|| Level::ALL.map(Level::as_str).join(", "))
}

/// A label of the Traffic Light Protocol, with or without its prefix, in any case.
fn tlp(text: &str) -> Result<Tlp, String> {
    let upper = text.to_uppercase();
    let label = if upper.starts_with("TLP:") { upper } else { format!("TLP:{upper}") };
    label
        .parse()
        .map_err(|_| Tlp::ALL.map(|tlp| tlp.as_str().trim_start_matches("TLP:").to_lowercase()).join(", "))
}

fn scale(text: &str) -> Result<f64, String> {
    let scale = text.parse::<f64>().map_err(|error| error.to_string())?;
    if (0.01..=1_000.0).contains(&scale) { Ok(scale) } else { Err("0.01 - 1000".to_owned()) }
}

/// Language asked for by `--lang`, else by the environment (`LC_ALL`, `LC_MESSAGES`, `LANG`).
#[must_use]
pub fn language(arguments: &[OsString]) -> Language {
    let texts: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let asked = texts.iter().enumerate().find_map(|(at, text)| match text.strip_prefix("--lang") {
        Some("") => texts.get(at + 1).copied(),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    });
    let environment = || {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"))
    };
    let language = asked.map(str::to_owned).or_else(environment).unwrap_or_default();
    if language.starts_with("ja") { Language::Ja } else { Language::En }
}

/// Reads the arguments.
///
/// # Errors
/// The parser's own error, which prints itself (also for `--help` and `--version`).
pub fn parse(arguments: Vec<OsString>, words: Words) -> Result<Arguments, clap::Error> {
    let mut command = command(words);
    let matches = command.try_get_matches_from_mut(arguments)?;
    Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// The command line with its help in the user's language.
#[must_use]
pub fn command(words: Words) -> clap::Command {
    let version = clap::Arg::new("version").short('V').long("version").action(clap::ArgAction::Version);
    teach(Arguments::command().disable_version_flag(true).arg(version), "cli-help", words)
}

fn teach(command: clap::Command, key: &str, words: Words) -> clap::Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = command
        .about(words.get(key))
        .help_template(format!(
            "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
            words.get("cli-help-usage")
        ))
        .subcommand_help_heading(words.get("cli-help-commands"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(
            clap::Arg::new("help")
                .short('h')
                .long("help")
                .action(clap::ArgAction::Help)
                .help(words.get("cli-help-help")),
        )
        .mut_args(|argument| {
            // What means the same everywhere is said once.
            let own = format!("{key}-{}", argument.get_id().as_str().replace('_', "-"));
            let shared = format!("cli-help-{}", argument.get_id().as_str());
            let heading = if argument.is_positional() { "cli-help-inputs" } else { "cli-help-options" };
            let text = words.get(if words.has(&own) { &own } else { &shared });
            let is_choice = argument.get_id() == "lang";
            let argument = argument.help(text).help_heading(words.get(heading));
            if is_choice { argument.hide_possible_values(true) } else { argument }
        });
    if words.has(&format!("{key}-more")) {
        command = command.after_help(words.get(&format!("{key}-more")));
    }
    for name in names {
        let key = format!("{key}-{name}");
        command = command.mut_subcommand(&name, |sub| teach(sub, &key, words));
    }
    command
}
