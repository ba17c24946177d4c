//! What every part of a running server shares: built once, passed by reference.

use std::sync::Arc;

use crate::config::Settings;

pub mod clock;

pub use clock::{Clock, UnixMillis};

/// The running server.
pub struct App {
    /// The checked configuration.
    pub config: Settings,
    /// The only clock.
    pub clock: Clock,
}

impl App {
    /// Puts the parts together.
    pub fn new(config: Settings, clock: Clock) -> Arc<Self> {
        Arc::new(Self { config, clock })
    }
}
