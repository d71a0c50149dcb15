//! What can be typed about backups, and about the format of a home.

use std::path::PathBuf;

use super::At;

/// `noroshi backup`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Backup {
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub keep: Option<u16>,
    #[arg(long, conflicts_with = "keep")]
    pub list: bool,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi restore`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Restore {
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    #[arg(long, value_name = "TIME")]
    pub point: Option<String>,
    #[arg(long)]
    pub drill: bool,
    #[arg(long, value_name = "DIR", required_unless_present = "drill")]
    pub home: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

/// `noroshi upgrade`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Upgrade {
    #[arg(long)]
    pub back: bool,
    #[arg(long, requires = "back")]
    pub lose: bool,
    #[command(flatten)]
    pub at: At,
}
