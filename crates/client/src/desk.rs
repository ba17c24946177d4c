//! The interface of an open profile in JSON: requests in, answers and events out.
//!
//! A script (`dreiklang run --json`) and the apps in the browser speak the same requests and read
//! the same answers and events: one noun, one format. What is here knows nothing of terminals,
//! pipes or pages; `docs/desk.md` describes it for whoever writes against it.

mod account;
mod bytes;
mod commands;
pub mod emoji;
mod failure;
pub mod files;
pub mod format;
mod line;
mod look;
mod made;
mod parcel;
mod people;
mod qr;
mod reply;
mod request;
pub mod safe;
mod scene;
mod settings;
mod tell;
mod transcript;
pub mod types;
pub mod which;
pub mod who;

pub use commands::{chosen, policies};
pub use failure::{BROKEN_PIPE, Failure, size};
pub use line::EventLine;
pub use parcel::{Outgoing, Source};
pub use people::People;
pub use qr::read as read_qr;
pub use reply::{Answer, Answered, Effect};
pub use request::{
    Envelope, Input, Order, Request, SendAs, Size, Told, Unusable, Visible, Which, parse,
};
pub use scene::{Scene, parts};
pub use settings::sharing;
pub use transcript::WORDS as PAGE_WORDS;

use crate::{Client, Clock, Instance};

/// An open profile and what answers need besides.
#[derive(Clone)]
pub struct Desk {
    client: Client,
    clock: Clock,
    instance: Instance,
}

impl Desk {
    /// The interface to an open client.
    pub fn new(client: Client, clock: Clock, instance: Instance) -> Self {
        Self {
            client,
            clock,
            instance,
        }
    }

    /// The client behind it.
    pub fn client(&self) -> &Client {
        &self.client
    }
}
