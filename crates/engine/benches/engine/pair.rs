//! Two people with databases in files.

use std::path::Path;
use std::time::{Duration, Instant};

use dreiklang_crypto::{SecretKey, SeededRng};
use dreiklang_engine::{Build, Command, Edition, Input, Reply};
use dreiklang_wire::{
    csp::payload::{FromServer, Message, ToServer},
    id::{GroupId, GroupIdentity, Identity},
};
use rusqlite::Connection;

use super::{
    NOW,
    common::{Device, Server},
};

/// 100 bytes, as people write them.
pub(crate) const TEXT: &str = "The train is twenty minutes late, so let us meet at the lake and \
                               walk from there. Bring an umbrella!";

pub(crate) struct Pair {
    pub(crate) alice: Device,
    pub(crate) bob: Device,
    pub(crate) bob_id: Identity,
    alice_id: Identity,
    /// Sent by alice and not given to bob yet.
    pub(crate) on_their_way: Vec<Message>,
}

/// A database as the driver opens it, but plain and without waiting for the disk: encrypting is the
/// driver's, and waiting says more about the machine than about us.
pub(crate) fn open(path: &Path) -> Connection {
    let conn = Connection::open(path).expect("a database");
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;",
    )
    .expect("pragmas");
    conn
}

impl Pair {
    pub(crate) fn new(folder: &Path) -> Self {
        let mut server = Server::new();
        let mut device = |name: &str, seed| {
            let conn = open(&folder.join(name));
            let mut device = Device::at(conn, Build::new(Edition::Private), seed);
            let create = Command::CreateIdentity {
                nickname: name.to_owned(),
                license: None,
            };
            let Reply::IdentityCreated(identity) = ask(&mut device, &mut server, create) else {
                panic!("no identity")
            };
            (device, identity)
        };
        let (mut alice, alice_id) = device("alice", 1);
        let (mut bob, bob_id) = device("bob", 2);
        for (device, other) in [(&mut alice, bob_id), (&mut bob, alice_id)] {
            let add = Command::AddContact {
                identity: other,
                public_key: None,
                name: None,
            };
            ask(device, &mut server, add);
            device.give(NOW, Input::Connected);
            device.uplink.clear();
        }
        Self {
            alice,
            bob,
            bob_id,
            alice_id,
            on_their_way: Vec::new(),
        }
    }

    /// The server takes what alice sends and says so.
    pub(crate) fn acknowledge(&mut self) {
        for payload in std::mem::take(&mut self.alice.uplink) {
            let ToServer::Message(message) = payload else {
                continue;
            };
            let (receiver, id) = (message.receiver, message.id);
            self.on_their_way.push(message);
            let ack = FromServer::MessageAck { receiver, id };
            self.alice.give(NOW, Input::Payloads(vec![ack]));
        }
        self.alice.events.clear();
    }

    /// How long alice takes for a text to everybody in a group of `size`, in the middle of nine.
    pub(crate) fn group_send(&mut self, size: usize) -> Duration {
        let group = GroupIdentity {
            creator: self.alice_id,
            id: GroupId([7; 8]),
        };
        self.make_group(group, size);
        let mut times = [Duration::ZERO; 9].map(|_| {
            let start = Instant::now();
            let send = Command::SendText {
                to: group.into(),
                text: TEXT.to_owned(),
                quote: None,
                reference: None,
            };
            let ticket = self.alice.command(NOW, send);
            let took = start.elapsed();
            assert!(matches!(self.alice.replies.remove(&ticket), Some(Ok(_))));
            // The window of the line is full of them, the rest waits in the outbox.
            assert!(self.alice.uplink.len() >= size - 1);
            for _ in 0..2 {
                self.acknowledge();
            }
            took
        });
        times.sort();
        times[times.len() / 2]
    }

    fn make_group(&self, group: GroupIdentity, size: usize) {
        let conn = &self.alice.conn;
        let run = |sql: &str, parameters: &[&dyn rusqlite::ToSql]| {
            conn.execute(sql, parameters).expect("a row");
            conn.last_insert_rowid()
        };
        let conversation = run(
            "INSERT INTO conversations (identity, group_id) VALUES (?1, ?2)",
            &[&group.creator.as_str(), &group.id.0],
        );
        run(
            "INSERT INTO groups (conversation_id, name, my_state, created_at) VALUES (?1, 'G', 0, 0)",
            &[&conversation],
        );
        let mut rng = SeededRng::new(3);
        for number in 1..size {
            let key = SecretKey::generate(&mut rng).public();
            let contact = run(
                "INSERT INTO contacts (
                     identity, public_key, verification_level, acquaintance_level, activity_state,
                     identity_type, feature_mask, name, nickname, created_at, newest_created_at
                 ) VALUES (?1, ?2, 0, 1, 0, 0, 0, '', '', 0, 0)",
                &[&format!("MEMB{number:04}"), key.as_bytes()],
            );
            run(
                "INSERT INTO group_members (conversation_id, contact_id) VALUES (?1, ?2)",
                &[&conversation, &contact],
            );
        }
    }

    /// What bob's database grew to, for each message.
    pub(crate) fn bytes_per_message(&self, count: u64) -> f64 {
        let conn = &self.bob.conn;
        let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        let bytes: u32 = conn.query_row(sql, [], |row| row.get(0)).expect("a size");
        f64::from(bytes) / count as f64
    }

    /// Multiplies bob's messages until there are `count`.
    pub(crate) fn fill(&mut self, count: u64) {
        let conn = &self.bob.conn;
        let sql = "INSERT INTO messages (
                       conversation_id, sender_id, message_id, is_shown, type, state, state_at,
                       notes, created_at, stored_at, changed_at, text, container, reference)
                   SELECT conversation_id, sender_id, randomblob(8), is_shown, type, 11, state_at,
                          notes, created_at, stored_at, changed_at, text, container, reference
                   FROM messages LIMIT ?1";
        loop {
            let sql_count = "SELECT count(*) FROM messages";
            let stored: u64 = conn
                .query_row(sql_count, [], |row| row.get::<_, i64>(0))
                .expect("a count")
                .unsigned_abs();
            let missing = count.saturating_sub(stored);
            if missing == 0 {
                break;
            }
            let missing = i64::try_from(missing).expect("a few");
            conn.execute(sql, [missing]).expect("rows");
        }
        let newest = "UPDATE conversations
                      SET last_position = (SELECT max(position) FROM messages)";
        conn.execute(newest, []).expect("a row");
    }
}

fn ask(device: &mut Device, server: &mut Server, command: Command) -> Reply {
    let ticket = device.command(NOW, command);
    loop {
        if let Some(reply) = device.replies.remove(&ticket) {
            return reply.expect("no refusal");
        }
        for (id, request) in std::mem::take(&mut device.requests) {
            let result = server.http(&request);
            device.give(NOW, Input::HttpDone(id, result));
        }
    }
}
