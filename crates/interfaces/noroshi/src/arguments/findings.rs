//! What can be typed after `noroshi findings`.

use std::path::PathBuf;

use clap::Subcommand;
use model::level::Level;
use model::marking::Tlp;

use super::{At, level, tlp};

/// `noroshi findings`
#[derive(Debug, Clone, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Findings {
    #[command(subcommand)]
    pub one: Option<FindingsOne>,
    #[arg(long, value_name = "STATE", value_delimiter = ',')]
    pub state: Vec<String>,
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub level: Option<Level>,
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub limit: usize,
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    #[arg(long = "as", value_name = "PERSON")]
    pub seat: Option<String>,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// What can be done with findings.
#[derive(Debug, Clone, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub enum FindingsOne {
    Show(FindingsShow),
    Take(FindingsTake),
    Release(FindingsMany),
    Close(FindingsClose),
    Reopen(FindingsReasoned),
    Grade(FindingsGrade),
    Title(FindingsText),
    Note(FindingsText),
    Attach(FindingsAttach),
    Merge(FindingsMerge),
    Separate(FindingsReasoned),
    Split(FindingsSplit),
    Clear(FindingsClear),
    Withhold(FindingsReasoned),
    Undo(FindingsUndo),
    Rules(FindingsRules),
}

/// `noroshi findings show`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsShow {
    #[arg(value_name = "NUMBER")]
    pub number: u64,
    #[arg(long)]
    pub rows: bool,
    #[arg(long, value_name = "FILE", conflicts_with_all = ["rows", "json"])]
    pub html: Option<PathBuf>,
    #[arg(long, requires = "html")]
    pub force: bool,
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    #[arg(long = "as", value_name = "PERSON", conflicts_with = "html")]
    pub seat: Option<String>,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings take`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsTake {
    #[arg(value_name = "NUMBER", required = true)]
    pub numbers: Vec<u64>,
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings release`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsMany {
    #[arg(value_name = "NUMBER", required = true)]
    pub numbers: Vec<u64>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings close`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsClose {
    #[arg(value_name = "NUMBER", required = true)]
    pub numbers: Vec<u64>,
    #[arg(long = "as", value_name = "true|benign|false", value_parser = ["true", "benign", "false"])]
    pub disposition: String,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings reopen`, `separate`, `withhold`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsReasoned {
    #[arg(value_name = "NUMBER", required = true)]
    pub numbers: Vec<u64>,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings grade`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsGrade {
    #[arg(value_name = "NUMBER", required = true)]
    pub numbers: Vec<u64>,
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub level: Level,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings title`, `note`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsText {
    #[arg(value_name = "NUMBER")]
    pub number: u64,
    #[arg(value_name = "TEXT")]
    pub text: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings attach`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsAttach {
    #[arg(value_name = "NUMBER")]
    pub number: u64,
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings merge`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsMerge {
    #[arg(value_name = "NUMBER", required = true)]
    pub numbers: Vec<u64>,
    #[arg(long, value_name = "NUMBER")]
    pub into: u64,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings split`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsSplit {
    #[arg(value_name = "NUMBER")]
    pub number: u64,
    #[arg(long, value_name = "ID")]
    pub verdict: Vec<String>,
    #[arg(long, value_name = "HOST")]
    pub host: Vec<String>,
    #[arg(long, value_name = "RULE")]
    pub rule: Vec<String>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings clear`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsClear {
    #[arg(value_name = "NUMBER")]
    pub number: u64,
    #[arg(long, value_name = "TLP", value_parser = tlp)]
    pub tlp: Tlp,
    #[arg(long, value_name = "WHAT=WITH")]
    pub replace: Vec<String>,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings undo`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsUndo {
    #[arg(value_name = "KEY")]
    pub key: String,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi findings rules`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FindingsRules {
    #[command(flatten)]
    pub at: At,
}
