//! The configuration: one TOML file, then the environment, then three flags.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

pub mod api;
pub mod blob;
pub mod chat;
pub mod limits;
pub mod linking;
pub mod log;
pub mod mail;
pub mod metrics;
pub mod provisioning;
pub mod reference;
pub mod safe;
pub mod section;
pub mod server;
pub mod sms;
pub mod sources;
pub mod tls;
pub mod web;
pub mod work;

use api::Api;
use blob::Blob;
use chat::Chat;
use limits::Limits;
use linking::Linking;
use log::Log;
use mail::Mail;
use metrics::Metrics;
use provisioning::Provisioning;
use safe::Safe;
pub use server::InstanceKind;
use sms::Sms;
use tls::Mode;
use tls::Tls;
use web::Web;
use work::Work;

/// The configuration as it is written down. [`Config::check`] makes [`Settings`] of it.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Config {
    /// The keys without a section.
    #[serde(flatten)]
    pub server: server::Server,
    /// `[chat]`
    pub chat: Chat,
    /// `[api]`
    pub api: Api,
    /// `[blob]`
    pub blob: Blob,
    /// `[tls]`
    pub tls: Tls,
    /// `[limits]`
    pub limits: Limits,
    /// `[work]`
    pub work: Work,
    /// `[provisioning]`
    pub provisioning: Provisioning,
    /// `[linking]`
    pub linking: Linking,
    /// `[mail]`
    pub mail: Mail,
    /// `[sms]`
    pub sms: Sms,
    /// `[safe]`
    pub safe: Safe,
    /// `[web]`
    pub web: Web,
    /// `[metrics]`
    pub metrics: Metrics,
    /// `[log]`
    pub log: Log,
}

/// A checked configuration; everything the rest of the server sees.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the operator calls the instance.
    pub name: String,
    /// Whom the instance is for.
    pub kind: InstanceKind,
    /// The folder everything lives in.
    pub data_dir: PathBuf,
    /// The URL of the database.
    pub database_url: String,
    /// The URL of the place for blob bytes.
    pub blobs_url: String,
    /// What this process does.
    pub roles: Roles,
    /// `[chat]`
    pub chat: Chat,
    /// `[api]`
    pub api: Api,
    /// `[blob]`
    pub blob: Blob,
    /// `[tls]`
    pub tls: Tls,
    /// `[limits]`
    pub limits: Limits,
    /// `[work]`
    pub work: Work,
    /// `[provisioning]`
    pub provisioning: Provisioning,
    /// `[linking]`
    pub linking: Linking,
    /// `[mail]`
    pub mail: Mail,
    /// `[sms]`
    pub sms: Sms,
    /// `[safe]`
    pub safe: Safe,
    /// `[web]`
    pub web: Web,
    /// The metrics listener, if there is one.
    pub metrics_listen: Option<SocketAddr>,
    /// `[log]`
    pub log: Log,
    /// What was written down, for the backup and for `check`.
    pub written: Box<Config>,
}

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// It serves the chat protocol.
    pub chat: bool,
    /// It serves the HTTP interface.
    pub api: bool,
    /// It runs the periodic jobs.
    pub worker: bool,
}

/// One thing that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key, e.g. `chat.listen`.
    pub key: String,
    /// What is wrong and what to write instead.
    pub text: String,
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The text is not a configuration.
    #[error("{origin}: {text}")]
    Malformed {
        /// The file or the variable.
        origin: String,
        /// What is wrong, with the line.
        text: String,
    },
    /// Values that make no sense.
    #[error("the configuration has {} problem(s):\n{}", .0.len(), list(.0))]
    Refused(Vec<Problem>),
}

impl Config {
    /// Checks every value and resolves what is derived from others.
    pub fn check(self) -> Result<Settings, Error> {
        let mut problems = Vec::new();
        let roles = self.server.problems(&mut problems);
        self.chat.problems(&mut problems);
        self.api.problems(&mut problems);
        self.blob.problems(&mut problems);
        self.tls.problems(&mut problems);
        self.limits.problems(&mut problems);
        self.work.problems(&mut problems);
        self.provisioning.problems(&mut problems);
        self.linking.problems(&mut problems);
        self.mail.problems(&mut problems);
        self.sms.problems(&mut problems);
        self.safe.problems(&mut problems);
        self.web.problems(self.server.kind, &mut problems);
        self.metrics.problems(&mut problems);
        self.log.problems(&mut problems);
        if !problems.is_empty() {
            return Err(Error::Refused(problems));
        }
        let data_dir = PathBuf::from(&self.server.data_dir);
        Ok(Settings {
            name: self.server.name.clone(),
            kind: self.server.kind,
            database_url: or_else(&self.server.database, || {
                format!("sqlite://{}", data_dir.join("server.db").display())
            }),
            blobs_url: or_else(&self.server.blobs, || {
                format!("file://{}", data_dir.join("blobs").display())
            }),
            data_dir,
            roles,
            chat: self.chat.clone(),
            api: self.api.clone(),
            blob: self.blob.clone(),
            tls: self.tls.clone(),
            limits: self.limits.clone(),
            work: self.work.clone(),
            provisioning: self.provisioning.clone(),
            linking: self.linking.clone(),
            mail: self.mail.clone(),
            sms: self.sms.clone(),
            safe: self.safe.clone(),
            web: self.web.clone(),
            metrics_listen: self.metrics.listen.parse().ok(),
            log: self.log.clone(),
            written: Box::new(self),
        })
    }
}

impl Settings {
    /// The path behind a `file:` value; relative paths start in the data folder.
    pub fn file(&self, value: &str) -> PathBuf {
        self.data_dir
            .join(value.strip_prefix("file:").unwrap_or(value))
    }

    /// The base address of the HTTP interface as clients use it, with a slash at the end.
    pub fn public_url(&self, bound: Option<SocketAddr>) -> String {
        let written = self.api.public_url.trim_end_matches('/');
        if !written.is_empty() {
            return format!("{written}/");
        }
        let scheme = if self.tls.mode == Mode::Off {
            "http"
        } else {
            "https"
        };
        let port = bound
            .or_else(|| self.api.listen.first().copied())
            .map_or(0, |it| it.port());
        format!("{scheme}://{}:{port}/", self.chat.public_host)
    }

    /// How many members a closed instance may have; 0 means: any number.
    pub fn instance_seats_max(&self) -> u64 {
        match self.kind {
            InstanceKind::Open => 0,
            InstanceKind::Closed => self.provisioning.license_count.into(),
        }
    }

    /// The folder of the local administration socket.
    pub fn admin_socket(&self) -> PathBuf {
        self.data_dir.join("admin.sock")
    }
}

impl Roles {
    /// One process does everything.
    pub const ALL: Self = Self {
        chat: true,
        api: true,
        worker: true,
    };
}

impl Problem {
    fn new(key: &str, text: &str) -> Self {
        Self {
            key: key.to_owned(),
            text: text.to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.text)
    }
}

/// Reads a file with the environment laid over it.
pub fn load(path: &Path) -> Result<Config, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    sources::parse(&text, &path.display().to_string(), sources::environment())
}

fn list(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(|it| format!("  {it}"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn or_else(value: &str, otherwise: impl FnOnce() -> String) -> String {
    if value.is_empty() {
        otherwise()
    } else {
        value.to_owned()
    }
}

/// Every address of this machine, IPv6 and IPv4 alike.
fn any_port(port: u16) -> Vec<SocketAddr> {
    vec![SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), port)]
}

fn non_zero(problems: &mut Vec<Problem>, key: &str, value: u64) {
    if value == 0 {
        problems.push(Problem::new(key, "must not be 0"));
    }
}
