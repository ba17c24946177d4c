//! The chat server protocol: handshake, frames and payloads, for both roles.
//!
//! [`server::Handshake`] and [`client::Login`] are fed bytes as they arrive, at any split, and end
//! in a [`Session`] that opens and seals frames. What a frame carries is in [`payload`].

pub mod client;
pub mod edition;
mod frame;
mod handshake;
pub mod payload;
pub mod server;

pub use frame::Session;
pub use handshake::{ClientCookie, ClientInfo, Features, LoginAck, ServerCookie};
