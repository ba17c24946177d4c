//! The end-to-end layer: what is inside a message box. Layouts only, no keys.
//!
//! A message box holds a [`Container`]: a [`MessageType`], a body, and padding. What the protocol
//! demands for a type is in its [`Properties`]; what the body says is a [`Body`].

mod body;
pub mod call;
mod container;
mod kind;
mod location;
mod media;
mod poll;
mod receipt;

pub use body::{Body, Content, Scope};
pub use container::{Container, padding_length};
pub use kind::{MessageType, Properties, Rule, Wrap, properties};
pub use location::Location;
pub use media::{
    BlobKey, BlobReference, File, FileRendering, MediaFacts, OldAudio, OldImage, OldVideo,
};
pub use poll::{Poll, PollChoice, PollSetup, PollVote};
pub use receipt::{DeliveryReceipt, ReceiptStatus};
