//! The checker is silent about good histories and speaks up about each kind of bad one.

use super::*;

const ANN: Person = Person(0);
const BEN: Person = Person(1);

fn letter(id: u64) -> Letter {
    Letter {
        from: ANN,
        to: BEN,
        id,
        nonce: id + 1000,
    }
}

fn content() -> Content {
    Content {
        digest: 7,
        ..Content::default()
    }
}

fn transient() -> Content {
    Content {
        is_transient: true,
        is_unacknowledged: true,
        ..content()
    }
}

fn offer(line: u32, id: u64) -> Event {
    Event::Offer(Line(line), letter(id), content())
}

fn ack81(line: u32, id: u64) -> Event {
    Event::Ack81(Line(line), letter(id))
}

fn recv(line: u32, id: u64) -> Event {
    Event::Recv02(Line(line), letter(id), content())
}

fn ack82(line: u32, id: u64) -> Event {
    Event::Ack82(Line(line), letter(id))
}

/// Ann on line 1 and Ben on line 2, who has his empty queue.
fn both_online() -> Vec<Event> {
    vec![
        Event::Open(Line(1), ANN),
        Event::Open(Line(2), BEN),
        Event::Unblock(Line(2)),
        Event::Qsc(Line(2)),
    ]
}

/// Ann on line 1; Ben is away.
fn ann_online() -> Vec<Event> {
    vec![Event::Open(Line(1), ANN)]
}

fn then(mut events: Vec<Event>, more: &[Event]) -> Vec<Event> {
    events.extend_from_slice(more);
    events
}

fn drain(line: u32) -> [Event; 2] {
    [Event::Open(Line(line), BEN), Event::Unblock(Line(line))]
}

fn found(events: &[Event]) -> Vec<Invariant> {
    check(events)
        .violations
        .iter()
        .map(|violation| violation.invariant)
        .collect()
}

#[test]
fn a_good_history_is_counted_and_not_blamed() {
    let events = then(
        both_online(),
        &[
            offer(1, 1),
            recv(2, 1),
            ack82(2, 1),
            ack81(1, 1),
            offer(1, 2),
            offer(1, 3),
            ack81(1, 2),
            recv(2, 2),
            Event::Kill,
            Event::Close(Line(1)),
            Event::Restart,
            Event::Open(Line(3), ANN),
            // Unacknowledged at the kill, so offered again; it was lost the first time.
            offer(3, 3),
            ack81(3, 3),
            offer(3, 4),
            Event::Open(Line(4), BEN),
            Event::Unblock(Line(4)),
            recv(4, 2),
            recv(4, 3),
            Event::Qsc(Line(4)),
            recv(4, 4),
            ack82(4, 2),
            ack82(4, 3),
            Event::Ask(Line(4)),
            Event::Echo(Line(4)),
        ],
    );
    let report = check(&events);
    assert_eq!(report.violations, []);
    let counts = report.counts;
    assert_eq!((counts.offered, counts.acked, counts.ok), (4, 3, 3));
    assert_eq!((counts.lost, counts.unknown, counts.recovered), (0, 0, 1));
    assert_eq!((counts.received, counts.redelivered), (5, 1));
    assert_eq!((counts.lines, counts.drains, counts.kills), (4, 2, 1));
    assert_eq!(counts.offered_again, 1);
}

#[test]
fn what_was_never_acknowledged_may_be_missing() {
    let report = check(&then(ann_online(), &[offer(1, 1), Event::Kill]));
    assert_eq!(report.violations, []);
    assert_eq!(report.counts.unknown, 1);
}

#[test]
fn an_acknowledged_letter_that_never_comes_is_lost() {
    let events = then(ann_online(), &[offer(1, 1), ack81(1, 1), Event::Cut]);
    let report = check(&events);
    assert!(report.shows(Invariant::Lost));
    assert_eq!(report.counts.lost, 1);
}

#[test]
fn a_queue_that_ends_too_early_is_found() {
    let events = then(ann_online(), &[offer(1, 1), offer(1, 2), ack81(1, 1)]);
    let events = then(events, &drain(2));
    // It comes later, so it is not lost; but the end of the queue was a lie.
    let events = then(events, &[Event::Qsc(Line(2)), recv(2, 1), recv(2, 2)]);
    assert_eq!(found(&events), [Invariant::QueueEnd]);
}

#[test]
fn the_end_of_the_queue_comes_once_and_after_the_unblock() {
    let twice = then(both_online(), &[Event::Qsc(Line(2))]);
    assert_eq!(found(&twice), [Invariant::QueueEnd]);
    let early = [Event::Open(Line(1), BEN), Event::Qsc(Line(1))];
    assert_eq!(found(&early), [Invariant::QueueEnd]);
    let letter_too_early = [
        Event::Open(Line(1), ANN),
        Event::Open(Line(2), BEN),
        offer(1, 1),
        recv(2, 1),
    ];
    assert_eq!(found(&letter_too_early), [Invariant::QueueEnd]);
}

#[test]
fn a_letter_after_its_settled_release_is_a_late_duplicate() {
    let settled = then(
        both_online(),
        &[
            offer(1, 1),
            recv(2, 1),
            ack82(2, 1),
            ack81(1, 1),
            Event::Ask(Line(2)),
            Event::Echo(Line(2)),
        ],
    );
    let again = then(settled.clone(), &drain(3));
    let again = then(again, &[recv(3, 1)]);
    assert_eq!(found(&again), [Invariant::LateDuplicate]);
    // The release need not have been durable when the server died.
    let again = then(settled.clone(), &[Event::Kill, Event::Restart]);
    let again = then(then(again, &drain(3)), &[recv(3, 1)]);
    assert_eq!(found(&again), []);
    // Who offers again after the release gets a new entry.
    let again = then(settled, &[offer(1, 1), recv(2, 1)]);
    assert_eq!(found(&again), []);
}

#[test]
fn an_acknowledgement_that_may_not_have_arrived_settles_nothing() {
    let events = then(
        both_online(),
        &[
            offer(1, 1),
            recv(2, 1),
            ack82(2, 1),
            ack81(1, 1),
            Event::Close(Line(2)),
        ],
    );
    let events = then(then(events, &drain(3)), &[recv(3, 1)]);
    assert_eq!(found(&events), []);
}

#[test]
fn two_entries_of_one_letter_are_found() {
    let events = then(
        ann_online(),
        &[offer(1, 1), offer(1, 1), ack81(1, 1), ack81(1, 1)],
    );
    let events = then(
        then(events, &drain(2)),
        &[recv(2, 1), recv(2, 1), Event::Qsc(Line(2))],
    );
    assert_eq!(found(&events), [Invariant::Doubled]);
}

#[test]
fn swapped_first_deliveries_are_found() {
    let events = then(both_online(), &[offer(1, 1), offer(1, 2)]);
    let events = then(events, &[recv(2, 2), ack82(2, 2), recv(2, 1)]);
    let found = found(&events);
    assert!(
        !found.is_empty() && found.iter().all(|it| *it == Invariant::Order),
        "{found:?}"
    );
}

#[test]
fn swapped_redeliveries_are_found() {
    let events = then(
        both_online(),
        &[
            offer(1, 1),
            offer(1, 2),
            recv(2, 1),
            recv(2, 2),
            Event::Kill,
        ],
    );
    let events = then(then(events, &drain(3)), &[recv(3, 2), recv(3, 1)]);
    assert_eq!(found(&events), [Invariant::Order]);
}

#[test]
fn letters_that_nobody_wrote_or_somebody_changed_are_found() {
    let phantom = then(both_online(), &[recv(2, 9)]);
    assert_eq!(found(&phantom), [Invariant::Phantom]);
    let changed = Content {
        digest: 8,
        ..content()
    };
    let altered = then(
        both_online(),
        &[offer(1, 1), Event::Recv02(Line(2), letter(1), changed)],
    );
    assert_eq!(found(&altered), [Invariant::Phantom]);
    let acknowledged = then(both_online(), &[ack81(1, 9)]);
    assert_eq!(found(&acknowledged), [Invariant::Phantom]);
}

#[test]
fn another_sender_is_found() {
    let forged = Letter {
        from: Person(3),
        ..letter(1)
    };
    let events = then(
        both_online(),
        &[offer(1, 1), Event::Recv02(Line(2), forged, content())],
    );
    assert_eq!(found(&events), [Invariant::Forged]);
}

#[test]
fn another_receiver_is_found() {
    let events = then(
        both_online(),
        &[Event::Unblock(Line(1)), offer(1, 1), recv(1, 1)],
    );
    assert_eq!(found(&events), [Invariant::WrongReceiver]);
}

#[test]
fn broken_flags_are_found() {
    let offered = Event::Offer(Line(1), letter(1), transient());
    let received = |line| Event::Recv02(Line(line), letter(1), transient());
    let live = then(both_online(), &[offered, received(2)]);
    assert_eq!(found(&live), []);
    let acknowledged = then(both_online(), &[offered, ack81(1, 1)]);
    assert_eq!(found(&acknowledged), [Invariant::Flags]);
    let queued = then(
        ann_online(),
        &[offered, Event::Ask(Line(1)), Event::Echo(Line(1))],
    );
    let queued = then(then(queued, &drain(2)), &[received(2)]);
    assert_eq!(found(&queued), [Invariant::Flags]);
    // The server knew the receiver's new connection before the receiver heard so.
    let overtaken = then(ann_online(), &[Event::Dial(Line(2)), offered]);
    let overtaken = then(overtaken, &[Event::Ask(Line(1)), Event::Echo(Line(1))]);
    let overtaken = then(then(overtaken, &drain(2)), &[received(2)]);
    assert_eq!(found(&overtaken), []);
    let without = then(both_online(), &[offered, recv(2, 1)]);
    assert_eq!(found(&without), [Invariant::Flags]);
}

#[test]
fn a_report_says_what_is_wrong() {
    let events = then(ann_online(), &[offer(1, 1), ack81(1, 1)]);
    let text = check(&events).to_string();
    assert!(
        text.contains("1 LOST") && text.contains("Lost at event 3"),
        "{text}"
    );
    assert!(text_of(&events).contains("2 #1 ack81 0→1 0x1/"));
}
