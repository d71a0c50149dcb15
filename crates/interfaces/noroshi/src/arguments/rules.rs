//! What can be typed after `noroshi rules`.

use std::path::PathBuf;

use clap::Subcommand;

use super::At;

/// `noroshi rules`
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub enum Rules {
    Check {
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        #[arg(long, value_name = "DIR|FILE")]
        placeholders: Vec<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    Add(RulesAdd),
    Diff(RulesDiff),
    List(RulesList),
    Enable(RulesEnable),
    Disable(RulesDisable),
    Exclude(RulesExclude),
    Include(RulesInclude),
    Suppress(RulesSuppress),
    Suppressions(RulesSuppressions),
    Unsuppress(RulesUnsuppress),
    History(RulesHistory),
}

/// `noroshi rules add`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesAdd {
    #[arg(value_name = "SET")]
    pub set: String,
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[arg(long, requires = "reason")]
    pub enable: bool,
    #[arg(long, value_name = "TEXT", requires = "enable")]
    pub reason: Option<String>,
    #[arg(long, conflicts_with = "enable")]
    pub dry_run: bool,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi rules diff`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesDiff {
    #[arg(value_name = "SET")]
    pub set: String,
    #[arg(value_name = "PATH", conflicts_with = "to")]
    pub paths: Vec<PathBuf>,
    #[arg(long, value_name = "N")]
    pub from: Option<u32>,
    #[arg(long, value_name = "N")]
    pub to: Option<u32>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi rules list`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesList {
    #[arg(value_name = "SET|PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi rules enable`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesEnable {
    #[arg(value_name = "SET")]
    pub set: String,
    #[arg(long = "version", value_name = "N")]
    pub number: Option<u32>,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi rules disable`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesDisable {
    #[arg(value_name = "SET")]
    pub set: String,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi rules exclude`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesExclude {
    #[arg(value_name = "RULE")]
    pub rule: String,
    #[arg(long, value_name = "SET")]
    pub set: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi rules include`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesInclude {
    #[arg(value_name = "RULE")]
    pub rule: String,
    #[arg(long, value_name = "SET")]
    pub set: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi rules suppress`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesSuppress {
    #[arg(value_name = "FILTER", required_unless_present = "rule")]
    pub filter: Option<PathBuf>,
    #[arg(long, value_name = "RULE", conflicts_with = "filter", requires = "field")]
    pub rule: Option<String>,
    #[arg(long = "where", value_name = "FIELD=VALUE", requires = "rule")]
    pub field: Vec<String>,
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
    pub reason: Option<String>,
    #[arg(long, value_name = "TIME", required_unless_present = "dry_run")]
    pub until: Option<String>,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi rules suppressions`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesSuppressions {
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    #[arg(long)]
    pub all: bool,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi rules unsuppress`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesUnsuppress {
    #[arg(value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi rules history`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesHistory {
    #[arg(value_name = "SET")]
    pub set: Option<String>,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}
