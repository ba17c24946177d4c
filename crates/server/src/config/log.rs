//! The section `[log]`: what is written to standard error.

use serde::{Deserialize, Serialize};

use super::Problem;
use super::section::section;

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    Pretty,
    /// One JSON object per line, for collectors.
    Json,
}

section! {
    /// The log, on standard error. It never contains message contents or keys, and identities and
    /// addresses only at level "debug".
    pub struct Log {
        /// "pretty" for people, "json" for log collectors.
        pub format: Format = Format::Pretty,
        /// "error", "warn", "info", "debug" or a filter such as "info,dreiklang_server=debug".
        pub level: String = "info".to_owned(),
    }
}

impl Log {
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        if self.level.is_empty() {
            problems.push(Problem::new(
                "log.level",
                "must not be empty; write \"info\"",
            ));
        }
    }
}
