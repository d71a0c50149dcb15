//! What can be typed after `noroshi config`.

use clap::Subcommand;

use super::At;

/// `noroshi config`
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub enum Config {
    Check(ConfigCheck),
    Show(ConfigShow),
    Example,
}

/// `noroshi config check`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct ConfigCheck {
    #[command(flatten)]
    pub at: At,
}

/// `noroshi config show`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct ConfigShow {
    #[command(flatten)]
    pub at: At,
}
