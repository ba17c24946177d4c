//! What every part of a running server shares: built once, passed by reference.

use std::sync::Arc;

use dreiklang_wire::csp::server::ServerKeys;

use crate::config::Settings;

pub mod clock;
pub mod keys;
pub mod limits;
pub mod rates;

pub use clock::{Clock, UnixMillis};
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
}

impl App {
    /// Puts the parts together.
    pub fn new(config: Settings, keys: ServerKeys, clock: Clock) -> Arc<Self> {
        let rates = Rates::new(&config);
        Arc::new(Self { keys: Arc::new(keys), clock, rates, config })
    }
}
