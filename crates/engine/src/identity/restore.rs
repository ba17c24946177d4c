//! Taking an identity over from a backup. Nothing is written before the directory has said that the
//! key in the backup is that of the identity, and that this edition of the app may have it.

use dreiklang_crypto::{SecretKey, random};
use dreiklang_wire::{
    api::directory::{FetchPrivateReply, FetchPrivateRequest},
    id::{DeviceCookie, Identity},
    mdm::{Parameter, SafeRule},
};

use super::{load, two_phase::Purpose};
use crate::{
    Engine,
    backup::{
        content,
        document::{Contact, Document},
        id_string,
        safe::SafeKeys,
        server,
        upkeep::SafeExchange,
    },
    command::{Refusal, Reply, Ticket},
    contact::mismatch::{self, MismatchSource},
    db::{self, contacts::STATE_INVALID},
    directory::{self, ProvenRequest},
    engine::Answer,
    error::Result,
    event::Event,
    group,
    http::{HttpResult, Method},
    request::{Pending, success_body},
    turn::Turn,
};

/// How many keys one request asks for.
const KEYS_PER_REQUEST: usize = 200;

/// A Safe backup that is being fetched.
pub(crate) struct Fetching {
    ticket: Ticket,
    identity: Identity,
    keys: SafeKeys,
    server: String,
    server_name: String,
}

/// An identity that the directory is asked about.
pub(crate) struct Restoring {
    ticket: Ticket,
    identity: Identity,
    pub(crate) secret_key: SecretKey,
    backup: Option<Backup>,
}

/// What came with it, if it came from Safe.
struct Backup {
    document: Document,
    keys: SafeKeys,
    server: String,
    server_name: String,
}

impl Engine {
    /// From an ID export.
    pub(crate) fn import_id(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        export: &str,
        password: &str,
    ) -> Result<Answer> {
        if let Err(refusal) = self.may_restore(turn)? {
            return Ok(Answer::refuse(refusal));
        }
        let (identity, secret_key) = match id_string::read(export, password) {
            Ok(opened) => opened,
            Err(fault) => return Ok(Answer::refuse(Refusal::Backup(fault))),
        };
        self.ask_whether_ours(
            turn,
            Restoring {
                ticket,
                identity,
                secret_key,
                backup: None,
            },
        );
        Ok(Answer::Later)
    }

    /// From Safe.
    pub(crate) fn restore_safe(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        identity: Identity,
        password: &str,
        server: &str,
    ) -> Result<Answer> {
        if let Err(refusal) = self.may_restore(turn)? {
            return Ok(Answer::refuse(refusal));
        }
        if let (SafeRule::Never, Some(parameter)) = self.policy.safe() {
            return Ok(Answer::refuse(Refusal::SetByOrganisation(parameter)));
        }
        if self.policy.safe_restore_enable() == Some(false) {
            let refusal = Refusal::SetByOrganisation(Parameter::SafeRestoreEnable);
            return Ok(Answer::refuse(refusal));
        }
        let target = match self.safe_target(turn, server)? {
            Ok(target) => target,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let keys = SafeKeys::derive(password, identity);
        let request = target.backup(Method::Get, keys.id, Vec::new());
        let fetching = Fetching {
            ticket,
            identity,
            keys,
            server: server.to_owned(),
            server_name: target.name(),
        };
        let pending = Pending::Safe(Box::new(SafeExchange::Fetch(fetching)));
        self.requests.start(turn, pending, request);
        Ok(Answer::Later)
    }

    fn may_restore(&self, turn: &Turn<'_>) -> Result<Result<(), Refusal>> {
        let is_coming =
            |pending: &Pending| matches!(pending, Pending::TwoPhase(_) | Pending::Safe(_));
        if self.own.is_some() {
            return Ok(Err(Refusal::IdentityExists));
        }
        if self.requests.is_full() || self.requests.any(is_coming) {
            return Ok(Err(Refusal::Busy));
        }
        let needs_license = self.build.edition.is_work();
        if needs_license && crate::policy::license(&self.policy, turn.tx)?.is_none() {
            return Ok(Err(Refusal::NoLicense));
        }
        Ok(Ok(()))
    }

    pub(crate) fn on_backup_fetched(
        &mut self,
        turn: &mut Turn<'_>,
        fetching: Fetching,
        result: HttpResult,
    ) {
        let opened = server::success(result).and_then(|bytes| {
            let document = fetching.keys.open(&bytes).map_err(Refusal::Backup)?;
            let secret_key = document.secret_key().map_err(Refusal::Backup)?;
            Ok((document, secret_key))
        });
        let (document, secret_key) = match opened {
            Ok(opened) => opened,
            Err(refusal) => {
                turn.reply(fetching.ticket, Err(refusal));
                return;
            }
        };
        let Fetching {
            ticket,
            identity,
            keys,
            server,
            server_name,
        } = fetching;
        let backup = Some(Backup {
            document,
            keys,
            server,
            server_name,
        });
        self.ask_whether_ours(
            turn,
            Restoring {
                ticket,
                identity,
                secret_key,
                backup,
            },
        );
    }

    fn ask_whether_ours(&mut self, turn: &mut Turn<'_>, restoring: Restoring) {
        let request = ProvenRequest::FetchPrivate(FetchPrivateRequest {
            identity: restoring.identity,
            app_variant: Some(self.build.edition.app_variant().to_owned()),
        });
        self.start_two_phase(turn, Purpose::Restore(Box::new(restoring)), request);
    }

    pub(crate) fn on_restored(
        &mut self,
        turn: &mut Turn<'_>,
        restoring: &Restoring,
        result: Result<Vec<u8>, Refusal>,
    ) -> Result<()> {
        let answer = result
            .and_then(|body| directory::read_private(&body))
            .and_then(|reply| {
                let is_it = reply.identity == restoring.identity;
                is_it.then_some(reply).ok_or(Refusal::BadAnswer)
            });
        let answer = match answer {
            Err(refusal) => Err(refusal),
            // Somebody was faster.
            Ok(_) if self.own.is_some() => Err(Refusal::IdentityExists),
            Ok(reply) => {
                self.take_over(turn, restoring, &reply)?;
                Ok(Reply::IdentityRestored(restoring.identity))
            }
        };
        turn.reply(restoring.ticket, answer);
        Ok(())
    }

    fn take_over(
        &mut self,
        turn: &mut Turn<'_>,
        restoring: &Restoring,
        reply: &FetchPrivateReply,
    ) -> Result<()> {
        // A key whose registration was never answered gives way to the one the person asked for.
        db::identity::delete_unregistered(turn.tx)?;
        let cookie = DeviceCookie(random(&mut *self.rng));
        db::identity::insert(turn.tx, &restoring.secret_key, cookie)?;
        db::identity::set_registered(turn.tx, restoring.identity, &reply.server_group)?;
        let mut carried = Vec::new();
        if let Some(backup) = &restoring.backup {
            content::restore_settings(turn, &backup.document)?;
            for contact in &backup.document.contacts {
                content::restore_contact(turn, restoring.identity, contact)?;
            }
            for group in &backup.document.groups {
                group::restore::keep(turn, restoring.identity, group)?;
            }
            carried = backup.document.clone().carried();
            if self.policy.safe().0 != SafeRule::Never {
                let before = db::safe::find(turn.tx)?;
                Self::begin_safe(turn, &before, &backup.server, &backup.keys, &[])?;
                // The next look is in a day: there is a backup already.
                let nothing = [0; 32];
                db::safe::set_uploaded(turn.tx, turn.now, &backup.server_name, &nothing, 0)?;
            }
        }
        db::safe::set_restored(turn.tx, turn.now, &carried)?;
        self.own = load(turn.tx)?;
        if let Some(backup) = &restoring.backup {
            for contact in &backup.document.contacts {
                self.request_restored_picture(turn, contact)?;
            }
        }
        self.safe.look_again();
        turn.notify(Event::MeChanged);
        Ok(())
    }

    /// csp.struct.yml, application setup: pictures are in no backup. Whoever never wrote is not
    /// asked, as far as the backup says who did.
    fn request_restored_picture(&mut self, turn: &mut Turn<'_>, contact: &Contact) -> Result<()> {
        let has_written = match contact.rest.get("lastUpdate") {
            Some(at) => at.as_u64().is_some_and(|at| at > 0),
            None => true,
        };
        if has_written {
            self.request_picture(turn, contact.identity)?;
        }
        Ok(())
    }

    /// Asks for the keys of contacts that a backup had without one. Returns whether it did.
    pub(crate) fn ask_restored_keys(&mut self, turn: &mut Turn<'_>) -> Result<bool> {
        let waiting = db::safe::waiting(turn.tx, KEYS_PER_REQUEST)?;
        if waiting.is_empty() || self.requests.is_full() {
            return Ok(false);
        }
        let asked: Vec<_> = waiting.iter().map(|contact| contact.identity).collect();
        let request = directory::fetch_bulk(&asked);
        let pending = Pending::Safe(Box::new(SafeExchange::Keys(asked)));
        self.requests.start(turn, pending, request);
        Ok(true)
    }

    pub(crate) fn on_restored_keys(
        &mut self,
        turn: &mut Turn<'_>,
        asked: &[Identity],
        result: HttpResult,
    ) -> Result<()> {
        let found = success_body(result)
            .ok()
            .and_then(|body| directory::read_bulk(&body));
        let Some(mut found) = found else {
            self.safe.retry_later(turn.now);
            return Ok(());
        };
        self.safe.look_again();
        for contact in db::safe::waiting(turn.tx, asked.len())? {
            if !asked.contains(&contact.identity) {
                continue;
            }
            // Whoever is missing was revoked: there is no key to write to.
            if let Some(entry) = found.remove(&contact.identity)
                && entry.activity_state < STATE_INVALID
            {
                if let Some(known) = db::contacts::find(turn.tx, contact.identity)? {
                    let source = MismatchSource::Directory;
                    mismatch::is_pinned(turn, &known, &entry.public_key, source)?;
                }
                db::safe::insert_contact(turn.tx, &contact, &entry.public_key, turn.now)?;
                self.request_restored_picture(turn, &contact)?;
                turn.notify(Event::ContactChanged(contact.identity));
            }
            db::safe::delete_waiting(turn.tx, contact.identity)?;
        }
        Ok(())
    }
}
