//! The section `[limits]`: how often the directory may be asked.

use super::section::section;
use super::{Problem, non_zero};

section! {
    /// Rates of the directory. A look-up of a single identity is never limited, because clients
    /// cannot receive a message from a new contact without it.
    #[expect(clippy::struct_field_names, reason = "every key here is a maximum and says so")]
    pub struct Limits {
        /// Identities that one address may create per hour.
        pub creates_per_ip_hour_max: u32 = 100,
        /// Identities that one address may look up in bulk per hour.
        pub lookups_per_ip_hour_max: u32 = 100_000,
        /// Challenges that one address may ask for per hour.
        pub challenges_per_ip_hour_max: u32 = 5_000,
        /// Revocation keys that may be tried per identity and day.
        pub revocations_per_identity_day_max: u32 = 5,
        /// Revocation keys that may be tried per address and day.
        pub revocations_per_ip_day_max: u32 = 50,
        /// Addresses and identities that are remembered for the rates at the same time.
        pub buckets_max: usize = 200_000,
    }
}

impl Limits {
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        non_zero(
            problems,
            "limits.creates_per_ip_hour_max",
            self.creates_per_ip_hour_max.into(),
        );
        non_zero(
            problems,
            "limits.lookups_per_ip_hour_max",
            self.lookups_per_ip_hour_max.into(),
        );
        non_zero(
            problems,
            "limits.challenges_per_ip_hour_max",
            self.challenges_per_ip_hour_max.into(),
        );
        if !(1..=100).contains(&self.revocations_per_identity_day_max) {
            problems.push(Problem::new(
                "limits.revocations_per_identity_day_max",
                "must be between 1 and 100: the key has only 32 bits",
            ));
        }
        non_zero(
            problems,
            "limits.revocations_per_ip_day_max",
            self.revocations_per_ip_day_max.into(),
        );
        if self.buckets_max < 1_000 {
            problems.push(Problem::new("limits.buckets_max", "must be at least 1000"));
        }
    }
}
