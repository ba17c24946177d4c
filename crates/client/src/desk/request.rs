//! What can be asked for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;
use ts_rs::TS;

use super::failure::Failure;

mod choice;

pub(super) use choice::{AtWork, Part};
pub use choice::{Order, SendAs, Size, Told, Visible};

/// What a line says.
#[derive(Debug, Deserialize, PartialEq, TS)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[ts(rename = "DeskRequest")]
pub enum Request {
    Send {
        to: String,
        text: String,
        #[ts(optional)]
        quote: Option<Which>,
        #[ts(optional)]
        reference: Option<String>,
    },
    SendLocation {
        to: String,
        latitude: f64,
        longitude: f64,
        #[ts(optional)]
        accuracy_m: Option<u32>,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        name: String,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        address: String,
        #[ts(optional)]
        reference: Option<String>,
    },
    SendFile {
        to: String,
        /// Where the file is, unless it comes with the request.
        #[ts(skip)]
        path: Option<PathBuf>,
        /// What it is called, if it comes with the request and has no name of its own.
        #[ts(optional)]
        name: Option<String>,
        /// How long a recording is.
        #[ts(optional)]
        duration_ms: Option<u32>,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        caption: String,
        #[serde(default, rename = "as")]
        #[ts(optional, as = "Option<_>")]
        send_as: SendAs,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        size: Size,
        #[ts(optional)]
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
        #[ts(optional, as = "Option<_>")]
        replace: bool,
    },
    Forward {
        message: Which,
        to: String,
        #[ts(optional)]
        reference: Option<String>,
    },
    React {
        message: Which,
        emoji: String,
        #[serde(default = "yes")]
        #[ts(optional, as = "Option<_>")]
        on: bool,
    },
    Edit {
        message: Which,
        text: String,
    },
    Delete {
        message: Which,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        for_everyone: bool,
    },
    Star {
        message: Which,
        #[serde(default = "yes")]
        #[ts(optional, as = "Option<_>")]
        on: bool,
    },
    Starred {},
    PollCreate {
        to: String,
        question: String,
        choices: Vec<String>,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        is_multiple: bool,
        #[serde(default = "yes")]
        #[ts(optional, as = "Option<_>")]
        shows_votes: bool,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        is_summary: bool,
        #[ts(optional)]
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
        #[ts(optional)]
        until_ms: Option<u64>,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        mentions_only: bool,
    },
    ChatUnread {
        conversation: String,
        #[serde(default = "yes")]
        #[ts(optional, as = "Option<_>")]
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
        #[ts(optional, as = "Option<_>")]
        members: Vec<String>,
        #[ts(optional)]
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
        #[ts(optional)]
        member: Option<String>,
    },
    GroupClone {
        group: String,
        #[ts(optional)]
        name: Option<String>,
        #[ts(optional)]
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
        #[serde(alias = "contact")]
        conversation: String,
        position: i64,
    },
    ContactAdd {
        contact: String,
        #[ts(optional)]
        name: Option<String>,
    },
    ContactRename {
        contact: String,
        name: String,
        #[ts(optional)]
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
        #[ts(optional)]
        read_receipts: Option<Told>,
        #[ts(optional)]
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
    MatchContacts {
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        emails: Vec<String>,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        phones: Vec<String>,
    },
    Blocked {},
    Contacts {},
    Chats {},
    History {
        #[serde(alias = "contact")]
        conversation: String,
        /// Only what is older.
        #[ts(optional)]
        before: Option<i64>,
        /// Only what is newer.
        #[ts(optional)]
        after: Option<i64>,
        /// What lies around it, itself included.
        #[ts(optional)]
        around: Option<i64>,
        #[ts(optional)]
        limit: Option<u32>,
    },
    Message {
        #[ts(optional)]
        reference: Option<String>,
        #[ts(optional)]
        message: Option<Which>,
    },
    Details {
        message: Which,
    },
    Media {
        message: Which,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        which: Part,
    },
    /// What a card that was sent says.
    Card {
        message: Which,
    },
    MarkPlayed {
        message: Which,
    },
    UnstarAll {},
    SendCard {
        to: String,
        contact: String,
        #[ts(optional)]
        reference: Option<String>,
    },
    Markup {
        text: String,
    },
    Picture {
        of: String,
    },
    SetPicture {},
    SetGroupPicture {
        group: String,
    },
    Storage {},
    ClearMedia {
        #[ts(optional)]
        conversation: Option<String>,
        before_ms: u64,
    },
    AutoDownload {
        #[ts(optional)]
        images: Option<bool>,
        #[ts(optional)]
        audio: Option<bool>,
        #[ts(optional)]
        videos: Option<bool>,
        #[ts(optional)]
        others: Option<bool>,
        #[ts(optional)]
        largest_bytes: Option<u64>,
    },
    Abilities {},
    Safe {},
    SafeEnable {
        password: Secret,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        server: String,
    },
    SafeDisable {
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        even_if_it_stays: bool,
    },
    ExportId {
        password: Secret,
    },
    /// A conversation as a page to keep.
    ExportChat {
        conversation: String,
        /// The words of the page by their names (docs/cli.md).
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        words: BTreeMap<String, String>,
        /// Which language they are of.
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        language: String,
        /// How far the clock of the person is ahead of universal time.
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        utc_offset_minutes: i32,
    },
    /// What the server keeps about the own identity.
    MyData {},
    Revoke {
        confirm: String,
    },
    Links {},
    LinkEmail {
        address: String,
    },
    CheckEmail {},
    LinkPhone {
        number: String,
    },
    ConfirmPhone {
        code: String,
    },
    CallPhone {},
    Availability {
        status: AtWork,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        text: String,
    },
    Logo {
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        is_dark: bool,
    },
    SearchDirectory {
        query: String,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        categories: Vec<String>,
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        page: u32,
    },
    PushSet {
        endpoint: Option<String>,
    },
    MyQr {},
    QrRead {
        width: usize,
        height: usize,
    },
    Me {},
    Nickname {
        nickname: String,
    },
    Settings {
        #[ts(optional)]
        read_receipts: Option<bool>,
        #[ts(optional)]
        typing_indicators: Option<bool>,
        #[ts(optional)]
        block_unknown: Option<bool>,
        #[ts(optional)]
        hide_inactive: Option<bool>,
        #[ts(optional)]
        sort: Option<Order>,
        #[ts(optional)]
        first: Option<Order>,
        #[ts(optional)]
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
#[derive(Clone, Debug, Deserialize, PartialEq, TS)]
#[serde(untagged)]
pub enum Which {
    Position(i64),
    Id(String),
}

impl Which {
    /// As a person would type it.
    pub fn text(&self) -> String {
        match self {
            Self::Position(position) => position.to_string(),
            Self::Id(id) => id.clone(),
        }
    }
}

/// A password on its way: it is in no log.
#[derive(Clone, Deserialize, PartialEq, TS)]
#[serde(transparent)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

fn yes() -> bool {
    true
}

/// A request and what its reply repeats of it.
#[derive(Debug, PartialEq)]
pub struct Envelope {
    pub id: Option<Value>,
    pub command: String,
    pub request: Request,
}

/// One line of input.
#[derive(Debug, PartialEq)]
pub enum Input {
    Request(Envelope),
    /// It cannot be understood, or is too long.
    Unusable(Unusable),
}

/// A line without a request, and what could be read of it.
#[derive(Debug, PartialEq)]
pub struct Unusable {
    pub id: Option<Value>,
    pub command: Option<String>,
    pub failure: Failure,
}

impl Input {
    /// A line that is nothing at all.
    pub fn unusable(failure: Failure) -> Self {
        Self::Unusable(Unusable {
            id: None,
            command: None,
            failure,
        })
    }
}

/// What a line says.
pub fn parse(line: &[u8]) -> Input {
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
mod tests;
