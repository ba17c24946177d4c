//! Contacts: how they come, what is known of them, when it is refreshed.

use dreiklang_wire::id::Identity;

use crate::{
    Engine,
    command::{Command, Refusal, Reply, Ticket},
    db::{
        self,
        contacts::{ContactRow, SYNC_CUSTOM},
    },
    engine::Answer,
    error::{Error, Result},
    event::Event,
    identity::check_length,
    turn::Turn,
    view::{self, ConversationId},
};

pub(crate) mod add;
pub(crate) mod blocking;
pub(crate) mod check;
pub(crate) mod code;
pub(crate) mod link;
pub(crate) mod lookup;
pub(crate) mod matching;
pub(crate) mod mismatch;
pub(crate) mod privacy;

pub(crate) use lookup::Contacts;
use matching::Matching;

/// The name a person gives to a contact.
pub(crate) const NAME_CHARS_MAX: usize = 128;

impl Engine {
    /// Does what a command wants of a contact; gives other commands back.
    pub(crate) fn on_contact_command(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        command: Command,
    ) -> Result<Result<Answer, Command>> {
        let answer = match command {
            Command::AddContact {
                identity,
                public_key,
                name,
            } => self.add_contact(turn, ticket, identity, public_key, name)?,
            Command::ScanContact { text } => self.scan_contact(turn, ticket, &text)?,
            Command::SetContactName {
                identity,
                first_name,
                last_name,
            } => Self::set_contact_name(turn, identity, &first_name, &last_name)?,
            Command::SetContactPolicies {
                identity,
                read_receipts,
                typing_indicators,
            } => Self::set_contact_policies(turn, identity, read_receipts, typing_indicators)?,
            Command::ResetContactPolicies => Self::reset_contact_policies(turn)?,
            Command::ClearKeyMismatch(identity) => mismatch::clear(turn, identity)?,
            Command::Exclude(identity) => self.exclude(turn, identity)?,
            Command::Include(identity) => Self::include(turn, identity)?,
            Command::SetPictureSharing(sharing) => self.set_picture_sharing(turn, &sharing)?,
            Command::RemoveContact(identity) => self.remove_contact(turn, identity)?,
            Command::Block(identity) => self.block(turn, identity)?,
            Command::Unblock(identity) => {
                db::blocked::delete(turn.tx, identity)?;
                turn.notify(Event::ContactChanged(identity));
                Answer::done()
            }
            Command::MatchContacts(people) => {
                self.match_contacts(turn, Matching::book(ticket, &people))
            }
            Command::FindByAddress { emails, phones } => {
                match Matching::addresses(ticket, &emails, &phones) {
                    Ok(matching) => self.match_contacts(turn, matching),
                    Err(refusal) => Answer::refuse(refusal),
                }
            }
            other => return Ok(Err(other)),
        };
        Ok(Ok(answer))
    }

    pub(crate) fn set_contact_name(
        turn: &mut Turn<'_>,
        identity: Identity,
        first_name: &str,
        last_name: &str,
    ) -> Result<Answer> {
        let [first_name, last_name] = [first_name.trim(), last_name.trim()];
        for name in [first_name, last_name] {
            if let Err(refusal) = check_length("name", name, NAME_CHARS_MAX) {
                return Ok(Answer::refuse(refusal));
            }
        }
        match direct_contact(turn, identity)? {
            Err(refusal) => Ok(Answer::refuse(refusal)),
            Ok(contact) if contact.is_named_by_organisation => {
                Ok(Answer::refuse(Refusal::NamedByOrganisation(identity)))
            }
            Ok(contact) => {
                let id = contact.contact_id;
                db::contacts::set_name(turn.tx, id, first_name, last_name, SYNC_CUSTOM)?;
                changed(turn, identity)
            }
        }
    }

    pub(crate) fn remove_contact(
        &mut self,
        turn: &mut Turn<'_>,
        identity: Identity,
    ) -> Result<Answer> {
        match direct_contact(turn, identity)? {
            Err(refusal) => Ok(Answer::refuse(refusal)),
            Ok(contact) => {
                let id = ConversationId::Contact(identity);
                if let Some(conversation_id) = db::conversations::find(turn.tx, &id)? {
                    // What is not sent yet is part of the conversation that is forgotten. What
                    // goes to a group is not.
                    db::outbox::delete_conversation(turn.tx, conversation_id)?;
                    db::conversations::reset(turn.tx, conversation_id)?;
                    db::messages::delete_conversation(turn.tx, conversation_id)?;
                }
                // A group shows its members by the names that people know.
                let keeps_name = db::groups::has_in_common(turn.tx, identity)?;
                db::contacts::set_removed(turn.tx, contact.contact_id, keeps_name)?;
                self.typing.forget_outgoing(identity);
                turn.notify(Event::ContactChanged(identity));
                Ok(Answer::done())
            }
        }
    }

    pub(crate) fn block(&mut self, turn: &mut Turn<'_>, identity: Identity) -> Result<Answer> {
        if self
            .own
            .as_ref()
            .is_some_and(|own| own.identity == identity)
        {
            return Ok(Answer::refuse(Refusal::OwnIdentity));
        }
        db::blocked::insert(turn.tx, identity)?;
        self.typing.forget_outgoing(identity);
        turn.notify(Event::ContactChanged(identity));
        Ok(Answer::done())
    }
}

fn direct_contact(turn: &Turn<'_>, identity: Identity) -> Result<Result<ContactRow, Refusal>> {
    let contact = db::contacts::find(turn.tx, identity)?.filter(|row| row.is_direct);
    Ok(contact.ok_or(Refusal::UnknownContact(identity)))
}

/// Tells that a contact changed and answers with the contact as it is now.
fn changed(turn: &mut Turn<'_>, identity: Identity) -> Result<Answer> {
    turn.notify(Event::ContactChanged(identity));
    let contact = view::contact(turn.tx, identity)?.ok_or(Error::Bug("a contact is missing"))?;
    Ok(Answer::Now(Ok(Reply::Contact(contact))))
}
