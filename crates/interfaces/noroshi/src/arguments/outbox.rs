//! What can be typed after `noroshi outbox`.

use clap::Subcommand;

use super::At;

/// `noroshi outbox`
#[derive(Debug, Clone, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Outbox {
    #[command(subcommand)]
    pub one: Option<OutboxOne>,
    #[arg(long)]
    pub all: bool,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// What can be done with one effect.
#[derive(Debug, Clone, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub enum OutboxOne {
    Show(OutboxShow),
    Retry(OutboxChange),
    Drop(OutboxChange),
}

/// `noroshi outbox show`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct OutboxShow {
    #[arg(value_name = "KEY")]
    pub key: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi outbox retry`, `noroshi outbox drop`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct OutboxChange {
    #[arg(value_name = "KEY")]
    pub key: String,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}
