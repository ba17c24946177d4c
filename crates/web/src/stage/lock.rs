//! The lock of the app: a passphrase, or the secret of a passkey.

use dreiklang_client::desk::Failure;
use dreiklang_client::{Passphrase, Profile};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Stage, State};

/// How the app is locked.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Lock {
    pub(super) kind: String,
    /// Which passkey it was, for the page that asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credential: Option<String>,
}

/// Sets, changes or takes off the lock.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub(super) struct LockSet {
    #[ts(type = "\"none\" | \"passphrase\" | \"passkey\"")]
    kind: String,
    from: Option<String>,
    to: Option<String>,
    credential: Option<String>,
}

/// Without its secrets.
impl std::fmt::Debug for LockSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LockSet")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// How the profile is locked.
pub(super) fn kind(profile: &Profile) -> Result<Lock, Failure> {
    let none = Lock {
        kind: "none".to_owned(),
        credential: None,
    };
    if !profile.exists() || !profile.needs_passphrase()? {
        return Ok(none);
    }
    let note = profile.lock_note()?;
    let lock = note.and_then(|note| serde_json::from_slice(&note).ok());
    Ok(lock.unwrap_or(Lock {
        kind: "passphrase".to_owned(),
        ..none
    }))
}

impl Stage {
    pub(super) async fn unlock(&self, state: &mut State, secret: String) -> Result<(), Failure> {
        self.take_place(state).await?;
        if state.open.is_some() {
            return Ok(());
        }
        // A lock that is the organisation's alone asks for no secret.
        let secret = Passphrase::new(secret);
        self.open(state, secret.as_ref()).await
    }

    pub(super) async fn lock_set(&self, state: &mut State, set: LockSet) -> Result<(), Failure> {
        let is_on = match set.kind.as_str() {
            "none" => false,
            "passphrase" | "passkey" => true,
            _ => return Err(Failure::usage("bad-command").with("reason", "no such lock")),
        };
        let (from, to) = (
            set.from.and_then(Passphrase::new),
            set.to.and_then(Passphrase::new),
        );
        if is_on != to.is_some() {
            return Err(Failure::usage("passphrase-needed"));
        }
        let profile = self.profile()?;
        // A mistake in it is no reason to close anything.
        profile.check_passphrase(from.as_ref())?;
        // An open client may write the key file too, under the passphrase that it knows.
        self.close(state).await?;
        let changed = profile.change_passphrase(from.as_ref(), to.as_ref());
        let opens = if changed.is_ok() { &to } else { &from };
        if changed.is_ok() {
            let lock = Lock {
                kind: set.kind,
                credential: set.credential,
            };
            let note = serde_json::to_vec(&lock)
                .map_err(|error| Failure::new("input-output").with("reason", error))?;
            profile.set_lock_note(&note)?;
        }
        let opened = self.open(state, opens.as_ref()).await;
        changed?;
        opened
    }
}
