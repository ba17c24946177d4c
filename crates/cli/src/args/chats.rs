//! Flags of everything about conversations as a whole.

use clap::{Args, Subcommand};

/// The full-screen chat, or what `chat` does with one conversation.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Chat {
    #[command(subcommand)]
    pub(crate) verb: Option<ChatVerb>,
    /// The conversation to open: an identity, a group, or the whole name of one of them
    #[arg(value_name = "WHO")]
    pub(crate) conversation: Option<String>,
}

/// What `chat` does with a conversation.
#[derive(Debug, Subcommand)]
pub(crate) enum ChatVerb {
    /// Keep a conversation at the top of the list
    Pin(Mark),
    /// Put a conversation out of sight until something new comes
    Archive(Mark),
    /// Let nothing of a conversation ring
    Mute {
        /// The conversation
        #[arg(value_name = "WHO")]
        who: String,
        /// For so many hours, instead of for ever
        #[arg(long, value_name = "N")]
        hours: Option<u64>,
        /// Ring only for what mentions the own identity
        #[arg(long, conflicts_with = "hours")]
        mentions_only: bool,
        /// Ring again
        #[arg(long, conflicts_with_all = ["hours", "mentions_only"])]
        off: bool,
    },
    /// Mark a conversation to come back to it
    Unread(Mark),
    /// Forget all messages of a conversation here
    Empty(Sure),
    /// Keep a text that is not sent yet
    Draft {
        /// The conversation
        #[arg(value_name = "WHO")]
        who: String,
        /// The text; empty forgets it
        text: String,
    },
}

/// A mark on a conversation.
#[derive(Debug, Args)]
pub(crate) struct Mark {
    /// The conversation
    #[arg(value_name = "WHO")]
    pub(crate) who: String,
    /// Undo it
    #[arg(long)]
    pub(crate) off: bool,
}

/// Something that cannot be undone.
#[derive(Debug, Args)]
pub(crate) struct Sure {
    /// The conversation
    #[arg(value_name = "WHO")]
    pub(crate) who: String,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}
