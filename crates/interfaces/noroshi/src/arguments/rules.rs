//! What can be typed after `noroshi rules`.

use std::path::PathBuf;

use clap::Subcommand;

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
    List(RulesList),
    Enable(RulesEnable),
    Disable(RulesDisable),
    Exclude(RulesExclude),
    Include(RulesInclude),
    History(RulesHistory),
}

/// `noroshi rules list`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesList {
    #[arg(value_name = "SET|PATH")]
    pub paths: Vec<PathBuf>,
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
}

/// `noroshi rules enable`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesEnable {
    #[arg(value_name = "SET")]
    pub set: String,
    #[arg(long, value_name = "N")]
    pub version: Option<u32>,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
}

/// `noroshi rules disable`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesDisable {
    #[arg(value_name = "SET")]
    pub set: String,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
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
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
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
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
}

/// `noroshi rules history`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RulesHistory {
    #[arg(value_name = "SET")]
    pub set: Option<String>,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
}
