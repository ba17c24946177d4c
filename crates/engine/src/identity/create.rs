//! Making the own identity. The key is a row before the directory hears of it: if the answer is
//! lost, the next attempt asks for the same key, not for a second identity.

use dreiklang_crypto::{SecretKey, random};
use dreiklang_wire::id::DeviceCookie;

use super::{NICKNAME_CHARS_MAX, check_length, load, two_phase::Purpose};
use crate::{
    Engine,
    command::{License, Refusal, Reply, Ticket},
    db,
    directory::{self, ProvenRequest},
    engine::Answer,
    error::Result,
    event::Event,
    request::Pending,
    turn::Turn,
    work::license,
};

/// What to do once the directory has confirmed the key.
pub(crate) struct Creating {
    ticket: Ticket,
    nickname: String,
    /// Kept once the directory has accepted it.
    license: Option<License>,
}

impl Engine {
    pub(crate) fn create_identity(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        nickname: &str,
        license: Option<License>,
    ) -> Result<Answer> {
        let nickname = nickname.trim().to_owned();
        if let Err(refusal) = check_length("nickname", &nickname, NICKNAME_CHARS_MAX) {
            return Ok(Answer::refuse(refusal));
        }
        let license = match (license, self.build.edition.is_work()) {
            (Some(license), _) => Some(license),
            (None, false) => None,
            (None, true) => match self.license(turn)? {
                Some(license) => Some(license),
                None => return Ok(Answer::refuse(Refusal::NoLicense)),
            },
        };
        let is_creating = |pending: &Pending| matches!(pending, Pending::TwoPhase(_));
        if self.own.is_some() || self.requests.any(is_creating) {
            return Ok(Answer::refuse(Refusal::IdentityExists));
        }
        let secret_key = if let Some(row) = db::identity::find(turn.tx)? {
            row.secret_key
        } else {
            let secret_key = SecretKey::generate(&mut *self.rng);
            let cookie = DeviceCookie(random(&mut *self.rng));
            db::identity::insert(turn.tx, &secret_key, cookie)?;
            secret_key
        };
        let request = ProvenRequest::create(secret_key.public(), license.clone());
        // The private app shows its credentials in this one request and keeps none.
        let license = license.filter(|_| self.build.edition.is_work());
        let creating = Creating {
            ticket,
            nickname,
            license: license.clone(),
        };
        self.start_two_phase_as(turn, Purpose::Create(creating), request, license);
        Ok(Answer::Later)
    }

    pub(crate) fn on_created(
        &mut self,
        turn: &mut Turn<'_>,
        creating: &Creating,
        result: Result<Vec<u8>, Refusal>,
    ) -> Result<()> {
        // The directory forgets its challenges when it restarts.
        let is_proof_stale = result
            .as_ref()
            .is_ok_and(|body| directory::is_proof_refused(body));
        let answer = match result.and_then(|body| directory::read_created(&body)) {
            Err(refusal) => {
                // A key that was refused may be refused for ever; a key whose answer was lost may
                // be registered. A stale proof says nothing about the key: the next attempt asks
                // for the same one, in case an earlier attempt registered it.
                if matches!(refusal, Refusal::Directory(_)) && !is_proof_stale {
                    db::identity::delete_unregistered(turn.tx)?;
                }
                Err(refusal)
            }
            Ok((identity, server_group)) => {
                db::identity::set_registered(turn.tx, identity, &server_group)?;
                let is_name = creating.nickname != identity.as_str();
                let nickname = if is_name {
                    creating.nickname.as_str()
                } else {
                    ""
                };
                db::identity::set_nickname(turn.tx, nickname)?;
                self.own = load(turn.tx)?;
                self.safe.look_again();
                if let Some(license) = &creating.license {
                    license::keep(turn, &self.policy, license)?;
                    self.accept_license(turn)?;
                }
                turn.notify(Event::MeChanged);
                Ok(Reply::IdentityCreated(identity))
            }
        };
        turn.reply(creating.ticket, answer);
        Ok(())
    }
}
