//! Everything that is known of a contact, for the one screen that shows it all.

use dreiklang_wire::id::Identity;
use rusqlite::Connection;

use super::{Contact, Group, contacts::person, groups_in_common, picture_sharing, settings};
use crate::error::Result;

/// Everything that is known of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactDetails {
    /// Who they are.
    pub contact: Contact,
    /// The groups that we are both in, by name.
    pub groups: Vec<Group>,
    /// Whether they are told that their messages are read, by their policy and the settings.
    pub gets_read_receipts: bool,
    /// Whether they are told that we type.
    pub gets_typing_indicators: bool,
    /// Whether they may have the own picture.
    pub gets_picture: bool,
}

/// Everything that is known of somebody whose key is pinned, also of those who are no contacts.
pub fn contact_details(conn: &Connection, identity: Identity) -> Result<Option<ContactDetails>> {
    let Some(contact) = person(conn, identity)? else {
        return Ok(None);
    };
    let settings = settings(conn)?;
    Ok(Some(ContactDetails {
        groups: groups_in_common(conn, identity)?,
        gets_read_receipts: contact.read_receipts.or(settings.read_receipts),
        gets_typing_indicators: contact.typing_indicators.or(settings.typing_indicators),
        gets_picture: picture_sharing(conn)?.includes(identity),
        contact,
    }))
}
