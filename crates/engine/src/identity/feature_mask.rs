//! Telling the directory what this version can do, until it has confirmed it.

use dreiklang_wire::{mdm::Policy, spec::feature};

use super::two_phase::Purpose;
use crate::{
    Engine, Timestamp,
    command::Refusal,
    db,
    directory::{self, ProvenRequest},
    error::Result,
    time::Pause,
    turn::Turn,
};

/// What this version can do: text needs no bit (common.proto, CspFeatureMaskFlag).
const FEATURE_MASK: u64 = feature::VOICE_MESSAGES
    | feature::FILES
    | feature::GROUPS
    | feature::POLLS
    | feature::EDIT
    | feature::DELETE
    | feature::REACTIONS;

const AUDIO_CALL: u64 = 0x010;
const VIDEO_CALL: u64 = 0x020;
const GROUP_CALL: u64 = 0x080;

/// Nobody shall try what the organisation forbids.
fn allowed(mask: u64, policy: &Policy) -> u64 {
    let bits = [
        (policy.disable_calls() == Some(true), AUDIO_CALL),
        (policy.video_forbidden_by().is_some(), VIDEO_CALL),
        (policy.group_calls_forbidden_by().is_some(), GROUP_CALL),
    ];
    let forbidden = bits.into_iter().filter(|(is_forbidden, _)| *is_forbidden);
    forbidden.fold(mask, |mask, (_, bit)| mask & !bit)
}

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
        let is_running = self
            .requests
            .any(|pending| pending.is_for(|purpose| matches!(purpose, Purpose::FeatureMask(_))));
        let mask = allowed(FEATURE_MASK, &self.policy);
        if own.feature_mask == Some(mask) || is_running {
            return;
        }
        if !self.feature_mask.rest.is_over(turn.now) {
            self.feature_mask.is_wanted = true;
            return;
        }
        let request = ProvenRequest::set_feature_mask(own.identity, mask);
        self.start_two_phase(turn, Purpose::FeatureMask(mask), request);
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

#[cfg(test)]
mod tests {
    use dreiklang_wire::mdm::{Parameter, Parameters, Value};

    use super::*;

    #[test]
    fn forbidden_calls_are_not_offered() {
        let every = AUDIO_CALL | VIDEO_CALL | GROUP_CALL | 0x01;
        let mask = |parameter| {
            let values = [(parameter, Value::Bool(true))];
            let server = values.into_iter().collect();
            allowed(
                every,
                &Policy::merged(&Parameters::default(), &server, false),
            )
        };
        assert_eq!(mask(Parameter::DisableCalls), 0x01);
        assert_eq!(mask(Parameter::DisableVideoCalls), every & !VIDEO_CALL);
        assert_eq!(mask(Parameter::DisableGroupCalls), every & !GROUP_CALL);
        assert_eq!(mask(Parameter::DisableWeb), every);
    }
}
