//! What a screen shows, as plain data: read on any connection to the profile's database.

mod contacts;
mod conversations;
mod me;
mod timeline;

pub use contacts::{ActivityState, Contact, VerificationLevel, contact, contacts};
pub use conversations::{Conversation, conversations};
pub use me::{Me, me, settings};
pub use timeline::{
    Content, Message, MessageState, Notes, Position, message, message_by_reference, timeline,
};
