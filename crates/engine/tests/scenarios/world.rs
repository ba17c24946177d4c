//! Devices that talk until nothing is left to say.

use dreiklang_crypto::{
    SharedKey,
    password::{ScryptCost, scrypt},
};
use dreiklang_engine::{
    Command, Edition, Event, Input, License, Refusal, Reply, Timestamp,
    view::{self, Content, Message, MessageState},
};
use dreiklang_wire::{api::safe::BackupId, csp::payload::FromServer, id::Identity};

use crate::common::{Device, Server};

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) now: Timestamp,
    pub(crate) devices: Vec<Device>,
    pub(crate) identities: Vec<Identity>,
}

/// Index of a device.
pub(crate) const ALICE: usize = 0;
pub(crate) const BOB: usize = 1;
pub(crate) const CAROL: usize = 2;

impl World {
    /// Everybody has an identity and a connection; nobody knows anybody.
    pub(crate) fn new(count: u64) -> Self {
        let mut world = Self {
            server: Server::new(),
            now: Timestamp::from_ms(1_790_000_000_000),
            devices: (1..=count).map(Device::new).collect(),
            identities: Vec::new(),
        };
        for who in 0..world.devices.len() {
            let nickname = format!("nick{who}");
            let reply = world.ask(
                who,
                Command::CreateIdentity {
                    nickname,
                    license: None,
                },
            );
            let Ok(Reply::IdentityCreated(identity)) = reply else {
                panic!("{reply:?}")
            };
            world.identities.push(identity);
            world.connect(who);
        }
        world.settle();
        world
    }

    /// One member of an organisation: with an identity, or only with a licence so far.
    pub(crate) fn work(edition: Edition, has_identity: bool) -> Self {
        Self::member(Device::of(edition, 1), has_identity)
    }

    pub(crate) fn member(device: Device, has_identity: bool) -> Self {
        let mut world = Self {
            devices: vec![device],
            ..Self::new(0)
        };
        let license = License {
            username: "alice".into(),
            password: "correct horse".into(),
        };
        if has_identity {
            let create = Command::CreateIdentity {
                nickname: "Ali".into(),
                license: Some(license),
            };
            let Ok(Reply::IdentityCreated(identity)) = world.ask(ALICE, create) else {
                panic!("no identity")
            };
            world.identities.push(identity);
            world.connect(ALICE);
            world.settle();
        } else {
            let License { username, password } = license;
            let activate = Command::ActivateWork { username, password };
            assert_eq!(world.ask(ALICE, activate), Ok(Reply::Done));
            world.answer_all_http(ALICE);
        }
        world
    }

    /// Another device on the same server, without an identity.
    pub(crate) fn another_device(&mut self, edition: Edition) -> usize {
        let who = self.devices.len();
        self.devices.push(Device::of(edition, 200 + who as u64));
        who
    }

    /// Somebody else on the same server, with a private app.
    pub(crate) fn add_stranger(&mut self) -> usize {
        let who = self.devices.len();
        self.devices.push(Device::new(100 + who as u64));
        let create = Command::CreateIdentity {
            nickname: "Stranger".into(),
            license: None,
        };
        let Ok(Reply::IdentityCreated(identity)) = self.ask(who, create) else {
            panic!("no identity")
        };
        self.identities.push(identity);
        self.connect(who);
        self.settle();
        who
    }

    /// Somebody who has no identity yet.
    pub(crate) fn add_device(&mut self, device: Device) {
        self.devices.push(device);
    }

    pub(crate) fn answer_all_http(&mut self, who: usize) {
        for _ in 0..20 {
            self.answer_http(who);
        }
        assert!(self.devices[who].requests.is_empty(), "it never ends");
    }

    /// Two people who have each other as contacts.
    pub(crate) fn friends() -> Self {
        let mut world = Self::new(2);
        world.befriend(ALICE, BOB);
        world.befriend(BOB, ALICE);
        world
    }

    pub(crate) fn befriend(&mut self, who: usize, whom: usize) {
        let identity = self.identities[whom];
        let add = Command::AddContact {
            identity,
            public_key: None,
            name: None,
        };
        assert!(matches!(self.ask(who, add), Ok(Reply::Contact(_))));
    }

    pub(crate) fn device(&mut self, who: usize) -> &mut Device {
        &mut self.devices[who]
    }

    pub(crate) fn give(&mut self, who: usize, input: Input) {
        let now = self.now;
        self.devices[who].give(now, input);
    }

    /// A command and its reply, with whatever the directory has to do with it.
    pub(crate) fn ask(&mut self, who: usize, command: Command) -> Result<Reply, Refusal> {
        let now = self.now;
        let ticket = self.devices[who].command(now, command);
        for _ in 0..10 {
            if let Some(reply) = self.devices[who].replies.remove(&ticket) {
                return reply;
            }
            self.answer_http(who);
        }
        panic!("no reply");
    }

    pub(crate) fn send(&mut self, who: usize, whom: usize, text: &str) -> Message {
        let to = self.identities[whom];
        let send = Command::SendText {
            to: to.into(),
            text: text.into(),
            quote: None,
            reference: None,
        };
        match self.ask(who, send) {
            Ok(Reply::Message(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn connect(&mut self, who: usize) {
        self.server.connect(self.identities[who]);
        self.devices[who].wants_disconnect = None;
        self.give(who, Input::Connected);
    }

    pub(crate) fn disconnect(&mut self, who: usize) {
        self.server.disconnect(self.identities[who]);
        self.devices[who].uplink.clear();
        self.give(who, Input::Disconnected);
    }

    pub(crate) fn restart(&mut self, who: usize) {
        self.server.disconnect(self.identities[who]);
        self.devices[who].restart();
        self.give(who, Input::Timeout);
    }

    pub(crate) fn answer_http(&mut self, who: usize) {
        for (id, request) in std::mem::take(&mut self.devices[who].requests) {
            let result = self.server.http(&request);
            self.give(who, Input::HttpDone(id, result));
        }
    }

    pub(crate) fn answer_transfers(&mut self, who: usize) {
        for (id, transfer) in std::mem::take(&mut self.devices[who].disk.transfers) {
            let files = &mut self.devices[who].disk.files;
            let result = self.server.blobs.perform(files, transfer);
            self.give(who, Input::Transferred(id, result));
        }
    }

    pub(crate) fn flush_uplink(&mut self, who: usize) {
        let identity = self.identities[who];
        let is_connected = self.server.is_connected(identity);
        for payload in std::mem::take(&mut self.devices[who].uplink) {
            if is_connected {
                self.server.on_payload(identity, payload);
            }
        }
    }

    pub(crate) fn flush_downlink(&mut self, who: usize) {
        let payloads = self.server.take(self.identities[who], usize::MAX);
        if !payloads.is_empty() {
            self.give(who, Input::Payloads(payloads));
        }
    }

    /// Passes everything on until everybody is silent.
    pub(crate) fn settle(&mut self) {
        for _ in 0..50 {
            for who in 0..self.identities.len() {
                self.answer_http(who);
                self.answer_transfers(who);
                self.flush_uplink(who);
                self.flush_downlink(who);
            }
        }
        assert!(
            self.devices.iter().all(|d| d.uplink.is_empty()
                && d.requests.is_empty()
                && d.disk.transfers.is_empty())
        );
    }

    /// Lets time pass and fires what is due.
    pub(crate) fn pass_ms(&mut self, ms: u64) {
        self.now = self.now.plus_ms(ms);
        for who in 0..self.devices.len() {
            if self.devices[who].wake_at.is_some_and(|at| at <= self.now) {
                self.give(who, Input::Timeout);
            }
        }
    }

    /// Puts a payload on somebody's line, as a hostile server can.
    pub(crate) fn inject(&mut self, who: usize, payload: FromServer) {
        self.give(who, Input::Payloads(vec![payload]));
    }

    pub(crate) fn timeline(&self, who: usize, whom: usize) -> Vec<Message> {
        view::timeline(
            &self.devices[who].conn,
            &self.identities[whom].into(),
            None,
            1_000,
        )
        .unwrap()
    }

    pub(crate) fn texts(&self, who: usize, whom: usize) -> Vec<String> {
        self.timeline(who, whom).iter().map(text_of).collect()
    }

    pub(crate) fn states(&self, who: usize, whom: usize) -> Vec<MessageState> {
        self.timeline(who, whom)
            .iter()
            .map(|message| message.state)
            .collect()
    }

    pub(crate) fn take_events(&mut self, who: usize) -> Vec<Event> {
        std::mem::take(&mut self.devices[who].events)
    }

    pub(crate) fn outbox_len(&self, who: usize) -> usize {
        self.count(who, "outbox")
    }

    pub(crate) fn count(&self, who: usize, table: &str) -> usize {
        let sql = format!("SELECT count(*) FROM {table}");
        let count: u32 = self.devices[who]
            .conn
            .query_row(&sql, [], |row| row.get(0))
            .unwrap();
        count as usize
    }
}

pub(crate) fn text_of(message: &Message) -> String {
    match &message.content {
        Content::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

/// Where the backup of an identity lies and what opens it, from the password alone
/// (safe-backup.schema.yml).
pub(crate) fn keys_of(identity: Identity, password: &str) -> (String, SharedKey) {
    let cost = ScryptCost {
        log_n: 16,
        r: 8,
        p: 1,
    };
    let keys = scrypt::<64>(password.as_bytes(), identity.as_bytes(), cost).unwrap();
    let name = BackupId(keys[..32].try_into().unwrap()).to_hex();
    let key = SharedKey::from_bytes(keys[32..].try_into().unwrap());
    (format!("backups/{name}"), key)
}
