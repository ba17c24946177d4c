//! `send-card`: the card of a contact, as a file that every address book reads.

use dreiklang_client::engine::NewFile;
use dreiklang_client::view::{self, Contact, FileRendering};
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
        let staged = client.stage_bytes(card(&contact).into_bytes()).await?;
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
/// compared.
pub(crate) fn card(contact: &Contact) -> String {
    let is_named = !contact.first_name.is_empty() || !contact.last_name.is_empty();
    let [first, last] = if is_named {
        [&contact.first_name, &contact.last_name]
    } else {
        [&contact.work_first_name, &contact.work_last_name]
    };
    let lines = [
        "BEGIN:VCARD".to_owned(),
        "VERSION:3.0".to_owned(),
        format!("FN:{}", escaped(&contact.display_name())),
        format!("N:{};{};;;", escaped(last), escaped(first)),
        format!("URL:threema://add?id={}", contact.identity),
        "END:VCARD".to_owned(),
        String::new(),
    ];
    lines.join("\r\n")
}

/// RFC 6350, 3.4: these characters mean something in a card.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\r' => {}
            '\\' | ',' | ';' => escaped.extend(['\\', character]),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use dreiklang_client::PublicKey;
    use dreiklang_client::engine::Timestamp;

    use super::*;

    #[test]
    fn a_card_has_name_and_identity_and_nothing_breaks_out_of_it() {
        let key = PublicKey::from_bytes([9; 32]).unwrap();
        let at = Timestamp::from_ms(1);
        let contact = Contact {
            name: "Bob; Jr.\r\nEND:VCARD Baumann".to_owned(),
            first_name: "Bob; Jr.\r\nEND:VCARD".to_owned(),
            last_name: "Baumann".to_owned(),
            ..Contact::new("BOB00000".parse().unwrap(), key, at)
        };
        assert_eq!(
            card(&contact),
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob\\; Jr.\\nEND:VCARD Baumann\r\n\
             N:Baumann;Bob\\; Jr.\\nEND:VCARD;;;\r\nURL:threema://add?id=BOB00000\r\n\
             END:VCARD\r\n"
        );
    }
}
