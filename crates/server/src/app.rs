//! What every part of a running server shares: built once, passed by reference.

use std::sync::Arc;
use std::time::Duration;

use dreiklang_store::Store;
use dreiklang_wire::csp::server::ServerKeys;

use crate::config::Settings;
use crate::service::access::Tokens;
use crate::service::challenges::Challenges;
use crate::service::closed_groups::ClosedGroups;
use crate::service::contact_match::ContactMatch;
use crate::service::health::Health;
use crate::service::licenses::PasswordChecks;
use crate::service::links::Links;
use crate::service::mail::Mail;
use crate::service::messages::{Lifetime, Messages};
use crate::service::push::Pushes;
use crate::service::remote_secrets::RemoteSecrets;
use crate::service::safe_backups::SafeRates;
use crate::service::sessions::Sessions;
use crate::service::sms::Sms;

pub mod clock;
pub mod keys;
pub mod limits;
pub mod rates;
pub mod windows;

pub use clock::{Clock, UnixMillis};
use limits::Openings;
pub use rates::Rates;

/// The running server.
pub struct App {
    /// The checked configuration.
    pub config: Settings,
    /// The permanent keys of the chat server.
    pub keys: Arc<ServerKeys>,
    /// The only clock.
    pub clock: Clock,
    /// How often what may be done.
    pub rates: Rates,
    /// Open connections of the HTTP interface.
    pub openings: Openings,
    /// The memory.
    pub store: Store,
    /// Challenges of the directory.
    pub challenges: Challenges,
    /// Parts of apps' keys that the server keeps.
    pub remote_secrets: RemoteSecrets,
    /// Checks of the passwords of licences.
    pub password_checks: PasswordChecks,
    /// Tokens of licences.
    pub tokens: Tokens,
    /// What is known about the store's health.
    pub health: Health,
    /// Who is connected to the chat server.
    pub sessions: Sessions,
    /// Who may write to whom where an organisation is closed.
    pub closed_groups: ClosedGroups,
    /// Messages on their way.
    pub messages: Arc<Messages>,
    /// Who is to be woken.
    pub pushes: Arc<Pushes>,
    /// E-mail to people.
    pub mail: Mail,
    /// Short messages and calls to people.
    pub sms: Sms,
    /// Linking of addresses.
    pub links: Links,
    /// Finding contacts by their addresses.
    pub contact_match: ContactMatch,
    /// How often backups of apps come and go.
    pub safe_rates: SafeRates,
}

impl App {
    /// Puts the parts together.
    pub async fn new(
        config: Settings,
        keys: ServerKeys,
        store: Store,
        clock: Clock,
    ) -> anyhow::Result<Arc<Self>> {
        let challenges = Challenges::new(
            Duration::from_secs(config.api.challenge_ttl_s.into()),
            config.api.challenges_max,
            clock.uptime(),
        );
        let pushes = Arc::new(Pushes::load(&config)?);
        let lifetime = Lifetime::load(&store, &clock, &config.chat).await?;
        Ok(Arc::new(Self {
            mail: Mail::load(&config)?,
            sms: Sms::load(&config)?,
            links: Links::new(&config, &keys),
            contact_match: ContactMatch::new(&config),
            safe_rates: SafeRates::new(&config),
            keys: Arc::new(keys),
            rates: Rates::new(&config),
            openings: Openings::new(
                config.api.connections_max,
                config.api.connections_per_ip_max,
                config.api.loopback_exempt,
            ),
            challenges,
            remote_secrets: RemoteSecrets::new(&config),
            password_checks: PasswordChecks::new(
                config.work.password_checks_max,
                config.work.password_checks_waiting_max,
            ),
            tokens: Tokens::new(),
            health: Health::default(),
            sessions: Sessions::new(),
            closed_groups: ClosedGroups::load(&store).await?,
            messages: Messages::start(
                store.clone(),
                clock.clone(),
                &config.chat,
                lifetime,
                Arc::clone(&pushes),
            ),
            pushes,
            store,
            clock,
            config,
        }))
    }
}
