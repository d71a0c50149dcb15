//! What can be typed about figures and what stands behind them.

use std::path::PathBuf;

use clap::Subcommand;
use model::marking::Tlp;

use super::{At, tlp};

/// `noroshi figures`
#[derive(Debug, Clone, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Figures {
    #[command(subcommand)]
    pub one: Option<FiguresOne>,
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    #[command(flatten)]
    pub at: At,
}

/// What can be done with one figure.
#[derive(Debug, Clone, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub enum FiguresOne {
    Show(FiguresShow),
}

/// `noroshi figures show`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct FiguresShow {
    #[arg(value_name = "FIGURE")]
    pub id: String,
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    #[arg(long)]
    pub rows: bool,
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub limit: u32,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi evidence`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Evidence {
    #[arg(value_name = "EVIDENCE")]
    pub what: String,
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi report`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Report {
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1970..=2261))]
    pub year: i16,
    #[arg(long, value_name = "FILE")]
    pub html: PathBuf,
    #[arg(long, value_name = "TLP", value_parser = tlp, default_value = "amber")]
    pub tlp: Tlp,
    #[arg(long)]
    pub force: bool,
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
}
