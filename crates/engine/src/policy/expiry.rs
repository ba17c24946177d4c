//! Deleting what is older than the organisation keeps (`th_keep_messages_days`).

use crate::{Engine, Timestamp, db, error::Result, event::Event, time::Pause, turn::Turn};

/// When to look again. Nothing is stored: a fresh start looks at once.
#[derive(Default)]
pub(crate) struct Upkeep {
    is_wanted: bool,
    rest: Pause,
}

/// A message lives at most this much longer than the organisation says.
const ROUND_MS: u64 = 60 * 60 * 1_000;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

impl Upkeep {
    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        self.is_wanted.then_some(self.rest.ends_at())
    }
}

impl Engine {
    pub(crate) fn expiry_upkeep(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        let days = self.policy.keep_messages_days().unwrap_or(0);
        self.expiry.is_wanted = days > 0;
        if !self.expiry.is_wanted || !self.expiry.rest.is_over(turn.now) {
            return Ok(());
        }
        self.expiry.rest = Pause::new(turn.now, ROUND_MS);
        let age_ms = u64::try_from(days)
            .unwrap_or_default()
            .saturating_mul(DAY_MS);
        let Some(cutoff) = turn.now.as_ms().checked_sub(age_ms) else {
            return Ok(());
        };
        for conversation in db::messages::expire(turn.tx, Timestamp::from_ms(cutoff))? {
            turn.notify(Event::ConversationChanged(conversation));
        }
        Ok(())
    }
}
