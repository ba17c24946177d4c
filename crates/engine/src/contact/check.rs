//! What became of the contacts, asked as often as the directory wants (identity/check).

use dreiklang_crypto::random;
use dreiklang_wire::{
    id::{Identity, MessageId},
    spec,
};

use crate::{
    Engine, Timestamp,
    db::{self, contacts::STATE_INVALID, messages::NewMessage},
    directory,
    error::Result,
    event::Event,
    http::HttpResult,
    request::{Pending, success_body},
    time::Pause,
    turn::Turn,
    view::{ConversationId, MessageState, Notes, Notice, notice::format},
};

/// When to ask next.
#[derive(Default)]
pub(crate) struct Upkeep {
    due_at: Option<Timestamp>,
    /// After a failure; not a row, because a fresh start may try at once.
    rest: Pause,
}

/// A page of contacts under way.
pub(crate) struct Checking {
    identities: Vec<Identity>,
}

const RETRY_MS: u64 = 60 * 60 * 1_000;
/// A directory that wants to be asked more often than that is mistaken.
const INTERVAL_S_MIN: u32 = 60 * 60;
/// While nobody has said anything.
const INTERVAL_S_DEFAULT: u32 = 24 * 60 * 60;
const INTERVAL_S_MAX: u32 = 30 * 24 * 60 * 60;

impl Upkeep {
    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        self.due_at
    }
}

impl Engine {
    pub(crate) fn check_upkeep(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        self.check.due_at = None;
        if self.usable_own().is_err()
            || self
                .requests
                .any(|pending| matches!(pending, Pending::Check(_)))
        {
            return Ok(());
        }
        let pauses = [db::settings::check_pause(turn.tx)?, self.check.rest];
        if let Some(pause) = pauses.into_iter().find(|pause| !pause.is_over(turn.now)) {
            self.check.due_at = Some(pause.ends_at());
            return Ok(());
        }
        self.check_page(turn, "", None)
    }

    /// Asks about the contacts after `after`; with none left, the round is over.
    fn check_page(
        &mut self,
        turn: &mut Turn<'_>,
        after: &str,
        interval_s: Option<u32>,
    ) -> Result<()> {
        let identities = db::contacts::identities_after(turn.tx, after, spec::BULK_IDENTITIES_MAX)?;
        if identities.is_empty() {
            let interval_s = interval_s.unwrap_or(INTERVAL_S_DEFAULT);
            db::settings::set_checked(turn.tx, turn.now, interval_s)?;
            self.check.due_at = Some(db::settings::check_pause(turn.tx)?.ends_at());
            return Ok(());
        }
        let request = directory::check(&identities);
        self.requests
            .start(turn, Pending::Check(Checking { identities }), request);
        Ok(())
    }

    pub(crate) fn on_contacts_checked(
        &mut self,
        turn: &mut Turn<'_>,
        checking: &Checking,
        result: HttpResult,
    ) -> Result<()> {
        let answer = success_body(result)
            .ok()
            .and_then(|body| directory::read_check(&body, checking.identities.len()));
        let Some(answer) = answer else {
            self.check.rest = Pause::new(turn.now, RETRY_MS);
            return Ok(());
        };
        for (identity, state) in checking.identities.iter().zip(&answer.states) {
            let has_changed = db::contacts::set_checked(
                turn.tx,
                *identity,
                state.activity_state,
                state.identity_type,
                state.feature_mask,
            )?;
            if has_changed {
                turn.notify(Event::ContactChanged(*identity));
                if state.activity_state == STATE_INVALID {
                    self.note_revoked(turn, *identity)?;
                }
            }
        }
        let last = checking
            .identities
            .last()
            .map(Identity::as_str)
            .unwrap_or_default();
        let interval_s = answer.interval_s.clamp(INTERVAL_S_MIN, INTERVAL_S_MAX);
        self.check_page(turn, last, Some(interval_s))
    }

    /// Says in the conversation, if there is one, why nobody answers there any more.
    fn note_revoked(&mut self, turn: &mut Turn<'_>, identity: Identity) -> Result<()> {
        let conversation = ConversationId::Contact(identity);
        let Some(conversation_id) = db::conversations::find(turn.tx, &conversation)? else {
            return Ok(());
        };
        let Some(contact) = db::contacts::find(turn.tx, identity)? else {
            return Ok(());
        };
        let position = db::messages::insert(
            turn.tx,
            &NewMessage {
                conversation_id,
                sender_id: contact.contact_id,
                id: MessageId(random(&mut *self.rng)),
                kind: format::TYPE,
                is_shown: true,
                state: MessageState::IncomingRead,
                notes: Notes::default(),
                wants_receipts: false,
                created_at: turn.now,
                now: turn.now,
                text: &format::to_text(&Notice::IdentityRevoked),
                container: &[],
                reference: "",
            },
        )?;
        self.announce(turn, position, false)?;
        Ok(())
    }
}
