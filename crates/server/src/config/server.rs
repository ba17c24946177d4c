//! The keys without a section: the name, the places and the roles.

use serde::{Deserialize, Serialize};

use super::section::section;
use super::{Problem, Roles};

/// Whom an instance is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum InstanceKind {
    /// Everybody may make an identity; organisations have their licences besides.
    #[default]
    Open,
    /// Only holders of a licence; nobody else sees anything. This is the form that the published
    /// protocols call OnPrem.
    Closed,
}

section! {
    /// What the server is called, where it keeps things and what it does.
    pub struct Server {
        /// The name of this instance, as clients show it.
        pub name: String = "Dreiklang".to_owned(),
        /// Whom this instance is for: "open" (everybody; organisations besides) or "closed" (holders
        /// of a licence only, also known as OnPrem). It is chosen once and cannot be changed while
        /// there are private identities.
        pub kind: InstanceKind = InstanceKind::Open,
        /// The folder for keys, database and blobs.
        pub data_dir: String = "/var/lib/dreiklang".to_owned(),
        /// The database: `sqlite://` and a path, or `postgres://…`. Empty means: `server.db` in
        /// `data_dir`.
        pub database: String = String::new(),
        /// How processes of one instance wake each other: "local:" means that there is only one.
        pub bus: String = "local:".to_owned(),
        /// Where blob bytes are kept: `file://` and a folder. Empty means: `blobs` in `data_dir`.
        pub blobs: String = String::new(),
        /// What this process does: "all", or some of "chat", "api" and "worker".
        pub roles: Vec<String> = vec!["all".to_owned()],
    }
}

impl Server {
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) -> Roles {
        if self.name.trim().is_empty() || self.name.chars().count() > 64 {
            problems.push(Problem::new("name", "must have 1 to 64 characters"));
        }
        if self.data_dir.is_empty() {
            problems.push(Problem::new("data_dir", "must name a folder"));
        }
        let database = &self.database;
        if !database.is_empty()
            && !["sqlite://", "postgres://", "postgresql://"]
                .iter()
                .any(|it| database.starts_with(it))
        {
            problems.push(Problem::new(
                "database",
                "must begin with sqlite:// or postgres://",
            ));
        }
        if self.bus.starts_with("nats://") {
            problems.push(Problem::new(
                "bus",
                "nats:// is not supported yet: run one process and write \"local:\"",
            ));
        } else if self.bus != "local:" {
            problems.push(Problem::new("bus", "must be \"local:\""));
        }
        if self.blobs.starts_with("s3://") {
            problems.push(Problem::new(
                "blobs",
                "s3:// is not supported yet: write file:// and a folder",
            ));
        } else if !(self.blobs.is_empty() || self.blobs.starts_with("file://")) {
            problems.push(Problem::new("blobs", "must begin with file://"));
        }
        self.roles(problems)
    }

    fn roles(&self, problems: &mut Vec<Problem>) -> Roles {
        let mut roles = Roles {
            chat: false,
            api: false,
            worker: false,
        };
        for role in &self.roles {
            match role.as_str() {
                "all" => roles = Roles::ALL,
                "chat" => roles.chat = true,
                "api" => roles.api = true,
                "worker" => roles.worker = true,
                other => problems.push(Problem::new(
                    "roles",
                    &format!("\"{other}\" is unknown; there are all, chat, api and worker"),
                )),
            }
        }
        if self.roles.is_empty() {
            problems.push(Problem::new("roles", "names no role; write [\"all\"]"));
        } else if problems.is_empty() && roles != Roles::ALL {
            // Chat and directory share their knowledge of identities and sessions in memory.
            problems.push(Problem::new(
                "roles",
                "with bus = \"local:\" one process must do everything; write [\"all\"]",
            ));
        }
        roles
    }
}
