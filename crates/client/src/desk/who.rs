//! Who is meant by what a person typed, pasted or scanned.

use crate::engine::ContactLink;
use crate::view::{self, ConversationId};
use crate::{Client, Clock, Command, Connection, Error, GroupIdentity, Identity};

use super::failure::Failure;
use super::safe;

/// How many matches an error lists.
const MATCHES_MAX: usize = 10;

/// The command that adds what a person typed, pasted or scanned.
pub fn add_command(who: &str, name: Option<String>, clock: &Clock) -> Result<Command, Failure> {
    let who = who.trim();
    if !who.starts_with("3mid:") {
        let identity = parse_identity(who)?;
        return Ok(Command::AddContact {
            identity,
            public_key: None,
            name,
        });
    }
    let link: ContactLink = who
        .parse()
        .map_err(|error| Failure::usage("link").with("reason", error))?;
    if link.is_expired(clock.now()) {
        return Err(Failure::usage("link-expired"));
    }
    Ok(Command::AddContact {
        identity: link.identity,
        public_key: Some(link.public_key),
        name,
    })
}

/// Identities are upper case; people may type them as they like.
pub fn parse_identity(text: &str) -> Result<Identity, Failure> {
    text.trim()
        .to_ascii_uppercase()
        .parse()
        .map_err(|_| Failure::usage("not-an-identity").with("text", text))
}

/// The conversation that a person means: by an identity, a group's `<16 digits>@<CREATOR>`, or the
/// whole name of one contact or group.
pub async fn conversation(client: &Client, text: &str) -> Result<ConversationId, Failure> {
    let text = text.trim().to_owned();
    let known = client.view(known).await?;
    resolve(&text, &known)
}

/// The person that is meant: by an identity or a contact's whole name.
pub async fn person(client: &Client, text: &str) -> Result<Identity, Failure> {
    match conversation(client, text).await? {
        ConversationId::Contact(identity) => Ok(identity),
        ConversationId::Group(_) => Err(Failure::usage("not-a-person").with("text", text)),
    }
}

/// Everybody who is meant.
pub async fn people(client: &Client, texts: &[String]) -> Result<Vec<Identity>, Failure> {
    let mut people = Vec::with_capacity(texts.len());
    for text in texts {
        people.push(person(client, text).await?);
    }
    Ok(people)
}

/// The group that is meant: by its id or its whole name.
pub async fn group(client: &Client, text: &str) -> Result<GroupIdentity, Failure> {
    match conversation(client, text).await? {
        ConversationId::Group(group) => Ok(group),
        ConversationId::Contact(_) => Err(Failure::usage("not-a-group").with("text", text)),
    }
}

/// A conversation and what it is called here.
pub struct Known {
    id: ConversationId,
    name: String,
}

fn known(conn: &Connection) -> Result<Vec<Known>, Error> {
    let contacts = view::contacts(conn)?.into_iter().map(|contact| Known {
        id: contact.identity.into(),
        name: contact.display_name(),
    });
    let groups = view::groups(conn)?.into_iter().map(|group| Known {
        id: group.identity.into(),
        name: group.display_name(),
    });
    Ok(contacts.chain(groups).collect())
}

/// Only whole names count: other people choose names of groups and nicknames, and must not come
/// between the person and whoever is meant by the beginning of a name.
fn resolve(text: &str, known: &[Known]) -> Result<ConversationId, Failure> {
    let id = parse_conversation(text);
    if let Some(id) = id
        && known.iter().any(|one| one.id == id)
    {
        return Ok(id);
    }
    let wanted = text.to_lowercase();
    let matches: Vec<_> = known
        .iter()
        .filter(|one| one.name.to_lowercase() == wanted)
        .collect();
    match (matches.as_slice(), id) {
        ([one], _) => Ok(one.id),
        // It has the form of an id: whoever does the rest says that it is unknown.
        ([], Some(id)) => Ok(id),
        ([], None) => Err(Failure::usage("unknown-conversation").with("text", text)),
        (several, _) => {
            let list: Vec<_> = several
                .iter()
                .take(MATCHES_MAX)
                .map(|one| format!("{} ({})", one.id, safe::line(&one.name)))
                .collect();
            Err(Failure::usage("ambiguous")
                .with("text", text)
                .with("matches", list.join(", ")))
        }
    }
}

fn parse_conversation(text: &str) -> Option<ConversationId> {
    match text.split_once('@') {
        Some((digits, creator)) => {
            let (digits, creator) = (digits.to_ascii_lowercase(), creator.to_ascii_uppercase());
            format!("{digits}@{creator}").parse().ok()
        }
        None => text.to_ascii_uppercase().parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0900000000000000000000000000000000000000000000000000000000000000";
    const GROUP: &str = "0123456789abcdef@ALICE000";

    fn clock() -> Clock {
        Clock::new(|| crate::engine::Timestamp::from_ms(10_000))
    }

    fn code(who: &str) -> &'static str {
        add_command(who, None, &clock()).unwrap_err().code()
    }

    fn known(pairs: &[(&str, &str)]) -> Vec<Known> {
        let one = |(id, name): &(&str, &str)| Known {
            id: id.parse().unwrap(),
            name: (*name).to_owned(),
        };
        pairs.iter().map(one).collect()
    }

    fn resolved(text: &str, pairs: &[(&str, &str)]) -> Result<String, &'static str> {
        resolve(text, &known(pairs))
            .map(|id| id.to_string())
            .map_err(|failure| failure.code())
    }

    #[test]
    fn identities_and_links_are_told_apart() {
        let plain = add_command(" echoecho ", None, &clock()).unwrap();
        let expected = "ECHOECHO".parse::<Identity>().unwrap();
        assert!(matches!(plain,
            Command::AddContact { identity, public_key: None, .. } if identity == expected));
        let link = add_command(&format!("3mid:ECHOECHO,{KEY},11"), None, &clock()).unwrap();
        assert!(matches!(
            link,
            Command::AddContact {
                public_key: Some(_),
                ..
            }
        ));
    }

    #[test]
    fn mistakes_have_names() {
        assert_eq!(code("ECHO"), "not-an-identity");
        assert_eq!(code("3mid:ECHOECHO"), "link");
        assert_eq!(code(&format!("3mid:ECHOECHO,{KEY},10")), "link-expired");
    }

    #[test]
    fn a_conversation_is_found_by_id_or_whole_name() {
        let pairs = [("ALICE000", "Alice Müller"), (GROUP, "Climbing")];
        let alice = Ok("ALICE000".to_owned());
        assert_eq!(resolved("alice000", &pairs), alice);
        assert_eq!(resolved("ALICE MÜLLER", &pairs), alice);
        assert_eq!(resolved("climbing", &pairs), Ok(GROUP.to_owned()));
        assert_eq!(
            resolved("0123456789ABCDEF@alice000", &pairs),
            Ok(GROUP.into())
        );
        assert_eq!(resolved("Alice", &pairs), Err("unknown-conversation"));
        assert_eq!(resolved("echoecho", &pairs), Ok("ECHOECHO".to_owned()));
    }

    #[test]
    fn a_name_that_looks_like_an_identity_is_one_only_if_nobody_is_called_so() {
        let pairs = [("ALICE000", "Dorothea")];
        assert_eq!(resolved("Dorothea", &pairs), Ok("ALICE000".to_owned()));
        let both = [("ALICE000", "Dorothea"), ("DOROTHEA", "Eve")];
        assert_eq!(resolved("Dorothea", &both), Ok("DOROTHEA".to_owned()));
    }

    #[test]
    fn who_shares_a_name_is_listed() {
        let pairs = [("ALICE000", "Alice"), (GROUP, "alice")];
        let failure = resolve("Alice", &known(&pairs)).unwrap_err();
        assert_eq!(failure.code(), "ambiguous");
        let words = &failure.values()[1].1;
        assert!(
            words.contains("ALICE000") && words.contains(GROUP),
            "{words}"
        );
    }
}
