//! When a Safe backup is made, and what is on the way to the server.
//!
//! Nothing that others do makes a backup go out: one look a day decides (protocol.md, E7), or the
//! person asks. A backup that did not change is sent again after half the time that the server
//! keeps it.

use dreiklang_crypto::{Zeroizing, kdf};
use dreiklang_wire::{
    api::safe::{BackupId, Config},
    id::Identity,
    mdm::{Parameter, SafeRule},
};

use super::{BackupFault, password, safe::SafeKeys, server, server::Target};
use crate::{
    Engine, Timestamp,
    command::{Refusal, Reply, Ticket},
    db::{self, safe::SafeRow},
    engine::Answer,
    error::Result,
    event::Event,
    http::{HttpResult, Method},
    identity::restore::Fetching,
    request::Pending,
    time::Pause,
    turn::Turn,
};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
const RETRY_MS: u64 = 60 * 60 * 1_000;

/// When to look whether a backup is due. Nothing is stored: a fresh start looks at once, and what
/// it finds is in the rows.
#[derive(Default)]
pub(crate) struct Upkeep {
    look: Look,
}

#[derive(Clone, Copy, Default)]
enum Look {
    #[default]
    Now,
    After(Pause),
    /// Until something changes that makes a difference.
    OnChange,
}

impl Upkeep {
    pub(crate) fn next_wake(&self) -> Option<Timestamp> {
        match self.look {
            Look::After(pause) => Some(pause.ends_at()),
            Look::Now | Look::OnChange => None,
        }
    }

    /// The server that was asked has no answer now.
    pub(crate) fn retry_later(&mut self, now: Timestamp) {
        self.look = Look::After(Pause::new(now, RETRY_MS));
    }

    /// Something changed that may make a difference.
    pub(crate) fn look_again(&mut self) {
        self.look = Look::Now;
    }
}

/// What is on the way to a Safe server, or from it.
pub(crate) enum SafeExchange {
    /// The server is asked what it takes before it is given anything.
    Config(Upload),
    Upload(Upload, Sent),
    Delete(Ticket),
    DeleteStale,
    Fetch(Fetching),
    /// The keys of restored contacts.
    Keys(Vec<Identity>),
}

/// A backup that is being made.
pub(crate) struct Upload {
    /// Nobody waits if it was only due.
    ticket: Option<Ticket>,
    target: Target,
    keys: SafeKeys,
    /// The server the person chose, if Safe begins with this upload.
    begins_with: Option<String>,
}

/// What was put on the way.
pub(crate) struct Sent {
    hash: [u8; 32],
    bytes: u64,
}

impl Engine {
    pub(crate) fn enable_safe(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        password: &str,
        server: &str,
    ) -> Result<Answer> {
        let own = match self.usable_own() {
            Ok(own) => own.identity,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if let Err(refusal) = self.may_choose_safe(own, password, server) {
            return Ok(Answer::refuse(refusal));
        }
        let target = match self.safe_target(turn, server)? {
            Ok(target) => target,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if self.requests.is_full() || self.is_safe_busy() {
            return Ok(Answer::refuse(Refusal::Busy));
        }
        self.ask_config(
            turn,
            Upload {
                ticket: Some(ticket),
                target,
                keys: SafeKeys::derive(password, own),
                begins_with: Some(server.to_owned()),
            },
        );
        Ok(Answer::Later)
    }

    fn may_choose_safe(&self, own: Identity, password: &str, server: &str) -> Result<(), Refusal> {
        if let (SafeRule::Never, Some(parameter)) = self.policy.safe() {
            return Err(Refusal::SetByOrganisation(parameter));
        }
        if let Some((_, parameter)) = password::managed(&self.policy) {
            return Err(Refusal::SetByOrganisation(parameter));
        }
        if !server.is_empty() && self.policy.safe_server_url().is_some() {
            return Err(Refusal::SetByOrganisation(Parameter::SafeServerUrl));
        }
        password::check(password, own, &self.policy, self.build.fits_pattern)
    }

    /// Makes a backup now, changed or not.
    pub(crate) fn back_up_now(&mut self, turn: &mut Turn<'_>, ticket: Ticket) -> Result<Answer> {
        if let Err(refusal) = self.usable_own() {
            return Ok(Answer::refuse(refusal));
        }
        if let (SafeRule::Never, Some(parameter)) = self.policy.safe() {
            return Ok(Answer::refuse(Refusal::SetByOrganisation(parameter)));
        }
        let row = db::safe::find(turn.tx)?;
        let Some(keys) = row.keys.filter(|_| row.is_enabled) else {
            return Ok(Answer::refuse(Refusal::SafeOff));
        };
        if self.requests.is_full() || self.is_safe_busy() {
            return Ok(Answer::refuse(Refusal::Busy));
        }
        let target = match self.safe_target(turn, &row.server)? {
            Ok(target) => target,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        self.ask_config(
            turn,
            Upload {
                ticket: Some(ticket),
                target,
                keys,
                begins_with: None,
            },
        );
        Ok(Answer::Later)
    }

    /// Ends Safe and deletes the backup. `even_if_it_stays` ends it without asking the server.
    pub(crate) fn disable_safe(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        even_if_it_stays: bool,
    ) -> Result<Answer> {
        if let (SafeRule::Must, Some(parameter)) = self.policy.safe() {
            return Ok(Answer::refuse(Refusal::SetByOrganisation(parameter)));
        }
        let row = db::safe::find(turn.tx)?;
        let Some(keys) = row.keys.filter(|_| row.is_enabled) else {
            return Ok(Answer::refuse(Refusal::SafeOff));
        };
        if even_if_it_stays {
            self.forget_safe(turn)?;
            return Ok(Answer::done());
        }
        if self.requests.is_full() || self.is_safe_busy() {
            return Ok(Answer::refuse(Refusal::Busy));
        }
        let target = match self.safe_target(turn, &row.server)? {
            Ok(target) => target,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let request = target.backup(Method::Delete, keys.id, Vec::new());
        let pending = Pending::Safe(Box::new(SafeExchange::Delete(ticket)));
        self.requests.start(turn, pending, request);
        Ok(Answer::Later)
    }

    fn forget_safe(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        db::safe::disable(turn.tx)?;
        turn.notify(Event::SafeChanged);
        self.safe.look_again();
        Ok(())
    }

    pub(crate) fn is_safe_busy(&self) -> bool {
        self.requests
            .any(|pending| matches!(pending, Pending::Safe(_)))
    }

    fn ask_config(&mut self, turn: &mut Turn<'_>, upload: Upload) {
        let request = upload.target.config();
        let pending = Pending::Safe(Box::new(SafeExchange::Config(upload)));
        self.requests.start(turn, pending, request);
    }

    pub(crate) fn on_safe(
        &mut self,
        turn: &mut Turn<'_>,
        exchange: SafeExchange,
        result: HttpResult,
    ) -> Result<()> {
        match exchange {
            SafeExchange::Config(upload) => self.on_safe_config(turn, upload, result),
            SafeExchange::Upload(upload, sent) => self.on_uploaded(turn, &upload, &sent, result),
            SafeExchange::Delete(ticket) => {
                let answer = server::deleted(result);
                if answer.is_ok() {
                    self.forget_safe(turn)?;
                }
                turn.reply(ticket, answer.map(|()| Reply::Done));
                Ok(())
            }
            SafeExchange::DeleteStale => {
                // A server that is gone for good is not asked for ever.
                db::safe::set_stale(turn.tx, None)
            }
            SafeExchange::Fetch(fetching) => {
                self.on_backup_fetched(turn, fetching, result);
                Ok(())
            }
            SafeExchange::Keys(asked) => self.on_restored_keys(turn, &asked, result),
        }
    }

    fn on_safe_config(
        &mut self,
        turn: &mut Turn<'_>,
        upload: Upload,
        result: HttpResult,
    ) -> Result<()> {
        let config = server::success(result)
            .and_then(|json| Config::from_json(&json).map_err(|_| Refusal::BadAnswer));
        let config = match config {
            Ok(config) => config,
            // A server without this file is no Safe server.
            Err(Refusal::Backup(_)) => {
                return self.upload_failed(turn, &upload, Refusal::BadAnswer);
            }
            Err(refusal) => return self.upload_failed(turn, &upload, refusal),
        };
        let Some(document) = self.safe_document(turn)? else {
            return self.upload_failed(turn, &upload, Refusal::NoIdentity);
        };
        let hash = kdf::sha256(&document.to_json());
        let sealed = upload.keys.seal(&document, &mut *self.rng);
        let bytes = u64::try_from(sealed.len()).unwrap_or(u64::MAX);
        if bytes > config.max_backup_bytes {
            let refusal = Refusal::Backup(BackupFault::TooLarge);
            return self.upload_failed(turn, &upload, refusal);
        }
        db::safe::set_server_limits(turn.tx, config.max_backup_bytes, config.retention_days)?;
        let request = upload.target.backup(Method::Put, upload.keys.id, sealed);
        let sent = Sent { hash, bytes };
        let pending = Pending::Safe(Box::new(SafeExchange::Upload(upload, sent)));
        self.requests.start(turn, pending, request);
        Ok(())
    }

    fn on_uploaded(
        &mut self,
        turn: &mut Turn<'_>,
        upload: &Upload,
        sent: &Sent,
        result: HttpResult,
    ) -> Result<()> {
        if let Err(refusal) = server::success(result) {
            return self.upload_failed(turn, upload, refusal);
        }
        if let Some(server) = &upload.begins_with {
            let before = db::safe::find(turn.tx)?;
            Self::begin_safe(turn, &before, server, &upload.keys, &[])?;
        }
        let name = upload.target.name();
        db::safe::set_uploaded(turn.tx, turn.now, &name, &sent.hash, sent.bytes)?;
        turn.notify(Event::SafeChanged);
        self.safe.look_again();
        if let Some(ticket) = upload.ticket {
            turn.reply(ticket, Ok(Reply::Done));
        }
        Ok(())
    }

    fn upload_failed(
        &mut self,
        turn: &mut Turn<'_>,
        upload: &Upload,
        refusal: Refusal,
    ) -> Result<()> {
        if upload.begins_with.is_none() {
            db::safe::set_tried(turn.tx, turn.now, fault_number(&refusal))?;
            self.safe.look = Look::After(Pause::new(turn.now, RETRY_MS));
            turn.notify(Event::SafeChanged);
        }
        if let Some(ticket) = upload.ticket {
            turn.reply(ticket, Err(refusal));
        }
        Ok(())
    }

    /// Takes new keys; the backup under the old ones is to be deleted.
    pub(crate) fn begin_safe(
        turn: &mut Turn<'_>,
        before: &SafeRow,
        server: &str,
        keys: &SafeKeys,
        managed_by: &[u8],
    ) -> Result<()> {
        let was = before.keys.as_ref().filter(|_| before.is_enabled);
        // The same backup at the same place, written in another way, is the one to keep.
        let has_moved = !before.server.is_empty()
            && !server.is_empty()
            && place_of(&before.server) != place_of(server);
        let is_other = |was: &&SafeKeys| was.id != keys.id || has_moved;
        if let Some(was) = was.filter(is_other)
            && before.uploaded_at.is_some()
        {
            db::safe::set_stale(turn.tx, Some((&before.server, was.id)))?;
        }
        db::safe::enable(turn.tx, server, keys, managed_by)
    }

    /// Looks whether something is due, at most once a day unless something changed.
    pub(crate) fn safe_upkeep(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        match self.safe.look {
            Look::OnChange => return Ok(()),
            Look::After(pause) if !pause.is_over(turn.now) => return Ok(()),
            Look::Now | Look::After(_) => {}
        }
        if self.is_safe_busy() {
            return Ok(());
        }
        self.safe.look = Look::OnChange;
        let Ok(own) = self.usable_own().map(|own| own.identity) else {
            return Ok(());
        };
        if self.ask_restored_keys(turn)? {
            return Ok(());
        }
        self.restore_groups(turn)?;
        if self.policy.safe().0 == SafeRule::Never {
            return Ok(());
        }
        self.follow_managed_password(turn, own)?;
        let row = db::safe::find(turn.tx)?;
        // The old backup goes when the new one is there.
        if let Some((server, id)) = &row.stale
            && (!row.is_enabled || row.uploaded_at.is_some())
        {
            return self.delete_stale(turn, server, *id);
        }
        let Some(keys) = row.keys.clone().filter(|_| row.is_enabled) else {
            return Ok(());
        };
        let Ok(target) = self.safe_target(turn, &row.server)? else {
            return db::safe::set_tried(
                turn.tx,
                turn.now,
                fault_number(&Refusal::BadServerAddress),
            );
        };
        if let Some(rest) = self.rest_of_safe(turn, &row, &target)? {
            self.safe.look = Look::After(rest);
            return Ok(());
        }
        self.ask_config(
            turn,
            Upload {
                ticket: None,
                target,
                keys,
                begins_with: None,
            },
        );
        Ok(())
    }

    /// How long nothing is due; none if a backup is.
    fn rest_of_safe(
        &self,
        turn: &Turn<'_>,
        row: &SafeRow,
        target: &Target,
    ) -> Result<Option<Pause>> {
        let Some(uploaded_at) = row.uploaded_at.filter(|_| row.uploaded_to == target.name()) else {
            // After a failure an hour passes, also over a restart.
            let rest = Pause::new(row.tried_at, RETRY_MS);
            let is_resting = row.fault != 0 && !rest.is_over(turn.now);
            return Ok(is_resting.then_some(rest));
        };
        let looked_at = row.tried_at.max(uploaded_at);
        let wait_ms = if row.fault == 0 { DAY_MS } else { RETRY_MS };
        let rest = Pause::new(looked_at, wait_ms);
        if !rest.is_over(turn.now) {
            return Ok(Some(rest));
        }
        let half_ms = u64::from(row.retention_days).saturating_mul(DAY_MS) / 2;
        let is_fresh = !Pause::new(uploaded_at, half_ms).is_over(turn.now);
        let Some(document) = self.safe_document(turn)? else {
            return Ok(Some(Pause::new(turn.now, DAY_MS)));
        };
        let is_same = row.uploaded_hash == kdf::sha256(&document.to_json());
        if row.fault == 0 && is_fresh && is_same {
            db::safe::set_tried(turn.tx, turn.now, 0)?;
            return Ok(Some(Pause::new(turn.now, DAY_MS)));
        }
        Ok(None)
    }

    /// The organisation's password makes the keys, without the person doing anything.
    fn follow_managed_password(&mut self, turn: &mut Turn<'_>, own: Identity) -> Result<()> {
        let row = db::safe::find(turn.tx)?;
        let Some((password, _)) = password::managed(&self.policy) else {
            return Ok(());
        };
        let text = Zeroizing::new(format!("{own}{password}"));
        let mark = kdf::sha256(text.as_bytes());
        if row.is_enabled && row.managed_by == mark {
            return Ok(());
        }
        let keys = SafeKeys::derive(password, own);
        Self::begin_safe(turn, &row, &row.server, &keys, &mark)?;
        turn.notify(Event::SafeChanged);
        Ok(())
    }

    fn delete_stale(&mut self, turn: &mut Turn<'_>, server: &str, id: BackupId) -> Result<()> {
        self.safe.look_again();
        let Ok(target) = self.safe_target(turn, server)? else {
            return db::safe::set_stale(turn.tx, None);
        };
        let request = target.backup(Method::Delete, id, Vec::new());
        let pending = Pending::Safe(Box::new(SafeExchange::DeleteStale));
        self.requests.start(turn, pending, request);
        Ok(())
    }
}

/// docs/schema/client.sql, safe.fault.
fn fault_number(refusal: &Refusal) -> u8 {
    match refusal {
        Refusal::Http(_) => 1,
        Refusal::WrongCredentials | Refusal::RateLimited => 2,
        Refusal::Backup(BackupFault::TooLarge) => 3,
        _ => 4,
    }
}

/// An address without its credentials and the slash at its end.
fn place_of(server: &str) -> String {
    let (scheme, rest) = server.split_once("://").unwrap_or(("https", server));
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    format!("{scheme}://{}", place.trim_end_matches('/')).to_lowercase()
}
