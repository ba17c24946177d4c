//! Flags of everything that is done with single messages.

use clap::{Args, Subcommand, ValueEnum};

/// How a new message is handed over.
#[derive(Clone, Debug, Args)]
pub(crate) struct Delivery {
    /// The own name for this sending: repeating the command with it sends nothing twice
    #[arg(long)]
    pub(crate) reference: Option<String>,
    /// What to wait for; nobody in a group tells that they have a message
    #[arg(long, value_enum, default_value_t = Wait::Sent)]
    pub(crate) wait: Wait,
    /// How many seconds to wait for it
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) timeout: u64,
}

/// How far a message must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wait {
    /// In the outbox; it goes out with the next connection
    Queued,
    /// The server has it
    Sent,
    /// The contact's device has it
    Delivered,
    /// The contact has read it
    Read,
}

/// How what is no message of its own is handed over.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct HandOver {
    /// Leave it in the outbox; it goes out with the next connection
    #[arg(long)]
    pub(crate) queued: bool,
    /// How many seconds to wait for the server
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 60,
        conflicts_with = "queued"
    )]
    pub(crate) timeout: u64,
}

/// Flags of `send`.
#[derive(Debug, Args)]
pub(crate) struct Send {
    /// To whom: an identity, a group, or the whole name of one of them
    #[arg(value_name = "WHO")]
    pub(crate) to: String,
    /// The text, with *bold*, _italic_, ~struck~ and @[IDENTITY]; `-` reads standard input
    pub(crate) text: String,
    /// Answer this message of the same conversation
    #[arg(long, value_name = "MESSAGE")]
    pub(crate) quote: Option<String>,
    #[command(flatten)]
    pub(crate) delivery: Delivery,
}

/// Flags of `send-location`.
#[derive(Debug, Args)]
pub(crate) struct SendLocation {
    /// To whom
    #[arg(value_name = "WHO")]
    pub(crate) to: String,
    /// Where: `LATITUDE,LONGITUDE` in degrees, or a geo: link
    #[arg(allow_hyphen_values = true)]
    pub(crate) place: String,
    /// What the place is called
    #[arg(long, default_value = "")]
    pub(crate) name: String,
    /// Its address
    #[arg(long, default_value = "")]
    pub(crate) address: String,
    #[command(flatten)]
    pub(crate) delivery: Delivery,
}

/// Flags of `react`.
#[derive(Debug, Args)]
pub(crate) struct React {
    /// The message: its position in `history`, or its id
    pub(crate) message: String,
    /// One emoji, or its English name such as "thumbs up"
    pub(crate) emoji: String,
    /// Take it off again
    #[arg(long)]
    pub(crate) remove: bool,
    #[command(flatten)]
    pub(crate) hand_over: HandOver,
}

/// Flags of `edit`.
#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// The message: its position in `history`, or its id
    pub(crate) message: String,
    /// What it says from now on; `-` reads standard input
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) hand_over: HandOver,
}

/// Flags of `delete`.
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// The message: its position in `history`, or its id
    pub(crate) message: String,
    /// For everybody in the conversation, not only here; within six hours after sending
    #[arg(long)]
    pub(crate) everyone: bool,
    #[command(flatten)]
    pub(crate) hand_over: HandOver,
}

/// Flags of `star`.
#[derive(Debug, Args)]
pub(crate) struct Star {
    /// The message: its position in `history`, or its id
    #[arg(required_unless_present = "list")]
    pub(crate) message: Option<String>,
    /// Take the mark off again
    #[arg(long, conflicts_with = "list")]
    pub(crate) remove: bool,
    /// Print the messages that are marked
    #[arg(long, conflicts_with = "message")]
    pub(crate) list: bool,
}

/// Flags of `forward`.
#[derive(Debug, Args)]
pub(crate) struct Forward {
    /// The message: its position in `history`, or its id
    pub(crate) message: String,
    /// To whom
    #[arg(value_name = "WHO")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) delivery: Delivery,
}

/// What `poll` does.
#[derive(Debug, Subcommand)]
pub(crate) enum Poll {
    /// Ask everybody in a conversation something
    Create(CreatePoll),
    /// Choose, or choose otherwise
    Vote {
        /// The poll: its position in `history`, or its id
        message: String,
        /// The numbers of the choices; none takes the vote back
        choices: Vec<usize>,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// End a poll of the own and tell everybody what came out
    Close {
        /// The poll: its position in `history`, or its id
        message: String,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// Show a poll with its votes
    Show {
        /// The poll: its position in `history`, or its id
        message: String,
    },
}

/// Flags of `poll create`.
#[derive(Debug, Args)]
pub(crate) struct CreatePoll {
    /// Where
    #[arg(value_name = "WHO")]
    pub(crate) to: String,
    /// What to ask
    pub(crate) question: String,
    /// What can be chosen
    #[arg(required = true, num_args = 2..)]
    pub(crate) choices: Vec<String>,
    /// Let people choose several
    #[arg(long)]
    pub(crate) multiple: bool,
    /// Keep the votes hidden until the poll is closed
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Show only how many chose what, not who
    #[arg(long)]
    pub(crate) sums: bool,
    #[command(flatten)]
    pub(crate) delivery: Delivery,
}
