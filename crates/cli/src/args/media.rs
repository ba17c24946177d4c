//! Flags of everything about files.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use dreiklang_client::desk;

use super::{Delivery, HandOver, Switch};

/// Flags of `send-file`.
#[derive(Debug, Args)]
pub(crate) struct SendFile {
    /// To whom: an identity, a group, or the whole name of one of them
    #[arg(value_name = "WHO")]
    pub(crate) to: String,
    /// The files
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// A text to go with the first file
    #[arg(long, default_value = "")]
    pub(crate) caption: String,
    /// How the others see them
    #[arg(long = "as", value_enum, default_value_t = SendAs::Auto)]
    pub(crate) send_as: SendAs,
    /// How large a picture becomes
    #[arg(long, value_enum, default_value_t = Size::Large)]
    pub(crate) size: Size,
    #[command(flatten)]
    pub(crate) delivery: Delivery,
}

/// How a file is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SendAs {
    /// Pictures to be seen, everything else as a file
    Auto,
    /// Byte for byte, to be saved
    File,
    /// To be seen or heard in the conversation
    Media,
    /// A picture without a frame
    Sticker,
    /// A recording of a voice
    Voice,
}

/// The longest side of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Size {
    /// 640 pixels
    Small,
    /// 1024 pixels
    Medium,
    /// 1600 pixels
    Large,
    /// 2592 pixels
    ExtraLarge,
    /// As many as it has
    Original,
}

/// Flags of `save`.
#[derive(Debug, Args)]
pub(crate) struct Save {
    /// The message: its position in `history`, or its id
    pub(crate) message: String,
    /// The folder, or the name of the new file
    #[arg(default_value = ".")]
    pub(crate) target: PathBuf,
    /// Replace a file that is there already
    #[arg(long)]
    pub(crate) replace: bool,
    /// How many seconds to wait for the file, if it has to be fetched
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub(crate) timeout: u64,
}

/// Flags of `open`.
#[derive(Debug, Args)]
pub(crate) struct Open {
    /// The message: its position in `history`, or its id
    pub(crate) message: String,
    /// Also if it is of a kind that could do harm when it is opened
    #[arg(long)]
    pub(crate) yes: bool,
    /// How many seconds to wait for the file, if it has to be fetched
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub(crate) timeout: u64,
}

/// Flags of `resend`.
#[derive(Debug, Args)]
pub(crate) struct Resend {
    /// The message: its position in `history`, or its id
    pub(crate) message: String,
    #[command(flatten)]
    pub(crate) delivery: Delivery,
}

/// Flags of `send-card`.
#[derive(Debug, Args)]
pub(crate) struct SendCard {
    /// To whom: an identity, a group, or the whole name of one of them
    #[arg(value_name = "WHO")]
    pub(crate) to: String,
    /// Whose card: an identity or the whole name of a contact
    pub(crate) whose: String,
    #[command(flatten)]
    pub(crate) delivery: Delivery,
}

/// What `picture` does.
#[derive(Debug, Subcommand)]
pub(crate) enum Picture {
    /// Choose the own picture, or that of a group of the own
    Set {
        /// The file; it is made smaller
        path: PathBuf,
        /// The group instead of the own identity
        #[arg(long)]
        group: Option<String>,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// Have no picture any more
    Remove {
        /// The group instead of the own identity
        #[arg(long)]
        group: Option<String>,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// Save the picture of somebody or of a group, or the own one
    Save {
        /// The name of the new file
        path: PathBuf,
        /// Whose: an identity, a group, or the whole name of one of them
        #[arg(long, value_name = "WHO")]
        of: Option<String>,
    },
}

/// What `storage` does.
#[derive(Debug, Subcommand)]
pub(crate) enum Storage {
    /// Show how much room conversations take
    Show,
    /// Delete files that are here and leave their messages
    Clear {
        /// Only those of this conversation
        #[arg(value_name = "WHO")]
        who: Option<String>,
        /// Only those that came to be here so many days ago or more
        #[arg(long, value_name = "N", default_value_t = 0)]
        days: u64,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Choose which files are fetched without being asked for
    Fetch {
        /// Images
        #[arg(long, value_enum)]
        images: Option<Switch>,
        /// Recordings and music
        #[arg(long, value_enum)]
        audio: Option<Switch>,
        /// Videos
        #[arg(long, value_enum)]
        videos: Option<Switch>,
        /// Everything else
        #[arg(long, value_enum)]
        others: Option<Switch>,
        /// Only files of at most so many mebibytes
        #[arg(long, value_name = "MIB")]
        largest: Option<u64>,
    },
}

impl From<SendAs> for desk::SendAs {
    fn from(send_as: SendAs) -> Self {
        match send_as {
            SendAs::Auto => Self::Auto,
            SendAs::File => Self::File,
            SendAs::Media => Self::Media,
            SendAs::Sticker => Self::Sticker,
            SendAs::Voice => Self::Voice,
        }
    }
}

impl From<Size> for desk::Size {
    fn from(size: Size) -> Self {
        match size {
            Size::Small => Self::Small,
            Size::Medium => Self::Medium,
            Size::Large => Self::Large,
            Size::ExtraLarge => Self::ExtraLarge,
            Size::Original => Self::Original,
        }
    }
}
