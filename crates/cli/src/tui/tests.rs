//! Pictures of the screen, and what keys do to it.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};
use dreiklang_client::engine::Timestamp;
use dreiklang_client::view::{
    Choice, Contact, Content, Conversation, FileContent, FileRendering, Group, Me, Media, Member,
    Membership, Message, MessageState, Notes, Notice, Partner, Poll, Position, Quote, Reaction,
    VerificationLevel, Visibility,
};
use dreiklang_client::{Command, ConnectionState, Identity, MessageId, PublicKey};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Line;

use super::keys::Effect;
use super::state::{Compose, Dialog, Focus, Screen};
use super::{Look, draw};
use crate::language::Spoken;
use crate::moment::Calendar;
use crate::people::People;
use crate::texts::Texts;

/// Monday, 23 November 2026, 12:00 UTC.
const NOW: u64 = 1_795_435_200_000;
const MINUTE: u64 = 60_000;
const DAY: u64 = 86_400_000;

fn key(fill: u8) -> PublicKey {
    PublicKey::from_bytes([fill; 32]).unwrap()
}

fn contact(id: &str, name: &str, level: VerificationLevel) -> Contact {
    Contact {
        verification_level: level,
        name: name.to_owned(),
        first_name: name.to_owned(),
        ..Contact::new(
            id.parse().unwrap(),
            key(9),
            Timestamp::from_ms(NOW - 10 * DAY),
        )
    }
}

fn message(with: &str, number: i64, ago: u64, state: MessageState, text: &str) -> Message {
    let at = Timestamp::from_ms(NOW - ago);
    Message {
        position: Position(number),
        conversation: with.parse().unwrap(),
        sender: with.parse().unwrap(),
        changed_at: None,
        id: MessageId([7; 8]),
        state,
        state_at: at,
        created_at: at,
        stored_at: at,
        content: Content::Text(text.to_owned()),
        notes: Notes::default(),
        reference: None,
        quote: None,
        reactions: Vec::new(),
        is_starred: false,
        should_notify: false,
    }
}

fn conversation(contact: &Contact, last_message: Message, unread_count: u64) -> Conversation {
    Conversation {
        id: contact.identity.into(),
        partner: Partner::Contact(contact.clone().into()),
        last_message,
        unread_count,
        visibility: Visibility::Normal,
        is_marked_unread: false,
        muted_until: None,
        mentions_only: false,
        draft: String::new(),
    }
}

fn timeline() -> Vec<Message> {
    use MessageState::{Delivered, IncomingRead, IncomingUnread, Pending, Read, Sent};
    let with = |number, ago, state, text| message("ALICE000", number, ago, state, text);
    let long = "Wie wäre es am Donnerstag um halb acht im Restaurant am See? Dann sind auch die \
                anderen da, und es gibt genug Platz für alle.";
    let mut late = with(6, 20 * MINUTE, IncomingUnread, "too late");
    late.notes = Notes {
        out_of_order: true,
        ..Notes::default()
    };
    vec![
        with(1, DAY, Read, "Grüezi 👋"),
        with(2, DAY - MINUTE, IncomingRead, "Hoi! 日本語"),
        with(3, 40 * MINUTE, IncomingRead, long),
        with(4, 30 * MINUTE, Delivered, "Gern.\nBis dann"),
        with(5, 29 * MINUTE, Sent, "👩‍👩‍👧‍👦"),
        late,
        with(7, MINUTE, Pending, "ok"),
    ]
}

fn screen(width: u16, height: u16, look: &Look<'_>) -> Screen {
    let me = Me {
        identity: "ME000000".parse().unwrap(),
        public_key: key(8),
        nickname: "Ich".to_owned(),
        server_group: String::new(),
        is_revoked: false,
        is_device_cookie_changed: false,
        availability: dreiklang_client::engine::Availability::default(),
    };
    let mut screen = Screen::new(me, "Testinstanz".to_owned());
    screen.area = Rect::new(0, 0, width, height);
    screen.connection = ConnectionState::Online {
        queued_messages: 0,
        server_ahead_ms: 0,
    };
    let alice = contact("ALICE000", "Alice", VerificationLevel::Verified);
    let bob = contact("BOB00000", "", VerificationLevel::Unverified);
    let last = timeline().pop().unwrap();
    let news = message(
        "BOB00000",
        8,
        3 * DAY,
        MessageState::IncomingUnread,
        "Are you\nthere?",
    );
    let conversations = vec![conversation(&alice, last, 0), conversation(&bob, news, 3)];
    let carol = contact(
        "CAROL000",
        "Carol from accounting",
        VerificationLevel::Server,
    );
    screen.set_rows(conversations, vec![alice.clone(), carol]);
    screen.open(Partner::Contact(alice.into()));
    screen.set_messages(timeline(), People::default(), look);
    screen
}

fn picture(screen: &Screen, look: &Look<'_>) -> String {
    let backend = TestBackend::new(screen.area.width, screen.area.height);
    let mut terminal = Terminal::new(backend).unwrap();
    terminal
        .draw(|frame| draw::draw(frame, screen, look))
        .unwrap();
    terminal.backend().to_string()
}

fn with_look<T>(language: Spoken, test: impl FnOnce(&Look<'_>) -> T) -> T {
    let (texts, calendar) = (Texts::new(language), Calendar::utc());
    let now = Timestamp::from_ms(NOW);
    test(&Look {
        texts: &texts,
        calendar: &calendar,
        now,
        has_colours: true,
    })
}

fn press(screen: &mut Screen, look: &Look<'_>, code: KeyCode) -> Option<Effect> {
    chord(screen, look, code, KeyModifiers::NONE)
}

fn chord(
    screen: &mut Screen,
    look: &Look<'_>,
    code: KeyCode,
    modifiers: KeyModifiers,
) -> Option<Effect> {
    screen.take_event(&Event::Key(KeyEvent::new(code, modifiers)), look)
}

fn type_text(screen: &mut Screen, look: &Look<'_>, text: &str) {
    for character in text.chars() {
        press(screen, look, KeyCode::Char(character));
    }
}

fn alice() -> Identity {
    "ALICE000".parse().unwrap()
}

#[test]
fn chat_at_80_columns() {
    with_look(Spoken::ENGLISH, |look| {
        insta::assert_snapshot!(picture(&screen(80, 24, look), look));
    });
}

#[test]
fn chat_at_120_columns_in_german_while_they_type() {
    with_look(Spoken::of_tag("de"), |look| {
        let mut screen = screen(120, 24, look);
        screen.typing.insert(alice());
        screen.typing.insert("BOB00000".parse().unwrap());
        type_text(&mut screen, look, "ein Entwurf");
        insta::assert_snapshot!(picture(&screen, look));
    });
}

#[test]
fn chat_at_40_columns_has_one_pane() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = screen(40, 20, look);
        let conversation = picture(&screen, look);
        press(&mut screen, look, KeyCode::Esc);
        insta::assert_snapshot!(format!("{conversation}\n{}", picture(&screen, look)));
    });
}

#[test]
fn windows_over_the_chat() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = screen(80, 30, look);
        let mut pictures = String::new();
        for code in [KeyCode::F(1), KeyCode::F(2), KeyCode::F(3), KeyCode::F(4)] {
            press(&mut screen, look, code);
            if code == KeyCode::F(3) {
                type_text(&mut screen, look, "alice0");
            }
            pictures.push_str(&picture(&screen, look));
            pictures.push('\n');
            press(&mut screen, look, KeyCode::Esc);
        }
        screen.dialog = Some(Dialog::OtherDevice);
        pictures.push_str(&picture(&screen, look));
        insta::assert_snapshot!(pictures);
    });
}

#[test]
fn without_colours_the_chosen_row_still_stands_out() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = screen(80, 24, look);
        press(&mut screen, look, KeyCode::Esc);
        let look = Look {
            has_colours: false,
            ..*look
        };
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal
            .draw(|frame| draw::draw(frame, &screen, &look))
            .unwrap();
        let buffer = terminal.backend().buffer();
        let is_plain = |cell: &Cell| cell.fg == Color::Reset && cell.bg == Color::Reset;
        assert!(buffer.content.iter().all(is_plain));
        assert!(buffer[(0, 1)].modifier.contains(Modifier::REVERSED));
    });
}

#[test]
fn every_size_can_be_drawn() {
    with_look(Spoken::of_tag("de"), |look| {
        for width in (1..130).step_by(7) {
            for height in 1..12 {
                let mut screen = screen(width, height, look);
                for code in [KeyCode::F(2), KeyCode::Esc, KeyCode::PageUp, KeyCode::F(3)] {
                    press(&mut screen, look, code);
                    picture(&screen, look);
                }
            }
        }
    });
}

#[test]
fn what_others_write_cannot_reach_the_terminal_as_it_is() {
    with_look(Spoken::ENGLISH, |look| {
        let attack = "\u{1B}]0;owned\u{7}\u{1B}[2J\u{9B}31m\u{202E}gnp\u{200B}";
        let mut screen = screen(100, 24, look);
        let mut evil = contact("EVIL0000", attack, VerificationLevel::Unverified);
        evil.nickname = attack.to_owned();
        let last = message("EVIL0000", 9, 0, MessageState::IncomingUnread, attack);
        let conversation = conversation(&evil, last.clone(), 1);
        screen.set_rows(vec![conversation], Vec::new());
        screen.open(Partner::Contact(evil.into()));
        screen.set_messages(vec![last], People::default(), look);
        screen.instance = crate::safe::line(attack);
        screen.me.nickname = attack.to_owned();
        for dialog in [
            Some(Dialog::Details),
            Some(Dialog::Words(attack.to_owned())),
            None,
        ] {
            screen.dialog = dialog;
            let picture = picture(&screen, look);
            assert!(picture.contains("␛]0;owned␇"), "{picture}");
            let bad = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202E}' | '\u{200B}');
            assert!(!picture.chars().any(bad), "{picture:?}");
        }
    });
}

#[test]
fn texts_are_sent_as_written_and_stay_until_they_are_kept() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = screen(80, 24, look);
        assert_eq!(
            press(&mut screen, look, KeyCode::Enter),
            None,
            "nothing to send"
        );
        type_text(&mut screen, look, "a");
        chord(&mut screen, look, KeyCode::Enter, KeyModifiers::ALT);
        type_text(&mut screen, look, "b?");
        screen.take_event(&Event::Paste("\r\nc\u{1B}".into()), look);
        let effect = press(&mut screen, look, KeyCode::Enter);
        assert_eq!(
            effect,
            Some(Effect::Send {
                to: alice().into(),
                text: "a\nb?\nc".into(),
                quote: None,
            })
        );
        assert_eq!(screen.open.as_ref().unwrap().editor.text(), "a\nb?\nc");
    });
}

#[test]
fn drafts_wait_for_their_conversation() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = screen(80, 24, look);
        let alice = screen.open.as_ref().unwrap().partner.clone();
        type_text(&mut screen, look, "half a sen");
        let bob = contact("BOB00000", "", VerificationLevel::Unverified);
        screen.open(Partner::Contact(bob.into()));
        assert!(screen.open.as_ref().unwrap().editor.is_empty());
        screen.open(alice);
        assert_eq!(screen.open.as_ref().unwrap().editor.text(), "half a sen");
    });
}

#[test]
fn only_what_is_on_the_screen_counts_as_read() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = screen(80, 12, look);
        assert_eq!(screen.seen(), Some((alice().into(), Position(6))));
        press(&mut screen, look, KeyCode::PageUp);
        assert_eq!(screen.seen(), None, "scrolled away");
        chord(&mut screen, look, KeyCode::End, KeyModifiers::CONTROL);
        screen.take_event(&Event::FocusLost, look);
        assert_eq!(screen.seen(), None, "another window is in front");
        screen.take_event(&Event::FocusGained, look);
        press(&mut screen, look, KeyCode::F(1));
        assert_eq!(screen.seen(), None, "covered");
        press(&mut screen, look, KeyCode::Esc);
        assert!(screen.seen().is_some());
        screen.area.width = 40;
        press(&mut screen, look, KeyCode::Esc);
        assert_eq!(
            (screen.focus, screen.seen()),
            (Focus::List, None),
            "one pane, the list"
        );
    });
}

#[test]
fn whoever_reads_older_messages_keeps_their_place() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = screen(80, 12, look);
        press(&mut screen, look, KeyCode::PageUp);
        let before = screen.open.as_ref().unwrap().scroll;
        let mut messages = timeline();
        messages.push(message("ALICE000", 9, 0, MessageState::Pending, "one line"));
        screen.set_messages(messages, People::default(), look);
        assert_eq!(screen.open.as_ref().unwrap().scroll, before + 1);
    });
}

#[test]
fn the_top_asks_for_older_messages() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = screen(80, 12, look);
        let open = screen.open.as_mut().unwrap();
        open.limit = u32::try_from(open.messages.len()).unwrap();
        let wheel = Event::Mouse(MouseEvent {
            kind: MouseEventKind::ScrollUp,
            column: 60,
            row: 5,
            modifiers: KeyModifiers::NONE,
        });
        let effects: Vec<_> = (0..20)
            .filter_map(|_| screen.take_event(&wheel, look))
            .collect();
        assert_eq!(effects, [Effect::ReadMore]);
    });
}

#[test]
fn keys_in_the_list_choose_and_quit() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = screen(80, 24, look);
        assert_ne!(
            press(&mut screen, look, KeyCode::Char('q')),
            Some(Effect::Quit),
            "a letter"
        );
        press(&mut screen, look, KeyCode::Esc);
        press(&mut screen, look, KeyCode::Down);
        let bob: Identity = "BOB00000".parse().unwrap();
        assert_eq!(
            press(&mut screen, look, KeyCode::Enter),
            Some(Effect::Open(bob.into()))
        );
        assert_eq!(
            press(&mut screen, look, KeyCode::Char('q')),
            Some(Effect::Quit)
        );
        let quit = chord(&mut screen, look, KeyCode::Char('q'), KeyModifiers::CONTROL);
        assert_eq!(quit, Some(Effect::Quit));
    });
}

#[test]
fn a_contact_is_added_once() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = screen(80, 24, look);
        press(&mut screen, look, KeyCode::F(3));
        type_text(&mut screen, look, " echoecho");
        assert_eq!(
            press(&mut screen, look, KeyCode::Enter),
            Some(Effect::Add("echoecho".into()))
        );
        assert_eq!(
            press(&mut screen, look, KeyCode::Enter),
            None,
            "already on its way"
        );
    });
}

const GROUP: &str = "0123456789abcdef@ALICE000";

fn group() -> Group {
    Group {
        identity: GROUP.parse().unwrap(),
        name: "Climbing".to_owned(),
        title: "Climbing".to_owned(),
        membership: Membership::Member,
        is_mine: false,
        is_orphaned: false,
        members: vec![alice(), "BOB00000".parse().unwrap()],
        created_at: Timestamp::from_ms(NOW - 10 * DAY),
    }
}

fn group_timeline() -> Vec<Message> {
    use MessageState::{IncomingRead, Read};
    let from = |who: &str, number, state, content| Message {
        conversation: GROUP.parse().unwrap(),
        sender: who.parse().unwrap(),
        content,
        ..message(
            "ALICE000",
            number,
            (20 - number.unsigned_abs()) * MINUTE,
            state,
            "",
        )
    };
    let text = |text: &str| Content::Text(text.to_owned());
    let choice = |id, name: &str, is_mine| Choice {
        id,
        text: name.to_owned(),
        votes: u32::from(is_mine),
        voters: Vec::new(),
        is_mine,
    };
    let poll = Poll {
        question: "When shall we meet?".to_owned(),
        choices: vec![choice(5, "Friday", true), choice(6, "Saturday", false)],
        is_multiple: false,
        shows_votes: true,
        is_summary: false,
        is_closed: false,
        voters: Vec::new(),
    };
    let mut answer = from(
        "BOB00000",
        4,
        IncomingRead,
        text("*Yes*, with @[ME000000]!"),
    );
    answer.quote = Some(Quote::Message {
        position: Position(3),
        sender: alice(),
        content: Box::new(text("Who comes along?")),
    });
    answer.reactions = vec![Reaction {
        sender: alice(),
        is_ours: false,
        emoji: "🎉".to_owned(),
        at: Timestamp::from_ms(NOW),
    }];
    let notice = Content::Notice(Notice::Added(vec!["BOB00000".parse().unwrap()]));
    vec![
        from("ALICE000", 2, IncomingRead, notice),
        from("ALICE000", 3, IncomingRead, text("Who comes along?")),
        answer,
        from("ME000000", 5, Read, text("I do, _of course_")),
        from("ALICE000", 6, IncomingRead, Content::Poll(poll)),
        from("BOB00000", 7, IncomingRead, Content::Deleted),
    ]
}

fn group_screen(width: u16, height: u16, look: &Look<'_>) -> Screen {
    let mut screen = screen(width, height, look);
    let row = Conversation {
        id: GROUP.parse().unwrap(),
        partner: Partner::Group(group()),
        last_message: group_timeline().pop().unwrap(),
        unread_count: 0,
        visibility: Visibility::Pinned,
        is_marked_unread: true,
        muted_until: Some(Timestamp::from_ms(NOW + DAY)),
        mentions_only: false,
        draft: String::new(),
    };
    let bob = contact("BOB00000", "", VerificationLevel::Unverified);
    let mut other = conversation(&bob, timeline().pop().unwrap(), 0);
    other.visibility = Visibility::Archived;
    other.draft = "half a sen".to_owned();
    screen.people = people();
    screen.set_rows(vec![row, other], Vec::new());
    screen.open(Partner::Group(group()));
    let member = |id: &str, name: &str| Member {
        contact: contact(id, name, VerificationLevel::Server),
        is_creator: id == "ALICE000",
        is_contact: true,
    };
    screen.set_members(&[member("ALICE000", "Alice"), member("BOB00000", "Bob B.")]);
    screen.set_messages(group_timeline(), people(), look);
    screen
}

fn people() -> People {
    let named = |id: &str, name: &str| (id.parse::<Identity>().unwrap(), name.to_owned());
    People::known(
        Some("ME000000".parse().unwrap()),
        [named("ALICE000", "Alice"), named("BOB00000", "Bob B.")],
    )
}

fn given(effect: Option<Effect>) -> Command {
    match effect {
        Some(Effect::Give(command)) => *command,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_group_with_everything_that_people_do_there() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = group_screen(90, 30, look);
        let mut pictures = picture(&screen, look);
        press(&mut screen, look, KeyCode::Up);
        press(&mut screen, look, KeyCode::Up);
        pictures.push_str(&picture(&screen, look));
        press(&mut screen, look, KeyCode::F(4));
        pictures.push_str(&picture(&screen, look));
        insta::assert_snapshot!(pictures);
    });
}

#[test]
fn a_chosen_message_is_answered() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = group_screen(80, 24, look);
        press(&mut screen, look, KeyCode::Up);
        assert_eq!(screen.focus, Focus::Messages);
        for _ in 0..3 {
            press(&mut screen, look, KeyCode::Up);
        }
        press(&mut screen, look, KeyCode::Char('r'));
        assert_eq!(screen.focus, Focus::Text);
        let shown = picture(&screen, look);
        assert!(
            shown.contains("Answer to Bob B.: Yes, with @Me!"),
            "{shown}"
        );
        type_text(&mut screen, look, "fine");
        let sent = press(&mut screen, look, KeyCode::Enter);
        assert_eq!(
            sent,
            Some(Effect::Send {
                to: GROUP.parse().unwrap(),
                text: "fine".into(),
                quote: Some(Position(4)),
            })
        );
        press(&mut screen, look, KeyCode::Esc);
        assert_eq!(screen.open.as_ref().unwrap().compose, Compose::New);
    });
}

#[test]
fn only_the_own_texts_are_edited() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = group_screen(80, 24, look);
        press(&mut screen, look, KeyCode::Up);
        press(&mut screen, look, KeyCode::Char('e'));
        assert_eq!(screen.focus, Focus::Messages, "it is of somebody else");
        press(&mut screen, look, KeyCode::Up);
        press(&mut screen, look, KeyCode::Up);
        press(&mut screen, look, KeyCode::Char('e'));
        type_text(&mut screen, look, "!");
        let edited = press(&mut screen, look, KeyCode::Enter);
        assert_eq!(
            edited,
            Some(Effect::Edit {
                position: Position(5),
                text: "I do, _of course_!".into()
            })
        );
        press(&mut screen, look, KeyCode::Esc);
        let open = screen.open.as_ref().unwrap();
        assert!(
            open.editor.is_empty(),
            "the text of the message is no draft"
        );
    });
}

#[test]
fn emojis_and_receivers_are_found_by_their_names() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = group_screen(80, 24, look);
        press(&mut screen, look, KeyCode::Up);
        press(&mut screen, look, KeyCode::Char('+'));
        type_text(&mut screen, look, "rocket");
        assert!(picture(&screen, look).contains("▸ 🚀  rocket"));
        let reacted = given(press(&mut screen, look, KeyCode::Enter));
        assert_eq!(
            reacted,
            Command::React {
                position: Position(7),
                emoji: "🚀".into(),
                on: true
            }
        );
        assert_eq!(screen.dialog, None);
        press(&mut screen, look, KeyCode::Char('f'));
        type_text(&mut screen, look, "bob");
        let forwarded = given(press(&mut screen, look, KeyCode::Enter));
        assert_eq!(
            forwarded,
            Command::Forward {
                position: Position(7),
                to: "BOB00000".parse().unwrap(),
                reference: None
            }
        );
    });
}

#[test]
fn a_vote_goes_in_the_place_of_the_other() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = group_screen(80, 24, look);
        press(&mut screen, look, KeyCode::Up);
        assert_eq!(
            press(&mut screen, look, KeyCode::Char('1')),
            None,
            "no poll"
        );
        press(&mut screen, look, KeyCode::Up);
        let vote = |choices| Command::Vote {
            position: Position(6),
            choices,
        };
        let other = given(press(&mut screen, look, KeyCode::Char('2')));
        assert_eq!(other, vote(vec![6]));
        let none = given(press(&mut screen, look, KeyCode::Char('1')));
        assert_eq!(none, vote(vec![]), "the same once more takes it back");
        assert_eq!(press(&mut screen, look, KeyCode::Char('3')), None);
    });
}

#[test]
fn deleting_is_asked_about() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = group_screen(80, 24, look);
        press(&mut screen, look, KeyCode::Up);
        press(&mut screen, look, KeyCode::Char('D'));
        assert_eq!(press(&mut screen, look, KeyCode::Enter), None);
        let deleted = given(press(&mut screen, look, KeyCode::Char('y')));
        assert_eq!(
            deleted,
            Command::Delete {
                position: Position(7),
                for_everyone: true
            }
        );
    });
}

#[test]
fn names_of_members_are_completed() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = group_screen(80, 24, look);
        type_text(&mut screen, look, "hi @b");
        assert!(picture(&screen, look).contains("Tab: @Bob B."));
        press(&mut screen, look, KeyCode::Tab);
        let open = screen.open.as_ref().unwrap();
        assert_eq!(open.editor.text(), "hi @[BOB00000] ");
        press(&mut screen, look, KeyCode::Tab);
        assert_eq!(screen.focus, Focus::List, "nothing more to complete");
    });
}

#[test]
fn letters_in_the_list_say_how_a_conversation_stands() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = group_screen(80, 24, look);
        press(&mut screen, look, KeyCode::Esc);
        let conversation = GROUP.parse().unwrap();
        let pin = given(press(&mut screen, look, KeyCode::Char('p')));
        let visibility = Visibility::Normal;
        assert_eq!(
            pin,
            Command::SetVisibility {
                conversation,
                visibility
            },
            "it was pinned"
        );
        let mute = given(press(&mut screen, look, KeyCode::Char('m')));
        assert!(
            matches!(mute, Command::Mute { until: None, .. }),
            "it was muted"
        );
        let unread = given(press(&mut screen, look, KeyCode::Char('u')));
        assert_eq!(
            unread,
            Command::MarkUnread {
                conversation,
                on: false
            }
        );
    });
}

#[test]
fn a_click_chooses_a_message() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = group_screen(90, 30, look);
        let shown = picture(&screen, look);
        let row = shown
            .lines()
            .position(|line| line.contains("Who comes along?  "))
            .unwrap();
        let click = Event::Mouse(MouseEvent {
            kind: MouseEventKind::Down(crossterm::event::MouseButton::Left),
            column: 60,
            row: u16::try_from(row).unwrap(),
            modifiers: KeyModifiers::NONE,
        });
        screen.take_event(&click, look);
        assert_eq!(screen.open.as_ref().unwrap().chosen, Some(Position(3)));
    });
}

#[test]
fn files_are_sent_and_saved_by_their_paths() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = group_screen(80, 24, look);
        press(&mut screen, look, KeyCode::F(6));
        assert_eq!(press(&mut screen, look, KeyCode::Enter), None, "no path");
        screen.take_event(&Event::Paste(" /tmp/a picture.png\n".into()), look);
        assert!(picture(&screen, look).contains("/tmp/a picture.png"));
        let sent = press(&mut screen, look, KeyCode::Enter);
        let to = GROUP.parse().unwrap();
        let path = "/tmp/a picture.png".into();
        assert_eq!(sent, Some(Effect::SendFile { to, path }));
        let mut messages = group_timeline();
        let file = FileContent {
            name: "a.pdf".into(),
            media_type: "application/pdf".into(),
            size_bytes: 5,
            caption: String::new(),
            rendering: FileRendering::File,
            width: None,
            height: None,
            duration_ms: None,
            is_animated: false,
            media: Media::default(),
            thumbnail: None,
            is_played: false,
            correlation: String::new(),
        };
        messages[5].content = Content::File(file);
        let red = Line::styled("▀▀", Style::new().fg(Color::Red));
        screen
            .open
            .as_mut()
            .unwrap()
            .previews
            .insert(Position(7), vec![red]);
        screen.set_messages(messages, people(), look);
        let shown = picture(&screen, look);
        assert!(
            shown.contains("▌ ▀▀") && shown.contains("File a.pdf"),
            "{shown}"
        );
        press(&mut screen, look, KeyCode::Up);
        let opened = press(&mut screen, look, KeyCode::Char('o'));
        assert_eq!(opened, Some(Effect::OpenFile(Position(7), false)));
        press(&mut screen, look, KeyCode::Char('s'));
        type_text(&mut screen, look, "/x");
        let saved = press(&mut screen, look, KeyCode::Enter);
        assert_eq!(saved, Some(Effect::Save(Position(7), "./x".into())));
    });
}

#[test]
fn long_texts_in_windows_are_scrolled() {
    with_look(Spoken::ENGLISH, |look| {
        let mut screen = screen(80, 24, look);
        press(&mut screen, look, KeyCode::F(1));
        assert!(!picture(&screen, look).contains("∅ mute"));
        for _ in 0..100 {
            press(&mut screen, look, KeyCode::Down);
        }
        let end = picture(&screen, look);
        assert!(end.contains("∅ mute"), "{end}");
        press(&mut screen, look, KeyCode::Esc);
        press(&mut screen, look, KeyCode::F(1));
        assert!(
            picture(&screen, look).contains("this help"),
            "from the top again"
        );
    });
}
