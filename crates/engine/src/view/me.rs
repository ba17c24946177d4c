//! The own identity and settings.

use dreiklang_crypto::{PublicKey, SecretKey};
use dreiklang_wire::{api::work::Availability, id::Identity};
use rusqlite::Connection;

use crate::{contact::link::ContactLink, db, error::Result, policy, settings::Settings};

/// The own identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// The eight characters.
    pub identity: Identity,
    /// The own public key.
    pub public_key: PublicKey,
    /// What others see; empty for none.
    pub nickname: String,
    /// What the directory said about the chat server.
    pub server_group: String,
    /// Whether the identity was revoked.
    pub is_revoked: bool,
    /// Whether another device logged in with the identity and the person has not said that they
    /// know.
    pub is_device_cookie_changed: bool,
    /// Whether the person is at work, as colleagues are told.
    pub availability: Availability,
}

impl Me {
    /// What others scan to add and verify us.
    pub fn link(&self) -> ContactLink {
        ContactLink {
            identity: self.identity,
            public_key: self.public_key,
            expires_at: None,
        }
    }

    /// The same as the text of a QR code.
    pub fn my_code(&self) -> String {
        self.link().to_string()
    }
}

/// The own identity, once there is one.
pub fn me(conn: &Connection) -> Result<Option<Me>> {
    let Some(row) = db::identity::find(conn)? else {
        return Ok(None);
    };
    let Some(identity) = row.identity else {
        return Ok(None);
    };
    let secret: &SecretKey = &row.secret_key;
    Ok(Some(Me {
        identity,
        public_key: secret.public(),
        nickname: row.nickname,
        server_group: row.server_group,
        is_revoked: row.is_revoked,
        is_device_cookie_changed: db::settings::is_device_cookie_changed(conn)?,
        availability: db::availability::own(conn)?,
    }))
}

/// What this client tells and accepts: the person's choice, and above it what the organisation
/// fixed.
pub fn settings(conn: &Connection) -> Result<Settings> {
    Ok(policy::above(
        &policy::stored(conn)?,
        db::settings::find(conn)?,
    ))
}

/// Whether the directory knows what this app can do. Until it does, others are refused to send what
/// only some apps know.
pub fn is_announced(conn: &Connection) -> Result<bool> {
    Ok(db::identity::find(conn)?.is_some_and(|row| row.feature_mask.is_some()))
}

/// Whether the servers have everything that was sent, receipts too.
pub fn is_everything_sent(conn: &Connection) -> Result<bool> {
    Ok(db::outbox::is_empty(conn)? && !db::media::is_sending(conn)?)
}
