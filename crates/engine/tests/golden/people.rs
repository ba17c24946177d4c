//! Sentences about contacts: who they are, how sure that is, and what they are told.

use dreiklang_crypto::{SecretKey, SeededRng};
use dreiklang_engine::{
    Command, ContactLink, MismatchSource, NameOrder, Person, SendPolicy,
    view::{self, Contact, VerificationLevel},
};

use super::play::{self, Play};

/// What somebody does. Nothing if there is no such sentence.
pub(crate) fn command(play: &mut Play, who: usize, words: &[&str], text: &str) -> Option<Command> {
    Some(match words {
        ["scans", "a", "false", "code", "of", whom] => {
            let code = ContactLink {
                identity: play.identity(whom),
                public_key: SecretKey::generate(&mut SeededRng::new(9)).public(),
                expires_at: None,
            };
            let text = code.to_string();
            Command::ScanContact { text }
        }
        ["scans", whom] => {
            let shown = play::who(whom);
            let me = view::me(&play.world.device(shown).conn).unwrap()?;
            let text = me.my_code();
            Command::ScanContact { text }
        }
        ["understands", "the", "warning", "about", whom] => {
            Command::ClearKeyMismatch(play.identity(whom))
        }
        ["calls", whom] => {
            let (first_name, last_name) = text.split_once(' ').unwrap_or((text, ""));
            Command::SetContactName {
                identity: play.identity(whom),
                first_name: first_name.into(),
                last_name: last_name.into(),
            }
        }
        ["finds", whom, "by", "address"] => Command::MatchContacts(vec![Person {
            name: text.into(),
            emails: vec![format!("{}@example.com", play.identity(whom))],
            phones: Vec::new(),
        }]),
        ["excludes", whom] => Command::Exclude(play.identity(whom)),
        ["includes", whom] => Command::Include(play.identity(whom)),
        ["always", "tells", whom, "what", "she" | "he", "reads"] => {
            policy(play, whom, SendPolicy::Send)
        }
        ["never", "tells", whom, "what", "she" | "he", "reads"] => {
            policy(play, whom, SendPolicy::DontSend)
        }
        ["treats", "everybody", "alike"] => Command::ResetContactPolicies,
        ["sorts", "by", "last", "names"] => play.settings(who, |settings| {
            settings.sort_order = NameOrder::LastName;
        }),
        ["puts", "last", "names", "first"] => play.settings(who, |settings| {
            settings.name_order = NameOrder::LastName;
        }),
        _ => return None,
    })
}

fn policy(play: &Play, whom: &str, read_receipts: SendPolicy) -> Command {
    Command::SetContactPolicies {
        identity: play.identity(whom),
        read_receipts,
        typing_indicators: SendPolicy::Default,
    }
}

/// The contacts in the order of the list.
pub(crate) fn contacts(play: &mut Play, who: usize) -> Vec<String> {
    let contacts = view::contacts(&play.world.device(who).conn).unwrap();
    if contacts.is_empty() {
        return vec!["(nobody)".into()];
    }
    contacts.iter().map(|contact| line(play, contact)).collect()
}

fn line(play: &Play, contact: &Contact) -> String {
    let mut marks = vec![match contact.verification_level {
        VerificationLevel::Unverified => "not verified",
        VerificationLevel::Server => "known to the server",
        VerificationLevel::Verified => "verified",
        VerificationLevel::WorkServer => "a colleague",
        VerificationLevel::WorkVerified => "a verified colleague",
    }];
    if let Some(mismatch) = &contact.key_mismatch {
        marks.push(match mismatch.source {
            MismatchSource::Scan => "a code had another key!",
            MismatchSource::Directory => "the directory has another key!",
            MismatchSource::Organisation => "the organisation has another key!",
        });
    }
    if contact.is_excluded {
        marks.push("excluded");
    }
    if contact.is_blocked {
        marks.push("blocked");
    }
    let identity = play.named(contact.identity.as_str());
    let name = play.named(&contact.display_name());
    let marks = marks.join(", ");
    format!("{name} [{identity}]: {marks}")
}
