//! The verbs of `admin` about organisations and what belongs to them.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Whose things a verb is about, and how it prints.
#[derive(Debug, Clone, Args)]
pub struct Of {
    /// The organisation: its id or its name; may be left out if there is only one
    #[arg(long, value_name = "ORG")]
    pub org: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Switched on.
    On,
    /// Switched off.
    Off,
}

/// What `admin org` does.
#[derive(Debug, Subcommand)]
pub enum OrgVerb {
    /// Make an organisation
    Create {
        /// What people call it
        name: String,
        /// How many members it may have; 0 means any number
        #[arg(long, default_value_t = 0)]
        seats: u64,
        /// What it has booked, as existing programs know it
        #[arg(long, default_value = "enterprise")]
        plan: String,
        /// Days after which its licences end; 0 means never
        #[arg(long, default_value_t = 0)]
        days: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the organisations
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show an organisation, how full it is and what its rules kept out
    Show(Of),
    /// Change an organisation
    Set(Box<OrgSet>),
    /// Set or delete a logo
    Logo {
        /// For which background
        variant: Variant,
        /// A PNG; left out, the logo is deleted
        file: Option<PathBuf>,
        #[command(flatten)]
        of: Of,
    },
    /// Delete an organisation without members, with its credentials, contacts and parameters
    Delete {
        /// Its id
        org: String,
        /// Its id once more: this cannot be undone
        #[arg(long, value_name = "ORG")]
        confirm: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// What `admin org set` changes.
#[derive(Debug, Args)]
pub struct OrgSet {
    /// What people call it
    #[arg(long)]
    pub name: Option<String>,
    /// How many members it may have; 0 means any number
    #[arg(long)]
    pub seats: Option<u64>,
    /// What it has booked
    #[arg(long)]
    pub plan: Option<String>,
    /// Days after which its licences end; 0 means never
    #[arg(long)]
    pub days: Option<u32>,
    /// Where its members find help
    #[arg(long, value_name = "URL")]
    pub support_url: Option<String>,
    /// Whether its members may search each other
    #[arg(long)]
    pub directory: Option<Switch>,
    /// Whether every member gets all others as contacts
    #[arg(long)]
    pub contacts_auto: Option<Switch>,
    /// Whether apps mark the contacts that the organisation manages
    #[arg(long)]
    pub contacts_marked: Option<Switch>,
    /// Whether its members write only to each other and to its contacts
    #[arg(long)]
    pub closed_group: Option<Switch>,
    /// Whether its parameters win over those of a device management
    #[arg(long)]
    pub mdm_override: Option<Switch>,
    /// Seconds after which its apps ask for news; 0: as configured for the server
    #[arg(long, value_name = "SECONDS")]
    pub check_interval: Option<u32>,
    #[command(flatten)]
    pub of: Of,
}

/// For which background a logo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Variant {
    /// A light one.
    Light,
    /// A dark one.
    Dark,
}

/// What `admin credential` does.
#[derive(Debug, Subcommand)]
pub enum CredentialVerb {
    /// Make a credential; without --password-stdin with a fresh password, which is printed once
    Create {
        /// What people type
        username: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// For many people; otherwise the first identity locks it
        #[arg(long)]
        shared: bool,
        /// How many people may use a shared one; 0 means any number
        #[arg(long, default_value_t = 0, requires = "shared")]
        uses: u32,
        #[command(flatten)]
        of: Of,
    },
    /// Make credentials from a list: `username,password[,single|shared[,number of users]]` per
    /// line; an empty password asks for a fresh one, which is printed once
    Import {
        /// The list
        file: PathBuf,
        /// Import nothing unless every line is good
        #[arg(long)]
        atomic: bool,
        #[command(flatten)]
        of: Of,
    },
    /// List the credentials
    List {
        /// Only those whose username contains this
        #[arg(long, default_value = "")]
        filter: String,
        #[command(flatten)]
        of: Of,
    },
    /// Show a credential
    Show {
        /// Its id or username
        credential: String,
        #[command(flatten)]
        of: Of,
    },
    /// Give a credential another username or password
    Set {
        /// Its id or username
        credential: String,
        /// Another username
        #[arg(long)]
        username: Option<String>,
        /// Read another password from standard input
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        of: Of,
    },
    /// Let nobody in with a credential until it is restored
    Withdraw {
        /// Its id or username
        credential: String,
        #[command(flatten)]
        of: Of,
    },
    /// Undo `withdraw`
    Restore {
        /// Its id or username
        credential: String,
        #[command(flatten)]
        of: Of,
    },
    /// Delete a credential; its members stay, without access
    Delete {
        /// Its id or username
        credential: String,
        #[command(flatten)]
        of: Of,
    },
}

/// What `admin member` does.
#[derive(Debug, Subcommand)]
pub enum MemberVerb {
    /// List the members
    List {
        /// Only those whose identity, names, csi, job title, department or category contain this
        #[arg(long, default_value = "")]
        filter: String,
        #[command(flatten)]
        of: Of,
    },
    /// Show a member
    Show {
        /// The eight characters
        identity: String,
        #[command(flatten)]
        of: Of,
    },
    /// Lock a member's app until `restore`; the seat stays taken
    Withdraw(Confirmed),
    /// Undo `withdraw`
    Restore {
        /// The eight characters
        identity: String,
        #[command(flatten)]
        of: Of,
    },
    /// Release an identity: the seat is free, and its owner may go on in the private app
    Detach(Confirmed),
    /// Let a detached identity attach itself again
    Readmit {
        /// The eight characters
        identity: String,
        #[command(flatten)]
        of: Of,
    },
    /// Revoke a member's identity for ever
    Revoke(Confirmed),
}

/// An identity, twice.
#[derive(Debug, Args)]
pub struct Confirmed {
    /// The eight characters
    pub identity: String,
    /// The eight characters once more
    #[arg(long, value_name = "IDENTITY")]
    pub confirm: String,
    #[command(flatten)]
    pub of: Of,
}

/// What `admin contact` does.
#[derive(Debug, Subcommand)]
pub enum ContactVerb {
    /// List the contacts
    List(Of),
    /// Add or change a contact
    Set {
        /// The eight characters
        identity: String,
        /// The first name that members see
        #[arg(long)]
        first_name: Option<String>,
        /// The last name that members see
        #[arg(long)]
        last_name: Option<String>,
        /// Whether members get it
        #[arg(long)]
        enabled: Option<Switch>,
        #[command(flatten)]
        of: Of,
    },
    /// Remove a contact
    Delete {
        /// The eight characters
        identity: String,
        #[command(flatten)]
        of: Of,
    },
    /// List the categories
    Categories(Of),
    /// Make a category
    Category {
        /// Its name
        name: String,
        #[command(flatten)]
        of: Of,
    },
    /// Put a contact into these categories and no others
    Assign {
        /// The eight characters
        identity: String,
        /// Ids of categories
        categories: Vec<String>,
        #[command(flatten)]
        of: Of,
    },
}

/// What `admin mdm` does.
#[derive(Debug, Subcommand)]
pub enum MdmVerb {
    /// List what apps are told
    List(Level),
    /// Tell apps something
    Set {
        /// Its name, such as th_nickname
        parameter: String,
        /// true, false, a number or a text
        value: String,
        #[command(flatten)]
        level: Level,
    },
    /// Leave a parameter to the next level, or in the end to the user
    Unset {
        /// Its name
        parameter: String,
        #[command(flatten)]
        level: Level,
    },
}

/// Whom a parameter is for.
#[derive(Debug, Args)]
pub struct Level {
    /// For all organisations of this server
    #[arg(long, conflicts_with_all = ["org", "credential"])]
    pub instance: bool,
    /// For whoever uses this credential only: its id or username
    #[arg(long)]
    pub credential: Option<String>,
    #[command(flatten)]
    pub of: Of,
}

/// What `admin api-key` does.
#[derive(Debug, Subcommand)]
pub enum ApiKeyVerb {
    /// Make a key, which is printed once
    Create {
        /// What it is for
        name: String,
        /// What it may do, such as users:write,contacts:read or all
        #[arg(long)]
        rights: String,
        /// From where it may be used, such as 192.0.2.0/24; everywhere if left out
        #[arg(long, default_value = "")]
        networks: String,
        /// Days after which it ends; 0 means never
        #[arg(long, default_value_t = 0)]
        days: u32,
        /// For all organisations and the server itself
        #[arg(long, conflicts_with = "org")]
        operator: bool,
        #[command(flatten)]
        of: Of,
    },
    /// List the keys
    List {
        /// Those for all organisations
        #[arg(long, conflicts_with = "org")]
        operator: bool,
        #[command(flatten)]
        of: Of,
    },
    /// Revoke a key for ever
    Revoke {
        /// Its id
        key: String,
        /// It is one for all organisations
        #[arg(long, conflicts_with = "org")]
        operator: bool,
        #[command(flatten)]
        of: Of,
    },
}

/// What `admin audit` does.
#[derive(Debug, Subcommand)]
pub enum AuditVerb {
    /// Show what administrators did, newest first
    List {
        /// How many
        #[arg(long, default_value_t = 50)]
        count: u32,
        /// Only of one organisation
        #[arg(long, value_name = "ORG")]
        org: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check the chain of all entries, and say its count and head to compare with earlier ones
    Verify {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// What `admin activation` does.
#[derive(Debug, Subcommand)]
pub enum ActivationVerb {
    /// Make a link and a QR code that let one person in once
    Create {
        /// Id or username of the credential
        credential: String,
        /// Write the QR code as SVG into this file instead of showing it
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
        #[command(flatten)]
        of: Of,
    },
}
