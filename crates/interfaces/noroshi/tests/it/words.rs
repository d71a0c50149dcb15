//! The command line teaches in both languages.

use noroshi::arguments::command;
use page::{Language, Words};

#[test]
fn every_argument_is_explained() {
    for language in Language::ALL {
        check(&command(Words::new(language)), language);
    }
}

fn check(command: &clap::Command, language: Language) {
    let text =
        |styled: Option<&clap::builder::StyledStr>| styled.map(ToString::to_string).unwrap_or_default();
    let about = text(command.get_about());
    assert!(!about.is_empty() && !about.starts_with('['), "{}: {about}", command.get_name());
    for argument in command.get_arguments() {
        let help = text(argument.get_help());
        let shown = format!("{} {} in {language:?}: {help}", command.get_name(), argument.get_id());
        assert!(!help.is_empty() && !help.starts_with('['), "{shown}");
    }
    command.get_subcommands().for_each(|sub| check(sub, language));
}
