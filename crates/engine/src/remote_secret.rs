//! The remote secret (protocol.md B10): the server keeps a key for this app, and the app is open
//! only as long as the server gives it out. An organisation switches it on by a parameter.
//!
//! The engine refuses and waits; what it keeps is encrypted by the driver, which asks
//! [`Engine::remote_secret_lock`] for the key.

use dreiklang_crypto::Zeroizing;
use rusqlite::Connection;

use crate::{
    Engine, Timestamp,
    command::{Command, License, Refusal, Ticket},
    db::{self, remote_secret::RemoteSecretRow},
    edition::Edition,
    error::Result,
    event::{DisconnectReason, Event},
    request::Pending,
    texts::Text,
    time::Pause,
    turn::Turn,
    work,
};

mod exchange;
mod lock;
mod monitor;

pub(crate) use exchange::Exchange;
pub use lock::{RemoteSecretFault, RemoteSecretLock};

/// How the app stands with its remote secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteSecretState {
    /// There is none.
    Off,
    /// The server was not heard since the start: commands wait.
    Waiting,
    /// The server gave it out.
    Open,
    /// The app is locked, for this reason.
    Locked(String),
}

/// The secret in memory, and when to ask for it again.
pub(crate) struct RemoteSecret {
    row: Option<RemoteSecretRow>,
    secret: Option<Zeroizing<[u8; 32]>>,
    lock: Option<String>,
    /// Fetches that failed in a row.
    misses: u16,
    rest: Pause,
    /// After taking the secret back failed.
    retry: Pause,
    /// The organisation wants the secret back: first the driver takes its lock off.
    is_leaving: bool,
    /// The driver has.
    is_released: bool,
    due_at: Option<Timestamp>,
    /// What was asked before the server was heard.
    held: Vec<(Ticket, Command)>,
}

/// How soon to look whether the driver has taken its lock off.
const RELEASE_MS: u64 = 1_000;

/// More callers than this are told to come again.
const HELD_MAX: usize = 64;

impl RemoteSecret {
    pub(crate) fn open(conn: &Connection) -> Result<Self> {
        Ok(Self {
            row: db::remote_secret::find(conn)?,
            secret: None,
            lock: None,
            misses: 0,
            rest: Pause::default(),
            retry: Pause::default(),
            is_leaving: false,
            is_released: false,
            due_at: None,
            held: Vec::new(),
        })
    }

    pub(crate) fn state(&self) -> RemoteSecretState {
        match (&self.row, &self.secret, &self.lock) {
            (None, ..) => RemoteSecretState::Off,
            (Some(_), Some(_), _) => RemoteSecretState::Open,
            (Some(_), None, Some(text)) => RemoteSecretState::Locked(text.clone()),
            (Some(_), None, None) => RemoteSecretState::Waiting,
        }
    }

    /// Whether the secret is missing, for whatever reason.
    pub(crate) fn is_shut(&self) -> bool {
        self.row.is_some() && self.secret.is_none()
    }

    pub(crate) fn lock_text(&self) -> Option<&String> {
        self.lock.as_ref().filter(|_| self.is_shut())
    }

    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        self.due_at
    }

    /// The server gave the secret out.
    fn unlock(&mut self, secret: Zeroizing<[u8; 32]>) {
        self.misses = 0;
        self.lock = None;
        self.secret = Some(secret);
    }

    /// Forgets the secret.
    fn lock(&mut self, turn: &mut Turn<'_>, text: &str) {
        self.secret = None;
        if self.lock.as_deref() != Some(text) {
            self.lock = Some(text.to_owned());
            turn.notify(Event::Locked {
                text: text.to_owned(),
            });
            turn.disconnect(DisconnectReason::Locked);
        }
    }
}

impl Engine {
    /// How the app stands with its remote secret.
    pub fn remote_secret(&self) -> RemoteSecretState {
        self.work.remote.state()
    }

    /// Makes, asks for, or takes back the secret, as the organisation wants it now.
    pub(crate) fn remote_secret_upkeep(
        &mut self,
        turn: &mut Turn<'_>,
        license: &License,
    ) -> Result<()> {
        self.work.remote.due_at = None;
        let is_running = |pending: &Pending| matches!(pending, Pending::RemoteSecret(_));
        if self.build.edition != Edition::OnPrem || self.requests.any(is_running) {
            return Ok(());
        }
        let is_wanted = self.policy.enable_remote_secret() == Some(true);
        let state = self.work.remote.state();
        let may_change = self.usable_own().is_ok() && !self.work.is_locked();
        let has_work = match state {
            RemoteSecretState::Off => {
                is_wanted && may_change && db::work::standing(turn.tx)?.is_licensed
            }
            _ => true,
        };
        if !has_work {
            return Ok(());
        }
        let remote = &mut self.work.remote;
        remote.is_leaving = state == RemoteSecretState::Open && !is_wanted && may_change;
        remote.is_released &= remote.is_leaving;
        let may_delete = remote.is_released && remote.retry.is_over(turn.now);
        if !remote.rest.is_over(turn.now) && !may_delete {
            let again = match (remote.is_leaving, remote.is_released) {
                (false, _) => remote.rest.ends_at(),
                (true, true) => remote.retry.ends_at(),
                // Once the server has forgotten the secret, what is still locked stays so.
                (true, false) => turn.now.plus_ms(RELEASE_MS),
            };
            remote.due_at = Some(again.min(remote.rest.ends_at()));
            return Ok(());
        }
        match state {
            RemoteSecretState::Off => self.create_remote_secret(turn, license),
            _ if may_delete => self.delete_remote_secret(turn, license),
            _ => self.fetch_remote_secret(turn),
        }
        Ok(())
    }

    /// What was held is done now, or refused.
    pub(crate) fn release_commands(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        if self.work.remote.state() == RemoteSecretState::Waiting {
            return Ok(());
        }
        for (ticket, command) in std::mem::take(&mut self.work.remote.held) {
            self.on_command(turn, ticket, command)?;
        }
        Ok(())
    }

    fn shut(&mut self, turn: &mut Turn<'_>, text: Text) {
        let text = text.in_language(self.build.language());
        self.work.remote.lock(turn, text);
    }

    /// Keeps a command until the server was heard; gives it back if there is nothing to wait for.
    pub(crate) fn hold(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        command: Command,
    ) -> Option<Command> {
        let remote = &mut self.work.remote;
        if remote.state() != RemoteSecretState::Waiting || work::leads_out(&command) {
            return Some(command);
        }
        if remote.held.len() < HELD_MAX {
            remote.held.push((ticket, command));
        } else {
            turn.reply(ticket, Err(Refusal::Busy));
        }
        None
    }
}
