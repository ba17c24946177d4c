//! Messages as lines.

use dreiklang_client::engine::Timestamp;
use dreiklang_client::view::{Content, Message, MessageState, Notes, Position};
use dreiklang_client::{Identity, MessageId};
use ratatui::style::Modifier;

use super::*;
use crate::language::Spoken;

fn message(content: Content) -> Message {
    let at = Timestamp::from_ms(1_795_435_200_000);
    Message {
        position: Position(1),
        conversation: "ALICE000".parse().unwrap(),
        sender: "ALICE000".parse().unwrap(),
        id: MessageId([7; 8]),
        state: MessageState::IncomingRead,
        state_at: at,
        created_at: at,
        stored_at: at,
        content,
        changed_at: None,
        notes: Notes::default(),
        reference: None,
        quote: None,
        reactions: Vec::new(),
        is_starred: false,
        should_notify: false,
    }
}

fn text(text: &str) -> Content {
    Content::Text(text.to_owned())
}

fn people() -> People {
    let named = |id: &str, name: &str| (id.parse::<Identity>().unwrap(), name.to_owned());
    People::known(
        Some("ME000000".parse().unwrap()),
        [named("ALICE000", "Alice"), named("BOB00000", "Bob B.")],
    )
}

fn lines(message: &Message, keeps_marks: bool) -> Vec<Line<'static>> {
    let (texts, people) = (Texts::new(Spoken::English), people());
    body(
        message,
        &Scene {
            texts: &texts,
            people: &people,
            keeps_marks,
        },
    )
}

fn shown(message: &Message) -> String {
    lines(message, false)
        .iter()
        .map(plain)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn formatted_text_has_styles_and_mentions_have_names() {
    let message = message(text(
        "*Hi* @[BOB00000], _see_ ~this~\nhttps://example.com @[@@@@@@@@]",
    ));
    assert_eq!(
        shown(&message),
        "Hi @Bob B., see this\nhttps://example.com @All"
    );
    let styled = lines(&message, false);
    let bold = &styled[0].spans[0];
    assert_eq!(bold.content, "Hi");
    assert!(bold.style.add_modifier.contains(Modifier::BOLD));
    assert_eq!(
        ansi(&styled[0], false).replace('\u{1B}', "^"),
        "^[1mHi^[0m ^[1m@Bob B.^[0m, ^[3msee^[0m ^[9mthis^[0m"
    );
    let marked: Vec<_> = lines(&message, true).iter().map(plain).collect();
    assert_eq!(marked[0], "*Hi* @Bob B., _see_ ~this~");
}

#[test]
fn a_link_that_deceives_is_called_so() {
    let shown = shown(&message(text("https://bank.example@evil.example/")));
    assert!(shown.contains("\n(careful"), "{shown}");
}

#[test]
fn nothing_of_others_reaches_the_terminal_as_it_is() {
    let attack = "\u{1B}]0;owned\u{7}*\u{1B}[2J*\u{202E}\r\nx https://a.example/\u{9B}";
    let message = message(text(attack));
    for line in lines(&message, false) {
        let words = plain(&line);
        let is_bad = |c: char| c.is_control() || c == '\u{202E}';
        assert!(!words.contains(is_bad), "{words:?}");
    }
    let (texts, people) = (Texts::new(Spoken::English), people());
    let one = summary(&message.content, &people, &texts);
    assert!(
        one.contains('⏎') && !one.contains(char::is_control),
        "{one:?}"
    );
}
