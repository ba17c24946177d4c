//! `contact`: add, list, rename, remove, block, unblock.

use dreiklang_client::engine::{ContactLink, Reply};
use dreiklang_client::view::{self, ActivityState, VerificationLevel};
use dreiklang_client::{Client, Clock, Command, Identity, fingerprint};

use crate::args::Contact;
use crate::cmd::me::grouped;
use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::Session;
use crate::texts::Texts;

pub(crate) async fn perform(session: &Session<'_>, verb: Contact) -> Result<(), Failure> {
    // A typing mistake needs no passphrase to be found.
    let command = match verb {
        Contact::Add { who, name } => Some(add_command(&who, name, &session.clock)?),
        Contact::List => None,
        Contact::Rename { id, name } => Some(Command::SetContactName { identity: id, name }),
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

/// The command that adds what a person typed, pasted or scanned.
pub(crate) fn add_command(
    who: &str,
    name: Option<String>,
    clock: &Clock,
) -> Result<Command, Failure> {
    let who = who.trim();
    if !who.starts_with("3mid:") {
        let identity = parse_identity(who)?;
        return Ok(Command::AddContact { identity, public_key: None, name });
    }
    let link: ContactLink =
        who.parse().map_err(|error| Failure::usage("link").with("reason", error))?;
    if link.is_expired(clock.now()) {
        return Err(Failure::usage("link-expired"));
    }
    Ok(Command::AddContact { identity: link.identity, public_key: Some(link.public_key), name })
}

/// Identities are upper case; people may type them as they like.
pub(crate) fn parse_identity(text: &str) -> Result<Identity, Failure> {
    text.trim()
        .to_ascii_uppercase()
        .parse()
        .map_err(|_| Failure::usage("not-an-identity").with("text", text))
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

/// One, two or three dots: the shape tells without colour.
pub(crate) fn verification_dots(level: VerificationLevel) -> &'static str {
    match level {
        VerificationLevel::Unverified => "●○○",
        VerificationLevel::Server => "●●○",
        VerificationLevel::Verified => "●●●",
    }
}

/// The same as a word.
pub(crate) fn verification_word(level: VerificationLevel, texts: &Texts) -> String {
    texts.say(match level {
        VerificationLevel::Unverified => "verification-unverified",
        VerificationLevel::Server => "verification-server",
        VerificationLevel::Verified => "verification-verified",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0900000000000000000000000000000000000000000000000000000000000000";

    fn clock() -> Clock {
        Clock::new(|| dreiklang_client::engine::Timestamp::from_ms(10_000))
    }

    fn code(who: &str) -> &'static str {
        add_command(who, None, &clock()).unwrap_err().code()
    }

    #[test]
    fn identities_and_links_are_told_apart() {
        let plain = add_command(" echoecho ", None, &clock()).unwrap();
        let expected = "ECHOECHO".parse::<Identity>().unwrap();
        assert!(matches!(plain,
            Command::AddContact { identity, public_key: None, .. } if identity == expected));
        let link = add_command(&format!("3mid:ECHOECHO,{KEY},11"), None, &clock()).unwrap();
        assert!(matches!(link, Command::AddContact { public_key: Some(_), .. }));
    }

    #[test]
    fn mistakes_have_names() {
        assert_eq!(code("ECHO"), "not-an-identity");
        assert_eq!(code("3mid:ECHOECHO"), "link");
        assert_eq!(code(&format!("3mid:ECHOECHO,{KEY},10")), "link-expired");
    }
}
