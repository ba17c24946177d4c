//! `contact`: add, verify, list, show, rename, remove, block, exclude, what they are told.

use dreiklang_client::desk::policies;
use dreiklang_client::engine::{MismatchSource, Reply, SendPolicy};
use dreiklang_client::view::{self, ActivityState, Contact as Person, KeyMismatch};
use dreiklang_client::{Client, Command, Error, Identity, fingerprint};

use crate::args::Contact;
use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::Session;
use crate::texts::Texts;
use crate::who::{self, add_command};
use crate::words::{grouped, verification_dots, verification_word};

pub(crate) async fn perform(session: &Session<'_>, verb: Contact) -> Result<(), Failure> {
    // A typing mistake needs no passphrase to be found.
    let command = match &verb {
        Contact::Add { who, name } => Some(add_command(who, name.clone(), &session.clock)?),
        _ => None,
    };
    let (client, _) = session.open_with_identity().await?;
    let result = match command {
        Some(command) => change(session, &client, command).await,
        None => act(session, &client, verb).await,
    };
    client.close().await?;
    result
}

async fn act(session: &Session<'_>, client: &Client, verb: Contact) -> Result<(), Failure> {
    let command = match verb {
        Contact::List => return list(session, client).await,
        Contact::Blocked => return blocked(session, client).await,
        Contact::Show { who } => return show(session, client, &who).await,
        Contact::Policy {
            id: Some(id),
            read_receipts,
            typing_indicators,
            ..
        } => {
            let (receipts, typing) = (
                read_receipts.map(Into::into),
                typing_indicators.map(Into::into),
            );
            policies(client, id, receipts, typing).await?
        }
        Contact::Policy { .. } => Command::ResetContactPolicies,
        Contact::Add { who, name } => add_command(&who, name, &session.clock)?,
        Contact::Verify { code } => Command::ScanContact { text: code },
        Contact::DismissWarning { id } => Command::ClearKeyMismatch(id),
        Contact::Rename { id, name, last } => Command::SetContactName {
            identity: id,
            first_name: name,
            last_name: last,
        },
        Contact::Exclude { id } => Command::Exclude(id),
        Contact::Include { id } => Command::Include(id),
        Contact::Find { addresses } => {
            let (emails, phones) = addresses.into_iter().partition(|text| text.contains('@'));
            Command::FindByAddress { emails, phones }
        }
        Contact::Remove { id } => Command::RemoveContact(id),
        Contact::Block { id } => Command::Block(id),
        Contact::Unblock { id } => Command::Unblock(id),
    };
    change(session, client, command).await
}

async fn change(session: &Session<'_>, client: &Client, command: Command) -> Result<(), Failure> {
    match client.command(command).await? {
        Reply::Contact(contact) => session.print(
            |texts| contact_line(&contact, texts),
            &format::Contact::from(&contact),
        ),
        Reply::Found(found) => session.print(
            |texts| matches(&found, texts),
            &format::Matches::new(&found),
        ),
        _ => session.print(|texts| texts.say("done"), &format::Done::new()),
    }
}

fn matches(found: &[(Identity, String)], texts: &Texts) -> String {
    if found.is_empty() {
        return texts.say("nobody");
    }
    let line =
        |(identity, address): &(Identity, String)| format!("{identity}  {}", safe::line(address));
    found.iter().map(line).collect::<Vec<_>>().join("\n")
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

async fn blocked(session: &Session<'_>, client: &Client) -> Result<(), Failure> {
    let (blocked, excluded) = client
        .view(|conn| -> Result<_, Error> { Ok((view::blocked(conn)?, view::excluded(conn)?)) })
        .await?;
    let line = |people: &[Identity], texts: &Texts| {
        let people: Vec<_> = people.iter().map(Identity::to_string).collect();
        match people.join(", ").as_str() {
            "" => texts.say("nobody"),
            people => people.to_owned(),
        }
    };
    session.print(
        |texts| {
            let values = [
                ("blocked", &*line(&blocked, texts)),
                ("excluded", &line(&excluded, texts)),
            ];
            texts.with("blocked-list", &values)
        },
        &format::Blocked::new(&blocked, &excluded),
    )
}

async fn show(session: &Session<'_>, client: &Client, who: &str) -> Result<(), Failure> {
    let id = who::person(client, who).await?;
    let (contact, groups) = client
        .view(move |conn| -> Result<_, Error> {
            Ok((view::person(conn, id)?, view::groups_in_common(conn, id)?))
        })
        .await?;
    let contact = contact.ok_or_else(|| Failure::new("unknown-contact").with("id", id))?;
    session.print(
        |texts| details(&contact, &groups, session, texts),
        &format::ContactDetails::new(&contact, &groups),
    )
}

fn details(
    contact: &Person,
    groups: &[view::Group],
    session: &Session<'_>,
    texts: &Texts,
) -> String {
    let groups: Vec<_> = groups
        .iter()
        .map(|g| safe::line(&g.display_name()))
        .collect();
    texts.with(
        "contact-details",
        &[
            ("line", &contact_line(contact, texts)),
            ("nickname", &safe::line(&contact.nickname)),
            ("since", &session.calendar.full(contact.created_at)),
            ("read-receipts", &policy_word(contact.read_receipts, texts)),
            ("typing", &policy_word(contact.typing_indicators, texts)),
            ("groups", &groups.join(", ")),
        ],
    )
}

/// What somebody is told, in words.
pub(crate) fn policy_word(policy: SendPolicy, texts: &Texts) -> String {
    texts.say(match policy {
        SendPolicy::Default => "policy-as-settings",
        SendPolicy::Send => "on",
        SendPolicy::DontSend => "off",
    })
}

/// One contact in one line, and the warning that belongs to it.
fn contact_line(contact: &Person, texts: &Texts) -> String {
    let mut marks = vec![verification_word(contact.verification_level, texts)];
    if contact.activity_state == ActivityState::Invalid {
        marks.push(texts.say("contact-is-revoked"));
    }
    if contact.is_blocked {
        marks.push(texts.say("contact-is-blocked"));
    }
    let line = texts.with(
        "contact-line",
        &[
            ("id", contact.identity.as_str()),
            ("name", &safe::line(&contact.display_name())),
            ("dots", verification_dots(contact.verification_level)),
            ("marks", &marks.join(", ")),
            ("fingerprint", &grouped(&fingerprint(&contact.public_key))),
        ],
    );
    match &contact.key_mismatch {
        Some(mismatch) => format!("{line}\n    {}", mismatch_words(contact, mismatch, texts)),
        None => line,
    }
}

/// That somebody claims another key, and what to do.
pub(crate) fn mismatch_words(contact: &Person, mismatch: &KeyMismatch, texts: &Texts) -> String {
    let source = texts.say(match mismatch.source {
        MismatchSource::Scan => "mismatch-scan",
        MismatchSource::Directory => "mismatch-directory",
        MismatchSource::Organisation => "mismatch-organisation",
    });
    let values = [
        ("source", source.as_str()),
        ("id", contact.identity.as_str()),
        ("fingerprint", &grouped(&fingerprint(&mismatch.public_key))),
    ];
    texts.with("key-mismatch-warning", &values)
}
