//! Links: the e-mail address and the telephone number that belong to an identity.
//!
//! An address belongs to one identity at most, private and work together (features.md S2, S3).
//! Whoever confirms it last has it: control over the address is proven afresh each time, and the
//! store takes it from its old identity in the same transaction.

use std::net::IpAddr;
use std::time::Duration;

use dreiklang_crypto::{SystemRng, Zeroizing, random};
use dreiklang_store::{CodeTried, LinkKind, PendingLink};
use dreiklang_wire::api::directory::hash;
use dreiklang_wire::api::link;
use dreiklang_wire::csp::server::ServerKeys;
use dreiklang_wire::id::Identity;

use crate::app::limits::Network;
use crate::app::windows::Windows;
use crate::app::{App, UnixMillis};
use crate::config::Settings;
use crate::error::Error;
use crate::service::sms::Channel;
use crate::service::texts::Language;

mod seal;
mod words;

use seal::{Seal, Ticket};

/// What linking remembers: its keys, and who did what lately.
pub struct Links {
    seal: Seal,
    starts: Windows<Identity>,
    starts_from: Windows<Network>,
    checks: Windows<Identity>,
    sent_hour: Windows<Hash>,
    sent_day: Windows<Hash>,
    tries: Windows<Hash>,
}

/// An address in its one spelling.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// An e-mail address.
    Email(String),
    /// The digits of a telephone number with its country code.
    Phone(String),
}

/// Why an address is not linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The operator does not want links here.
    Off,
    /// No way to send e-mail is set up.
    NoMail,
    /// No way to send short messages is set up.
    NoShortMessages,
    /// No way to call is set up.
    NoCalls,
    /// The message could not be handed over.
    NotSent,
    /// Too many messages, links or tries.
    TooOften,
    /// The code is not the one that was sent.
    WrongCode,
    /// There is nothing to confirm (any more): expired, used, tried too often, replaced.
    Over,
    /// Something else.
    Failed(Error),
}

/// What is known about somebody who wants to link an address, and what they say besides.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Where they are.
    pub peer: IpAddr,
    /// The language of the message.
    pub language: Language,
    /// The scheme of links that open the app.
    pub scheme: Scheme,
}

/// The scheme of links that open an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// The private app.
    #[default]
    Private,
    /// The work app.
    Work,
    /// The app of closed instances.
    OnPrem,
}

/// Which addresses an identity has, without the addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Linked {
    /// An e-mail address.
    pub email: bool,
    /// A telephone number.
    pub phone: bool,
}

type Hash = [u8; 32];

impl Links {
    /// Derives the keys.
    pub fn new(settings: &Settings, keys: &ServerKeys) -> Self {
        let (linking, max) = (&settings.linking, settings.limits.buckets_max);
        Self {
            seal: Seal::new(&keys.current),
            starts: Windows::new(linking.starts_per_identity_day_max.into(), DAY, max),
            starts_from: Windows::new(linking.starts_per_ip_day_max.into(), DAY, max),
            checks: Windows::new(linking.checks_per_identity_day_max.into(), DAY, max),
            sent_hour: Windows::new(linking.messages_per_address_hour_max.into(), HOUR, max),
            sent_day: Windows::new(linking.messages_per_address_day_max.into(), DAY, max),
            tries: Windows::new(linking.tries_per_number_day_max.into(), DAY, max),
        }
    }
}

impl Address {
    /// Brings an e-mail address into its one spelling.
    pub fn email(text: &str) -> Option<Self> {
        link::email(text).ok().map(Self::Email)
    }

    /// Brings a telephone number into its one spelling.
    pub fn phone(text: &str) -> Option<Self> {
        link::international_phone(text).ok().map(Self::Phone)
    }

    fn kind(&self) -> LinkKind {
        match self {
            Self::Email(_) => LinkKind::Email,
            Self::Phone(_) => LinkKind::Phone,
        }
    }

    fn hash(&self) -> Hash {
        match self {
            Self::Email(text) => hash::email(text),
            Self::Phone(digits) => hash::phone(digits),
        }
    }
}

/// Whether an identity is linked with an address. Anybody may ask, so it is answered only so many
/// times: after that, nothing is linked with anything for those who cannot prove more.
pub async fn is_linked(app: &App, identity: Identity, address: &Address) -> Result<bool, Error> {
    if !app.links.checks.take(identity, 1, app.clock.uptime()) {
        return Ok(false);
    }
    belongs(app, identity, address).await
}

/// Which addresses an identity has.
pub async fn linked(app: &App, identity: Identity) -> Result<Linked, Error> {
    let links = app.store.linked(identity).await.map_err(Error::of_store)?;
    let has = |kind| links.iter().any(|it| it.kind == kind);
    Ok(Linked {
        email: has(LinkKind::Email),
        phone: has(LinkKind::Phone),
    })
}

/// Whether such an address can be linked on this server at all.
pub fn offer(app: &App, address: &Address) -> Result<(), Refused> {
    if !app.config.linking.is_on(app.config.kind) {
        return Err(Refused::Off);
    }
    match address {
        Address::Email(_) if !app.mail.is_on() => Err(Refused::NoMail),
        Address::Phone(_) if !app.sms.is_on(Channel::Text) => Err(Refused::NoShortMessages),
        _ => Ok(()),
    }
}

/// Sends the message that confirms an address. Gives the verification id if the app has to send a
/// code back; `None` if the person confirms elsewhere, or if it is linked already.
pub async fn start(
    app: &App,
    identity: Identity,
    address: Address,
    wish: Wish,
) -> Result<Option<String>, Refused> {
    offer(app, &address)?;
    if matches!(address, Address::Email(_)) && belongs(app, identity, &address).await? {
        return Ok(None);
    }
    let (now, network) = (app.clock.uptime(), app.rates.network(wish.peer));
    if !app.links.starts.take(identity, 1, now)
        || !network.is_none_or(|it| app.links.starts_from.take(it, 1, now))
    {
        return Err(Refused::TooOften);
    }
    take_message(app, &address.hash())?;
    let id = random::<16>(&mut SystemRng);
    match &address {
        Address::Email(text) => {
            let secret = random::<16>(&mut SystemRng);
            let ttl = HOUR * app.config.linking.mail_ttl_hours;
            note(app, identity, &address, id, &secret, ttl).await?;
            send_mail(app, identity, text, &id, &secret, wish.language)
                .await
                .map_err(not_sent)?;
            Ok(None)
        }
        Address::Phone(digits) => {
            let code = seal::code(&mut SystemRng);
            note(app, identity, &address, id, code.as_bytes(), code_ttl(app)).await?;
            let text =
                words::short_message(wish.language, &app.config.name, &code, wish.scheme.as_str());
            let text = Zeroizing::new(text);
            app.sms
                .send(&app.clock, Channel::Text, digits, &text)
                .await
                .map_err(not_sent)?;
            let ticket = Ticket {
                id,
                language: wish.language,
                digits: digits.clone(),
            };
            Ok(Some(app.links.seal.ticket(&ticket)))
        }
    }
}

/// Calls with a new code, for when the short message did not come. Tries are counted on.
pub async fn call(app: &App, verification: &str) -> Result<(), Refused> {
    let ticket = app.links.seal.open(verification).ok_or(Refused::Over)?;
    if !app.sms.is_on(Channel::Call) {
        return Err(Refused::NoCalls);
    }
    take_message(app, &hash::phone(&ticket.digits))?;
    let code = seal::code(&mut SystemRng);
    let (id, hashed) = (ticket.id, app.links.seal.hash(&ticket.id, code.as_bytes()));
    let now = app.clock.now();
    let (at, expires_at) = (now.0, now.after(code_ttl(app)).0);
    let tries_max = app.config.linking.tries_per_code_max;
    let is_there = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                // A verification that nobody finished may be called for as long as it is kept.
                match tx.pending_link(&id).await? {
                    Some(it) if it.created_at > at - KEPT_MS && it.tries < tries_max => {
                        tx.renew_pending_link(&id, &hashed, expires_at).await
                    }
                    _ => Ok(false),
                }
            })
        })
        .await
        .map_err(of_store)?;
    if !is_there {
        return Err(Refused::Over);
    }
    let text = Zeroizing::new(words::call(ticket.language, &app.config.name, &code));
    app.sms
        .send(&app.clock, Channel::Call, &ticket.digits, &text)
        .await
        .map_err(not_sent)
}

/// Confirms a telephone number with the code that came to it.
pub async fn confirm_code(app: &App, verification: &str, code: &str) -> Result<(), Refused> {
    let ticket = app.links.seal.open(verification).ok_or(Refused::Over)?;
    // People type spaces where the message shows groups.
    let code: Zeroizing<String> = Zeroizing::new(code.split_whitespace().collect());
    let number = hash::phone(&ticket.digits);
    if !app.links.tries.take(number, 1, app.clock.uptime()) {
        return Err(Refused::TooOften);
    }
    confirm(app, ticket.id, code.as_bytes()).await.map(drop)
}

/// Whom the link of a mail would give the address to; `None` if it leads nowhere (any more).
pub async fn find_mail(app: &App, token: &str) -> Result<Option<Identity>, Refused> {
    let Some((id, secret)) = seal::read_token(token) else {
        return Ok(None);
    };
    let pending = app.store.pending_link(id).await.map_err(of_store)?;
    let hashed = app.links.seal.hash(&id, &secret);
    let now = app.clock.now();
    Ok(pending
        .filter(|it| is_open(it, now) && dreiklang_crypto::constant_time_eq(&it.code, &hashed))
        .map(|it| it.identity))
}

/// Confirms an e-mail address by the link that came to it.
pub async fn confirm_mail(app: &App, token: &str) -> Result<Identity, Refused> {
    let (id, secret) = seal::read_token(token).ok_or(Refused::Over)?;
    confirm(app, id, &secret).await
}

/// Removes a link, and what was under way for it.
pub async fn unlink(app: &App, identity: Identity, kind: LinkKind) -> Result<(), Error> {
    app.store
        .write(move |tx| Box::pin(async move { tx.unlink(identity, kind).await }))
        .await
        .map(drop)
        .map_err(Error::of_store)
}

async fn belongs(app: &App, identity: Identity, address: &Address) -> Result<bool, Error> {
    let holder = app.store.linked_to(address.kind(), address.hash()).await;
    Ok(holder.map_err(Error::of_store)? == Some(identity))
}

/// Takes from what may be sent to an address, whoever asks for it: the owner of the address pays
/// with their attention, the operator with money.
fn take_message(app: &App, address: &Hash) -> Result<(), Refused> {
    let (links, now) = (&app.links, app.clock.uptime());
    if links.sent_hour.take(*address, 1, now) && links.sent_day.take(*address, 1, now) {
        Ok(())
    } else {
        Err(Refused::TooOften)
    }
}

async fn note(
    app: &App,
    identity: Identity,
    address: &Address,
    id: seal::Id,
    code: &[u8],
    ttl: Duration,
) -> Result<(), Refused> {
    let now = app.clock.now();
    let pending = PendingLink {
        id,
        identity,
        kind: address.kind(),
        hash: address.hash(),
        code: app.links.seal.hash(&id, code).to_vec(),
        tries: 0,
        sends: 1,
        created_at: now.0,
        expires_at: now.after(ttl).0,
    };
    app.store
        .write(move |tx| Box::pin(async move { tx.create_pending_link(&pending).await }))
        .await
        .map_err(of_store)
}

async fn send_mail(
    app: &App,
    identity: Identity,
    to: &str,
    id: &seal::Id,
    secret: &[u8; 16],
    language: Language,
) -> Result<(), Error> {
    let base = app.config.public_url(None);
    let url = format!("{base}link/email/{}", seal::token(id, secret));
    let hours = app.config.linking.mail_ttl_hours;
    let subject = words::subject(language, identity);
    let text = words::mail(language, &app.config.name, identity, hours, &url);
    app.mail.send(&app.clock, to, &subject, text).await
}

/// Tries a code and, if it is right, moves the address in the same transaction: of two that confirm
/// the same address at once, the store's one writer lets one go first, and the other takes over.
async fn confirm(app: &App, id: seal::Id, code: &[u8]) -> Result<Identity, Refused> {
    let hashed = app.links.seal.hash(&id, code);
    let at = app.clock.now().0;
    let tries_max = app.config.linking.tries_per_code_max;
    let outcome = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                // No error for a wrong code: the count of tries must be committed.
                Ok(match tx.try_code(&id, &hashed, at, tries_max).await? {
                    CodeTried::Right(_) => tx.confirm_link(&id, at).await?.ok_or(Refused::Over),
                    CodeTried::Wrong => Err(Refused::WrongCode),
                    CodeTried::TriesUsedUp | CodeTried::Unknown => Err(Refused::Over),
                })
            })
        })
        .await
        .map_err(of_store)?;
    let confirmed = outcome?;
    let moved = if confirmed.moved_from.is_some() {
        "yes"
    } else {
        "no"
    };
    metrics::counter!("links_confirmed_total", "moved" => moved).increment(1);
    Ok(confirmed.link.identity)
}

fn is_open(pending: &PendingLink, now: UnixMillis) -> bool {
    pending.expires_at > now.0
}

fn code_ttl(app: &App) -> Duration {
    Duration::from_secs(app.config.linking.code_ttl_s.into())
}

fn not_sent(error: Error) -> Refused {
    match error {
        Error::RateLimited => Refused::TooOften,
        _ => Refused::NotSent,
    }
}

fn of_store(error: dreiklang_store::Error) -> Refused {
    Refused::Failed(Error::of_store(error))
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Scheme {
    /// The scheme by its name: only ours, for it goes into a message to somebody else.
    pub fn named(name: &str) -> Self {
        match name {
            "threemawork" => Self::Work,
            "threemaonprem" => Self::OnPrem,
            _ => Self::Private,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Private => "threema",
            Self::Work => "threemawork",
            Self::OnPrem => "threemaonprem",
        }
    }
}

/// How long after its beginning a verification may still ask for a call: apps offer it after ten
/// minutes (features.md A10).
pub const KEPT_MS: i64 = 3_600_000;
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
