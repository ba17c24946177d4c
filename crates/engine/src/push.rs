//! Telling the server where the app in a browser can be woken, until it has accepted it
//! (docs/spec/web-push.md).

use dreiklang_wire::api::push;
use rusqlite::Connection;

use crate::{
    Engine, Timestamp,
    command::Refusal,
    db::{self, push_endpoint::PushRow},
    directory::{self, ProvenRequest},
    engine::Answer,
    error::Result,
    identity::two_phase::Purpose,
    time::Pause,
    turn::Turn,
};

/// What the server shall know, and when to try again.
pub(crate) struct Upkeep {
    row: PushRow,
    is_waiting: bool,
    rest: Pause,
}

impl Upkeep {
    pub(crate) fn open(conn: &Connection) -> Result<Self> {
        Ok(Self {
            row: db::push_endpoint::find(conn)?,
            is_waiting: false,
            rest: Pause::default(),
        })
    }

    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        self.is_waiting.then_some(self.rest.ends_at())
    }

    fn is_due(&self, now: Timestamp) -> bool {
        let row = &self.row;
        row.wanted != row.told
            // A server that was restored from a backup may have forgotten it.
            || !row.wanted.is_empty() && Pause::new(row.told_at, TOLD_FOR_MS).is_over(now)
    }

    fn keep(&mut self, turn: &Turn<'_>, row: PushRow) -> Result<()> {
        db::push_endpoint::set(turn.tx, &row)?;
        self.row = row;
        Ok(())
    }
}

impl Engine {
    /// The page says so at every start; what is known already costs nothing.
    pub(crate) fn set_push_endpoint(
        &mut self,
        turn: &mut Turn<'_>,
        endpoint: Option<String>,
    ) -> Result<Answer> {
        if endpoint.as_ref().is_some_and(|it| !push::is_endpoint(it)) {
            return Ok(Answer::refuse(Refusal::BadPushEndpoint));
        }
        let wanted = endpoint.unwrap_or_default();
        if wanted != self.push.row.wanted {
            let row = PushRow {
                wanted,
                ..self.push.row.clone()
            };
            self.push.keep(turn, row)?;
            self.push.rest = Pause::default();
        }
        Ok(Answer::done())
    }

    pub(crate) fn push_upkeep(&mut self, turn: &mut Turn<'_>) {
        self.push.is_waiting = false;
        let Ok(own) = self.usable_own() else { return };
        // Another device's login makes the server forget: it is told after ours.
        if !self.is_connected || !self.push.is_due(turn.now) {
            return;
        }
        let is_running = self
            .requests
            .any(|pending| pending.is_for(|purpose| matches!(purpose, Purpose::Push(_))));
        if is_running {
            return;
        }
        if !self.push.rest.is_over(turn.now) {
            self.push.is_waiting = true;
            return;
        }
        let endpoint = self.push.row.wanted.clone();
        let request = ProvenRequest::set_push_endpoint(own.identity, endpoint.clone());
        self.start_two_phase(turn, Purpose::Push(endpoint), request);
    }

    pub(crate) fn on_push_endpoint_told(
        &mut self,
        turn: &mut Turn<'_>,
        endpoint: String,
        result: Result<Vec<u8>, Refusal>,
    ) -> Result<()> {
        match result.and_then(|body| directory::read_done(&body)) {
            Ok(()) => {
                let row = PushRow {
                    told: endpoint,
                    told_at: turn.now,
                    ..self.push.row.clone()
                };
                self.push.keep(turn, row)?;
            }
            // It will not take this one tomorrow either, or it knows no push at all.
            Err(Refusal::Directory(_)) => self.push.rest = Pause::new(turn.now, REFUSED_MS),
            Err(_) => self.push.rest = Pause::new(turn.now, RETRY_MS),
        }
        Ok(())
    }

    /// Another device has used the identity: what the server knew is gone.
    pub(crate) fn push_forgotten(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        if self.push.row.told.is_empty() {
            return Ok(());
        }
        let row = PushRow {
            told: String::new(),
            ..self.push.row.clone()
        };
        self.push.keep(turn, row)
    }

    /// Nobody is woken for an identity that is no more.
    pub(crate) fn push_ended(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        let row = PushRow {
            wanted: String::new(),
            told: String::new(),
            told_at: Timestamp::default(),
        };
        self.push.keep(turn, row)
    }
}

const RETRY_MS: u64 = 10 * 60 * 1_000;
const REFUSED_MS: u64 = 24 * 60 * 60 * 1_000;
const TOLD_FOR_MS: u64 = 7 * 24 * 60 * 60 * 1_000;
