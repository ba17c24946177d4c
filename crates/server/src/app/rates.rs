//! The rates of the directory and of uploads, made from the configuration once.

use std::net::IpAddr;
use std::time::Duration;

use dreiklang_store::CredentialId;
use dreiklang_wire::id::Identity;

use super::limits::{Buckets, Network, Rate};
use crate::config::Settings;

/// Every rate that an edge or a service asks.
#[derive(Debug)]
pub struct Rates {
    /// Creations per network.
    pub creates: Buckets<Network>,
    /// Identities looked up in bulk per network.
    pub lookups: Buckets<Network>,
    /// Challenges per network.
    pub challenges: Buckets<Network>,
    /// Revocation keys tried per identity.
    pub revocations: Buckets<Identity>,
    /// Revocation keys tried per network.
    pub revocations_from: Buckets<Network>,
    /// Uploads per network.
    pub uploads: Buckets<Network>,
    /// Bytes uploaded per network.
    pub uploaded_bytes: Buckets<Network>,
    /// Wrong passwords of licences per username and network.
    pub license_tries: Buckets<([u8; 32], Option<Network>)>,
    /// Wrong passwords of licences per network.
    pub license_tries_from: Buckets<Network>,
    /// Calls with each API key.
    pub api_key_calls: Buckets<CredentialId>,
    /// Calls with API keys per network, right or wrong.
    pub api_key_calls_from: Buckets<Network>,
    /// Activations tried per network; each costs a slow hash.
    pub activations: Buckets<Network>,
    /// Exports of what is kept about an identity.
    pub exports: Buckets<Identity>,
    loopback_exempt: bool,
}

impl Rates {
    /// Full buckets.
    pub fn new(settings: &Settings) -> Self {
        let (limits, blob) = (&settings.limits, &settings.blob);
        let max = limits.buckets_max;
        let by = |count: u64, per| Buckets::new(Rate { count, per }, max);
        Self {
            creates: by(limits.creates_per_ip_hour_max.into(), HOUR),
            lookups: by(limits.lookups_per_ip_hour_max.into(), HOUR),
            challenges: by(limits.challenges_per_ip_hour_max.into(), HOUR),
            revocations: Buckets::new(
                Rate {
                    count: limits.revocations_per_identity_day_max.into(),
                    per: DAY,
                },
                max,
            ),
            revocations_from: by(limits.revocations_per_ip_day_max.into(), DAY),
            exports: Buckets::new(
                Rate {
                    count: EXPORTS_PER_DAY,
                    per: DAY,
                },
                max,
            ),
            uploads: by(blob.uploads_per_ip_hour_max.into(), HOUR),
            uploaded_bytes: by(blob.bytes_per_ip_day_max, DAY),
            license_tries: Buckets::new(
                Rate {
                    count: settings.work.license_tries_per_username_hour_max.into(),
                    per: HOUR,
                },
                max,
            ),
            license_tries_from: by(settings.work.license_tries_per_ip_hour_max.into(), HOUR),
            api_key_calls: Buckets::new(API_KEY_CALLS, max),
            api_key_calls_from: by(API_KEY_CALLS_FROM_PER_HOUR_MAX, HOUR),
            activations: by(ACTIVATIONS_PER_HOUR_MAX, HOUR),
            loopback_exempt: settings.api.loopback_exempt,
        }
    }

    /// The network whose bucket an address uses; `None` if it is exempt.
    pub fn network(&self, address: IpAddr) -> Option<Network> {
        let exempt = self.loopback_exempt && address.to_canonical().is_loopback();
        (!exempt).then(|| Network::of(address))
    }
}

/// features.md W35.
const API_KEY_CALLS: Rate = Rate {
    count: 10_000,
    per: DAY,
};
const API_KEY_CALLS_FROM_PER_HOUR_MAX: u64 = 50_000;
const ACTIVATIONS_PER_HOUR_MAX: u64 = 60;
const EXPORTS_PER_DAY: u64 = 5;
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
