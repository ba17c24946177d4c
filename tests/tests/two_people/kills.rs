//! Two people write a thousand messages each while everything is killed again and again.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{self, Sender};

use dreiklang_tests::process::Process;
use serde_json::{Value, json};

use crate::world::{PATIENCE, Person, world};

/// How many messages each of the two writes.
const MESSAGES: usize = 1_000;
/// Commands that wait for their reply at the same time.
const WINDOW: usize = 16;
/// Messages in one reply to `history`.
const PAGE: u32 = 1_000;
/// After how many received messages, of both together, who is killed.
const KILLS: [(usize, Victim); 9] = [
    (100, Victim::Server),
    (300, Victim::App(0)),
    (500, Victim::Server),
    (700, Victim::App(1)),
    (900, Victim::Server),
    (1_100, Victim::App(0)),
    (1_300, Victim::Server),
    (1_500, Victim::App(1)),
    (1_700, Victim::Server),
];

#[derive(Clone, Copy, Debug)]
enum Victim {
    Server,
    App(usize),
}

type Line = ((usize, u32), Option<Value>);

/// A person, the app that runs for them, and what they know.
struct Side {
    person: Person,
    other: String,
    app: Process,
    /// Counts restarts, to tell the last words of a dead app from those of the living one.
    life: u32,
    to_send: VecDeque<usize>,
    in_flight: VecDeque<usize>,
    /// Message id and text of what was committed, by number.
    committed: BTreeMap<usize, String>,
    received: Vec<String>,
    position: i64,
    /// What the database says in the end: own and foreign texts, and how many are delivered.
    book: Book,
    /// Something moved on since the database was asked.
    is_stale: bool,
    is_asking: bool,
}

/// A conversation as the database has it.
#[derive(Default)]
struct Book {
    own: Vec<String>,
    foreign: Vec<String>,
    delivered: usize,
}

fn text(side: usize, number: usize) -> String {
    format!("message {number} of {side}")
}

impl Side {
    fn start(number: usize, person: Person, other: &str, tell: &Sender<Line>) -> Self {
        let app = person.run_into((number, 0), tell, &[]);
        Self {
            person,
            other: other.to_owned(),
            app,
            life: 0,
            to_send: (0..MESSAGES).collect(),
            in_flight: VecDeque::new(),
            committed: BTreeMap::new(),
            received: Vec::new(),
            position: 0,
            book: Book::default(),
            is_stale: true,
            is_asking: false,
        }
    }

    /// Kills the app and starts it again. What it had not answered is said again: the reference
    /// keeps it from being sent twice.
    fn kill(&mut self, number: usize, tell: &Sender<Line>) {
        self.app.kill().unwrap();
        self.life += 1;
        let after = self.position.to_string();
        self.app = self
            .person
            .run_into((number, self.life), tell, &["--after", &after]);
        while let Some(unanswered) = self.in_flight.pop_back() {
            self.to_send.push_front(unanswered);
        }
    }

    fn send_more(&mut self, side: usize) {
        while self.in_flight.len() < WINDOW
            && let Some(number) = self.to_send.pop_front()
        {
            let command = json!({
                "command": "send", "id": number, "to": self.other, "text": text(side, number),
                "reference": format!("r{number}"),
            });
            self.in_flight.push_back(number);
            self.app.say(&command.to_string()).unwrap();
        }
    }

    fn hear(&mut self, line: &Value) {
        if line["reply"] == "send" {
            let number = usize::try_from(line["id"].as_u64().unwrap()).unwrap();
            assert_eq!(self.in_flight.pop_front(), Some(number), "{line}");
            let id = line["message_id"]
                .as_str()
                .unwrap_or_else(|| panic!("{line}"));
            self.committed.insert(number, id.to_owned());
        } else if line["event"] == "message" {
            self.position = line["position"].as_i64().unwrap();
            self.received
                .push(line["text"].as_str().unwrap().to_owned());
        } else if line["event"] == "state" {
            self.is_stale = true;
        } else if line["event"] == "connection" {
            assert_ne!(line["state"], "stopped", "{line}");
        } else {
            assert!(line.get("error").is_none(), "{line}");
        }
    }

    /// Asks for the conversation, page by page from its end, if there is reason to.
    fn ask_again(&mut self) {
        if self.is_stale && !self.is_asking && self.book.delivered < MESSAGES {
            self.book = Book::default();
            self.is_stale = false;
            self.is_asking = true;
            self.ask_page(&Value::Null);
        }
    }

    fn ask_page(&mut self, before: &Value) {
        let command = json!({
            "command": "history", "contact": self.other, "limit": PAGE, "before": before,
        });
        self.app.say(&command.to_string()).unwrap();
    }

    /// Takes a page; the oldest message comes first.
    fn read_page(&mut self, reply: &Value) {
        let page = reply["messages"]
            .as_array()
            .unwrap_or_else(|| panic!("{reply}"));
        for message in page.iter().rev() {
            let text = message["text"].as_str().unwrap().to_owned();
            if message["direction"] == "out" {
                self.book.own.push(text);
                self.book.delivered += usize::from(message["state"] == "delivered");
            } else {
                self.book.foreign.push(text);
            }
        }
        match page.first() {
            Some(oldest) => self.ask_page(&oldest["position"].clone()),
            None => self.is_asking = false,
        }
    }
}

#[test]
fn a_thousand_messages_each_way_survive_nine_kills() {
    let mut world = world();
    let (alice, bob) = world.couple();
    let (tell, lines) = mpsc::channel::<Line>();
    let (for_alice, for_bob) = (bob.identity.clone(), alice.identity.clone());
    let mut sides = [
        Side::start(0, alice, &for_alice, &tell),
        Side::start(1, bob, &for_bob, &tell),
    ];
    let mut kills = KILLS.into_iter().peekable();
    while sides
        .iter()
        .any(|side| side.received.len() < MESSAGES || side.committed.len() < MESSAGES)
    {
        for (number, side) in sides.iter_mut().enumerate() {
            side.send_more(number);
        }
        let ((number, life), line) = lines.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            let at = sides.each_ref().map(|side| {
                (
                    side.committed.len(),
                    side.received.len(),
                    side.in_flight.len(),
                )
            });
            panic!("nothing happens any more; committed, received, in flight: {at:?}")
        });
        let side = &mut sides[number];
        match line {
            // The rest of a pipe whose writer was killed; the new app says it again.
            _ if life < side.life => continue,
            Some(line) => side.hear(&line),
            None => panic!("an app ended that nobody had killed"),
        }
        let received = sides.iter().map(|side| side.received.len()).sum();
        if let Some((_, victim)) = kills.next_if(|(at, _)| *at <= received) {
            match victim {
                Victim::Server => {
                    world.server.kill().unwrap();
                    world.server.start().unwrap();
                }
                Victim::App(number) => sides[number].kill(number, &tell),
            }
        }
    }
    assert!(kills.next().is_none(), "not everybody was killed");
    wait_for_receipts(&mut sides, &lines);
    for (number, side) in sides.iter().enumerate() {
        let texts = |of: usize| (0..MESSAGES).map(|it| text(of, it)).collect::<Vec<_>>();
        assert_eq!(side.received, texts(1 - number), "told once each, in order");
        let newest_first = |mut texts: Vec<String>| {
            texts.reverse();
            texts
        };
        assert_eq!(
            newest_first(side.book.foreign.clone()),
            texts(1 - number),
            "kept once each"
        );
        let mut own = side.book.own.clone();
        own.sort_unstable();
        let mut expected = texts(number);
        expected.sort_unstable();
        assert_eq!(own, expected, "sent once each");
    }
}

/// Everything that was sent ends as delivered. Whenever something moves on the database is asked.
fn wait_for_receipts(sides: &mut [Side; 2], lines: &mpsc::Receiver<Line>) {
    loop {
        for side in sides.iter_mut() {
            side.ask_again();
        }
        if sides
            .iter()
            .all(|side| side.book.delivered == MESSAGES && !side.is_asking)
        {
            return;
        }
        let ((number, life), line) = lines.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            let delivered = sides.each_ref().map(|side| side.book.delivered);
            panic!("no receipts come any more; there are {delivered:?}")
        });
        let side = &mut sides[number];
        match line {
            _ if life < side.life => {}
            Some(line) if line["reply"] == "history" => side.read_page(&line),
            Some(line) => side.hear(&line),
            None => panic!("an app ended that nobody had killed"),
        }
    }
}
