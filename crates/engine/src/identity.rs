//! The own identity: how it is made, shown to others, kept up to date, and ended.

use dreiklang_crypto::{PublicKey, SecretKey};
use dreiklang_wire::{
    id::{DeviceCookie, Identity},
    mdm::Parameter,
};
use rusqlite::Connection;

use crate::{
    Engine, command::Refusal, db, engine::Answer, error::Result, event::Event, policy, turn::Turn,
};

pub(crate) mod create;
pub(crate) mod feature_mask;
pub(crate) mod restore;
pub(crate) mod revoke;
pub(crate) mod stored;
pub(crate) mod two_phase;

/// The own identity in memory.
pub(crate) struct Own {
    pub(crate) identity: Identity,
    pub(crate) secret_key: SecretKey,
    pub(crate) public_key: PublicKey,
    pub(crate) nickname: String,
    pub(crate) is_revoked: bool,
    server_group: String,
    device_cookie: DeviceCookie,
    pub(crate) feature_mask: Option<u64>,
}

/// What a login at the chat server needs.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Who logs in.
    pub identity: Identity,
    /// The client key.
    pub secret_key: SecretKey,
    /// What this device shows so that another one is noticed.
    pub device_cookie: DeviceCookie,
    /// Names the chat server where the instance has several.
    pub server_group: String,
}

impl Own {
    pub(crate) fn credentials(&self) -> Option<Credentials> {
        (!self.is_revoked).then(|| Credentials {
            identity: self.identity,
            secret_key: self.secret_key.clone(),
            device_cookie: self.device_cookie,
            server_group: self.server_group.clone(),
        })
    }
}

/// The own identity, if the directory has confirmed one.
pub(crate) fn load(conn: &Connection) -> Result<Option<Own>> {
    let row = db::identity::find(conn)?;
    Ok(row.and_then(|row| {
        Some(Own {
            identity: row.identity?,
            public_key: row.secret_key.public(),
            secret_key: row.secret_key,
            nickname: row.nickname,
            is_revoked: row.is_revoked,
            server_group: row.server_group,
            device_cookie: row.device_cookie,
            feature_mask: row.feature_mask,
        })
    }))
}

impl Engine {
    /// The own identity, or why nothing can be done in its name.
    pub(crate) fn usable_own(&self) -> Result<&Own, Refusal> {
        match &self.own {
            None => Err(Refusal::NoIdentity),
            Some(own) if own.is_revoked => Err(Refusal::IdentityRevoked),
            Some(own) => Ok(own),
        }
    }

    pub(crate) fn set_nickname(&mut self, turn: &mut Turn<'_>, nickname: &str) -> Result<Answer> {
        let Some(own) = &mut self.own else {
            return Ok(Answer::refuse(Refusal::NoIdentity));
        };
        // A preset may be changed, unless the profile is read-only.
        let readonly = self.policy.readonly_profile();
        if let Err(refusal) = policy::unless(readonly, Parameter::ReadonlyProfile) {
            return Ok(Answer::refuse(refusal));
        }
        let nickname = nickname.trim();
        if let Err(refusal) = check_length("nickname", nickname, NICKNAME_CHARS_MAX) {
            return Ok(Answer::refuse(refusal));
        }
        // B2.1: the own identity is never sent as a nickname.
        let nickname = if nickname == own.identity.as_str() {
            ""
        } else {
            nickname
        };
        db::identity::set_nickname(turn.tx, nickname)?;
        nickname.clone_into(&mut own.nickname);
        turn.notify(Event::MeChanged);
        Ok(Answer::done())
    }
}

/// protocol.md, appendix L: 32 graphemes. A grapheme has at least one character, so this is the
/// stricter count.
pub(crate) const NICKNAME_CHARS_MAX: usize = 32;

pub(crate) fn check_length(field: &'static str, text: &str, limit: usize) -> Result<(), Refusal> {
    let length = text.chars().count();
    if length > limit {
        Err(Refusal::NameTooLong {
            field,
            length,
            limit,
        })
    } else {
        Ok(())
    }
}
