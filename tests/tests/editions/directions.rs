//! S15, the matrix: everything that one person can say or do to another, between apps of every
//! edition, over real processes. `talking` has the story; here is what a conversation consists of.

use std::fs;
use std::time::Instant;

use serde_json::{Value, json};

use crate::common::{PATIENCE, Running};
use crate::world::{Person, World};

/// How a file is sent, its name, and what is in it. The image is one white pixel.
const FILES: [(&str, &str, &[u8]); 5] = [
    (
        "file",
        "notes.txt",
        b"Nothing of it is readable on its way.",
    ),
    ("file", "empty.bin", b""),
    ("voice", "memo.m4a", b"\0\0\0\x18ftypM4A not really sound"),
    ("sticker", "dot.gif", DOT),
    (
        "file",
        "ada.vcf",
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada\r\nEND:VCARD\r\n",
    ),
];
const DOT: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// One direction of a conversation, with both apps online.
pub(crate) struct Direction<'a> {
    pub(crate) from: &'a Person,
    pub(crate) to: &'a Person,
    pub(crate) at_from: &'a mut Running,
    pub(crate) at_to: &'a mut Running,
}

impl Direction<'_> {
    /// Every kind of message and of change, to the other one and in a group with them.
    pub(crate) fn everything(&mut self) {
        let (here, there) = (self.to.identity.clone(), self.from.identity.clone());
        self.kinds(&here, &there);
        let group = self.group();
        self.kinds(&group, &group);
        self.end_of(&group);
    }

    /// What the other app shows next.
    fn arrival(&mut self) -> Value {
        self.at_to
            .until(|line| line["event"] == "message" && line["type"] != "notice")
    }

    /// How the other app shows a message that was changed.
    fn change(&mut self, id: &Value, is_there: impl Fn(&Value) -> bool) -> Value {
        self.at_to.until(|line| {
            line["event"] == "message_changed" && line["message_id"] == *id && is_there(line)
        })
    }

    /// `here` is what the sender calls the conversation, `there` what the other one does.
    fn kinds(&mut self, here: &str, there: &str) {
        let text = self.text(here, there);
        self.answer(here, &text);
        self.emojis(&text);
        self.edit_and_delete(&text);
        self.place(here);
        self.poll(here);
        for (send_as, name, bytes) in FILES {
            self.file(here, send_as, name, bytes);
        }
    }

    fn text(&mut self, here: &str, there: &str) -> Value {
        let words = format!(
            "*{}* says _hello_ to @[{}]",
            self.from.name, self.to.identity
        );
        let send = json!({ "command": "send", "to": here, "text": words });
        let sent = self.at_from.ask(&send);
        let got = self.arrival();
        assert_eq!(got["text"], json!(words));
        assert_eq!(got["conversation"], json!(there));
        assert_eq!(got["sender"], json!(self.from.identity));
        assert_eq!(got["message_id"], sent["message_id"]);
        got["message_id"].clone()
    }

    fn answer(&mut self, here: &str, id: &Value) {
        let send = json!({ "command": "send", "to": here, "text": "And more.", "quote": id });
        self.at_from.ask(&send);
        let got = self.arrival();
        assert_eq!(got["text"], "And more.");
        assert_eq!(got["quote"]["sender"], json!(self.from.identity), "{got}");
    }

    fn emojis(&mut self, id: &Value) {
        for (emoji, on) in [("👍", true), ("🏔️", true), ("👍", false)] {
            let react = json!({ "command": "react", "message": id, "emoji": emoji, "on": on });
            let done = self.at_from.ask(&react);
            assert_eq!(done["unreached"], json!([]), "{done}");
        }
        // The last of the three changes leaves the mountain alone.
        let mountain = |line: &Value| match line["reactions"].as_array().map(Vec::as_slice) {
            Some([reaction]) => reaction["emoji"] == "🏔️",
            _ => false,
        };
        let by = self.from.identity.clone();
        let got = self.change(id, mountain);
        assert_eq!(got["reactions"][0]["sender"], json!(by));
    }

    fn edit_and_delete(&mut self, id: &Value) {
        let edit = json!({ "command": "edit", "message": id, "text": "Hello." });
        let done = self.at_from.ask(&edit);
        assert_eq!(done["unreached"], json!([]), "{done}");
        self.change(id, |line| line["text"] == "Hello.");
        let delete = json!({ "command": "delete", "message": id, "for_everyone": true });
        let done = self.at_from.ask(&delete);
        assert_eq!(done["unreached"], json!([]), "{done}");
        let got = self.change(id, |line| line["type"] == "deleted");
        assert_eq!(
            (&got["text"], &got["reactions"]),
            (&Value::Null, &Value::Null)
        );
    }

    fn place(&mut self, here: &str) {
        let send = json!({
            "command": "send_location", "to": here, "latitude": 47.5, "longitude": 8.25,
            "name": "Lake", "address": "Shore 1",
        });
        self.at_from.ask(&send);
        let got = self.arrival();
        assert_eq!(got["location"]["name"], "Lake", "{got}");
        assert_eq!(got["location"]["link"], "geo:47.5,8.25");
    }

    fn poll(&mut self, here: &str) {
        let create = json!({
            "command": "poll_create", "to": here, "question": "Where?",
            "choices": ["Mountains", "Sea"],
        });
        let asked = self.at_from.ask(&create);
        let id = self.arrival()["message_id"].clone();
        assert_eq!(id, asked["message_id"]);
        let vote = json!({ "command": "poll_vote", "message": id, "choices": [2] });
        self.at_to.ask(&vote);
        self.at_from
            .until(|line| line["message_id"] == id && line["poll"]["choices"][1]["votes"] == 1);
        self.at_from
            .ask(&json!({ "command": "poll_close", "message": id }));
        let got = self.change(&id, |line| line["poll"]["is_closed"] == true);
        assert_eq!(got["poll"]["choices"][1]["votes"], 1, "{got}");
    }

    /// Byte for byte from disk to disk.
    #[expect(clippy::disallowed_methods, reason = "patience is real time")]
    fn file(&mut self, here: &str, send_as: &str, name: &str, bytes: &[u8]) {
        let (path, target) = (self.from.folder.join(name), self.to.folder.join(name));
        fs::write(&path, bytes).unwrap();
        let send = json!({
            "command": "send_file", "to": here, "path": path, "as": send_as, "caption": "Look!",
        });
        self.at_from.ask(&send);
        let got = self.arrival();
        let file = &got["file"];
        assert_eq!(
            (&file["name"], &file["caption"]),
            (&json!(name), &json!("Look!")),
            "{got}"
        );
        assert_eq!(file["size_bytes"], bytes.len(), "{got}");
        let id = got["message_id"].clone();
        if file["state"] != "here" {
            self.at_to
                .ask(&json!({ "command": "download", "message": id }));
        }
        let until = Instant::now() + PATIENCE;
        loop {
            let save = json!({
                "command": "save", "message": id, "path": target, "replace": true,
            });
            let saved = self.at_to.ask(&save);
            if saved["error"] == Value::Null {
                break;
            }
            // Fetching goes on beside.
            assert!(Instant::now() < until, "{saved}");
        }
        assert_eq!(fs::read(&target).unwrap(), bytes);
    }

    /// A group of both, with another name than it had at first.
    fn group(&mut self) -> String {
        let create = json!({
            "command": "group_create", "name": "Tour", "members": [self.to.identity],
        });
        let made = self.at_from.ask(&create);
        let group = made["group"]["id"].as_str();
        let group = group.unwrap_or_else(|| panic!("{made}")).to_owned();
        self.at_to
            .until(|line| line["event"] == "message" && line["notice"]["kind"] == "you_were_added");
        let rename = json!({ "command": "group_rename", "group": group, "name": "Grand Tour" });
        self.at_from.ask(&rename);
        let got = self.at_to.until(|line| line["notice"]["kind"] == "renamed");
        assert_eq!(got["notice"]["to"], "Grand Tour");
        group
    }

    /// The other one leaves; the creator hears of it and ends the group.
    fn end_of(&mut self, group: &str) {
        self.at_to
            .ask(&json!({ "command": "group_leave", "group": group }));
        self.at_from.until(|line| line["notice"]["kind"] == "left");
        self.at_from
            .ask(&json!({ "command": "group_disband", "group": group }));
        let refused = self
            .at_to
            .ask(&json!({ "command": "send", "to": group, "text": "Hm?" }));
        assert_eq!(refused["error"]["code"], "not-in-group", "{refused}");
    }
}

/// Lets an app tell the directory what it can do: who looks the person up earlier than that learns
/// of no reactions or edits until the next check.
#[expect(clippy::disallowed_methods, reason = "patience is real time")]
pub(crate) fn told(world: &World, person: Person) -> Person {
    let mut app = person.online();
    let until = Instant::now() + PATIENCE;
    loop {
        let facts = world.admin(&["identity", "show", &person.identity]);
        if facts["feature_mask"].as_u64().is_some_and(|mask| mask > 0) {
            break;
        }
        assert!(Instant::now() < until, "{facts}");
    }
    app.ask(&json!({ "command": "stop" }));
    app.until_end();
    person
}

/// Both apps online and known to each other.
pub(crate) fn online(one: &Person, other: &Person) -> (Running, Running) {
    let (mut at_one, mut at_other) = (one.online(), other.online());
    at_one.ask(&json!({ "command": "contact_add", "contact": other.identity }));
    at_other.ask(&json!({ "command": "contact_add", "contact": one.identity }));
    (at_one, at_other)
}
