//! The process dies between commit and output, or before the commit. Nothing is lost, nothing comes
//! twice (reliability.md, I18).

use dreiklang_engine::{
    Command, Input, Reply,
    view::{self, MessageState},
};

use crate::world::{ALICE, BOB, World};

impl World {
    fn crash_after(&mut self, who: usize, input: Input) {
        let now = self.now;
        self.server.disconnect(self.identities[who]);
        self.device(who).give_and_crash(now, input);
        self.give(who, Input::Timeout);
    }

    fn crash_before(&mut self, who: usize, input: Input) {
        let now = self.now;
        self.server.disconnect(self.identities[who]);
        self.device(who).fail_and_crash(now, input);
        self.give(who, Input::Timeout);
    }

    fn send_input(&mut self, text: &str, reference: &str) -> Input {
        let to = self.identities[BOB];
        let ticket = self.device(ALICE).take_ticket();
        let (text, reference) = (text.into(), Some(reference.into()));
        Input::Command(
            ticket,
            Command::SendText {
                to: to.into(),
                text,
                quote: None,
                reference,
            },
        )
    }
}

#[test]
fn a_text_whose_reply_is_lost_is_sent_once() {
    let mut world = World::friends();
    let input = world.send_input("after", "a");
    world.crash_after(ALICE, input);
    let input = world.send_input("before", "b");
    world.crash_before(ALICE, input);
    assert_eq!(world.texts(ALICE, BOB), ["after"]);
    // The caller saw no reply for either and repeats both.
    for (text, reference) in [("after", "a"), ("before", "b")] {
        let Input::Command(_, command) = world.send_input(text, reference) else {
            panic!()
        };
        assert!(matches!(world.ask(ALICE, command), Ok(Reply::Message(_))));
    }
    world.connect(ALICE);
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["after", "before"]);
    assert_eq!(world.states(ALICE, BOB), [MessageState::Delivered; 2]);
}

#[test]
fn a_received_text_whose_ack_is_lost_is_shown_once() {
    let mut world = World::friends();
    world.send(ALICE, BOB, "hello");
    world.flush_uplink(ALICE);
    let payloads = world.server.take(world.identities[BOB], 10);
    world.crash_after(BOB, Input::Payloads(payloads.clone()));
    assert_eq!(world.texts(BOB, ALICE), ["hello"]);
    assert_eq!(
        world.server.queued(world.identities[BOB]),
        1,
        "the ack was lost"
    );
    world.connect(BOB);
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["hello"]);
    assert_eq!(world.server.queued(world.identities[BOB]), 0);
    // The receipt was a row, so it survived the crash.
    assert_eq!(world.states(ALICE, BOB), [MessageState::Delivered]);
}

#[test]
fn a_received_text_that_was_not_committed_comes_again() {
    let mut world = World::friends();
    world.send(ALICE, BOB, "hello");
    world.flush_uplink(ALICE);
    let payloads = world.server.take(world.identities[BOB], 10);
    world.crash_before(BOB, Input::Payloads(payloads));
    assert_eq!(world.texts(BOB, ALICE), [""; 0]);
    world.connect(BOB);
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["hello"]);
}

#[test]
fn held_messages_are_not_lost_with_the_memory() {
    let mut world = World::new(2);
    world.befriend(ALICE, BOB);
    world.send(ALICE, BOB, "stranger");
    world.flush_uplink(ALICE);
    world.flush_downlink(BOB);
    assert_eq!(world.device(BOB).requests.len(), 1);
    world.restart(BOB);
    world.connect(BOB);
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["stranger"]);
}

#[test]
fn a_read_receipt_survives_the_crash() {
    let mut world = World::friends();
    world.send(ALICE, BOB, "read me");
    world.settle();
    let contact = world.identities[ALICE];
    let up_to = world.timeline(BOB, ALICE)[0].position;
    let ticket = world.device(BOB).take_ticket();
    let mark = Command::MarkRead {
        conversation: contact.into(),
        up_to,
    };
    world.crash_after(BOB, Input::Command(ticket, mark));
    world.connect(BOB);
    world.settle();
    assert_eq!(world.states(ALICE, BOB), [MessageState::Read]);
}

#[test]
fn an_ack_of_the_server_that_is_lost_costs_a_repetition_only() {
    let mut world = World::friends();
    world.send(ALICE, BOB, "hello");
    world.flush_uplink(ALICE);
    world.disconnect(ALICE);
    world.settle();
    assert_eq!(world.states(ALICE, BOB), [MessageState::Pending]);
    world.connect(ALICE);
    world.settle();
    assert_eq!(world.texts(BOB, ALICE), ["hello"]);
    assert_eq!(world.states(ALICE, BOB), [MessageState::Delivered]);
    assert_eq!(
        world
            .server
            .recorded
            .iter()
            .filter(|m| m.flags.0 == 1)
            .count(),
        2
    );
}

#[test]
fn creating_an_identity_survives_a_crash_at_every_step() {
    for steps_before_the_crash in 0..3 {
        let mut world = World::new(0);
        let mut device = crate::common::Device::new(5);
        let create = || Command::CreateIdentity {
            nickname: "N".into(),
            license: None,
        };
        device.command(world.now, create());
        for _ in 0..steps_before_the_crash {
            let (id, request) = device.requests.pop_front().unwrap();
            let result = world.server.http(&request);
            let now = world.now;
            if steps_before_the_crash == 2 && world.server.keys.len() == 1 {
                // The answer that names the identity is the one that is lost.
                break;
            }
            device.give(now, Input::HttpDone(id, result));
        }
        device.restart();
        assert!(!device.has_credentials());
        let ticket = device.command(world.now, create());
        while let Some((id, request)) = device.requests.pop_front() {
            let result = world.server.http(&request);
            device.give(world.now, Input::HttpDone(id, result));
        }
        assert!(matches!(
            device.replies.get(&ticket),
            Some(Ok(Reply::IdentityCreated(_)))
        ));
        assert!(device.has_credentials());
        assert_eq!(world.server.keys.len(), 1, "one key, one identity");
        assert_eq!(view::me(&device.conn).unwrap().unwrap().nickname, "N");
    }
}
