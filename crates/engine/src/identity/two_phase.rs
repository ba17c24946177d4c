//! Requests that prove possession of the client key (protocol.md A1.2): the directory answers the
//! first with a challenge, the second repeats the first with the response.
//!
//! The response is a MAC under a key for this purpose only. Nothing here ever seals anything for a
//! key that the directory chose.

use dreiklang_crypto::SecretKey;

use super::{create::Creating, restore::Restoring};
use crate::{
    Engine,
    command::{License, Refusal, Ticket},
    contact::matching::Matching,
    db,
    directory::ProvenRequest,
    error::Result,
    http::{Authorization, HttpRequest, HttpResult},
    request::{Pending, success_body},
    turn::Turn,
    work::{links::Linking, profile::Updating},
};

/// A request of which one phase is under way.
pub(crate) struct TwoPhase {
    pub(crate) purpose: Purpose,
    request: ProvenRequest,
    is_answered: bool,
    /// Shown instead of the stored licence.
    license: Option<License>,
}

/// What the request is for, with what is needed when it is done.
pub(crate) enum Purpose {
    Create(Creating),
    FeatureMask(u64),
    Push(String),
    Revoke(Ticket),
    Reclaim(Ticket),
    Stored(Ticket),
    Match(Matching),
    Restore(Box<Restoring>),
    Link(Linking),
    WorkInfo(Updating),
}

impl TwoPhase {
    /// Whether the answer to the first phase is the last one.
    fn is_settled(&self, body: &[u8]) -> bool {
        match &self.purpose {
            Purpose::Link(linking) => linking.is_settled(body),
            _ => false,
        }
    }
}

impl Engine {
    /// Sends the first phase.
    pub(crate) fn start_two_phase(
        &mut self,
        turn: &mut Turn<'_>,
        purpose: Purpose,
        request: ProvenRequest,
    ) {
        self.start_two_phase_as(turn, purpose, request, None);
    }

    /// Sends the first phase with credentials that are not stored yet.
    pub(crate) fn start_two_phase_as(
        &mut self,
        turn: &mut Turn<'_>,
        purpose: Purpose,
        request: ProvenRequest,
        license: Option<License>,
    ) {
        let http = request.first();
        let exchange = TwoPhase {
            purpose,
            request,
            is_answered: false,
            license,
        };
        self.continue_two_phase(turn, exchange, http);
    }

    fn continue_two_phase(
        &mut self,
        turn: &mut Turn<'_>,
        exchange: TwoPhase,
        mut http: HttpRequest,
    ) {
        if let Some(license) = &exchange.license {
            http.authorization = Authorization::Basic(license.clone());
        }
        self.requests
            .start(turn, Pending::TwoPhase(Box::new(exchange)), http);
    }

    pub(crate) fn on_two_phase(
        &mut self,
        turn: &mut Turn<'_>,
        exchange: TwoPhase,
        result: HttpResult,
    ) -> Result<()> {
        match success_body(result) {
            Ok(body) if exchange.is_answered || exchange.is_settled(&body) => {
                self.finish(turn, exchange, Ok(body))
            }
            Ok(body) => self.answer_challenge(turn, exchange, &body),
            Err(refusal) => self.finish(turn, exchange, Err(refusal)),
        }
    }

    fn answer_challenge(
        &mut self,
        turn: &mut Turn<'_>,
        mut exchange: TwoPhase,
        body: &[u8],
    ) -> Result<()> {
        let secret: SecretKey = if let Purpose::Restore(restoring) = &exchange.purpose {
            restoring.secret_key.clone()
        // The key may be one that the directory has not confirmed, so it is read from its row.
        } else if let Some(row) = db::identity::find(turn.tx)? {
            row.secret_key
        } else {
            return self.finish(turn, exchange, Err(Refusal::NoIdentity));
        };
        match exchange.request.second(body, &secret) {
            Err(refusal) => self.finish(turn, exchange, Err(refusal)),
            Ok(http) => {
                exchange.is_answered = true;
                self.continue_two_phase(turn, exchange, http);
                Ok(())
            }
        }
    }

    /// The body is that of the last answer, not looked at yet.
    fn finish(
        &mut self,
        turn: &mut Turn<'_>,
        exchange: TwoPhase,
        result: Result<Vec<u8>, Refusal>,
    ) -> Result<()> {
        let is_second = exchange.is_answered;
        match exchange.purpose {
            Purpose::Create(creating) => self.on_created(turn, &creating, result),
            Purpose::FeatureMask(mask) => self.on_feature_mask_set(turn, mask, result),
            Purpose::Push(endpoint) => self.on_push_endpoint_told(turn, endpoint, result),
            Purpose::Revoke(ticket) => self.on_revoked(turn, ticket, result),
            Purpose::Reclaim(ticket) => self.on_reclaimed(turn, ticket, result),
            Purpose::Stored(ticket) => {
                self.on_stored_told(turn, ticket, result);
                Ok(())
            }
            Purpose::Match(matching) => {
                self.on_match_token(turn, matching, result);
                Ok(())
            }
            Purpose::Restore(restoring) => self.on_restored(turn, &restoring, result),
            Purpose::Link(linking) => self.on_linked(turn, &linking, is_second, result),
            Purpose::WorkInfo(updating) => self.on_work_info_sent(turn, &updating, result),
        }
    }
}
