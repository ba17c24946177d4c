//! Short messages and calls to people: through a provider's HTTP interface, or into a folder for
//! trials.

use std::time::Duration;

use crate::app::Clock;
use crate::app::windows::Windows;
use crate::config::Settings;
use crate::error::Error;
use crate::service::mail::Outbox;

mod provider;

use provider::Provider;

/// Sends short messages and calls, if the operator has said how.
pub struct Sms {
    way: Way,
    fuse: Windows<()>,
}

enum Way {
    Off,
    Folder(Outbox),
    Http(Box<Provider>),
}

/// How a text reaches a telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// As a short message.
    Text,
    /// Read out in a call.
    Call,
}

impl Sms {
    /// Reads the provider's secret, if there is one.
    pub fn load(settings: &Settings) -> anyhow::Result<Self> {
        let sms = &settings.sms;
        let way = match sms.dry_run() {
            _ if sms.url.is_empty() => Way::Off,
            Some(folder) => Way::Folder(Outbox::open(settings.data_dir.join(folder))?),
            None => Way::Http(Box::new(Provider::load(settings)?)),
        };
        Ok(Self {
            way,
            fuse: Windows::new(sms.per_hour_max.into(), Duration::from_hours(1), 1),
        })
    }

    /// Whether a channel is there at all.
    pub fn is_on(&self, channel: Channel) -> bool {
        match &self.way {
            Way::Off => false,
            Way::Folder(_) => true,
            Way::Http(provider) => provider.has(channel),
        }
    }

    /// Hands a text over. What goes wrong is logged without the number.
    pub async fn send(
        &self,
        clock: &Clock,
        channel: Channel,
        digits: &str,
        text: &str,
    ) -> Result<(), Error> {
        if !self.fuse.take((), 1, clock.uptime()) {
            tracing::warn!("sms.per_hour_max is reached: nothing is sent for a while");
            metrics::counter!("sms_total", "outcome" => "fused").increment(1);
            return Err(Error::RateLimited);
        }
        let sent = match &self.way {
            Way::Off => return Err(Error::Unavailable),
            Way::Folder(outbox) => {
                let how = match channel {
                    Channel::Text => "SMS to",
                    Channel::Call => "Call to",
                };
                outbox
                    .put(clock, &format!("{how}: +{digits}\n\n{text}"))
                    .await
            }
            Way::Http(provider) => provider.send(channel, digits, text).await,
        };
        let outcome = if sent.is_ok() { "sent" } else { "failed" };
        metrics::counter!("sms_total", "outcome" => outcome).increment(1);
        sent.map_err(|error| {
            tracing::warn!(error, "a short message or a call could not be sent");
            Error::Unavailable
        })
    }
}
