//! Requests that choose one of a few.

use serde::Deserialize;
use ts_rs::TS;

/// Which bytes of a message.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MediaPart")]
pub enum Part {
    #[default]
    File,
    Thumbnail,
}

/// How a file is meant.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, TS)]
#[serde(rename_all = "snake_case")]
pub enum SendAs {
    #[default]
    Auto,
    File,
    Media,
    Sticker,
    Voice,
}

/// How large a picture becomes.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, TS)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    Small,
    Medium,
    #[default]
    Large,
    ExtraLarge,
    Original,
}

/// Where in the list a conversation is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, TS)]
#[serde(rename_all = "snake_case")]
pub enum Visible {
    Normal,
    Pinned,
    Archived,
}

/// Whether the person is at work.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, TS)]
#[serde(rename_all = "snake_case")]
pub enum AtWork {
    None,
    Busy,
    Unavailable,
}

/// Whether a contact is told something.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, TS)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    Default,
    On,
    Off,
}

/// Which of two names.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, TS)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    First,
    Last,
}
