//! What can be typed after `noroshi register`.

use clap::Subcommand;
use register::organisations::Sort;
use register::people::Role;

use super::At;

/// `noroshi register`
#[derive(Debug, Clone, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub enum Register {
    Organisations(RegisterList),
    Organisation(RegisterOrganisation),
    People(RegisterList),
    Person(RegisterPerson),
    Leave(RegisterLeave),
}

/// `noroshi register organisations`, `noroshi register people`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RegisterList {
    #[arg(long)]
    pub all: bool,
    #[arg(long = "as", value_name = "PERSON")]
    pub seat: Option<String>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi register organisation`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RegisterOrganisation {
    #[arg(value_name = "ID")]
    pub id: String,
    #[arg(long, value_name = "TEXT")]
    pub name: String,
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub kind: Sort,
    #[arg(long, value_name = "1-47")]
    pub prefecture: Option<u8>,
    #[arg(long, value_name = "ID")]
    pub parent: Option<String>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi register person`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RegisterPerson {
    #[arg(value_name = "ID")]
    pub id: String,
    #[arg(long, value_name = "ID")]
    pub organisation: String,
    #[arg(long, value_name = "ROLE", required = true, value_delimiter = ',', value_parser = role)]
    pub role: Vec<Role>,
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    #[command(flatten)]
    pub at: At,
}

/// `noroshi register leave`
#[derive(Debug, Clone, clap::Args)]
#[expect(missing_docs, reason = "a doc comment here would be printed as help; the texts stand in locales")]
pub struct RegisterLeave {
    #[arg(value_name = "PERSON", required_unless_present = "organisation")]
    pub person: Option<String>,
    #[arg(long, value_name = "ID", conflicts_with = "person")]
    pub organisation: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub at: At,
}

fn kind(text: &str) -> Result<Sort, String> {
    Sort::parse(text).ok_or_else(|| Sort::ALL.map(Sort::as_str).join(", "))
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| Role::ALL.map(Role::as_str).join(", "))
}
