//! `contact`: add, list, rename, remove, block, unblock.

use dreiklang_client::engine::Reply;
use dreiklang_client::view::{self, ActivityState};
use dreiklang_client::{Client, Command, fingerprint};

use crate::args::Contact;
use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::Session;
use crate::texts::Texts;
use crate::who::add_command;
use crate::words::{grouped, verification_dots, verification_word};

pub(crate) async fn perform(session: &Session<'_>, verb: Contact) -> Result<(), Failure> {
    // A typing mistake needs no passphrase to be found.
    let command = match verb {
        Contact::Add { who, name } => Some(add_command(&who, name, &session.clock)?),
        Contact::List => None,
        Contact::Rename { id, name, last } => Some(Command::SetContactName {
            identity: id,
            first_name: name,
            last_name: last,
        }),
        Contact::Remove { id } => Some(Command::RemoveContact(id)),
        Contact::Block { id } => Some(Command::Block(id)),
        Contact::Unblock { id } => Some(Command::Unblock(id)),
    };
    let (client, _) = session.open_with_identity().await?;
    let result = match command {
        Some(command) => change(session, &client, command).await,
        None => list(session, &client).await,
    };
    client.close().await?;
    result
}

async fn change(session: &Session<'_>, client: &Client, command: Command) -> Result<(), Failure> {
    match client.command(command).await? {
        Reply::Contact(contact) => session.print(
            |texts| contact_line(&contact, texts),
            &format::Contact::from(&contact),
        ),
        _ => session.print(|texts| texts.say("done"), &format::Done::new()),
    }
}

async fn list(session: &Session<'_>, client: &Client) -> Result<(), Failure> {
    let contacts = client.view(view::contacts).await?;
    session.print(
        |texts| {
            if contacts.is_empty() {
                return texts.say("no-contacts");
            }
            let lines: Vec<_> = contacts.iter().map(|c| contact_line(c, texts)).collect();
            lines.join("\n")
        },
        &format::Contacts::new(&contacts),
    )
}

/// One contact in one line.
fn contact_line(contact: &view::Contact, texts: &Texts) -> String {
    let mut marks = vec![verification_word(contact.verification_level, texts)];
    if contact.activity_state == ActivityState::Invalid {
        marks.push(texts.say("contact-is-revoked"));
    }
    if contact.is_blocked {
        marks.push(texts.say("contact-is-blocked"));
    }
    texts.with(
        "contact-line",
        &[
            ("id", contact.identity.as_str()),
            ("name", &safe::line(&contact.display_name())),
            ("dots", verification_dots(contact.verification_level)),
            ("marks", &marks.join(", ")),
            ("fingerprint", &grouped(&fingerprint(&contact.public_key))),
        ],
    )
}
