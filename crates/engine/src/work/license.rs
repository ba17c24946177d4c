//! Whether the licence is good: asked at every start, once a day, and when somebody gives another
//! one. A server that says no locks the app; one that cannot be reached changes nothing.

use dreiklang_wire::{
    api::{
        directory::{Failure, License as LicenseFields, Outcome, Success, from_json},
        work::{CheckLicenseRequest, license_refused, path},
    },
    mdm::{Parameter, Policy},
};

use super::RETRY_MS;
use crate::{
    Engine, Timestamp,
    command::{License, Refusal, Reply, Ticket},
    db,
    directory::post,
    engine::Answer,
    error::Result,
    event::Event,
    http::{Authorization, HttpResponse, HttpResult, Service},
    policy,
    request::{Pending, success_body},
    texts::Text,
    time::Pause,
    turn::Turn,
};

/// When to ask next.
#[derive(Default)]
pub(crate) struct Upkeep {
    /// Whether the server has answered since the start.
    is_checked: bool,
    rest: Pause,
    due_at: Option<Timestamp>,
}

/// A check under way.
pub(crate) struct Checking {
    license: License,
    /// The person gave these credentials and waits.
    activation: Option<Ticket>,
}

const INTERVAL_MS: u64 = 24 * 60 * 60 * 1_000;
/// Somebody locked out notices soon that they are let in again.
const LOCKED_INTERVAL_MS: u64 = 60 * 60 * 1_000;

impl Upkeep {
    pub(super) fn next_wake(&self) -> Option<Timestamp> {
        self.due_at
    }

    /// Nothing is due while there is no licence.
    pub(super) fn rest(&mut self) {
        self.due_at = None;
    }

    /// Ask now, whatever was answered before.
    pub(super) fn want(&mut self) {
        *self = Self::default();
    }
}

/// What a server says about a licence.
enum Verdict {
    Good,
    /// It is refused, in the server's words.
    Refused(String),
    /// It was withdrawn, or its time is over, in the server's words.
    Over(String),
    /// The server does not know the credentials.
    Unknown,
    /// Nobody knows.
    NoAnswer(Refusal),
}

impl Engine {
    pub(super) fn license_upkeep(&mut self, turn: &mut Turn<'_>, license: &License) -> Result<()> {
        self.work.license.due_at = None;
        if self
            .requests
            .any(|pending| matches!(pending, Pending::License(_)))
        {
            return Ok(());
        }
        let interval_ms = if self.work.lock.is_some() {
            LOCKED_INTERVAL_MS
        } else {
            INTERVAL_MS
        };
        let upkeep = &mut self.work.license;
        let mut pauses = vec![upkeep.rest];
        if upkeep.is_checked {
            pauses.push(db::work::license_pause(turn.tx, interval_ms)?);
        }
        if let Some(pause) = pauses.into_iter().find(|pause| !pause.is_over(turn.now)) {
            upkeep.due_at = Some(pause.ends_at());
            return Ok(());
        }
        self.check_license(turn, license.clone(), None);
        Ok(())
    }

    fn check_license(&mut self, turn: &mut Turn<'_>, license: License, activation: Option<Ticket>) {
        let mut request = post(
            path::CHECK_LICENSE,
            &CheckLicenseRequest {
                license: LicenseFields {
                    license_username: Some(license.username.clone()),
                    license_password: Some(license.password.clone()),
                    ..LicenseFields::default()
                },
                version: Some(self.build.client_info()),
                arch: Some(self.build.system.clone()),
            },
        )
        .at(Service::Work);
        request.authorization = Authorization::Basic(license.clone());
        let checking = Checking {
            license,
            activation,
        };
        self.requests
            .start(turn, Pending::License(checking), request);
    }

    /// The person gives the credentials of an organisation.
    pub(crate) fn activate(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        license: License,
    ) -> Answer {
        if !self.build.edition.is_work() {
            return Answer::refuse(Refusal::NotManaged);
        }
        if self.policy.license_username().is_some() && self.policy.license_password().is_some() {
            let refusal = Refusal::SetByOrganisation(Parameter::LicenseUsername);
            return Answer::refuse(refusal);
        }
        if license.username.trim().is_empty() || license.password.is_empty() {
            return Answer::refuse(Refusal::WrongCredentials);
        }
        if self.requests.is_full() {
            return Answer::refuse(Refusal::Busy);
        }
        self.check_license(turn, license, Some(ticket));
        Answer::Later
    }

    pub(crate) fn on_license_checked(
        &mut self,
        turn: &mut Turn<'_>,
        checking: &Checking,
        result: HttpResult,
    ) -> Result<()> {
        let verdict = read(result);
        match checking.activation {
            Some(ticket) => self.on_activation(turn, ticket, &checking.license, verdict),
            None => self.on_upkeep(turn, &checking.license, verdict),
        }
    }

    fn on_activation(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        license: &License,
        verdict: Verdict,
    ) -> Result<()> {
        let refusal = match verdict {
            Verdict::Good => {
                db::work::set_license(turn.tx, Some(license))?;
                db::work::set_sent_profile(turn.tx, &[])?;
                self.work.license_replaced();
                self.accept_license(turn)?;
                if self.usable_own().is_ok() {
                    self.attach(turn, ticket, license);
                    return Ok(());
                }
                turn.reply(ticket, Ok(Reply::Done));
                return Ok(());
            }
            Verdict::Refused(text) => Refusal::Directory(text),
            Verdict::Over(text) => Refusal::LicenseOver(text),
            Verdict::Unknown => Refusal::WrongCredentials,
            Verdict::NoAnswer(refusal) => refusal,
        };
        turn.reply(ticket, Err(refusal));
        Ok(())
    }

    fn on_upkeep(
        &mut self,
        turn: &mut Turn<'_>,
        license: &License,
        verdict: Verdict,
    ) -> Result<()> {
        // Somebody gave other credentials meanwhile.
        if self.license(turn)?.as_ref() != Some(license) {
            return Ok(());
        }
        match verdict {
            Verdict::Good => self.accept_license(turn),
            Verdict::Refused(text) | Verdict::Over(text) => {
                let refusal = Refusal::Locked(text.clone());
                // The server knows the credentials: others are not what is missing.
                db::work::set_needs_credentials(turn.tx, false)?;
                self.work.license.is_checked = true;
                self.work.sync.fail(turn, &refusal);
                self.work.lock(turn, &text)
            }
            Verdict::Unknown => {
                db::work::set_needs_credentials(turn.tx, true)?;
                turn.notify(Event::CredentialsNeeded);
                self.work.license.is_checked = true;
                self.work.sync.fail(turn, &Refusal::WrongCredentials);
                let text = Text::CredentialsUnknown.in_language(self.build.language());
                self.work.lock(turn, text)
            }
            Verdict::NoAnswer(refusal) => {
                self.work.license.rest = Pause::new(turn.now, RETRY_MS);
                if !db::work::standing(turn.tx)?.is_licensed {
                    self.work.sync.fail(turn, &refusal);
                }
                Ok(())
            }
        }
    }

    /// The server accepted the licence that counts now.
    pub(crate) fn accept_license(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        let was_licensed = db::work::standing(turn.tx)?.is_licensed;
        self.work.license.is_checked = true;
        self.work.unlock(turn)?;
        if !was_licensed {
            self.work.sync.want();
        }
        Ok(())
    }
}

fn read(result: HttpResult) -> Verdict {
    if let Ok(HttpResponse {
        status: 401 | 403, ..
    }) = &result
    {
        return Verdict::Unknown;
    }
    match success_body(result) {
        Err(refusal) => Verdict::NoAnswer(refusal),
        Ok(body) => match from_json::<Outcome<Success>>(&body) {
            Ok(Outcome::Success(Success {})) => Verdict::Good,
            Ok(Outcome::Failure(Failure { error, error_type })) => match error_type.as_deref() {
                Some(license_refused::UNKNOWN) => Verdict::Unknown,
                Some(license_refused::WITHDRAWN | license_refused::EXPIRED) => Verdict::Over(error),
                _ => Verdict::Refused(error),
            },
            Err(_) => Verdict::NoAnswer(Refusal::BadAnswer),
        },
    }
}

/// Credentials that came with a new identity and were accepted with it.
pub(crate) fn keep(turn: &Turn<'_>, policy: &Policy, license: &License) -> Result<()> {
    if policy::license(policy, turn.tx)?.as_ref() != Some(license) {
        db::work::set_license(turn.tx, Some(license))?;
    }
    Ok(())
}
