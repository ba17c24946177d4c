//! What the organisation is told about this user (`identity/update_work_info`): everything comes
//! from its own parameters but the nickname. Sent when it changed, which also attaches the identity
//! to the organisation the first time.

use dreiklang_crypto::kdf;
use dreiklang_wire::api::work::UpdateWorkInfoRequest;

use crate::{
    Engine, Timestamp,
    command::{License, Refusal, Reply, Ticket},
    db,
    directory::{self, ProvenRequest},
    error::Result,
    event::Event,
    identity::two_phase::Purpose,
    request::Pending,
    time::Pause,
    turn::Turn,
};

/// When to try again. Nothing is stored: what the server confirmed is.
#[derive(Default)]
pub(crate) struct Upkeep {
    rest: Pause,
    due_at: Option<Timestamp>,
    /// The person was told that the organisation refuses, in these words.
    told: Option<String>,
}

/// An update under way.
pub(crate) struct Updating {
    hash: [u8; 32],
    /// Somebody waits.
    ticket: Option<Ticket>,
}

const RETRY_MS: u64 = 60 * 60 * 1_000;

impl Upkeep {
    pub(super) fn next_wake(&self) -> Option<Timestamp> {
        self.due_at
    }
}

/// By which a change is noticed.
fn hash(info: &UpdateWorkInfoRequest) -> [u8; 32] {
    let json = serde_json::to_vec(info).expect("invariant: a struct of texts is JSON");
    kdf::blake2b_plain(&json)
}

impl Engine {
    pub(super) fn profile_upkeep(&mut self, turn: &mut Turn<'_>, license: &License) -> Result<()> {
        self.work.profile.due_at = None;
        let is_running =
            |pending: &Pending| pending.is_for(|purpose| matches!(purpose, Purpose::WorkInfo(_)));
        // Before the first synchronisation nobody knows what there is to tell.
        if self.work.is_locked()
            || self.work.sync.is_wanted()
            || !db::work::standing(turn.tx)?.is_licensed
            || self.requests.any(is_running)
        {
            return Ok(());
        }
        let Some(info) = self.work_info(license) else {
            return Ok(());
        };
        let hash = hash(&info);
        if db::work::sent_profile(turn.tx)? == hash {
            return Ok(());
        }
        let rest = self.work.profile.rest;
        if !rest.is_over(turn.now) {
            self.work.profile.due_at = Some(rest.ends_at());
            return Ok(());
        }
        let purpose = Purpose::WorkInfo(Updating { hash, ticket: None });
        self.start_two_phase(turn, purpose, ProvenRequest::WorkInfo(info));
        Ok(())
    }

    /// Attaches the own identity with credentials that were just accepted.
    pub(super) fn attach(&mut self, turn: &mut Turn<'_>, ticket: Ticket, license: &License) {
        let Some(info) = self.work_info(license) else {
            turn.reply(ticket, Ok(Reply::Done));
            return;
        };
        self.requests.show(self.build.edition, Some(license));
        let purpose = Purpose::WorkInfo(Updating {
            hash: hash(&info),
            ticket: Some(ticket),
        });
        self.start_two_phase(turn, purpose, ProvenRequest::WorkInfo(info));
    }

    fn work_info(&self, license: &License) -> Option<UpdateWorkInfoRequest> {
        let own = self.usable_own().ok()?;
        let policy = &self.policy;
        let text = |value: Option<&str>| value.map(str::to_owned);
        Some(UpdateWorkInfoRequest {
            identity: own.identity,
            license_username: license.username.clone(),
            license_password: license.password.clone(),
            version: format!("{}{}", self.build.client_info(), policy.marker()),
            public_nickname: Some(own.nickname.clone()),
            first_name: text(policy.first_name()),
            last_name: text(policy.last_name()),
            csi: text(policy.csi()),
            job_title: text(policy.job_title()),
            department: text(policy.department()),
            category: text(policy.category()),
        })
    }

    pub(crate) fn on_work_info_sent(
        &mut self,
        turn: &mut Turn<'_>,
        updating: &Updating,
        result: Result<Vec<u8>, Refusal>,
    ) -> Result<()> {
        let result = result.and_then(|body| directory::read_done(&body));
        match &result {
            Ok(()) => {
                let is_first = db::work::sent_profile(turn.tx)?.is_empty();
                db::work::set_sent_profile(turn.tx, &updating.hash)?;
                self.work.profile = Upkeep::default();
                // A member of an organisation hears of more people than somebody on the way in.
                if is_first {
                    self.work.sync.want();
                }
            }
            Err(refusal) => {
                self.work.profile.rest = Pause::new(turn.now, RETRY_MS);
                // No seat, another organisation: the person has to know, once.
                if let Refusal::Directory(text) = refusal
                    && updating.ticket.is_none()
                    && self.work.profile.told.as_ref() != Some(text)
                {
                    self.work.profile.told = Some(text.clone());
                    turn.notify(Event::Alert(text.clone()));
                }
            }
        }
        if let Some(ticket) = updating.ticket {
            turn.reply(ticket, result.map(|()| Reply::Done));
        }
        Ok(())
    }
}
