//! What a screen reads about a message besides what it says.

use serde::Serialize;
use ts_rs::TS;

/// A piece of a text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[ts(rename = "TextPart")]
pub struct Part {
    /// What it is.
    #[ts(type = "\"text\" | \"mention\" | \"link\"")]
    pub kind: &'static str,
    /// What to show; empty for a mention of everybody.
    pub text: String,
    /// How to show it.
    #[ts(type = "(\"bold\" | \"italic\" | \"strike\")[]")]
    pub styles: Vec<&'static str>,
    /// Who is mentioned; nobody for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub identity: Option<String>,
    /// Whether the mention is of the person.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<_>")]
    pub is_me: bool,
    /// Where a link leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub href: Option<String>,
    /// What is odd about the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "\"user_name\" | \"lookalike\" | \"punycode\"")]
    pub warning: Option<&'static str>,
}

/// What may be done with a message now.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct Can {
    /// Give it another text.
    pub edit: bool,
    /// Take it back.
    pub delete_for_everyone: bool,
    /// Put an emoji on it.
    pub react: bool,
    /// Answer it.
    pub quote: bool,
    /// Send it on.
    pub forward: bool,
    /// Try again.
    pub resend: bool,
    /// Take back what was not sent yet.
    pub cancel: bool,
    /// Fetch its file.
    pub download: bool,
    /// Keep its file outside of the app.
    pub save: bool,
    /// Choose in its poll.
    pub vote: bool,
    /// End its poll.
    pub close: bool,
}
