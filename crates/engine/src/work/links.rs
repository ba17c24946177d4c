//! Linking an e-mail address or a phone number with the own identity: the person's wish, or a
//! preset of the organisation (`th_linked_email`, `th_linked_phone`).

use dreiklang_wire::{
    api::link::{
        self, CallPhoneRequest, ConfirmPhoneRequest, LinkEmailRequest, LinkPhoneRequest, LinkReply,
    },
    mdm::Parameter,
};

use crate::{
    Engine, Timestamp,
    command::{Refusal, Reply, Ticket},
    db::{
        self,
        links::{Kind, State},
    },
    directory::{self, ProvenRequest, post},
    engine::Answer,
    error::Result,
    event::Event,
    http::HttpResult,
    identity::two_phase::Purpose,
    policy,
    request::{Pending, success_body},
    time::Pause,
    turn::Turn,
};

/// When to try the organisation's presets again.
#[derive(Default)]
pub(crate) struct Upkeep {
    rest: Pause,
    due_at: Option<Timestamp>,
}

/// A link under way.
pub(crate) struct Linking {
    pub(crate) kind: Kind,
    /// The spelling that is hashed; empty to unlink.
    address: String,
    /// Only asks whether it was confirmed.
    is_question: bool,
    ticket: Option<Ticket>,
}

const RETRY_MS: u64 = 60 * 60 * 1_000;
const CODE_CHARS_MAX: usize = 64;

impl Upkeep {
    pub(super) fn next_wake(&self) -> Option<Timestamp> {
        self.due_at
    }
}

impl Linking {
    /// The answer to the first phase may be the last: linked already, or only a question.
    pub(crate) fn is_settled(&self, body: &[u8]) -> bool {
        self.is_question
            || matches!(
                directory::read_link(body),
                Ok(LinkReply::Linked | LinkReply::NotLinked)
            )
    }
}

impl Engine {
    pub(crate) fn link_email(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        address: &str,
    ) -> Answer {
        let preset = self.policy.linked_email().map(|_| Parameter::LinkedEmail);
        if let Err(refusal) = self.may_link(preset) {
            return Answer::refuse(refusal);
        }
        let address = match spelled(address, link::email) {
            Ok(address) => address,
            Err(refusal) => return Answer::refuse(refusal),
        };
        self.start_link(turn, Kind::Email, address, false, Some(ticket))
    }

    pub(crate) fn check_email(&mut self, turn: &mut Turn<'_>, ticket: Ticket) -> Result<Answer> {
        let row = db::links::find(turn.tx, Kind::Email)?;
        if row.address.is_empty() {
            return Ok(Answer::refuse(Refusal::NothingToConfirm));
        }
        Ok(self.start_link(turn, Kind::Email, row.address, true, Some(ticket)))
    }

    pub(crate) fn link_phone(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        number: &str,
    ) -> Answer {
        let preset = self.policy.linked_phone().map(|_| Parameter::LinkedPhone);
        if let Err(refusal) = self.may_link(preset) {
            return Answer::refuse(refusal);
        }
        let number = match spelled(number, link::phone) {
            Ok(number) => number,
            Err(refusal) => return Answer::refuse(refusal),
        };
        self.start_link(turn, Kind::Phone, number, false, Some(ticket))
    }

    /// Links are part of the profile; a preset is the organisation's.
    fn may_link(&self, preset: Option<Parameter>) -> Result<(), Refusal> {
        let readonly = self.policy.readonly_profile();
        policy::unless(readonly, Parameter::ReadonlyProfile)?;
        preset.map_or(Ok(()), |parameter| {
            Err(Refusal::SetByOrganisation(parameter))
        })
    }

    fn start_link(
        &mut self,
        turn: &mut Turn<'_>,
        kind: Kind,
        address: String,
        is_question: bool,
        ticket: Option<Ticket>,
    ) -> Answer {
        let identity = match self.usable_own() {
            Ok(own) => own.identity,
            Err(refusal) => return Answer::refuse(refusal),
        };
        if self.requests.is_full() || self.is_linking(kind) {
            return Answer::refuse(Refusal::Busy);
        }
        let lang = (!is_question).then(|| self.build.language().to_owned());
        let request = match kind {
            Kind::Email => ProvenRequest::LinkEmail(LinkEmailRequest {
                identity,
                email: address.clone(),
                lang,
            }),
            Kind::Phone => ProvenRequest::LinkPhone(LinkPhoneRequest {
                identity,
                mobile_no: address.clone(),
                lang,
                url_scheme: None,
            }),
        };
        let linking = Linking {
            kind,
            address,
            is_question,
            ticket,
        };
        self.start_two_phase(turn, Purpose::Link(linking), request);
        Answer::Later
    }

    fn is_linking(&self, kind: Kind) -> bool {
        self.requests.any(|pending| {
            pending
                .is_for(|purpose| matches!(purpose, Purpose::Link(linking) if linking.kind == kind))
        })
    }

    /// The presets are linked without anybody asking for it.
    pub(super) fn links_upkeep(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        self.work.links.due_at = None;
        if self.usable_own().is_err() || self.work.is_locked() {
            return Ok(());
        }
        let presets = [
            (Kind::Email, self.policy.linked_email().map(link::email)),
            (Kind::Phone, self.policy.linked_phone().map(link::phone)),
        ];
        for (kind, preset) in presets {
            // An address that is none has no effect, as every odd value.
            let Some(Ok(address)) = preset else { continue };
            let row = db::links::find(turn.tx, kind)?;
            let is_done = row.address == address && row.state != State::None;
            if is_done || self.is_linking(kind) {
                continue;
            }
            let rest = self.work.links.rest;
            if rest.is_over(turn.now) {
                self.start_link(turn, kind, address, false, None);
            } else {
                self.work.links.due_at = Some(rest.ends_at());
            }
        }
        Ok(())
    }

    /// The last answer: that of the first phase if it settled everything.
    pub(crate) fn on_linked(
        &mut self,
        turn: &mut Turn<'_>,
        linking: &Linking,
        is_second: bool,
        result: Result<Vec<u8>, Refusal>,
    ) -> Result<()> {
        let state = result.and_then(|body| {
            if is_second {
                Ok((State::Waits, directory::read_verification(&body)?))
            } else {
                let is_linked = directory::read_link(&body)? == LinkReply::Linked;
                let state = if is_linked {
                    State::Linked
                } else {
                    State::Waits
                };
                Ok((state, None))
            }
        });
        let answer = match state {
            Err(refusal) => {
                self.work.links.rest = Pause::new(turn.now, RETRY_MS);
                Err(refusal)
            }
            Ok((state, verification)) => {
                let state = if linking.address.is_empty() {
                    State::None
                } else {
                    state
                };
                db::links::set(turn.tx, linking.kind, &linking.address, state)?;
                if linking.kind == Kind::Phone {
                    db::links::set_verification(turn.tx, &verification.unwrap_or_default())?;
                }
                turn.notify(Event::LinksChanged);
                Ok(Reply::Done)
            }
        };
        if let Some(ticket) = linking.ticket {
            turn.reply(ticket, answer);
        }
        Ok(())
    }

    pub(crate) fn confirm_phone(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        code: &str,
    ) -> Result<Answer> {
        let code = code.trim();
        let verification_id = db::links::verification(turn.tx)?;
        let is_code = !code.is_empty() && code.chars().count() <= CODE_CHARS_MAX;
        if verification_id.is_empty() || !is_code {
            return Ok(Answer::refuse(Refusal::NothingToConfirm));
        }
        if self.requests.is_full() {
            return Ok(Answer::refuse(Refusal::Busy));
        }
        let body = ConfirmPhoneRequest {
            verification_id,
            code: code.to_owned(),
        };
        let request = post(link::path::LINK_PHONE, &body);
        self.requests
            .start(turn, Pending::ConfirmPhone(ticket), request);
        Ok(Answer::Later)
    }

    pub(crate) fn on_phone_confirmed(
        turn: &mut Turn<'_>,
        ticket: Ticket,
        result: HttpResult,
    ) -> Result<()> {
        let result = success_body(result).and_then(|body| directory::read_done(&body));
        if result.is_ok() {
            let row = db::links::find(turn.tx, Kind::Phone)?;
            db::links::set(turn.tx, Kind::Phone, &row.address, State::Linked)?;
            db::links::set_verification(turn.tx, "")?;
            turn.notify(Event::LinksChanged);
        }
        turn.reply(ticket, result.map(|()| Reply::Done));
        Ok(())
    }

    pub(crate) fn call_phone(&mut self, turn: &mut Turn<'_>, ticket: Ticket) -> Result<Answer> {
        let verification_id = db::links::verification(turn.tx)?;
        if verification_id.is_empty() {
            return Ok(Answer::refuse(Refusal::NothingToConfirm));
        }
        if self.requests.is_full() {
            return Ok(Answer::refuse(Refusal::Busy));
        }
        let request = post(
            link::path::CALL_PHONE,
            &CallPhoneRequest { verification_id },
        );
        self.requests
            .start(turn, Pending::CallPhone(ticket), request);
        Ok(Answer::Later)
    }
}

/// Empty unlinks; anything else must be an address.
fn spelled(
    address: &str,
    spell: impl Fn(&str) -> dreiklang_wire::Result<String>,
) -> Result<String, Refusal> {
    if address.trim().is_empty() {
        return Ok(String::new());
    }
    spell(address).map_err(|_| Refusal::BadAddress)
}
