//! Messages as lines.

use dreiklang_client::engine::Timestamp;
use dreiklang_client::view::{
    Choice, Content, Degrees, FileContent, FileRendering, Media, Message, MessageState, Notes,
    Notice, Place, Poll, Position, Quote, Reaction,
};
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
    let (texts, people) = (Texts::new(Spoken::ENGLISH), people());
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
    let (texts, people) = (Texts::new(Spoken::ENGLISH), people());
    let one = summary(&message.content, message.sender, &people, &texts);
    assert!(
        one.contains('⏎') && !one.contains(char::is_control),
        "{one:?}"
    );
}

fn id(text: &str) -> Identity {
    text.parse().unwrap()
}

#[test]
fn answers_show_what_they_answer_and_who_reacted() {
    let mut message = message(text("Yes"));
    let quoted = text("*Come* along,\nall of you?");
    message.quote = Some(Quote::Message {
        position: Position(1),
        sender: id("BOB00000"),
        content: Box::new(quoted),
    });
    let reaction = |who: &str, emoji: &str| Reaction {
        sender: id(who),
        is_ours: who == "ME000000",
        emoji: emoji.to_owned(),
        at: Timestamp::from_ms(1),
    };
    message.reactions = vec![
        reaction("ALICE000", "👍"),
        reaction("BOB00000", "🎉"),
        reaction("ME000000", "👍"),
    ];
    message.changed_at = Some(Timestamp::from_ms(1));
    message.is_starred = true;
    assert_eq!(
        shown(&message),
        "│ Bob B.: Come along,⏎all of you?\nYes\n(edited)\n★ marked\n👍 Alice, Me  🎉 Bob B."
    );
    message.quote = Some(Quote::Missing);
    assert!(shown(&message).starts_with("│ (a message that is not here)"));
}

#[test]
fn polls_have_bars_and_names() {
    let choice = |id, text: &str, voters: &[&str]| Choice {
        id,
        text: text.to_owned(),
        votes: u32::try_from(voters.len()).unwrap(),
        voters: voters.iter().map(|who| who.parse().unwrap()).collect(),
        is_mine: voters.contains(&"ME000000"),
    };
    let poll = Poll {
        question: "When?".to_owned(),
        choices: vec![
            choice(7, "Monday", &["ALICE000", "ME000000"]),
            choice(9, "Never\u{1B}", &["BOB00000"]),
            choice(8, "Sunday", &[]),
        ],
        is_multiple: true,
        shows_votes: false,
        is_summary: false,
        is_closed: false,
        voters: Vec::new(),
    };
    let message = message(Content::Poll(poll));
    insta::assert_snapshot!(shown(&message), @r"
    When?
    1 ◉ ▰▰▰▰▰▰▰▰▰▰ 2  Monday  (Alice, Me)
    2 ○ ▰▰▰▰▰▱▱▱▱▱ 1  Never␛  (Bob B.)
    3 ○ ▱▱▱▱▱▱▱▱▱▱ 0  Sunday
    (open, several choices possible, votes are shown at the end)
    ");
}

#[test]
fn places_have_links() {
    let place = Place {
        latitude: Degrees::new(47.37).unwrap(),
        longitude: Degrees::new(8.54).unwrap(),
        accuracy_m: None,
        name: "At the lake".into(),
        address: "Quai 1\n8001 Zurich".into(),
    };
    assert_eq!(
        shown(&message(Content::Location(place))),
        "At the lake\nQuai 1\n8001 Zurich\ngeo:47.37,8.54"
    );
}

#[test]
fn what_happened_in_a_group_is_a_sentence() {
    let sentence = |notice| shown(&message(Content::Notice(notice)));
    let added = Notice::Added(vec![id("BOB00000"), id("ME000000")]);
    assert_eq!(sentence(added), "Alice added Bob B., Me");
    let renamed = Notice::Renamed {
        from: String::new(),
        to: "Climbing".into(),
    };
    assert_eq!(sentence(renamed), "Alice named the group \"Climbing\".");
    assert_eq!(shown(&message(Content::Deleted)), "(deleted by its sender)");
}

#[test]
fn files_say_what_they_are() {
    let file = FileContent {
        name: "../a\u{202E}gpj.exe".into(),
        media_type: "image/jpeg".into(),
        size_bytes: 1_536,
        caption: "The *lake*".into(),
        rendering: FileRendering::Media,
        width: Some(1_024),
        height: Some(768),
        duration_ms: Some(61_500),
        is_animated: false,
        media: Media::default(),
        thumbnail: None,
        is_played: false,
        correlation: String::new(),
    };
    let message = message(Content::File(file));
    assert_eq!(
        shown(&message),
        "Image ../a\u{FFFD}gpj.exe  image/jpeg, 1.5 KiB, 1024×768, 1:02  (not here yet)\nThe lake"
    );
    let (texts, people) = (Texts::new(Spoken::ENGLISH), people());
    let one = summary(&message.content, message.sender, &people, &texts);
    assert_eq!(one, "Image ../a\u{FFFD}gpj.exe: The lake");
}
