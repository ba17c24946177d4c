//! The command line. The only place that reads the environment, through clap.

use std::path::PathBuf;

mod chats;
mod contacts;
mod groups;
mod media;
mod messages;
mod work;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use dreiklang_client::{App, Identity};

use crate::language;

pub(crate) use chats::{Chat, ChatVerb, Mark, Sure};
pub(crate) use contacts::Contact;
pub(crate) use groups::Group;
pub(crate) use media::{Open, Picture, Resend, Save, SendCard, SendFile, Storage};
pub(crate) use messages::{
    CreatePoll, Delete, Delivery, Edit, Forward, HandOver, Poll, React, Send, SendLocation, Star,
    Wait,
};
pub(crate) use work::{AtWork, ExportId, Link, Safe, Scheme, Work};

/// End-to-end encrypted messages from the terminal.
#[derive(Debug, Parser)]
#[command(name = "dreiklang", version, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// The profile to use; each has an identity of its own
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        default_value = "default",
        env = "DREIKLANG_PROFILE"
    )]
    pub(crate) profile: String,
    /// The kind of account; kinds never share a folder
    #[arg(long, global = true, value_enum, default_value_t = Kind::Private, env = "DREIKLANG_APP")]
    pub(crate) app: Kind,
    /// Where profiles lie, instead of the system's own folder
    #[arg(long, global = true, value_name = "DIR", env = "DREIKLANG_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// The language of messages
    #[arg(
        long,
        global = true,
        value_parser = language::names(),
        default_value = language::AUTO,
        env = "DREIKLANG_LANG"
    )]
    pub(crate) lang: String,
    /// Print JSON, for scripts
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Read the passphrase from the first line of this file instead of asking
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "DREIKLANG_PASSPHRASE_FILE"
    )]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Whether the person wants no colours, see no-color.org.
    #[arg(long, global = true, hide = true, env = "NO_COLOR", hide_env = true)]
    pub(crate) no_color: Option<String>,
    /// Whether the terminal shows every colour, or only those of a table.
    #[arg(long, global = true, hide = true, env = "COLORTERM", hide_env = true)]
    pub(crate) colorterm: Option<String>,
    /// Where files of running programs lie, which nobody else reads and no disk keeps.
    #[arg(
        long,
        global = true,
        hide = true,
        env = "XDG_RUNTIME_DIR",
        hide_env = true
    )]
    pub(crate) runtime_dir: Option<PathBuf>,
    /// The system's language, in the order in which POSIX looks at its variables.
    #[arg(long, global = true, hide = true, env = "LC_ALL", hide_env = true)]
    pub(crate) lc_all: Option<String>,
    #[arg(long, global = true, hide = true, env = "LC_MESSAGES", hide_env = true)]
    pub(crate) lc_messages: Option<String>,
    #[arg(long, global = true, hide = true, env = "LANG", hide_env = true)]
    pub(crate) lang_variable: Option<String>,
}

/// The kind of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A private person
    Private,
    /// A member of an organisation
    Work,
    /// A member of an organisation with a server of its own
    Onprem,
}

impl From<Kind> for App {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Private => Self::Private,
            Kind::Work => Self::Work,
            Kind::Onprem => Self::OnPrem,
        }
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create an identity on an instance
    Setup(Box<Setup>),
    /// Show the own identity, key and QR code
    Me(Me),
    /// Look after contacts
    #[command(subcommand)]
    Contact(Contact),
    /// Make groups and look after them
    #[command(subcommand)]
    Group(Group),
    /// Send a text
    Send(Send),
    /// Send a place
    SendLocation(SendLocation),
    /// Send files
    SendFile(SendFile),
    /// Send the card of a contact
    SendCard(SendCard),
    /// Save the file of a message
    Save(Save),
    /// Open the file of a message with the program that the system has for it
    Open(Open),
    /// Look after the own picture and those of groups, and save those of others
    #[command(subcommand)]
    Picture(Picture),
    /// See how much room files take, and which ones are fetched
    #[command(subcommand)]
    Storage(Storage),
    /// Send what was given up once more
    Resend(Resend),
    /// Put an emoji on a message
    React(React),
    /// Give a message of the own another text, within six hours
    Edit(Edit),
    /// Delete a message
    Delete(Delete),
    /// Mark a message to find it again
    Star(Star),
    /// Send a message to somebody else
    Forward(Forward),
    /// Ask everybody in a conversation something
    #[command(subcommand)]
    Poll(Poll),
    /// Print messages that came in
    Receive(Receive),
    /// List conversations, the newest first
    Chats,
    /// Print the last messages of a conversation
    History(History),
    /// Change the nickname that others see
    Nickname {
        /// The new nickname; empty for none
        nickname: String,
    },
    /// Show or change what contacts are told
    Settings(Settings),
    /// Protect the profile by a passphrase, or stop doing so
    #[command(subcommand)]
    Passphrase(Passphrase),
    /// Chat on the full screen, or look after one conversation
    Chat(Chat),
    /// Stay connected and talk to a script: JSON lines on standard input and output
    Run(Run),
    /// Look after the licence and see what the organisation says
    #[command(subcommand)]
    Work(Work),
    /// Show what the organisation has set, and which source says so
    Policy,
    /// Take the settings of the device's own management from a JSON file with th_ parameters
    Managed {
        /// The file; an empty object takes all of them back
        file: PathBuf,
    },
    /// Keep a backup of the identity, the contacts and the settings on a server
    #[command(subcommand)]
    Safe(Safe),
    /// Print the identity as a text that a password opens
    ExportId(ExportId),
    /// Save a conversation as a page to read without the app
    ExportChat {
        /// With whom: an identity, a group, or the whole name of one of them
        #[arg(value_name = "WHO")]
        with: String,
        /// A new file, or a folder to put it into
        #[arg(value_name = "FILE")]
        target: PathBuf,
    },
    /// Save what the server keeps about the own identity, as JSON
    MyData {
        /// A new file, or a folder to put it into
        #[arg(value_name = "FILE")]
        target: PathBuf,
    },
    /// Link an e-mail address or a phone number, so that others find the identity by it
    #[command(subcommand)]
    Link(Link),
    /// Use the identity here again after it was used in another app
    Reclaim,
    /// Revoke the own identity for ever
    Revoke {
        /// The own identity once more, instead of asking for it
        #[arg(long, value_name = "ID")]
        confirm: Option<String>,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write man pages into a folder
    Man {
        /// The folder
        folder: PathBuf,
    },
}

/// Flags of `setup`.
#[derive(Debug, Args)]
pub(crate) struct Setup {
    /// The instance file: a path, or an https:// address to fetch it from
    #[arg(
        long,
        value_name = "FILE|URL",
        required_unless_present_any = ["server", "activation"]
    )]
    pub(crate) instance: Option<String>,
    /// The address of the organisation's own instance, whose signed file says everything else
    #[arg(
        long,
        value_name = "URL",
        conflicts_with = "instance",
        requires = "trust"
    )]
    pub(crate) server: Option<String>,
    /// The activation link that the administrator gave; it brings user name and password
    #[arg(long, value_name = "LINK", conflicts_with = "license_username")]
    pub(crate) activation: Option<String>,
    /// A key that may sign the file of --server, 64 hexadecimal digits or base64; repeatable
    #[arg(long, value_name = "KEY")]
    pub(crate) trust: Vec<String>,
    /// A certificate authority to trust for --server besides the public ones, PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// The nickname that others see
    #[arg(long, default_value = "")]
    pub(crate) nickname: String,
    /// Do not protect the profile by a passphrase
    #[arg(long, conflicts_with = "passphrase_file")]
    pub(crate) no_passphrase: bool,
    /// Keep the key of the database, open, in this new file outside of the profile
    #[arg(long, value_name = "FILE", conflicts_with_all = ["no_passphrase", "passphrase_file"])]
    pub(crate) key_file: Option<PathBuf>,
    /// The user name of a license, where the instance wants one
    #[arg(long, value_name = "NAME", requires = "license_password_file")]
    pub(crate) license_username: Option<String>,
    /// Read the password of the license from the first line of this file
    #[arg(long, value_name = "FILE", requires = "license_username")]
    pub(crate) license_password_file: Option<PathBuf>,
    /// What the device's own management sets, a JSON file with th_ parameters
    #[arg(long, value_name = "FILE")]
    pub(crate) managed: Option<PathBuf>,
    /// Take over an identity instead of making one: a file with an ID export
    #[arg(long, value_name = "FILE", requires = "backup_password_file")]
    pub(crate) import_id: Option<PathBuf>,
    /// Take over the identity of a Safe backup instead of making one
    #[arg(
        long,
        value_name = "ID",
        requires = "backup_password_file",
        conflicts_with = "import_id"
    )]
    pub(crate) restore_safe: Option<Identity>,
    /// Where the Safe backup is, if not on the server of the instance
    #[arg(
        long,
        value_name = "URL",
        requires = "restore_safe",
        default_value = ""
    )]
    pub(crate) safe_server: String,
    /// Read the password of the ID export or the Safe backup from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub(crate) backup_password_file: Option<PathBuf>,
}

/// Flags of `me`.
#[derive(Debug, Args)]
pub(crate) struct Me {
    /// Draw the QR code that others scan
    #[arg(long)]
    pub(crate) qr: bool,
    /// Write the QR code as an SVG picture
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// The other device that logged in is known: do not warn any more
    #[arg(long)]
    pub(crate) clear_warning: bool,
}

/// Flags of `receive`.
#[derive(Debug, Args)]
pub(crate) struct Receive {
    /// Stay for so many seconds
    #[arg(long, value_name = "SECONDS", conflicts_with = "until_idle")]
    pub(crate) wait: Option<u64>,
    /// Stop when everything that waited at the server has come [default]
    #[arg(long)]
    pub(crate) until_idle: bool,
    /// Do not mark what was printed as read
    #[arg(long)]
    pub(crate) keep_unread: bool,
}

/// Flags of `history`.
#[derive(Debug, Args)]
pub(crate) struct History {
    /// With whom: an identity, a group, or the whole name of one of them
    #[arg(value_name = "WHO")]
    pub(crate) with: String,
    /// How many messages at most
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
    /// Only messages before this position
    #[arg(long, value_name = "POSITION")]
    pub(crate) before: Option<i64>,
}

/// Flags of `settings`; without any the settings are shown.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Tell senders when their messages are read
    #[arg(long, value_enum)]
    pub(crate) read_receipts: Option<Switch>,
    /// Tell contacts when we type
    #[arg(long, value_enum)]
    pub(crate) typing_indicators: Option<Switch>,
    /// Discard messages of people who are no contacts
    #[arg(long, value_enum)]
    pub(crate) block_unknown: Option<Switch>,
    /// Leave contacts out of the list whose identity is not in use any more
    #[arg(long, value_enum)]
    pub(crate) hide_inactive: Option<Switch>,
    /// By which name contacts are sorted
    #[arg(long, value_enum)]
    pub(crate) sort: Option<Name>,
    /// Which name is shown first
    #[arg(long, value_enum)]
    pub(crate) first: Option<Name>,
    /// Who may have the own picture: `everybody`, `nobody`, or identities with commas between
    #[arg(long, value_name = "WHO")]
    pub(crate) share_picture: Option<String>,
}

/// One of two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Name {
    /// The first name
    First,
    /// The last name
    Last,
}

/// A yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// Yes
    On,
    /// No
    Off,
}

/// What `passphrase` does.
#[derive(Debug, Subcommand)]
pub(crate) enum Passphrase {
    /// Protect an open profile by a passphrase
    Set(NewPassphrase),
    /// Replace the passphrase by another one
    Change(NewPassphrase),
    /// Stop protecting the profile: whoever can read the folder can read the messages
    Remove,
}

/// Where a new passphrase comes from.
#[derive(Debug, Args)]
pub(crate) struct NewPassphrase {
    /// Read the new passphrase from the first line of this file instead of asking
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
}

/// Flags of `run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// First report incoming messages after this position, as if they came now
    #[arg(long, value_name = "POSITION")]
    pub(crate) after: Option<i64>,
    /// Go on when standard input ends
    #[arg(long)]
    pub(crate) no_input: bool,
}

#[cfg(test)]
mod tests;
