//! Whether the person is at work (protocol.md A5.4): told to the organisation with a proof, and
//! kept here once it has taken it.

use dreiklang_wire::{
    api::{
        Base64,
        directory::from_json,
        work::{
            Availability, UserPropertiesRequest, WorkCategory, WorkChallenge, WorkFailure,
            WorkFailureCode, WorkStep, path,
        },
    },
    spec,
};
use serde::Serialize;

use super::credentials;
use crate::{
    Engine,
    command::{Refusal, Reply, Ticket},
    db,
    directory::post,
    engine::Answer,
    error::Result,
    event::Event,
    http::{HttpRequest, HttpResponse, HttpResult, Service},
    request::{Pending, success_body},
    turn::Turn,
};

/// A change under way.
pub(crate) struct Setting {
    request: UserPropertiesRequest,
    status: Availability,
    ticket: Ticket,
    is_answered: bool,
}

impl Engine {
    pub(crate) fn set_availability(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        status: &Availability,
    ) -> Result<Answer> {
        let license = match self.needed_license(turn)? {
            Ok(license) => license,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let identity = match self.usable_own() {
            Ok(own) => own.identity,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let mut status = Availability {
            category: status.category,
            description: status.description.trim().to_owned(),
        };
        // Whoever says nothing has nothing to explain: an empty message takes the status back.
        let properties = if status.category == WorkCategory::None {
            status.description.clear();
            Vec::new()
        } else if let Ok(properties) = status.to_properties() {
            properties
        } else {
            return Ok(Answer::refuse(Refusal::StatusTooLong {
                size_bytes: status.description.len(),
                limit_bytes: spec::AVAILABILITY_DESCRIPTION_BYTES_MAX,
            }));
        };
        if self.requests.is_full() {
            return Ok(Answer::refuse(Refusal::Busy));
        }
        let request = UserPropertiesRequest {
            identity,
            credentials: credentials(&license),
            properties: Base64(properties),
        };
        let http = step(&WorkStep::first(&request));
        let setting = Setting {
            request,
            status,
            ticket,
            is_answered: false,
        };
        self.requests
            .start(turn, Pending::Availability(Box::new(setting)), http);
        Ok(Answer::Later)
    }

    pub(crate) fn on_availability(
        &mut self,
        turn: &mut Turn<'_>,
        mut setting: Setting,
        result: HttpResult,
    ) -> Result<()> {
        let refusal = match result {
            Ok(HttpResponse { status: 204, .. }) if setting.is_answered => {
                db::availability::set_own(turn.tx, &setting.status)?;
                turn.notify(Event::MeChanged);
                turn.reply(setting.ticket, Ok(Reply::Done));
                return Ok(());
            }
            Ok(HttpResponse { status: 401, body }) => {
                let code = from_json::<WorkFailure>(&body).map(|failure| failure.code);
                if matches!(code, Ok(WorkFailureCode::InvalidCredentials)) {
                    self.work.doubt_license(turn)?;
                    Refusal::WrongCredentials
                } else {
                    // The challenge is too old, or the proof was not understood.
                    Refusal::BadAnswer
                }
            }
            result if setting.is_answered => {
                success_body(result).err().unwrap_or(Refusal::BadAnswer)
            }
            result => match success_body(result).and_then(|body| self.proven(&setting, &body)) {
                Ok(http) => {
                    setting.is_answered = true;
                    self.requests
                        .start(turn, Pending::Availability(Box::new(setting)), http);
                    return Ok(());
                }
                Err(refusal) => refusal,
            },
        };
        turn.reply(setting.ticket, Err(refusal));
        Ok(())
    }

    /// The second round: the same with the proof.
    fn proven(&self, setting: &Setting, body: &[u8]) -> Result<HttpRequest, Refusal> {
        let challenge: WorkChallenge = from_json(body).map_err(|_| Refusal::BadAnswer)?;
        let own = self.usable_own()?;
        let proof = challenge
            .answer(&own.secret_key)
            .map_err(|_| Refusal::BadAnswer)?;
        Ok(step(&WorkStep::second(&setting.request, proof)))
    }
}

fn step(body: &impl Serialize) -> HttpRequest {
    post(path::USER_PROPERTIES, body).at(Service::Work)
}
