//! What can be typed after `noroshi access`.

use clap::Subcommand;

use super::At;

/// `noroshi access`
#[derive(Debug, Clone, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub enum Access {
    Why(AccessWhy),
}

/// `noroshi access why`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct AccessWhy {
    #[arg(value_name = "PERSON")]
    pub person: String,
    #[arg(value_name = "THING")]
    pub thing: String,
    #[command(flatten)]
    pub at: At,
}
