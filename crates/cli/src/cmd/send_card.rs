//! `send-card`: the card of a contact, as a file that every address book reads.

use dreiklang_client::engine::NewFile;
use dreiklang_client::view::{self, Card, Contact, FileRendering};
use dreiklang_client::{Client, Command};

use crate::args::SendCard;
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::session::Session;
use crate::who;

/// RFC 6350.
const MEDIA_TYPE: &str = "text/vcard";

pub(crate) async fn perform(session: &Session<'_>, flags: SendCard) -> Result<(), Failure> {
    let reference = flags.delivery.reference.clone();
    let make = async |client: &Client| {
        let to = who::conversation(client, &flags.to).await?;
        let whose = who::person(client, &flags.whose).await?;
        let contact = client.view(move |conn| view::contact(conn, whose)).await?;
        let contact = contact.ok_or_else(|| Failure::new("unknown-contact").with("id", whose))?;
        let staged = client
            .stage_bytes(card(&contact).to_vcard().into_bytes())
            .await?;
        let file = NewFile {
            name: staged.name,
            key: staged.key,
            size_bytes: staged.plain_bytes,
            file_name: format!("{}.vcf", contact.identity),
            media_type: MEDIA_TYPE.to_owned(),
            caption: String::new(),
            rendering: FileRendering::File,
            width: None,
            height: None,
            duration_ms: None,
            is_animated: false,
            thumbnail: None,
            correlation: String::new(),
        };
        Ok(vec![Command::SendFile {
            to,
            file: Box::new(file),
            reference,
        }])
    };
    delivery::messages(session, &flags.delivery, make).await
}

/// The name and the identity, without the key: whoever gets the card shall not take it for
/// compared. A nickname is not ours to pass on as a name.
pub(crate) fn card(contact: &Contact) -> Card {
    let name = if contact.name.is_empty() {
        contact.identity.to_string()
    } else {
        contact.name.clone()
    };
    Card {
        name,
        phones: Vec::new(),
        emails: Vec::new(),
        identity: Some(contact.identity),
    }
}

#[cfg(test)]
mod tests {
    use dreiklang_client::PublicKey;
    use dreiklang_client::engine::Timestamp;

    use super::*;

    #[test]
    fn a_card_names_somebody_and_proves_nothing() {
        let key = PublicKey::from_bytes([9; 32]).unwrap();
        let mut contact = Contact::new("BOB00000".parse().unwrap(), key, Timestamp::from_ms(1));
        contact.nickname = "Alice".to_owned();
        assert_eq!(card(&contact).name, "BOB00000");
        contact.name = "Bob; Jr.\r\nEND:VCARD".to_owned();
        let file = card(&contact).to_vcard();
        let read = Card::parse(file.as_bytes()).unwrap();
        assert_eq!(read.identity, Some(contact.identity));
        assert!(read.name.starts_with("Bob; Jr."), "{read:?}");
        assert!(!file.contains(&"09".repeat(32)), "{file}");
    }
}
