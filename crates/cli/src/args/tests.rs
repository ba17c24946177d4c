//! The command line as people type it.

use clap::CommandFactory;
use clap::error::ErrorKind;

use super::*;

fn parse(line: &str) -> Result<Arguments, clap::Error> {
    Arguments::try_parse_from(std::iter::once("dreiklang").chain(line.split_whitespace()))
}

fn kind(line: &str) -> ErrorKind {
    parse(line).unwrap_err().kind()
}

#[test]
fn the_definition_is_sound() {
    Arguments::command().debug_assert();
}

#[test]
fn global_options_stand_anywhere() {
    for line in [
        "--profile bob --app work --json me",
        "me --json --profile bob --app work",
    ] {
        let Arguments { global, command } = parse(line).unwrap();
        assert_eq!(global.profile, "bob");
        assert_eq!(global.app, Kind::Work);
        assert!(global.json && matches!(command, Command::Me(_)));
    }
}

#[test]
fn sending_waits_for_the_server_unless_told_otherwise() {
    let wait = |line| match parse(line).unwrap().command {
        Command::Send(flags) => flags.delivery.wait,
        other => panic!("{other:?}"),
    };
    assert_eq!(wait("send ECHOECHO hi"), Wait::Sent);
    assert_eq!(wait("send ECHOECHO - --wait read"), Wait::Read);
}

#[test]
fn mistakes_are_found_before_anything_is_opened() {
    assert_eq!(kind("send ECHOECHO"), ErrorKind::MissingRequiredArgument);
    assert_eq!(kind("contact block ECHO"), ErrorKind::ValueValidation);
    assert_eq!(kind("send ECHOECHO hi --wait now"), ErrorKind::InvalidValue);
    assert_eq!(kind("--app home me"), ErrorKind::InvalidValue);
    assert_eq!(
        kind("receive --wait 3 --until-idle"),
        ErrorKind::ArgumentConflict
    );
    assert_eq!(kind("setup"), ErrorKind::MissingRequiredArgument);
    assert_eq!(
        kind("setup --instance x --no-passphrase --passphrase-file y"),
        ErrorKind::ArgumentConflict
    );
    assert_eq!(kind("dance"), ErrorKind::InvalidSubcommand);
}

#[test]
fn every_verb_and_flag_explains_itself() {
    fn check(command: &clap::Command) {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for argument in command
            .get_arguments()
            .filter(|argument| !argument.is_hide_set())
        {
            assert!(
                argument.get_help().is_some(),
                "{}: {}",
                command.get_name(),
                argument.get_id()
            );
        }
        command.get_subcommands().for_each(check);
    }
    let mut command = Arguments::command();
    command.build();
    check(&command);
}

#[test]
fn chat_opens_the_screen_or_looks_after_a_conversation() {
    let chat = |line| match parse(line).unwrap().command {
        Command::Chat(flags) => flags,
        other => panic!("{other:?}"),
    };
    assert!(chat("chat").verb.is_none());
    assert_eq!(
        chat("chat ECHOECHO").conversation.as_deref(),
        Some("ECHOECHO")
    );
    assert!(matches!(chat("chat pin ECHOECHO").verb, Some(ChatVerb::Pin(mark)) if !mark.off));
    assert_eq!(
        kind("chat mute X --off --hours 3"),
        ErrorKind::ArgumentConflict
    );
}

#[test]
fn what_would_make_no_sense_is_refused() {
    for line in [
        "poll create X question only-one",
        "star",
        "group add G",
        "send-file X",
        "contact policy",
    ] {
        let kind = kind(line);
        let is_missing = matches!(
            kind,
            ErrorKind::MissingRequiredArgument | ErrorKind::TooFewValues
        );
        assert!(is_missing, "{line}: {kind:?}");
    }
    assert!(
        parse("send-location X -47.5,-8.25").is_ok(),
        "south and west"
    );
    assert!(
        parse("poll vote 5").is_ok(),
        "no choice takes the vote back"
    );
}
