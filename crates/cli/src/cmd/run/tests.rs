//! The lines that a script reads, and that it is told everything once.

use dreiklang_client::desk::EventLine;
use dreiklang_client::engine::Timestamp;
use dreiklang_client::view::{Content, Message, MessageState, Notes, Position};
use dreiklang_client::{ConnectionState, EngineEvent, Event, Fault, MessageId, StopReason};
use std::time::Duration;

use super::ledger::Ledger;

fn message(position: i64, state: MessageState) -> Message {
    Message {
        position: Position(position),
        conversation: "ECHOECHO".parse().unwrap(),
        sender: "ECHOECHO".parse().unwrap(),
        changed_at: None,
        id: MessageId([0xab; 8]),
        state,
        state_at: Timestamp::from_ms(3),
        created_at: Timestamp::from_ms(1),
        stored_at: Timestamp::from_ms(2),
        content: Content::Text("hi\u{1B}".into()),
        notes: Notes::default(),
        reference: None,
        quote: None,
        reactions: Vec::new(),
        is_starred: false,
        should_notify: false,
    }
}

fn incoming(position: i64) -> Event {
    Event::Engine(EngineEvent::Message(message(
        position,
        MessageState::IncomingUnread,
    )))
}

fn moved(position: i64, state: MessageState) -> Event {
    let Message {
        conversation,
        id,
        position,
        ..
    } = message(position, state);
    Event::Engine(EngineEvent::MessageState {
        conversation,
        position,
        id,
        state,
    })
}

fn line(event: &Event) -> String {
    serde_json::to_string(&EventLine::from_event(event).unwrap()).unwrap()
}

#[test]
fn lines_look_as_documented() {
    let contact = "ECHOECHO".parse().unwrap();
    let events = [
        incoming(5),
        moved(6, MessageState::Delivered),
        Event::Engine(EngineEvent::Typing { contact, on: true }),
        Event::Engine(EngineEvent::QueueDrained),
        Event::Connection(ConnectionState::Connecting),
        Event::Connection(ConnectionState::Online {
            queued_messages: 2,
            server_ahead_ms: 9,
        }),
        Event::Connection(ConnectionState::Waiting {
            fault: Fault::Unreachable,
            pause: Duration::from_secs(2),
        }),
        Event::Connection(ConnectionState::Stopped(StopReason::Refused(
            "enough".into(),
        ))),
        Event::Engine(EngineEvent::ClosedByServer {
            can_reconnect: true,
            text: "bye".into(),
        }),
    ];
    let lines: Vec<_> = events.iter().map(line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_message_is_told_once() {
    let mut ledger = Ledger::new(Position(4));
    assert!(ledger.note(&incoming(5)).is_some());
    assert!(
        ledger.note(&incoming(5)).is_none(),
        "told while catching up"
    );
    assert!(ledger.note(&incoming(6)).is_some());
}

#[test]
fn a_state_is_told_when_it_is_news() {
    let mut ledger = Ledger::new(Position(0));
    let ours = Event::Engine(EngineEvent::Message(message(7, MessageState::Pending)));
    assert!(ledger.note(&ours).is_none(), "the reply told it");
    ledger.follow(Position(7), MessageState::Pending);
    assert!(ledger.note(&moved(7, MessageState::Sent)).is_some());
    assert!(ledger.note(&moved(7, MessageState::Sent)).is_none());
    assert!(ledger.note(&moved(7, MessageState::Read)).is_some());
}

#[test]
fn what_overtakes_a_reply_is_told_after_it() {
    let ours = Event::Engine(EngineEvent::Message(message(7, MessageState::Pending)));
    let overtaken = [
        moved(7, MessageState::Sent),
        moved(7, MessageState::Delivered),
    ];
    let mut ledger = Ledger::new(Position(0));
    let told = |ledger: &mut Ledger, reply| {
        ledger.ask();
        assert!(ledger.note(&ours).is_none());
        for event in &overtaken {
            assert!(ledger.note(event).is_none(), "the script knows no 7 yet");
        }
        let held = ledger.answered(Some((Position(7), reply)));
        let lines = held.iter().filter_map(|event| ledger.note(event));
        lines
            .map(|line| serde_json::to_value(line).unwrap()["state"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told(&mut ledger, MessageState::Pending),
        ["sent", "delivered"]
    );
    let mut ledger = Ledger::new(Position(0));
    assert_eq!(told(&mut ledger, MessageState::Sent), ["delivered"]);
    let mut ledger = Ledger::new(Position(0));
    assert!(told(&mut ledger, MessageState::Delivered).is_empty());

    // Older messages need not wait for the reply.
    ledger.follow(Position(3), MessageState::Sent);
    ledger.ask();
    assert!(ledger.note(&moved(3, MessageState::Read)).is_some());
}

#[test]
fn a_change_is_told_once_and_only_if_it_is_one() {
    let mut ledger = Ledger::new(Position(2));
    let name = |line: Option<EventLine>| {
        line.map(|line| serde_json::to_value(line).unwrap()["event"].clone())
    };
    assert_eq!(name(ledger.note(&incoming(3))), Some("message".into()));
    let changed = |position, state, text: &str| {
        let mut message = message(position, state);
        message.content = Content::Text(text.to_owned());
        Event::Engine(EngineEvent::MessageChanged(message))
    };
    let told = Some("message_changed".into());
    let edited = changed(3, MessageState::IncomingRead, "edited");
    assert_eq!(name(ledger.note(&edited)), told);
    assert_eq!(name(ledger.note(&edited)), None);
    let old = changed(1, MessageState::Read, "edited");
    assert_eq!(name(ledger.note(&old)), told, "ours, of an earlier run");
    let ours = Event::Engine(EngineEvent::Message(message(7, MessageState::Pending)));
    assert_eq!(name(ledger.note(&ours)), None, "the reply told it");
    let sent = changed(7, MessageState::Sent, "hi\u{1B}");
    assert_eq!(
        name(ledger.note(&sent)),
        None,
        "how far it is, is told apart"
    );
    assert_eq!(
        name(ledger.note(&changed(7, MessageState::Sent, "hi"))),
        told
    );
}
