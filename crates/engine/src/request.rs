//! HTTP requests under way. They live in memory only: whatever a lost answer would have changed is
//! asked for again by the command, the message or the upkeep that wanted it.

use std::collections::BTreeMap;

use dreiklang_crypto::{CryptoRng, random};
use dreiklang_wire::id::Identity;

use crate::{
    Engine,
    backup::upkeep::SafeExchange,
    command::{License, Refusal, Reply, Ticket},
    contact::{add::Adding, check::Checking, matching::Matching},
    directory,
    edition::Edition,
    error::Result,
    group::gather::Gathering,
    http::{Authorization, HttpRequest, HttpResponse, HttpResult, RequestId, Service},
    identity::two_phase::{Purpose, TwoPhase},
    remote_secret,
    turn::Turn,
    work::{availability, license, logo},
};

pub(crate) struct Requests {
    next: u64,
    /// What requests to the own servers show, if nothing else was said.
    shown: Authorization,
    pending: BTreeMap<RequestId, Pending>,
}

/// What an answer is for.
pub(crate) enum Pending {
    TwoPhase(Box<TwoPhase>),
    AddContact(Adding),
    Lookup(Vec<Identity>),
    Gather(Box<Gathering>),
    Check(Checking),
    License(license::Checking),
    Sync(License),
    WorkLookup,
    Search(Ticket),
    Match(Matching),
    ConfirmPhone(Ticket),
    CallPhone(Ticket),
    RemoteSecret(remote_secret::Exchange),
    Availability(Box<availability::Setting>),
    Logo(logo::Fetching),
    Safe(Box<SafeExchange>),
}

impl Pending {
    /// Whether this is a request with a proof for such a purpose.
    pub(crate) fn is_for(&self, is_wanted: impl Fn(&Purpose) -> bool) -> bool {
        matches!(self, Self::TwoPhase(exchange) if is_wanted(&exchange.purpose))
    }
}

/// More than this at once means a caller that does not wait for answers.
const PENDING_MAX: usize = 64;

impl Requests {
    /// Ids begin anywhere, so that an answer for an earlier engine finds no request of this one.
    pub(crate) fn new(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        Self {
            next: u64::from_le_bytes(random(rng)),
            shown: Authorization::Nobody,
            pending: BTreeMap::new(),
        }
    }

    /// From now on requests to the servers of an organisation show its licence: some answer nobody
    /// else, and some find nobody else for those who are not known to them.
    pub(crate) fn show(&mut self, edition: Edition, license: Option<&License>) {
        self.shown = match license {
            Some(license) if edition.is_work() => Authorization::Basic(license.clone()),
            _ => Authorization::Nobody,
        };
    }

    pub(crate) fn start(
        &mut self,
        turn: &mut Turn<'_>,
        pending: Pending,
        mut request: HttpRequest,
    ) {
        let is_own = matches!(request.service, Service::Directory | Service::Work);
        if is_own && request.authorization == Authorization::Nobody {
            request.authorization = self.shown.clone();
        }
        let id = RequestId(self.next);
        self.next = self.next.wrapping_add(1);
        self.pending.insert(id, pending);
        turn.http(id, request);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.pending.len() >= PENDING_MAX
    }

    pub(crate) fn any(&self, is_wanted: impl Fn(&Pending) -> bool) -> bool {
        self.pending.values().any(is_wanted)
    }
}

impl Engine {
    pub(crate) fn on_http_done(
        &mut self,
        turn: &mut Turn<'_>,
        id: RequestId,
        result: HttpResult,
    ) -> Result<()> {
        let is_unauthorised = matches!(result, Ok(HttpResponse { status: 401, .. }));
        let pending = self.requests.pending.remove(&id);
        // These know better what it means: the one is the question itself, the others have
        // challenges that expire.
        let is_told = matches!(
            pending,
            None | Some(Pending::License(_) | Pending::RemoteSecret(_) | Pending::Availability(_))
        );
        if is_unauthorised && !is_told {
            self.work.doubt_license(turn)?;
        }
        match pending {
            None => Ok(()),
            Some(Pending::TwoPhase(exchange)) => self.on_two_phase(turn, *exchange, result),
            Some(Pending::AddContact(adding)) => self.on_contact_found(turn, adding, result),
            Some(Pending::Lookup(senders)) => self.on_senders_found(turn, &senders, result),
            Some(Pending::Gather(gathering)) => self.on_gathered(turn, *gathering, result),
            Some(Pending::Check(checking)) => self.on_contacts_checked(turn, &checking, result),
            Some(Pending::License(checking)) => self.on_license_checked(turn, &checking, result),
            Some(Pending::Sync(license)) => self.on_synced(turn, &license, result),
            Some(Pending::WorkLookup) => self.on_work_looked_up(turn, result),
            Some(Pending::Search(ticket)) => Self::on_directory_searched(turn, ticket, result),
            Some(Pending::Match(matching)) => self.on_matched(turn, &matching, result),
            Some(Pending::ConfirmPhone(ticket)) => Self::on_phone_confirmed(turn, ticket, result),
            Some(Pending::RemoteSecret(exchange)) => self.on_remote_secret(turn, exchange, result),
            Some(Pending::Availability(setting)) => self.on_availability(turn, *setting, result),
            Some(Pending::Logo(fetching)) => self.on_logo(turn, &fetching, result),
            Some(Pending::Safe(exchange)) => self.on_safe(turn, *exchange, result),
            Some(Pending::CallPhone(ticket)) => {
                let answer = success_body(result).and_then(|body| directory::read_done(&body));
                turn.reply(ticket, answer.map(|()| Reply::Done));
                Ok(())
            }
        }
    }
}

/// The body of a plain success, or what to tell a person.
pub(crate) fn success_body(result: HttpResult) -> Result<Vec<u8>, Refusal> {
    match result {
        Ok(HttpResponse { status: 200, body }) => Ok(body),
        Ok(HttpResponse { status: 401, .. }) => Err(Refusal::WrongCredentials),
        Ok(HttpResponse { status: 429, .. }) => Err(Refusal::RateLimited),
        Ok(_) => Err(Refusal::BadAnswer),
        Err(fault) => Err(Refusal::Http(fault)),
    }
}
