//! Telling the directory what this version can do, until it has confirmed it.

use super::two_phase::{Purpose, TwoPhase};
use crate::{
    Engine, Timestamp,
    command::Refusal,
    db,
    directory::{self, ProvenRequest},
    error::Result,
    request::Pending,
    time::Pause,
    turn::Turn,
};

/// What this version can do: one-to-one text needs no bit (common.proto, CspFeatureMaskFlag).
pub(crate) const FEATURE_MASK: u64 = 0;

const RETRY_MS: u64 = 10 * 60 * 1_000;

/// When to try again. Nothing is stored: what the directory confirmed is.
#[derive(Default)]
pub(crate) struct Upkeep {
    is_wanted: bool,
    rest: Pause,
}

impl Upkeep {
    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        self.is_wanted.then_some(self.rest.ends_at())
    }
}

impl Engine {
    pub(crate) fn feature_mask_upkeep(&mut self, turn: &mut Turn<'_>) {
        self.feature_mask.is_wanted = false;
        let Ok(own) = self.usable_own() else { return };
        let is_running = self.requests.any(|pending| {
            matches!(
                pending,
                Pending::TwoPhase(TwoPhase {
                    purpose: Purpose::FeatureMask(_),
                    ..
                })
            )
        });
        if own.feature_mask == Some(FEATURE_MASK) || is_running {
            return;
        }
        if !self.feature_mask.rest.is_over(turn.now) {
            self.feature_mask.is_wanted = true;
            return;
        }
        let request = ProvenRequest::set_feature_mask(own.identity, FEATURE_MASK);
        self.start_two_phase(turn, Purpose::FeatureMask(FEATURE_MASK), request);
    }

    pub(crate) fn on_feature_mask_set(
        &mut self,
        turn: &mut Turn<'_>,
        mask: u64,
        result: Result<Vec<u8>, Refusal>,
    ) -> Result<()> {
        if result.and_then(|body| directory::read_done(&body)).is_ok() {
            db::identity::set_feature_mask(turn.tx, mask)?;
            if let Some(own) = &mut self.own {
                own.feature_mask = Some(mask);
            }
        } else {
            self.feature_mask.rest = Pause::new(turn.now, RETRY_MS);
        }
        Ok(())
    }
}
