//! The section `[linking]`: addresses that belong to an identity, and who may look for them.

use serde::{Deserialize, Serialize};

use super::section::section;
use super::server::InstanceKind;
use super::{Problem, non_zero};

/// Whether something is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// On where everybody may have an identity, off where only holders of a licence may.
    Auto,
    /// On.
    On,
    /// Off.
    Off,
}

section! {
    /// Linking e-mail addresses and telephone numbers to identities, and finding contacts by them.
    /// Only hashes of addresses are stored. What is asked for too often is refused for a while.
    pub struct Linking {
        /// "on", "off", or "auto": on where everybody may have an identity, off on a closed
        /// instance. Removing a link is always possible.
        pub enabled: Choice = Choice::Auto,
        /// Hours that the link in a confirmation mail stays valid.
        pub mail_ttl_hours: u32 = 24,
        /// Seconds that a code in a short message or a call stays valid.
        pub code_ttl_s: u32 = 600,
        /// Codes that may be tried for one message, right or wrong.
        pub tries_per_code_max: u32 = 5,
        /// Codes that may be tried per telephone number and day.
        pub tries_per_number_day_max: u32 = 10,
        /// Messages to one address or number per hour.
        pub messages_per_address_hour_max: u32 = 3,
        /// Messages to one address or number per day.
        pub messages_per_address_day_max: u32 = 10,
        /// Links that one identity may begin per day.
        pub starts_per_identity_day_max: u32 = 20,
        /// Links that may be begun from one address of the network per day. Messages cost money,
        /// and nobody shall use up what is there for all.
        pub starts_per_ip_day_max: u32 = 100,
        /// Times per day that anybody may ask, without proof, whether an identity is linked to an
        /// address. Beyond, the answer is what it is for an address that is not linked.
        pub checks_per_identity_day_max: u32 = 100,
        /// Searches for contacts per identity and day.
        pub matches_per_identity_day_max: u32 = 10,
        /// Hashes of addresses that one identity may search for per day.
        pub hashes_per_identity_day_max: u32 = 5_000,
        /// Hashes of addresses that may be searched for from one address of the network per day.
        /// It is less than a thousandth of ten million numbers, so that nobody can go through
        /// them with many identities from one place.
        pub hashes_per_ip_day_max: u32 = 9_000,
        /// Seconds after which apps search for contacts again.
        pub check_interval_s: u32 = 86_400,
    }
}

impl Linking {
    /// Whether addresses may be linked on an instance of this kind.
    pub fn is_on(&self, kind: InstanceKind) -> bool {
        match self.enabled {
            Choice::Auto => kind == InstanceKind::Open,
            Choice::On => true,
            Choice::Off => false,
        }
    }

    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        for (key, value) in [
            ("linking.mail_ttl_hours", self.mail_ttl_hours),
            (
                "linking.messages_per_address_hour_max",
                self.messages_per_address_hour_max,
            ),
            (
                "linking.messages_per_address_day_max",
                self.messages_per_address_day_max,
            ),
            (
                "linking.starts_per_identity_day_max",
                self.starts_per_identity_day_max,
            ),
            ("linking.starts_per_ip_day_max", self.starts_per_ip_day_max),
            (
                "linking.matches_per_identity_day_max",
                self.matches_per_identity_day_max,
            ),
            (
                "linking.hashes_per_identity_day_max",
                self.hashes_per_identity_day_max,
            ),
            ("linking.hashes_per_ip_day_max", self.hashes_per_ip_day_max),
            ("linking.check_interval_s", self.check_interval_s),
        ] {
            non_zero(problems, key, value.into());
        }
        if !(60..=3_600).contains(&self.code_ttl_s) {
            problems.push(Problem::new(
                "linking.code_ttl_s",
                "must be between 60 and 3600: a code has only six digits",
            ));
        }
        for (key, value) in [
            ("linking.tries_per_code_max", self.tries_per_code_max),
            (
                "linking.tries_per_number_day_max",
                self.tries_per_number_day_max,
            ),
        ] {
            if !(1..=10).contains(&value) {
                problems.push(Problem::new(
                    key,
                    "must be between 1 and 10: a code has only six digits",
                ));
            }
        }
    }
}
