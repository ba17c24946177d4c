//! Who of the people we meet belongs to the organisation (`identities`), so that they get their
//! names and mark before the next full synchronisation.

use dreiklang_wire::{
    api::work::{SyncRequest, path},
    id::Identity,
};

use super::{RETRY_MS, body::read_identities, credentials};
use crate::{
    Engine,
    command::License,
    directory::post,
    error::Result,
    http::{HttpResult, Service},
    request::{Pending, success_body},
    time::Pause,
    turn::Turn,
};

/// More than this wait for the next full synchronisation.
pub(super) const WAITING_MAX: usize = 500;

impl Engine {
    pub(super) fn work_lookup_upkeep(&mut self, turn: &mut Turn<'_>, license: &License) {
        let is_running = |pending: &Pending| matches!(pending, Pending::WorkLookup);
        if self.work.lookups.is_empty()
            || self.work.is_locked()
            || !self.work.lookup_rest.is_over(turn.now)
            || self.requests.any(is_running)
        {
            return;
        }
        let contacts: Vec<Identity> = std::mem::take(&mut self.work.lookups).into_iter().collect();
        let request = post(
            path::CONTACTS,
            &SyncRequest {
                credentials: credentials(license),
                contacts,
            },
        );
        let request = request.at(Service::Work);
        self.requests.start(turn, Pending::WorkLookup, request);
    }

    pub(crate) fn on_work_looked_up(
        &mut self,
        turn: &mut Turn<'_>,
        result: HttpResult,
    ) -> Result<()> {
        let people = success_body(result)
            .ok()
            .and_then(|body| read_identities(&body));
        let Some(people) = people else {
            // The next full synchronisation brings the same.
            self.work.lookup_rest = Pause::new(turn.now, RETRY_MS);
            return Ok(());
        };
        for person in people {
            self.take_person(turn, &person, false)?;
        }
        Ok(())
    }
}
