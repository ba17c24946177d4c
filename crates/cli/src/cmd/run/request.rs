//! Commands of a script: lines of JSON on standard input.

use std::io::{self, BufRead, Read};
use std::path::PathBuf;
use std::thread;

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::failure::Failure;

/// A text message of the largest size, with every byte escaped, and its frame.
const LINE_BYTES_MAX: usize = 64 * 1024;
/// Lines that wait for the one that is being done; the script waits beyond that.
const LINES_MAX: usize = 16;

/// What a line says.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Request {
    Send {
        to: String,
        text: String,
        quote: Option<Which>,
        reference: Option<String>,
    },
    SendLocation {
        to: String,
        latitude: f64,
        longitude: f64,
        accuracy_m: Option<u32>,
        #[serde(default)]
        name: String,
        #[serde(default)]
        address: String,
        reference: Option<String>,
    },
    SendFile {
        to: String,
        path: PathBuf,
        #[serde(default)]
        caption: String,
        #[serde(default, rename = "as")]
        send_as: SendAs,
        #[serde(default)]
        size: Size,
        reference: Option<String>,
    },
    Resend {
        message: Which,
    },
    Cancel {
        message: Which,
    },
    Download {
        message: Which,
    },
    Save {
        message: Which,
        path: PathBuf,
        #[serde(default)]
        replace: bool,
    },
    Forward {
        message: Which,
        to: String,
        reference: Option<String>,
    },
    React {
        message: Which,
        emoji: String,
        #[serde(default = "yes")]
        on: bool,
    },
    Edit {
        message: Which,
        text: String,
    },
    Delete {
        message: Which,
        #[serde(default)]
        for_everyone: bool,
    },
    Star {
        message: Which,
        #[serde(default = "yes")]
        on: bool,
    },
    Starred {},
    PollCreate {
        to: String,
        question: String,
        choices: Vec<String>,
        #[serde(default)]
        is_multiple: bool,
        #[serde(default = "yes")]
        shows_votes: bool,
        #[serde(default)]
        is_summary: bool,
        reference: Option<String>,
    },
    PollVote {
        message: Which,
        choices: Vec<usize>,
    },
    PollClose {
        message: Which,
    },
    ChatVisibility {
        conversation: String,
        visibility: Visible,
    },
    ChatMute {
        conversation: String,
        is_muted: bool,
        until_ms: Option<u64>,
        #[serde(default)]
        mentions_only: bool,
    },
    ChatUnread {
        conversation: String,
        #[serde(default = "yes")]
        on: bool,
    },
    ChatDraft {
        conversation: String,
        text: String,
    },
    ChatEmpty {
        conversation: String,
    },
    Groups {},
    Group {
        group: String,
    },
    GroupCreate {
        name: String,
        #[serde(default)]
        members: Vec<String>,
        reference: Option<String>,
    },
    GroupRename {
        group: String,
        name: String,
    },
    GroupAdd {
        group: String,
        members: Vec<String>,
    },
    GroupRemove {
        group: String,
        members: Vec<String>,
    },
    GroupLeave {
        group: String,
    },
    GroupDisband {
        group: String,
    },
    GroupSync {
        group: String,
        member: Option<String>,
    },
    GroupClone {
        group: String,
        name: Option<String>,
        reference: Option<String>,
    },
    GroupDelete {
        group: String,
    },
    Typing {
        to: String,
        is_typing: bool,
    },
    MarkRead {
        #[serde(alias = "conversation")]
        contact: String,
        position: i64,
    },
    ContactAdd {
        contact: String,
        name: Option<String>,
    },
    ContactRename {
        contact: String,
        name: String,
        last_name: Option<String>,
    },
    ContactRemove {
        contact: String,
    },
    ContactBlock {
        contact: String,
    },
    ContactUnblock {
        contact: String,
    },
    ContactVerify {
        code: String,
    },
    ContactDismissWarning {
        contact: String,
    },
    ContactPolicy {
        contact: String,
        read_receipts: Option<Told>,
        typing_indicators: Option<Told>,
    },
    ContactPolicyReset {},
    ContactExclude {
        contact: String,
    },
    ContactInclude {
        contact: String,
    },
    Contact {
        contact: String,
    },
    Blocked {},
    Contacts {},
    Chats {},
    History {
        #[serde(alias = "conversation")]
        contact: String,
        before: Option<i64>,
        limit: Option<u32>,
    },
    Message {
        reference: Option<String>,
        message: Option<Which>,
    },
    Me {},
    Nickname {
        nickname: String,
    },
    Settings {
        read_receipts: Option<bool>,
        typing_indicators: Option<bool>,
        block_unknown: Option<bool>,
        hide_inactive: Option<bool>,
        sort: Option<Order>,
        first: Option<Order>,
        share_picture: Option<String>,
    },
    ClearWarning {},
    WorkSync {},
    WorkStatus {},
    Policy {},
    SafeBackup {},
    Reclaim {},
    Connect {},
    Disconnect {},
    Stop {},
}

/// A message by its position or its id.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub(super) enum Which {
    Position(i64),
    Id(String),
}

impl Which {
    /// As a person would type it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Position(position) => position.to_string(),
            Self::Id(id) => id.clone(),
        }
    }
}

/// How a file is meant.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum SendAs {
    #[default]
    Auto,
    File,
    Media,
    Sticker,
    Voice,
}

/// How large a picture becomes.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Size {
    Small,
    Medium,
    #[default]
    Large,
    ExtraLarge,
    Original,
}

/// Where in the list a conversation is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Visible {
    Normal,
    Pinned,
    Archived,
}

/// Whether a contact is told something.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    Default,
    On,
    Off,
}

/// Which of two names.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    First,
    Last,
}

fn yes() -> bool {
    true
}

/// A request and what its reply repeats of it.
#[derive(Debug, PartialEq)]
pub(super) struct Envelope {
    pub(super) id: Option<Value>,
    pub(super) command: String,
    pub(super) request: Request,
}

/// One line of input.
#[derive(Debug, PartialEq)]
pub(super) enum Input {
    Request(Envelope),
    /// It cannot be understood, or is too long.
    Unusable(Unusable),
}

/// A line without a request, and what could be read of it.
#[derive(Debug, PartialEq)]
pub(super) struct Unusable {
    pub(super) id: Option<Value>,
    pub(super) command: Option<String>,
    pub(super) failure: Failure,
}

impl Input {
    fn unusable(failure: Failure) -> Self {
        Self::Unusable(Unusable {
            id: None,
            command: None,
            failure,
        })
    }
}

/// Reads standard input on a thread of its own: a read from a terminal cannot be given up.
pub(super) fn read_stdin() -> mpsc::Receiver<Input> {
    let (sender, receiver) = mpsc::channel(LINES_MAX);
    thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Ok(Some(input)) = read_line(&mut stdin) {
            if sender.blocking_send(input).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The next line that is not empty; `None` at the end.
fn read_line(from: &mut impl BufRead) -> io::Result<Option<Input>> {
    loop {
        let mut line = Vec::new();
        let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        if from.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') && line.len() >= LINE_BYTES_MAX {
            skip_line(from)?;
            return Ok(Some(Input::unusable(Failure::usage("line-too-long"))));
        }
        if !line.trim_ascii().is_empty() {
            return Ok(Some(parse(&line)));
        }
    }
}

/// Reads the rest of a line without keeping it.
fn skip_line(from: &mut impl BufRead) -> io::Result<()> {
    loop {
        let bytes = from.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(bytes.len(), |end| end + 1);
        from.consume(length);
        if end.is_some() {
            return Ok(());
        }
    }
}

fn parse(line: &[u8]) -> Input {
    let mut fields = match serde_json::from_slice(line) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return Input::unusable(Failure::usage("bad-json").with("reason", "no object")),
        Err(error) => return Input::unusable(Failure::usage("bad-json").with("reason", error)),
    };
    let id = fields.remove("id");
    let command = fields
        .get("command")
        .and_then(Value::as_str)
        .map(str::to_owned);
    match serde_json::from_value(Value::Object(fields)) {
        Ok(request) => Input::Request(Envelope {
            id,
            command: command.unwrap_or_default(),
            request,
        }),
        Err(error) => {
            let failure = Failure::usage("bad-command").with("reason", error);
            Input::Unusable(Unusable {
                id,
                command,
                failure,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &[u8]) -> Vec<Input> {
        let mut from = text;
        std::iter::from_fn(|| read_line(&mut from).unwrap()).collect()
    }

    fn failure_code(input: &Input) -> Option<&'static str> {
        match input {
            Input::Unusable(unusable) => Some(unusable.failure.code()),
            Input::Request(_) => None,
        }
    }

    #[test]
    fn requests_are_read_with_their_ids() {
        let line = br#"{"command":"send","id":7,"to":"ECHOECHO","text":"hi","reference":"r1"}"#;
        let request = Request::Send {
            to: "ECHOECHO".into(),
            text: "hi".into(),
            quote: None,
            reference: Some("r1".into()),
        };
        let envelope = Envelope {
            id: Some(7.into()),
            command: "send".into(),
            request,
        };
        assert_eq!(read_all(line), [Input::Request(envelope)]);
    }

    #[test]
    fn one_bad_line_does_not_spoil_the_next() {
        let long = format!(
            r#"{{"command":"send","text":"{}"}}"#,
            "x".repeat(LINE_BYTES_MAX)
        );
        let text = format!(
            "nonsense\n[1]\n\n{{\"command\":\"dance\"}}\n{{\"command\":\"me\",\"x\":1}}\n{long}\n\
             {{\"command\":\"me\"}}"
        );
        let inputs = read_all(text.as_bytes());
        let codes: Vec<_> = inputs.iter().map(failure_code).collect();
        let expected = [
            "bad-json",
            "bad-json",
            "bad-command",
            "bad-command",
            "line-too-long",
        ];
        assert_eq!(codes[..5], expected.map(Some));
        assert_eq!(codes[5..], [None]);
    }

    /// One line for every request, with every field that it has.
    const REQUESTS: &str = r#"
        {"command":"send","to":"x","text":"t","quote":1,"reference":"r"}
        {"command":"send_location","to":"x","latitude":1.5,"longitude":-2,"accuracy_m":3,"name":"n","address":"a","reference":"r"}
        {"command":"send_file","to":"x","path":"p","caption":"c","as":"voice","size":"extra_large","reference":"r"}
        {"command":"poll_create","to":"x","question":"q","choices":["a","b"],"is_multiple":true,"shows_votes":false,"is_summary":true,"reference":"r"}
        {"command":"forward","message":"00112233445566ff","to":"x","reference":"r"}
        {"command":"resend","message":1}
        {"command":"react","message":1,"emoji":"e","on":false}
        {"command":"edit","message":1,"text":"t"}
        {"command":"delete","message":1,"for_everyone":true}
        {"command":"poll_vote","message":1,"choices":[1,2]}
        {"command":"poll_close","message":1}
        {"command":"star","message":1,"on":false}
        {"command":"download","message":1}
        {"command":"cancel","message":1}
        {"command":"save","message":1,"path":"p","replace":true}
        {"command":"starred"}
        {"command":"typing","to":"x","is_typing":true}
        {"command":"mark_read","conversation":"x","position":1}
        {"command":"chat_visibility","conversation":"x","visibility":"archived"}
        {"command":"chat_mute","conversation":"x","is_muted":true,"until_ms":5,"mentions_only":true}
        {"command":"chat_unread","conversation":"x","on":true}
        {"command":"chat_draft","conversation":"x","text":"t"}
        {"command":"chat_empty","conversation":"x"}
        {"command":"groups"}
        {"command":"group","group":"g"}
        {"command":"group_create","name":"n","members":["x"],"reference":"r"}
        {"command":"group_clone","group":"g","name":"n","reference":"r"}
        {"command":"group_rename","group":"g","name":"n"}
        {"command":"group_add","group":"g","members":["x"]}
        {"command":"group_remove","group":"g","members":["x"]}
        {"command":"group_leave","group":"g"}
        {"command":"group_disband","group":"g"}
        {"command":"group_sync","group":"g","member":"x"}
        {"command":"group_delete","group":"g"}
        {"command":"contact_add","contact":"x","name":"n"}
        {"command":"contact_verify","code":"c"}
        {"command":"contact_dismiss_warning","contact":"x"}
        {"command":"contact_rename","contact":"x","name":"n","last_name":"l"}
        {"command":"contact_policy","contact":"x","read_receipts":"on","typing_indicators":"default"}
        {"command":"contact_policy_reset"}
        {"command":"contact_remove","contact":"x"}
        {"command":"contact_block","contact":"x"}
        {"command":"contact_unblock","contact":"x"}
        {"command":"contact_exclude","contact":"x"}
        {"command":"contact_include","contact":"x"}
        {"command":"contact","contact":"x"}
        {"command":"blocked"}
        {"command":"contacts"}
        {"command":"chats"}
        {"command":"me"}
        {"command":"history","conversation":"x","before":5,"limit":3}
        {"command":"history","contact":"x"}
        {"command":"message","message":3}
        {"command":"message","reference":"r"}
        {"command":"nickname","nickname":"n"}
        {"command":"settings","read_receipts":true,"typing_indicators":true,"block_unknown":true,"hide_inactive":true,"sort":"last","first":"first","share_picture":"nobody"}
        {"command":"work_status"}
        {"command":"policy"}
        {"command":"work_sync"}
        {"command":"safe_backup"}
        {"command":"reclaim"}
        {"command":"clear_warning"}
        {"command":"connect"}
        {"command":"disconnect"}
        {"command":"stop"}
    "#;

    #[test]
    fn every_request_is_understood_and_documented() {
        const DOCUMENTATION: &str = include_str!("../../../../../docs/cli.md");
        let table = DOCUMENTATION.split("| command | fields | answer |").nth(1);
        let table = table.unwrap().split("| event | fields |").next().unwrap();
        let lines = REQUESTS
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        let mut count = 0;
        for line in lines {
            let input = parse(line.as_bytes());
            let Input::Request(envelope) = &input else {
                panic!("{line}: {input:?}");
            };
            let name = format!("`{}`", envelope.command);
            assert!(table.contains(&name), "{name} is not documented");
            let fields: Value = serde_json::from_str(line).unwrap();
            for field in fields.as_object().unwrap().keys() {
                let is_known = field == "command" || table.contains(&format!("`{field}`"));
                assert!(is_known, "{name}: {field} is not documented");
            }
            count += 1;
        }
        assert_eq!(count, REQUESTS_COUNT);
    }

    /// Two of them are there twice, in both of their forms.
    const REQUESTS_COUNT: usize = 65;

    #[test]
    fn the_largest_text_fits_into_a_line() {
        let text = "\u{1}".repeat(6_000);
        let line = serde_json::json!({"command": "send", "to": "ECHOECHO", "text": text});
        assert_eq!(
            failure_code(&read_all(format!("{line}\n").as_bytes())[0]),
            None
        );
    }
}
