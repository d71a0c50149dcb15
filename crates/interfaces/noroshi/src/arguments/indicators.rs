//! What can be typed after `noroshi indicators`.

use clap::Subcommand;
use model::indicator::Observable;
use model::marking::{Pap, Tlp};

use super::{At, tlp};

/// `noroshi indicators`
#[derive(Debug, Clone, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Indicators {
    #[command(subcommand)]
    pub one: Option<IndicatorsOne>,
    #[arg(long, value_name = "KIND")]
    pub kind: Vec<Observable>,
    #[arg(long, value_name = "STATE", value_parser = ["active", "expired", "withdrawn", "all"], default_value = "active")]
    pub state: String,
    #[arg(long, value_name = "N")]
    pub finding: Option<u64>,
    #[arg(long, value_name = "ORG")]
    pub from: Option<String>,
    #[arg(long, value_name = "PART")]
    pub text: Option<String>,
    #[arg(long)]
    pub hits: bool,
    #[arg(long)]
    pub plain: bool,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// What can be done with indicators.
#[derive(Debug, Clone, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub enum IndicatorsOne {
    Add(Box<IndicatorsAdd>),
    FromFinding(Box<IndicatorsFromFinding>),
    Show(IndicatorsShow),
    Seen(IndicatorsSeen),
    Withdraw(IndicatorsWithdraw),
    Benign(Benign),
}

/// `noroshi indicators add`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct IndicatorsAdd {
    #[arg(value_name = "FILE|VALUE", required = true)]
    pub values: Vec<String>,
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long)]
    pub silent: bool,
    #[arg(long, value_name = "TEXT")]
    pub force: Option<String>,
    #[command(flatten)]
    pub said: IndicatorSaid,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi indicators from-finding`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct IndicatorsFromFinding {
    #[arg(value_name = "N")]
    pub finding: u64,
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long)]
    pub plain: bool,
    #[command(flatten)]
    pub said: IndicatorSaid,
    #[command(flatten)]
    pub at: At,
}

/// What is said of indicators that are added.
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct IndicatorSaid {
    #[arg(long, value_name = "ORG")]
    pub from: Option<String>,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub note: String,
    #[arg(long, value_name = "TLP", value_parser = tlp, default_value = "amber")]
    pub tlp: Tlp,
    #[arg(long, value_name = "PAP", value_parser = pap)]
    pub pap: Option<Pap>,
    #[arg(long, value_name = "0-100", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub confidence: Option<u8>,
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
}

/// `noroshi indicators show`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct IndicatorsShow {
    #[arg(value_name = "VALUE")]
    pub value: String,
    #[arg(long, value_name = "KIND")]
    pub kind: Option<Observable>,
    #[arg(long)]
    pub plain: bool,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi indicators seen`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct IndicatorsSeen {
    #[arg(long)]
    pub plain: bool,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi indicators withdraw`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct IndicatorsWithdraw {
    #[arg(value_name = "VALUE", required = true)]
    pub values: Vec<String>,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi indicators benign`
#[derive(Debug, Clone, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct Benign {
    #[command(subcommand)]
    pub one: Option<BenignOne>,
    #[arg(value_name = "LIST")]
    pub list: Option<String>,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// What can be done with benign lists.
#[derive(Debug, Clone, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub enum BenignOne {
    Add(BenignAdd),
    Remove(BenignRemove),
    Off(BenignSwitch),
    On(BenignSwitch),
}

/// `noroshi indicators benign add`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct BenignAdd {
    #[arg(value_name = "LIST")]
    pub list: String,
    #[arg(value_name = "FILE|VALUE", required = true)]
    pub values: Vec<String>,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    #[arg(long, value_name = "ZONE", default_value = "Asia/Tokyo", allow_hyphen_values = true)]
    pub zone: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi indicators benign remove`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct BenignRemove {
    #[arg(value_name = "LIST")]
    pub list: String,
    #[arg(value_name = "VALUE", required = true)]
    pub values: Vec<String>,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi indicators benign off`, `noroshi indicators benign on`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct BenignSwitch {
    #[arg(value_name = "LIST")]
    pub list: String,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

/// A label of the Permissible Actions Protocol.
fn pap(text: &str) -> Result<Pap, String> {
    text.parse()
        .map_err(|_| Pap::ALL.map(|pap| pap.as_str().trim_start_matches("PAP:").to_lowercase()).join(", "))
}
