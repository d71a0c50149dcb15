//! What can be typed about what is kept, and for how long.

use std::path::PathBuf;

use super::At;
use crate::settings::LogLevel;

/// `noroshi retention`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Retention {
    #[arg(long, value_name = "ORG", default_value = "own")]
    pub owner: String,
    #[arg(long, conflicts_with = "owner")]
    pub several: bool,
    #[arg(long, value_name = "TABLE")]
    pub table: Vec<String>,
    #[arg(long, value_name = "DAY", required_unless_present_any = ["undated", "history"], conflicts_with = "undated")]
    pub through: Option<String>,
    #[arg(long)]
    pub undated: bool,
    #[arg(long, requires = "reason")]
    pub remove: bool,
    #[arg(long, conflicts_with_all = ["remove", "through", "undated", "table"])]
    pub history: bool,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi forget`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Forget {
    #[arg(value_name = "SUBJECT")]
    pub subject: String,
    #[arg(long, value_name = "CLASS")]
    pub class: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi rebuild`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Rebuild {
    #[command(flatten)]
    pub at: At,
}

/// `noroshi doctor`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Doctor {
    #[arg(long)]
    pub deep: bool,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi jobs`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Jobs {
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi serve`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Serve {
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
    #[arg(long, value_name = "LEVEL", value_parser = crate::log::level)]
    pub log: Option<LogLevel>,
}

/// `noroshi status`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Status {
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}
