//! What can be typed after `noroshi hunts`.

use clap::Subcommand;

use super::At;

/// `noroshi hunts`
#[derive(Debug, Clone, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Hunts {
    #[command(subcommand)]
    pub one: Option<HuntsOne>,
    #[arg(long)]
    pub all: bool,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// What can be done with hunts.
#[derive(Debug, Clone, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub enum HuntsOne {
    Save(HuntsSave),
    Run(HuntsRun),
    Show(HuntsShow),
    Retire(HuntsRetire),
}

/// `noroshi hunts save`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct HuntsSave {
    #[arg(value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "SQL")]
    pub sql: String,
    #[arg(long, value_name = "TEXT")]
    pub text: String,
    #[arg(long, value_name = "T1059")]
    pub technique: Vec<String>,
    #[arg(long, value_name = "CLAUSE")]
    pub clause: Vec<String>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi hunts run`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct HuntsRun {
    #[arg(value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "RUN|HORIZON")]
    pub pinned: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub rows: usize,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi hunts show`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct HuntsShow {
    #[arg(value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi hunts retire`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct HuntsRetire {
    #[arg(value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}
