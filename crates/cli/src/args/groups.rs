//! Flags of everything about groups.

use clap::Subcommand;

use super::HandOver;

/// What `group` does.
#[derive(Debug, Subcommand)]
pub(crate) enum Group {
    /// Make a group; without members it is a place for notes
    Create {
        /// What it is called
        name: String,
        /// Who is in it besides the own identity: identities or names of contacts
        #[arg(value_name = "WHO")]
        members: Vec<String>,
        /// The own name for this making: repeating the command with it makes nothing twice
        #[arg(long)]
        reference: Option<String>,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// List groups
    List,
    /// Show who is in a group
    Show {
        /// The group: its ID, or its whole name
        group: String,
    },
    /// Give a group of the own another name
    Rename {
        /// The group: its ID, or its whole name
        group: String,
        /// The new name; empty for none
        name: String,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// Take people into a group of the own
    Add {
        /// The group: its ID, or its whole name
        group: String,
        /// Who: identities or names of contacts
        #[arg(value_name = "WHO", required = true)]
        members: Vec<String>,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// Remove people from a group of the own
    Remove {
        /// The group: its ID, or its whole name
        group: String,
        /// Who: identities or names of contacts
        #[arg(value_name = "WHO", required = true)]
        members: Vec<String>,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// Leave a group of somebody else; what was written stays
    Leave {
        /// The group: its ID, or its whole name
        group: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// End a group of the own for everybody
    Disband {
        /// The group: its ID, or its whole name
        group: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// Bring everybody to the same state: tell the members again, or ask whoever made the group
    Sync {
        /// The group: its ID, or its whole name
        group: String,
        /// Tell only this member of a group of the own
        #[arg(long, value_name = "WHO")]
        member: Option<String>,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// Make a group of the own with everybody who is or was in another one
    Clone {
        /// The group: its ID, or its whole name
        group: String,
        /// What the copy is called, if not the same
        #[arg(long)]
        name: Option<String>,
        /// The own name for this making: repeating the command with it makes nothing twice
        #[arg(long)]
        reference: Option<String>,
        #[command(flatten)]
        hand_over: HandOver,
    },
    /// Forget a group that was left, with everything that was written in it
    Delete {
        /// The group: its ID, or its whole name
        group: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}
