//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub mod organisation;

use crate::config::InstanceKind;

/// The Dreiklang server: chat, directory and blobs in one program.
#[derive(Debug, Parser)]
#[command(name = "dreiklang-server", version, disable_help_subcommand = true)]
pub struct Arguments {
    /// The configuration file [default: ./config.toml if there, else /etc/dreiklang/config.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do; without a command the server runs
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Flags of `serve`, which may be left out.
    #[command(flatten)]
    pub serve: Serve,
}

/// Flags of `serve`.
#[derive(Debug, Clone, Default, Args)]
pub struct Serve {
    /// Listen elsewhere than configured, e.g. chat=127.0.0.1:5222 or api=[::]:443; repeatable
    #[arg(long, value_name = "DOOR=ADDRESS", value_parser = listen)]
    pub listen: Vec<(Door, SocketAddr)>,
    /// Do something else than configured: all, chat, api or worker; repeatable
    #[arg(long, value_name = "ROLE")]
    pub role: Vec<String>,
}

/// A listener that `--listen` can move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The chat protocol.
    Chat,
    /// The HTTP interface.
    Api,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server
    Serve(Serve),
    /// Make a folder with configuration, keys, certificate and instance file
    Init(Init),
    /// Read the configuration and say what is wrong with it
    Check,
    /// Look at everything the server needs and say what to do about it
    Doctor {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write files that are made from the source or from the configuration
    #[command(subcommand)]
    Gen(Gen),
    /// Make, sign, check and publish the provisioning file of a closed instance
    #[command(subcommand)]
    Oppf(Oppf),
    /// Look after identities; works while the server runs and while it does not
    #[command(subcommand)]
    Admin(Admin),
    /// Copy configuration, keys, database and blobs into a new folder; works while the server runs
    Backup {
        /// The folder to make
        folder: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a data folder from a backup
    Restore {
        /// The folder that `backup` made
        folder: PathBuf,
        /// The folder to make; must be empty or missing
        #[arg(long)]
        data_dir: PathBuf,
        /// Another database than the one in the data folder, e.g. postgres://…; must be empty
        #[arg(long)]
        database: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Bring the database up to date and stop
    Migrate,
}

/// Flags of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The folder to make; must not hold a server yet
    #[arg(long)]
    pub data_dir: PathBuf,
    /// The host name or address that clients connect to
    #[arg(long, default_value = "localhost")]
    pub host: String,
    /// What the instance is called
    #[arg(long, default_value = "Dreiklang")]
    pub name: String,
    /// Whom the instance is for; it cannot be changed later
    #[arg(long, value_enum, default_value = "open")]
    pub kind: InstanceKind,
    /// The port of the chat server
    #[arg(long, default_value_t = 5222)]
    pub chat_port: u16,
    /// The port of the HTTP interface
    #[arg(long, default_value_t = 5223)]
    pub api_port: u16,
    /// Listen on this machine only
    #[arg(long)]
    pub loopback: bool,
}

/// What `oppf` does.
#[derive(Debug, Subcommand)]
pub enum Oppf {
    /// Make a signing key in a new file; needs no instance and no network
    Key {
        /// The file
        file: PathBuf,
    },
    /// Write what the configuration says, to be signed
    Generate {
        /// The file [default: standard output]
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Sign what `generate` wrote; needs no instance and no network
    Sign {
        /// The file that `key` made
        #[arg(long)]
        key: PathBuf,
        /// The file that `generate` wrote
        input: PathBuf,
        /// The signed file to make
        out: PathBuf,
    },
    /// Say whether a signed file is good for this instance
    Check {
        /// The signed file
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check a signed file, show what changes, and serve it from now on
    Publish {
        /// The signed file
        file: PathBuf,
        /// Only check and show
        #[arg(long)]
        dry_run: bool,
    },
    /// Show the published file and what is wrong with it
    Show {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// What `gen` writes.
#[derive(Debug, Subcommand)]
pub enum Gen {
    /// The sample configuration and its reference page
    Config {
        /// The folder for config.toml and configuration.md
        #[arg(long, default_value = "docs/operate")]
        folder: PathBuf,
    },
    /// The file that tells clients about this instance, on standard output
    Instance,
    /// A new chat key in a new file
    Keys {
        /// The file
        file: PathBuf,
    },
}

/// What `admin` does.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Look after identities
    #[command(subcommand)]
    Identity(IdentityVerb),
    /// Look after organisations
    #[command(subcommand)]
    Org(organisation::OrgVerb),
    /// Look after the credentials of an organisation
    #[command(subcommand)]
    Credential(organisation::CredentialVerb),
    /// Look after the members of an organisation
    #[command(subcommand)]
    Member(organisation::MemberVerb),
    /// Look after the contact list of an organisation
    #[command(subcommand)]
    Contact(organisation::ContactVerb),
    /// Tell the apps of an organisation what to do
    #[command(subcommand)]
    Mdm(organisation::MdmVerb),
    /// Look after the keys of programs that administer
    #[command(subcommand)]
    ApiKey(organisation::ApiKeyVerb),
    /// Look at what administrators did
    #[command(subcommand)]
    Audit(organisation::AuditVerb),
    /// Let people in by a link or a QR code
    #[command(subcommand)]
    Activation(organisation::ActivationVerb),
    /// Say how the server is doing
    Status {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// What `admin identity` does.
#[derive(Debug, Subcommand)]
pub enum IdentityVerb {
    /// Register an identity that was made elsewhere, or many from a CSV file
    Import {
        /// The eight characters
        #[arg(requires = "public_key", required_unless_present = "csv")]
        identity: Option<String>,
        /// 64 hex digits
        public_key: Option<String>,
        /// A file with one `identity,public key[,kind]` per line
        #[arg(long, conflicts_with = "identity")]
        csv: Option<PathBuf>,
        /// What kind of identity it is
        #[arg(long, value_enum, default_value_t = Kind::Private)]
        kind: Kind,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what the server knows about an identity
    Show {
        /// The eight characters
        identity: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke an identity for ever, delete its queue and close its connections
    Revoke {
        /// The eight characters
        identity: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print everything that is stored about an identity, as JSON (docs/privacy.md)
    Export {
        /// The eight characters
        identity: String,
    },
    /// Revoke an identity and delete everything that is stored about it, for ever
    Erase {
        /// The eight characters
        identity: String,
        /// The same eight characters once more
        #[arg(long, value_name = "ID")]
        confirm: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// The kind of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Of a person.
    Private,
    /// Of an employee.
    Work,
}

fn listen(text: &str) -> Result<(Door, SocketAddr), String> {
    let (door, address) = text
        .split_once('=')
        .ok_or("write chat=ADDRESS or api=ADDRESS")?;
    let door = match door {
        "chat" => Door::Chat,
        "api" => Door::Api,
        _ => return Err("there are the doors chat and api".to_owned()),
    };
    let address = address
        .parse()
        .map_err(|_| "write an address with a port, e.g. [::]:443")?;
    Ok((door, address))
}
