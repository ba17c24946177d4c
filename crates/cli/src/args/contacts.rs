//! Flags of everything about contacts.

use clap::{Subcommand, ValueEnum};
use dreiklang_client::Identity;
use dreiklang_client::desk::Told;

/// What `contact` does.
#[derive(Debug, Subcommand)]
pub(crate) enum Contact {
    /// Look somebody up and keep them
    Add {
        /// The eight characters, or a `3mid:` text, which also verifies the key
        #[arg(value_name = "ID|3mid:…")]
        who: String,
        /// The own name for the contact
        #[arg(long)]
        name: Option<String>,
    },
    /// List contacts
    List,
    /// Show everything that is known of somebody
    Show {
        /// Who: an identity, or the whole name of a contact
        who: String,
    },
    /// Compare the key of somebody with what their app shows: a `3mid:` text, scanned or copied
    Verify {
        /// The text
        #[arg(value_name = "3mid:…")]
        code: String,
    },
    /// The warning about another key is understood: do not show it any more
    DismissWarning {
        /// Who
        id: Identity,
    },
    /// Give a contact another name
    Rename {
        /// Who
        id: Identity,
        /// The new name; empty for none
        name: String,
        /// The new last name, if lists shall know it apart
        #[arg(long, value_name = "NAME", default_value = "")]
        last: String,
    },
    /// Say what a contact is told, whatever the settings say
    Policy {
        /// Who
        #[arg(required_unless_present = "reset_all")]
        id: Option<Identity>,
        /// Whether they are told that their messages are read
        #[arg(long, value_enum)]
        read_receipts: Option<Tell>,
        /// Whether they are told that we type
        #[arg(long, value_enum)]
        typing_indicators: Option<Tell>,
        /// Let the settings count for every contact again
        #[arg(long, conflicts_with_all = ["id", "read_receipts", "typing_indicators"])]
        reset_all: bool,
    },
    /// Ask who linked these e-mail addresses and phone numbers; adds nobody
    Find {
        /// Addresses, and numbers with their country code
        #[arg(required = true, value_name = "ADDRESS|NUMBER")]
        addresses: Vec<String>,
    },
    /// Never make a contact of this identity because an address book has its address
    Exclude {
        /// Who
        id: Identity,
    },
    /// Undo `exclude`
    Include {
        /// Who
        id: Identity,
    },
    /// List who is blocked and who is excluded
    Blocked,
    /// Forget a contact and the conversation; the key stays pinned
    Remove {
        /// Who
        id: Identity,
    },
    /// Discard everything this identity sends
    Block {
        /// Who
        id: Identity,
    },
    /// Undo `block`
    Unblock {
        /// Who
        id: Identity,
    },
}

/// Whether a contact is told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tell {
    /// As the settings say
    Default,
    /// Always
    On,
    /// Never
    Off,
}

impl From<Tell> for Told {
    fn from(tell: Tell) -> Self {
        match tell {
            Tell::Default => Self::Default,
            Tell::On => Self::On,
            Tell::Off => Self::Off,
        }
    }
}
