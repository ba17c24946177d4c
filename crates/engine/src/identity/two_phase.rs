//! Requests that prove possession of the client key (protocol.md A1.2): the directory answers the
//! first with a challenge, the second repeats the first with the response.
//!
//! The response is a MAC under a key for this purpose only. Nothing here ever seals anything for a
//! key that the directory chose.

use dreiklang_crypto::SecretKey;

use super::create::Creating;
use crate::{
    Engine,
    command::{Refusal, Ticket},
    db,
    directory::ProvenRequest,
    error::Result,
    http::HttpResult,
    request::{Pending, success_body},
    turn::Turn,
};

/// A request of which one phase is under way.
pub(crate) struct TwoPhase {
    pub(crate) purpose: Purpose,
    request: ProvenRequest,
    is_answered: bool,
}

/// What the request is for, with what is needed when it is done.
pub(crate) enum Purpose {
    Create(Creating),
    FeatureMask(u64),
    Revoke(Ticket),
}

impl Engine {
    /// Sends the first phase.
    pub(crate) fn start_two_phase(
        &mut self,
        turn: &mut Turn<'_>,
        purpose: Purpose,
        request: ProvenRequest,
    ) {
        let http = request.first();
        let exchange = TwoPhase {
            purpose,
            request,
            is_answered: false,
        };
        self.requests.start(turn, Pending::TwoPhase(exchange), http);
    }

    pub(crate) fn on_two_phase(
        &mut self,
        turn: &mut Turn<'_>,
        exchange: TwoPhase,
        result: HttpResult,
    ) -> Result<()> {
        match success_body(result) {
            Ok(body) if exchange.is_answered => self.finish(turn, exchange.purpose, Ok(body)),
            Ok(body) => self.answer_challenge(turn, exchange, &body),
            Err(refusal) => self.finish(turn, exchange.purpose, Err(refusal)),
        }
    }

    fn answer_challenge(
        &mut self,
        turn: &mut Turn<'_>,
        mut exchange: TwoPhase,
        body: &[u8],
    ) -> Result<()> {
        // The key may be one that the directory has not confirmed, so it is read from its row.
        let Some(row) = db::identity::find(turn.tx)? else {
            return self.finish(turn, exchange.purpose, Err(Refusal::NoIdentity));
        };
        let secret: &SecretKey = &row.secret_key;
        match exchange.request.second(body, secret) {
            Err(refusal) => self.finish(turn, exchange.purpose, Err(refusal)),
            Ok(http) => {
                exchange.is_answered = true;
                self.requests.start(turn, Pending::TwoPhase(exchange), http);
                Ok(())
            }
        }
    }

    /// The body is that of the second answer, not looked at yet.
    fn finish(
        &mut self,
        turn: &mut Turn<'_>,
        purpose: Purpose,
        result: Result<Vec<u8>, Refusal>,
    ) -> Result<()> {
        match purpose {
            Purpose::Create(creating) => self.on_created(turn, &creating, result),
            Purpose::FeatureMask(mask) => self.on_feature_mask_set(turn, mask, result),
            Purpose::Revoke(ticket) => self.on_revoked(turn, ticket, result),
        }
    }
}
