//! How much of everything is measured, by server: slow ones get fewer messages.

use std::time::Duration;

use super::subject::Kind;

/// The size of a run.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Messages between 100 connections.
    pub online: u32,
    /// Connections of the crowded measurement.
    pub many: u32,
    /// Seconds at a fixed rate.
    pub latency_s: u32,
    /// Logins.
    pub logins: u32,
    /// Messages to people who are away.
    pub offline: u32,
    /// Silent connections.
    pub idle: u32,
    /// How long they are silent.
    pub hold: Duration,
    /// People and queued messages of the great start.
    pub crowd: u32,
}

impl Scale {
    /// Enough for figures.
    pub const FULL: Self = Self {
        online: 200_000,
        many: 1_000,
        latency_s: 8,
        logins: 10_000,
        offline: 100_000,
        idle: 10_000,
        hold: Duration::from_secs(10),
        crowd: 1_000_000,
    };

    /// Enough to see that it works.
    pub const QUICK: Self = Self {
        online: 4_000,
        many: 200,
        latency_s: 1,
        logins: 200,
        offline: 2_000,
        idle: 300,
        hold: Duration::from_secs(1),
        crowd: 2_000,
    };

    /// The same for one server.
    #[must_use]
    pub fn of(mut self, kind: Kind) -> Self {
        let divisor = match kind {
            Kind::Ours | Kind::Relay | Kind::Mosquitto => return self,
            Kind::Ejabberd => 5,
            Kind::Prosody => 10,
        };
        self.online /= divisor;
        self.logins /= divisor;
        self.offline /= 5;
        self.idle /= 5;
        self
    }

    /// People that must be known.
    pub fn people(&self, kind: Kind) -> u32 {
        let away = match kind {
            Kind::Ours | Kind::Relay => FIRST_AWAY + CROWD_RECEIVERS,
            Kind::Ejabberd | Kind::Prosody | Kind::Mosquitto => FIRST_AWAY + 100,
        };
        away.max(self.of(kind).idle)
    }
}

/// The number of the first person who is away.
pub const FIRST_AWAY: u32 = 1_000;
/// People who share the queued messages of the great start.
pub const CROWD_RECEIVERS: u32 = 1_000;
/// The number of the first of the crowd that never logs in.
pub const FIRST_OF_CROWD: u32 = 1_000_000;
