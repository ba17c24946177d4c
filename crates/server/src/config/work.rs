//! The section `[work]`: organisations, licences and what their apps ask for.

use super::Problem;
use super::non_zero;
use super::section::section;

section! {
    /// Organisations: licences, the daily update of their apps, and remote secrets.
    pub struct Work {
        /// Seconds after which the apps of an organisation ask for news. An organisation may have
        /// its own interval.
        pub check_interval_s: u32 = 86_400,
        /// Wrong passwords that may be tried per username and address within an hour. A password
        /// that was right in the last ten minutes is not counted.
        pub license_tries_per_username_hour_max: u32 = 100,
        /// Wrong passwords that may be tried per address within an hour, whatever the username.
        pub license_tries_per_ip_hour_max: u32 = 1_000,
        /// Passwords that are checked at the same time. Each takes 19 MiB of memory and a core.
        pub password_checks_max: usize = 2,
        /// Passwords that may wait to be checked. More are told to come back later.
        pub password_checks_waiting_max: usize = 500,
        /// Whether organisations may switch on that their apps keep a part of their key here, so
        /// that an administrator can lock them at any time.
        pub remote_secret: bool = false,
        /// The key under which remote secrets are stored, made at the first use. Without it all
        /// apps that use a remote secret stay locked: it belongs into the backup.
        pub remote_secret_key: String = "file:keys/remote-secret.key".to_owned(),
        /// Seconds after which an app asks for its remote secret again.
        pub remote_secret_interval_s: u32 = 60,
        /// Answers in a row that an app may miss before it locks itself. Together with the
        /// interval this is how long the server may be away.
        pub remote_secret_missed_max: u16 = 30,
    }
}

impl Work {
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        for (key, value) in [
            ("work.check_interval_s", self.check_interval_s),
            (
                "work.license_tries_per_username_hour_max",
                self.license_tries_per_username_hour_max,
            ),
            (
                "work.license_tries_per_ip_hour_max",
                self.license_tries_per_ip_hour_max,
            ),
            (
                "work.remote_secret_missed_max",
                self.remote_secret_missed_max.into(),
            ),
        ] {
            non_zero(problems, key, value.into());
        }
        non_zero(
            problems,
            "work.password_checks_max",
            self.password_checks_max as u64,
        );
        if self.remote_secret_key.is_empty() {
            problems.push(Problem::new(
                "work.remote_secret_key",
                "names no file; write e.g. file:keys/remote-secret.key",
            ));
        }
        // Apps clamp smaller intervals to ten seconds and larger ones to a day.
        if !(10..=86_400).contains(&self.remote_secret_interval_s) {
            problems.push(Problem::new(
                "work.remote_secret_interval_s",
                "must be between 10 and 86400",
            ));
        }
    }
}
