//! Who types. Nothing of it is stored and nothing is sent again after a lost connection.

use std::collections::BTreeMap;

use dreiklang_crypto::random;
use dreiklang_wire::{
    csp::payload::ToServer,
    e2e::{Body, Content},
    id::{Identity, MessageId},
    spec,
};

use crate::{Engine, Timestamp, db, engine::Answer, error::Result, event::Event, turn::Turn};

#[derive(Default)]
pub(crate) struct Typing {
    /// Contacts who type, and until when to believe it.
    incoming: BTreeMap<Identity, Timestamp>,
    outgoing: BTreeMap<Identity, Outgoing>,
}

struct Outgoing {
    repeat_at: Timestamp,
    /// Without a word from the screen until then, the person has left.
    ends_at: Timestamp,
}

const REPEAT_MS: u64 = spec::TYPING_RESEND_SECONDS as u64 * 1_000;
const SHOWN_MS: u64 = spec::TYPING_SHOWN_SECONDS as u64 * 1_000;
const UNCONFIRMED_MS: u64 = 60_000;

impl Typing {
    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        let outgoing = self
            .outgoing
            .values()
            .map(|out| out.repeat_at.min(out.ends_at));
        self.incoming.values().copied().chain(outgoing).min()
    }

    pub(crate) fn forget_outgoing(&mut self, to: Identity) {
        self.outgoing.remove(&to);
    }

    /// A contact types or not, by their word or because a message of theirs came.
    pub(crate) fn note_incoming(&mut self, turn: &mut Turn<'_>, contact: Identity, on: bool) {
        let was_on = if on {
            self.incoming
                .insert(contact, turn.now.plus_ms(SHOWN_MS))
                .is_some()
        } else {
            self.incoming.remove(&contact).is_some()
        };
        if was_on != on {
            turn.notify(Event::Typing { contact, on });
        }
    }

    pub(crate) fn connection_lost(&mut self, turn: &mut Turn<'_>) {
        self.outgoing.clear();
        for contact in std::mem::take(&mut self.incoming).into_keys() {
            turn.notify(Event::Typing { contact, on: false });
        }
    }

    fn expire_incoming(&mut self, turn: &mut Turn<'_>) {
        let expired: Vec<_> = self
            .incoming
            .iter()
            .filter(|(_, until)| **until <= turn.now)
            .map(|(contact, _)| *contact)
            .collect();
        for contact in expired {
            self.note_incoming(turn, contact, false);
        }
    }
}

impl Engine {
    pub(crate) fn set_typing(
        &mut self,
        turn: &mut Turn<'_>,
        to: Identity,
        on: bool,
    ) -> Result<Answer> {
        let contact = match self.reachable_contact(turn, to)? {
            Ok(contact) => contact,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let default = db::settings::find(turn.tx)?.typing_indicators;
        // Who is only in a group with us has no conversation to be typing in.
        if !self.is_connected || !contact.is_direct || !contact.typing_indicators.or(default) {
            self.typing.forget_outgoing(to);
            return Ok(Answer::done());
        }
        let ends_at = turn.now.plus_ms(UNCONFIRMED_MS);
        match self.typing.outgoing.get_mut(&to) {
            Some(out) if on => out.ends_at = ends_at,
            None if !on => {}
            _ => self.send_typing(turn, to, on, ends_at)?,
        }
        Ok(Answer::done())
    }

    pub(crate) fn typing_upkeep(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        self.typing.expire_incoming(turn);
        let due: Vec<_> = self
            .typing
            .outgoing
            .iter()
            .filter(|(_, out)| out.repeat_at.min(out.ends_at) <= turn.now)
            .map(|(to, out)| (*to, out.ends_at))
            .collect();
        for (to, ends_at) in due {
            self.send_typing(turn, to, ends_at > turn.now, ends_at)?;
        }
        Ok(())
    }

    /// Flags 0x02 and 0x04 of the type: now or never, and nobody acknowledges.
    fn send_typing(
        &mut self,
        turn: &mut Turn<'_>,
        to: Identity,
        on: bool,
        ends_at: Timestamp,
    ) -> Result<()> {
        if on {
            let repeat_at = turn.now.plus_ms(REPEAT_MS);
            self.typing
                .outgoing
                .insert(to, Outgoing { repeat_at, ends_at });
        } else {
            self.typing.forget_outgoing(to);
        }
        // The contact may have been removed or blocked since.
        if let Ok(contact) = self.reachable_contact(turn, to)? {
            let id = MessageId(random(&mut *self.rng));
            let body = Body::contact(Content::Typing(on));
            let message = self.seal(turn, &contact, id, &body)?;
            turn.send(ToServer::Message(message));
        }
        Ok(())
    }
}
