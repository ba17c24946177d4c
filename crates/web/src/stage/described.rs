//! Where the app stands, as a page reads it.

use serde::Serialize;
use ts_rs::TS;

use super::lock::Lock;

/// Where the app stands.
#[derive(Serialize, TS)]
#[ts(rename = "Stage")]
pub(super) struct Described {
    #[ts(
        type = "\"empty\" | \"locked\" | \"remote_locked\" | \"no_identity\" | \"open\" | \"elsewhere\" | \"unsupported\""
    )]
    pub(super) stage: &'static str,
    #[ts(type = "\"none\" | \"passphrase\" | \"passkey\"")]
    lock: String,
    /// Which passkey locks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    credential: Option<String>,
    #[ts(type = "\"private\" | \"work\" | \"onprem\"")]
    edition: &'static str,
    version: String,
    /// The name of the instance, once a profile is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub(super) instance: Option<String>,
    /// What the organisation planned, while there is no identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub(super) plan: Option<Plan>,
}

/// What an organisation planned for the set-up.
#[derive(Serialize, TS)]
#[ts(rename = "SetupPlan")]
pub(super) struct Plan {
    pub(super) skip_wizard: bool,
    pub(super) nickname: Option<String>,
    pub(super) has_license: bool,
    pub(super) id_export: Option<String>,
    pub(super) id_export_password: Option<String>,
    pub(super) is_safe_restore_offered: bool,
    pub(super) safe_restore: Option<String>,
}

/// The stage changed: the same as an event.
#[derive(Serialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum StageEvent {
    /// Where the app stands now.
    Stage(Described),
}

impl Described {
    /// Nobody let the core in yet.
    pub(super) fn new(edition: &'static str, version: &str) -> Self {
        Self {
            stage: "elsewhere",
            lock: "none".to_owned(),
            credential: None,
            edition,
            version: version.to_owned(),
            instance: None,
            plan: None,
        }
    }

    pub(super) fn with_lock(self, lock: Lock) -> Self {
        Self {
            lock: lock.kind,
            credential: lock.credential,
            ..self
        }
    }
}
