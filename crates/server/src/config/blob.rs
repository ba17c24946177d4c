//! The section `[blob]`: sizes and lifetimes of uploaded files.

use super::section::section;
use super::{Problem, non_zero};

section! {
    /// Blobs: encrypted files that clients upload and fetch by an unguessable id.
    pub struct Blob {
        /// Bytes that one blob may have.
        pub bytes_max: u64 = 100 * 1024 * 1024,
        /// Days after which a blob is deleted unless its receiver has done so before.
        pub ttl_days: u32 = 14,
        /// Days after which a blob that was uploaded with `persist=1` is deleted.
        pub persist_ttl_days: u32 = 30,
        /// Whether uploads without a token are accepted. No client sends a token yet.
        pub anonymous_upload: bool = true,
        /// Uploads that one address may begin per hour.
        pub uploads_per_ip_hour_max: u32 = 1_000,
        /// Bytes that one address may upload per day.
        pub bytes_per_ip_day_max: u64 = 4 * 1024 * 1024 * 1024,
    }
}

impl Blob {
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        non_zero(problems, "blob.bytes_max", self.bytes_max);
        non_zero(problems, "blob.ttl_days", self.ttl_days.into());
        if self.persist_ttl_days < self.ttl_days {
            problems.push(Problem::new(
                "blob.persist_ttl_days",
                "must not be smaller than blob.ttl_days",
            ));
        }
        non_zero(
            problems,
            "blob.uploads_per_ip_hour_max",
            self.uploads_per_ip_hour_max.into(),
        );
        if self.bytes_per_ip_day_max < self.bytes_max {
            problems.push(Problem::new(
                "blob.bytes_per_ip_day_max",
                "must not be smaller than blob.bytes_max",
            ));
        }
    }
}
