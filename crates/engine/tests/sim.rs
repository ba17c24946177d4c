//! Engines and a model server from one seed: loss, duplication, reordering across pairs, failing
//! lookups, crashes before and after the commit. In the end every text is shown once, in order, to
//! everybody it was for, and everybody has the same group.
//!
//! A failure names its seed, and a seed always plays the same: `play` shows it again.

#[expect(dead_code, reason = "this test uses a part of it")]
mod common;

use std::collections::BTreeSet;

use common::{Device, Server};
use dreiklang_crypto::{SeededRng, random};
use dreiklang_engine::{
    Command, HttpFault, Input, Reply, Timestamp,
    view::{self, Content, MessageState},
};
use dreiklang_wire::{
    csp::payload::FromServer,
    id::{GroupId, GroupIdentity, Identity},
};

/// Of each of the tests below.
const SEEDS: u64 = 250;
const PEOPLE: usize = 3;
const TEXTS_PER_PAIR: usize = 6;
const TEXTS_PER_MEMBER: usize = 4;
const STEPS: usize = 400;

struct Simulation {
    seed: u64,
    rng: SeededRng,
    now: Timestamp,
    server: Server,
    devices: Vec<Device>,
    identities: Vec<Identity>,
    /// How many texts each person has got a reply for, by receiver.
    written: [[usize; PEOPLE]; PEOPLE],
    /// A group of everybody, made by the first.
    group: GroupIdentity,
    /// How many texts each has got a reply for in the group.
    written_in_group: [usize; PEOPLE],
    names: usize,
    crashes: usize,
}

/// How a call of the engine ends.
#[derive(Clone, Copy)]
enum Fate {
    Well,
    CrashBeforeCommit,
    CrashAfterCommit,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let mut simulation = Self {
            seed,
            rng: SeededRng::new(seed),
            now: Timestamp::from_ms(1_790_000_000_000),
            server: Server::new(),
            devices: (0..PEOPLE as u64)
                .map(|who| Device::new(seed << 8 | who))
                .collect(),
            identities: Vec::new(),
            written: [[0; PEOPLE]; PEOPLE],
            group: GroupIdentity {
                creator: "ECHOECHO".parse().unwrap(),
                id: GroupId([0; 8]),
            },
            written_in_group: [0; PEOPLE],
            names: 0,
            crashes: 0,
        };
        for who in 0..PEOPLE {
            let create = Command::CreateIdentity {
                nickname: format!("n{who}"),
                license: None,
            };
            let ticket = simulation.devices[who].command(simulation.now, create);
            while !simulation.devices[who].replies.contains_key(&ticket) {
                simulation.answer_http(who, false);
            }
            let reply = simulation.devices[who].replies.remove(&ticket);
            let Some(Ok(Reply::IdentityCreated(identity))) = reply else {
                panic!("{reply:?}")
            };
            simulation.identities.push(identity);
            assert!(simulation.devices[who].has_credentials());
        }
        simulation.group = simulation.make_group();
        simulation
    }

    /// The first person makes the group before anything can go wrong; what that sends does not.
    fn make_group(&mut self) -> GroupIdentity {
        let create = Command::CreateGroup {
            name: "Name 0".into(),
            members: self.identities[1..].to_vec(),
            reference: None,
        };
        let ticket = self.devices[0].command(self.now, create);
        loop {
            match self.devices[0].replies.remove(&ticket) {
                Some(Ok(Reply::Group(group))) => return group.identity,
                Some(other) => panic!("{other:?}"),
                None => self.answer_http(0, false),
            }
        }
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::from(u16::from_le_bytes(random(&mut self.rng))) % limit
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn fate(&mut self) -> Fate {
        match self.below(40) {
            0 => Fate::CrashBeforeCommit,
            1 | 2 => Fate::CrashAfterCommit,
            _ => Fate::Well,
        }
    }

    fn give(&mut self, who: usize, input: Input, fate: Fate) {
        let now = self.now;
        match fate {
            Fate::Well => return self.devices[who].give(now, input),
            Fate::CrashBeforeCommit => self.devices[who].fail_and_crash(now, input),
            Fate::CrashAfterCommit => self.devices[who].give_and_crash(now, input),
        }
        self.after_crash(who);
    }

    fn after_crash(&mut self, who: usize) {
        self.crashes += 1;
        self.server.disconnect(self.identities[who]);
        self.devices[who].give(self.now, Input::Timeout);
    }

    fn step(&mut self) {
        let who = self.below(PEOPLE);
        if self.devices[who].wants_disconnect.take().is_some() {
            return self.disconnect(who);
        }
        match self.below(20) {
            0..=3 => self.write(who),
            4..=8 => self.uplink(who, true),
            9..=13 => self.downlink(who),
            14 | 15 => self.answer_http(who, true),
            16 => self.connect(who),
            17 if self.chance(30) => self.disconnect(who),
            18 if self.chance(20) => {
                self.devices[who].restart();
                self.after_crash(who);
            }
            18 if self.chance(10) => self.rename_group(),
            18 if self.chance(70) => {
                let fate = self.fate();
                self.write_in_group(who, fate);
            }
            18 => self.read_or_type(who),
            19 if self.chance(30) => self.edit(who),
            19 if self.chance(50) => self.react(who),
            _ => self.pass(),
        }
    }

    /// The caller writes the next text and repeats it until there is a reply.
    fn write(&mut self, who: usize) {
        let whom = self.below(PEOPLE);
        let number = self.written[who][whom];
        if who == whom || number == TEXTS_PER_PAIR {
            return;
        }
        let fate = self.fate();
        self.write_text(who, whom, number, fate);
    }

    fn write_text(&mut self, who: usize, whom: usize, number: usize, fate: Fate) {
        let to = self.identities[whom];
        if view::contact(&self.devices[who].conn, to)
            .unwrap()
            .is_none()
        {
            let add = Command::AddContact {
                identity: to,
                public_key: None,
                name: None,
            };
            self.devices[who].command(self.now, add);
            return self.answer_http(who, false);
        }
        let ticket = self.devices[who].take_ticket();
        let reference = Some(format!("{whom}/{number}"));
        let send = Command::SendText {
            to: to.into(),
            text: text(who, whom, number),
            quote: None,
            reference,
        };
        self.give(who, Input::Command(ticket, send), fate);
        match self.devices[who].replies.remove(&ticket) {
            Some(Ok(_)) => self.written[who][whom] = number + 1,
            Some(Err(refusal)) => panic!("seed {}: {refusal}", self.seed),
            None => {}
        }
    }

    /// What is written to somebody who does not know the group yet is discarded there, as the
    /// protocol wants it (csp.struct.yml, common group receive steps), so everybody waits until all
    /// know it.
    fn write_in_group(&mut self, who: usize, fate: Fate) {
        let number = self.written_in_group[who];
        let knows = |device: &Device| view::group(&device.conn, &self.group).unwrap().is_some();
        if number == TEXTS_PER_MEMBER || !self.devices.iter().all(knows) {
            return;
        }
        let ticket = self.devices[who].take_ticket();
        let send = Command::SendText {
            to: self.group.into(),
            text: group_text(who, number),
            quote: None,
            reference: Some(format!("group/{number}")),
        };
        self.give(who, Input::Command(ticket, send), fate);
        match self.devices[who].replies.remove(&ticket) {
            Some(Ok(_)) => self.written_in_group[who] = number + 1,
            Some(Err(refusal)) => panic!("seed {}: {refusal}", self.seed),
            None => {}
        }
    }

    /// Adds a word to something in the group. Whoever follows has the message already, because a
    /// sender's order is kept.
    fn edit(&mut self, who: usize) {
        let own = self.identities[who];
        let conn = &self.devices[who].conn;
        let timeline = view::timeline(conn, &self.group.into(), None, 1_000).unwrap();
        let ours: Vec<_> = timeline
            .into_iter()
            .filter(|message| message.sender == own)
            .filter_map(|message| match message.content {
                Content::Text(text) => Some((message.position, text)),
                _ => None,
            })
            .collect();
        if ours.is_empty() {
            return;
        }
        let (position, text) = &ours[self.below(ours.len())];
        let edit = Command::Edit {
            position: *position,
            text: format!("{text}!"),
        };
        let ticket = self.devices[who].take_ticket();
        let fate = self.fate();
        self.give(who, Input::Command(ticket, edit), fate);
    }

    /// Puts an emoji on something of a contact, or takes it off.
    fn react(&mut self, who: usize) {
        let whom = self.below(PEOPLE);
        let contact = self.identities[whom];
        let conn = &self.devices[who].conn;
        let theirs: Vec<_> = view::timeline(conn, &contact.into(), None, 1_000)
            .unwrap()
            .into_iter()
            .filter(|message| message.sender == contact)
            .collect();
        if theirs.is_empty() {
            return;
        }
        let react = Command::React {
            position: theirs[self.below(theirs.len())].position,
            emoji: ["👍", "🎂", "👎"][self.below(3)].into(),
            on: self.chance(70),
        };
        let ticket = self.devices[who].take_ticket();
        let fate = self.fate();
        self.give(who, Input::Command(ticket, react), fate);
    }

    fn rename_group(&mut self) {
        self.names += 1;
        let rename = Command::RenameGroup {
            group: self.group,
            name: format!("Name {}", self.names),
        };
        let ticket = self.devices[0].take_ticket();
        let fate = self.fate();
        self.give(0, Input::Command(ticket, rename), fate);
    }

    /// Some of what waits on the line reaches the server.
    fn uplink(&mut self, who: usize, is_partial: bool) {
        let waiting = self.devices[who].uplink.len();
        let count = if is_partial {
            self.below(waiting + 1)
        } else {
            waiting
        };
        for payload in self.devices[who].uplink.drain(..count) {
            self.server.on_payload(self.identities[who], payload);
        }
    }

    fn downlink(&mut self, who: usize) {
        let limit = 1 + self.below(8);
        let payloads = self.server.take(self.identities[who], limit);
        if payloads.is_empty() {
            return;
        }
        let mut payloads = self.shuffle_across_pairs(payloads);
        if self.chance(10) {
            payloads.extend(payloads.clone());
        }
        let fate = self.fate();
        self.give(who, Input::Payloads(payloads), fate);
    }

    /// Any order in which everything of one sender stays in its order.
    fn shuffle_across_pairs(&mut self, payloads: Vec<FromServer>) -> Vec<FromServer> {
        let mut lanes: Vec<(Option<Identity>, Vec<FromServer>)> = Vec::new();
        for payload in payloads.into_iter().rev() {
            let sender = match &payload {
                FromServer::Message(message) => Some(message.sender),
                _ => None,
            };
            match lanes.iter_mut().find(|(lane, _)| *lane == sender) {
                Some((_, lane)) => lane.push(payload),
                None => lanes.push((sender, vec![payload])),
            }
        }
        let mut shuffled = Vec::new();
        while !lanes.is_empty() {
            let lane = self.below(lanes.len());
            shuffled.extend(lanes[lane].1.pop());
            lanes.retain(|(_, lane)| !lane.is_empty());
        }
        shuffled
    }

    fn answer_http(&mut self, who: usize, may_fail: bool) {
        let Some((id, request)) = self.devices[who].requests.pop_front() else {
            return;
        };
        let result = if may_fail && self.chance(30) {
            Err(HttpFault::Unreachable)
        } else {
            self.server.http(&request)
        };
        let fate = if may_fail { self.fate() } else { Fate::Well };
        self.give(who, Input::HttpDone(id, result), fate);
    }

    fn connect(&mut self, who: usize) {
        if !self.server.is_connected(self.identities[who]) {
            self.server.connect(self.identities[who]);
            self.give(who, Input::Connected, Fate::Well);
        }
    }

    /// Both directions of the line are lost.
    fn disconnect(&mut self, who: usize) {
        self.server.disconnect(self.identities[who]);
        self.devices[who].uplink.clear();
        self.give(who, Input::Disconnected, Fate::Well);
    }

    fn read_or_type(&mut self, who: usize) {
        let whom = self.below(PEOPLE);
        let contact = self.identities[whom];
        let newest = view::timeline(&self.devices[who].conn, &contact.into(), None, 1).unwrap();
        let Some(newest) = newest.first() else { return };
        let command = if self.chance(50) {
            Command::MarkRead {
                conversation: contact.into(),
                up_to: newest.position,
            }
        } else {
            Command::Typing {
                to: contact,
                on: true,
            }
        };
        let ticket = self.devices[who].take_ticket();
        let fate = self.fate();
        self.give(who, Input::Command(ticket, command), fate);
    }

    fn pass(&mut self) {
        let ms = self.below(15_000) as u64;
        self.now = self.now.plus_ms(ms);
        for who in 0..PEOPLE {
            if self.devices[who].wake_at.is_some_and(|at| at <= self.now) {
                let fate = self.fate();
                self.give(who, Input::Timeout, fate);
            }
        }
    }

    /// All faults end; everybody finishes what they began.
    fn heal(&mut self) {
        for round in 0..60 {
            for who in 0..PEOPLE {
                if self.devices[who].wants_disconnect.take().is_some() {
                    self.disconnect(who);
                }
                self.connect(who);
                for whom in (0..PEOPLE).filter(|whom| *whom != who) {
                    let number = self.written[who][whom];
                    if number < TEXTS_PER_PAIR {
                        self.write_text(who, whom, number, Fate::Well);
                    }
                }
                self.write_in_group(who, Fate::Well);
                self.answer_http(who, false);
                self.uplink(who, false);
                let payloads = self.server.take(self.identities[who], usize::MAX);
                self.give(who, Input::Payloads(payloads), Fate::Well);
            }
            self.now = self.now.plus_ms(if round < 30 { 1_000 } else { 1 });
        }
    }

    /// Everybody sees the same group, and in it every text of each member once and in order.
    fn check_group(&self) {
        let seed = self.seed;
        let name = view::group(&self.devices[0].conn, &self.group)
            .unwrap()
            .unwrap()
            .name;
        for (who, device) in self.devices.iter().enumerate() {
            let group = view::group(&device.conn, &self.group).unwrap().unwrap();
            assert_eq!(group.name, name, "seed {seed}: name for {who}");
            assert_eq!(
                group.members.len(),
                PEOPLE - 1,
                "seed {seed}: members for {who}"
            );
            let timeline = view::timeline(&device.conn, &self.group.into(), None, 1_000).unwrap();
            for (member, identity) in self.identities.iter().enumerate() {
                let theirs: Vec<_> = timeline
                    .iter()
                    .filter(|message| {
                        message.sender == *identity && matches!(message.content, Content::Text(_))
                    })
                    .collect();
                let seen = contents(&theirs);
                let said = self.last_words(member);
                assert_eq!(seen, said, "seed {seed}: {member} for {who}");
                let first = seen.iter().map(|text| text.trim_end_matches('!'));
                let expected = (0..TEXTS_PER_MEMBER).map(|number| group_text(member, number));
                assert!(
                    first.eq(expected),
                    "seed {seed}: {member} for {who}: {seen:?}"
                );
                if member == who {
                    let is_sent = |message: &&view::Message| message.state >= MessageState::Sent;
                    assert!(theirs.iter().all(is_sent), "seed {seed}: {theirs:?}");
                }
            }
        }
    }

    /// What somebody said in the group, as edited last, on their own screen.
    fn last_words(&self, member: usize) -> Vec<String> {
        let own = self.identities[member];
        let conn = &self.devices[member].conn;
        let timeline = view::timeline(conn, &self.group.into(), None, 1_000).unwrap();
        let ours = timeline
            .iter()
            .filter(|message| message.sender == own && matches!(message.content, Content::Text(_)));
        contents(&ours.collect::<Vec<_>>())
    }

    /// Both ends of a conversation see the same emojis on the same messages.
    fn check_reactions(&self) {
        let on_messages = |who: usize, whom: usize| {
            let conn = &self.devices[who].conn;
            let id = self.identities[whom].into();
            let timeline = view::timeline(conn, &id, None, 1_000).unwrap();
            let all = timeline.into_iter().flat_map(|message| {
                let id = message.id;
                let reactions = message.reactions.into_iter();
                reactions.map(move |reaction| (id, reaction.sender, reaction.emoji))
            });
            all.collect::<BTreeSet<_>>()
        };
        for (one, other) in [(0, 1), (0, 2), (1, 2)] {
            let (here, there) = (on_messages(one, other), on_messages(other, one));
            assert_eq!(here, there, "seed {}: {one} and {other}", self.seed);
        }
    }

    fn check(&self) {
        self.check_reactions();
        self.check_group();
        let seed = self.seed;
        for (who, device) in self.devices.iter().enumerate() {
            assert_eq!(
                self.server.queued(self.identities[who]),
                0,
                "seed {seed}: queue of {who}"
            );
            let outbox: u32 = device
                .conn
                .query_row("SELECT count(*) FROM outbox", [], |r| r.get(0))
                .unwrap();
            assert_eq!(outbox, 0, "seed {seed}: outbox of {who}");
            let unread = "SELECT count(*) FROM conversations AS v WHERE unread_count <> (
                SELECT count(*) FROM messages AS m
                WHERE m.conversation_id = v.conversation_id AND m.state = 10)";
            assert_eq!(
                device.conn.query_row(unread, [], |r| r.get(0)),
                Ok(0),
                "seed {seed}"
            );
            for whom in (0..PEOPLE).filter(|whom| *whom != who) {
                let timeline =
                    view::timeline(&device.conn, &self.identities[whom].into(), None, 1_000)
                        .unwrap();
                let (ours, theirs): (Vec<_>, Vec<_>) = timeline
                    .iter()
                    .partition(|message| message.state.is_outgoing());
                let texts = |from, to| {
                    (0..TEXTS_PER_PAIR)
                        .map(|number| text(from, to, number))
                        .collect::<Vec<_>>()
                };
                assert_eq!(
                    contents(&theirs),
                    texts(whom, who),
                    "seed {seed}: {whom} to {who}"
                );
                assert_eq!(contents(&ours), texts(who, whom), "seed {seed}: by {who}");
                for message in ours {
                    assert!(
                        message.state >= MessageState::Delivered,
                        "seed {seed}: {message:?}"
                    );
                }
                for message in theirs {
                    assert!(!message.notes.out_of_order, "seed {seed}: {message:?}");
                }
            }
        }
    }
}

fn group_text(from: usize, number: usize) -> String {
    format!("{from} to all: {number}")
}

fn text(from: usize, to: usize, number: usize) -> String {
    format!("{from} to {to}: {number}")
}

fn contents(messages: &[&view::Message]) -> Vec<String> {
    let content = |message: &&view::Message| match &message.content {
        Content::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    messages.iter().map(content).collect()
}

fn run(part: u64) {
    let mut crashes = 0;
    for seed in part * SEEDS..(part + 1) * SEEDS {
        crashes += play(seed).crashes;
    }
    assert!(crashes > 200, "the faults happen: {crashes}");
}

/// One whole life.
fn play(seed: u64) -> Simulation {
    let mut simulation = Simulation::new(seed);
    for _ in 0..STEPS {
        simulation.step();
    }
    simulation.heal();
    simulation.check();
    simulation
}

#[test]
fn a_seed_plays_the_same_again() {
    let sent = |seed| play(seed).server.recorded;
    assert_eq!(sent(7), sent(7), "every byte that anybody sent");
    assert_ne!(sent(7), sent(8));
}

/// The parts of 2,000 seeds, so that every core of the machine has some.
macro_rules! parts {
    ($($name:ident $part:literal)+) => {$(
        #[test]
        fn $name() {
            run($part);
        }
    )+};
}

parts! {
    everything_is_shown_once_in_order_1 0
    everything_is_shown_once_in_order_2 1
    everything_is_shown_once_in_order_3 2
    everything_is_shown_once_in_order_4 3
    everything_is_shown_once_in_order_5 4
    everything_is_shown_once_in_order_6 5
    everything_is_shown_once_in_order_7 6
    everything_is_shown_once_in_order_8 7
}
