//! The section `[safe]`: encrypted backups that apps leave here.

use super::section::section;
use super::{Problem, non_zero};

section! {
    /// Safe: encrypted backups that apps leave here, each under an id that only its owner's
    /// password leads to. The server can read neither.
    pub struct Safe {
        /// Whether backups are taken and given out.
        pub enabled: bool = true,
        /// Bytes that one backup may have. Apps are told.
        pub bytes_max: u32 = 512 * 1024,
        /// Days after its last upload that a backup is deleted. Apps are told, and upload again
        /// after half of them.
        pub retention_days: u32 = 180,
        /// Uploads of one backup at once. One more becomes possible every five minutes.
        pub uploads_per_backup_max: u32 = 3,
        /// Uploads per address and day.
        pub uploads_per_ip_day_max: u32 = 500,
        /// Downloads per address and hour, whether there is such a backup or not: whoever tries
        /// passwords of others has to ask for many.
        pub downloads_per_ip_hour_max: u32 = 60,
    }
}

impl Safe {
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        // Apps refuse a server that takes less; the upper end is what a database row bears.
        if !(16 * 1024..=16 * 1024 * 1024).contains(&self.bytes_max) {
            problems.push(Problem::new(
                "safe.bytes_max",
                "must be between 16384 and 16777216",
            ));
        }
        for (key, value) in [
            ("safe.retention_days", self.retention_days),
            ("safe.uploads_per_backup_max", self.uploads_per_backup_max),
            ("safe.uploads_per_ip_day_max", self.uploads_per_ip_day_max),
            (
                "safe.downloads_per_ip_hour_max",
                self.downloads_per_ip_hour_max,
            ),
        ] {
            non_zero(problems, key, value.into());
        }
    }
}
