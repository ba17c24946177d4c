//! Flags of everything about organisations, backups and links.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// What `work` does.
#[derive(Debug, Subcommand)]
pub(crate) enum Work {
    /// Give the credentials of an organisation
    Activate {
        /// The user name
        #[arg(long, value_name = "NAME", requires = "password_file")]
        username: Option<String>,
        /// Read the password from the first line of this file
        #[arg(long, value_name = "FILE", requires = "username")]
        password_file: Option<PathBuf>,
        /// The activation link that the administrator gave
        #[arg(
            long,
            conflicts_with = "username",
            required_unless_present = "username"
        )]
        link: Option<String>,
    },
    /// Ask the organisation for everything new
    Sync,
    /// Show the organisation and how the app stands with it
    Status,
    /// Tell colleagues whether you are at work
    Availability {
        /// What they see beside your name
        #[arg(value_enum)]
        status: AtWork,
        /// In your own words, at most 256 bytes
        #[arg(long, default_value = "")]
        text: String,
    },
    /// Look into the directory of the organisation
    Directory {
        /// At least three characters of an identity or a name, or `*` with a category
        text: String,
        /// Only people of this category; repeatable
        #[arg(long, value_name = "ID")]
        category: Vec<String>,
        /// Sort by the last name
        #[arg(long)]
        by_last_name: bool,
        /// The page, from 0
        #[arg(long, default_value_t = 0)]
        page: u32,
    },
}

/// What colleagues see beside a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AtWork {
    /// Nothing
    None,
    /// At work, but busy
    Busy,
    /// Not at work
    Unavailable,
}

/// What `safe` does.
#[derive(Debug, Subcommand)]
pub(crate) enum Safe {
    /// Make backups from now on
    Enable(SafeEnable),
    /// Make a backup now
    Backup,
    /// Show how the backups stand
    Status,
    /// Make no more backups and delete the one on the server
    Disable {
        /// Do so even if the server cannot be reached
        #[arg(long)]
        even_if_it_stays: bool,
    },
}

/// Flags of `safe enable`.
#[derive(Debug, Args)]
pub(crate) struct SafeEnable {
    /// Read the password from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: PathBuf,
    /// Another server than the one of the instance
    #[arg(long, value_name = "URL", default_value = "")]
    pub(crate) server: String,
}

/// Flags of `export-id`.
#[derive(Debug, Args)]
pub(crate) struct ExportId {
    /// Read the password from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: PathBuf,
    /// How it is sealed
    #[arg(long, value_enum, default_value_t = Scheme::Legacy)]
    pub(crate) scheme: Scheme,
    /// Draw it as a QR code too
    #[arg(long)]
    pub(crate) qr: bool,
    /// Write the QR code as an SVG picture
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}

/// How an ID export is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scheme {
    /// 80 characters that every app reads
    Legacy,
    /// 104 characters that are harder to guess the password of, for new apps
    V1,
}

/// What `link` does.
#[derive(Debug, Subcommand)]
pub(crate) enum Link {
    /// Link an e-mail address: the server sends a mail with a link to confirm
    Email {
        /// The address; empty unlinks
        address: String,
    },
    /// Ask whether the e-mail address was confirmed
    Check,
    /// Link a phone number: the server sends a code
    Phone(NewPhone),
    /// Show what is linked
    Status,
}

/// Flags of `link phone`.
#[derive(Debug, Args)]
pub(crate) struct NewPhone {
    /// The number with its country code; empty unlinks
    #[arg(required_unless_present_any = ["code", "call"])]
    pub(crate) number: Option<String>,
    /// The code that came
    #[arg(long, conflicts_with = "number")]
    pub(crate) code: Option<String>,
    /// Have the code read out by a call
    #[arg(long, conflicts_with_all = ["number", "code"])]
    pub(crate) call: bool,
}
