//! Polls: created and closed by their creator, answered by everybody (csp.struct.yml, poll-setup
//! and poll-vote). The setup is a message; votes and the closing change it.

use std::collections::BTreeSet;

use dreiklang_crypto::random;
use dreiklang_wire::{
    e2e::{self as wire, Body, Content as Wire, PollChoice, PollSetup, PollVote, Scope},
    id::{GroupId, Identity, MessageId, PollId},
};

use super::{
    outgoing::check_reference,
    refer::{changed, changed_reply},
    take::Taken,
};
use crate::{
    Engine,
    command::{NewPoll, Refusal, Reply},
    conversation::{Submission, Target},
    db::{
        self,
        messages::{MessageRow, OURS},
    },
    engine::Answer,
    error::{Error, Result},
    turn::Turn,
    view::{Content, ConversationId, Position},
};

const OPEN: u8 = 0;
const CLOSED: u8 = 1;
/// Votes go to everybody instead of the creator only.
const VOTES_FOR_ALL: u8 = 1;
const SUMMARY: u8 = 1;
const CHOICES_MIN: usize = 2;

impl Engine {
    pub(crate) fn create_poll(
        &mut self,
        turn: &mut Turn<'_>,
        to: &ConversationId,
        new: &NewPoll,
        reference: &str,
    ) -> Result<Answer> {
        let is_same = |content: &Content| match content {
            Content::Poll(poll) => {
                let choices = poll.choices.iter().map(|choice| &choice.text);
                poll.question == new.question && choices.eq(&new.choices)
            }
            _ => false,
        };
        if let Some(answer) = Self::repeated(turn, to, reference, is_same)? {
            return Ok(answer);
        }
        let setup = PollSetup {
            id: PollId(random(&mut *self.rng)),
            poll: poll_of(new),
        };
        let target = match check_new(new, &setup).and_then(|()| check_reference(reference)) {
            Ok(()) => self.target(turn, to)?,
            Err(refusal) => Err(refusal),
        };
        let target = match target {
            Ok(target) => target,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let id = setup.id;
        let submission = Submission {
            content: Wire::PollSetup(setup),
            text: &new.question,
            reference,
        };
        let message = self.submit(turn, &target, submission)?;
        let conversation_id = target.conversation_id;
        db::polls::insert(turn.tx, message.position, conversation_id, OURS, id)?;
        Ok(Answer::Now(Ok(Reply::Message(message))))
    }

    pub(crate) fn vote(
        &mut self,
        turn: &mut Turn<'_>,
        position: Position,
        chosen: &[u32],
    ) -> Result<Answer> {
        let (row, target, setup) = match self.open_poll(turn, position)? {
            Ok(found) => found,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let chosen: BTreeSet<_> = chosen.iter().copied().collect();
        let choices: Vec<_> = setup
            .poll
            .choices
            .iter()
            .map(|choice| (choice.id, chosen.contains(&choice.id)))
            .collect();
        let found = choices.iter().filter(|(_, is_chosen)| *is_chosen).count();
        if found < chosen.len() {
            return Ok(Answer::refuse(Refusal::UnknownChoice));
        }
        if setup.poll.answer_type == 0 && chosen.len() > 1 {
            return Ok(Answer::refuse(Refusal::OneChoiceOnly));
        }
        let creator = match row.sender_id {
            OURS => self.own.as_ref().map(|own| own.identity),
            id => db::contacts::identity_of(turn.tx, id)?,
        };
        let creator = creator.ok_or(Error::Bug("a poll of nobody"))?;
        let mut target = target;
        if setup.poll.announce_type != VOTES_FOR_ALL {
            // csp.struct.yml, poll: nobody else learns of it, whether blocked or not.
            target.receivers.retain(|other| other.identity == creator);
            target.blocked.retain(|other| other.identity == creator);
            let is_unheard = target.receivers.is_empty() && target.blocked.is_empty();
            if is_unheard && !row.is_ours() {
                return Ok(Answer::refuse(Refusal::UnknownContact(creator)));
            }
        }
        db::polls::set_votes(turn.tx, position, OURS, &choices)?;
        let vote = Wire::PollVote(PollVote {
            creator,
            id: setup.id,
            choices,
        });
        let id = MessageId(random(&mut *self.rng));
        self.queue_all(turn, &target, id, vote)?;
        Ok(Answer::Now(Ok(changed_reply(turn, position, Vec::new())?)))
    }

    pub(crate) fn close_poll(&mut self, turn: &mut Turn<'_>, position: Position) -> Result<Answer> {
        let (row, target, mut setup) = match self.open_poll(turn, position)? {
            Ok(found) => found,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        if !row.is_ours() {
            return Ok(Answer::refuse(Refusal::NotOurs));
        }
        count(turn, position, &mut setup.poll)?;
        let body = Body {
            scope: target.scope,
            content: Wire::PollSetup(setup),
        };
        let Ok((kind, bytes)) = body.encode() else {
            return Ok(Answer::refuse(Refusal::PollTooLong));
        };
        let container = [&[kind.0][..], &bytes].concat();
        db::messages::set_container(turn.tx, position, &container)?;
        let id = MessageId(random(&mut *self.rng));
        self.queue_all(turn, &target, id, body.content)?;
        Ok(Answer::Now(Ok(changed_reply(turn, position, Vec::new())?)))
    }

    fn open_poll(
        &self,
        turn: &Turn<'_>,
        position: Position,
    ) -> Result<Result<(MessageRow, Target, PollSetup), Refusal>> {
        let (row, target) = match self.message_target(turn, position)? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(match setup_of(&row) {
            None => Err(Refusal::WrongMessageKind),
            Some(setup) if setup.poll.state != OPEN => Err(Refusal::PollClosed),
            Some(setup) => Ok((row, target, setup)),
        })
    }

    /// The common poll setup receive steps.
    pub(crate) fn take_poll(
        &mut self,
        turn: &mut Turn<'_>,
        taken: &Taken<'_>,
        setup: &PollSetup,
    ) -> Result<()> {
        let (conversation_id, creator_id) = (taken.conversation_id, taken.contact.contact_id);
        let known = db::polls::find(turn.tx, conversation_id, creator_id, setup.id)?;
        let Some(position) = known else {
            if setup.poll.state == OPEN {
                let text = &setup.poll.description;
                let position = self.store(turn, taken, text, taken.opened.container())?;
                db::polls::insert(turn.tx, position, conversation_id, creator_id, setup.id)?;
            }
            return Ok(());
        };
        let row = db::messages::find(turn.tx, position)?;
        let row = row.ok_or(Error::Bug("a poll without its message"))?;
        if let Some(earlier) = setup_of(&row)
            && earlier.poll.state == OPEN
            && setup.poll.state == CLOSED
        {
            let closed = closed(earlier.poll, &setup.poll);
            db::messages::set_container(turn.tx, position, &with_poll(&row, &closed)?)?;
            taken.tell_delivered(turn);
            changed(turn, position)?;
        }
        Ok(())
    }
}

/// The common poll vote receive steps.
pub(crate) fn take_vote(turn: &mut Turn<'_>, taken: &Taken<'_>, vote: &PollVote) -> Result<()> {
    let creator_id = match db::contacts::find(turn.tx, vote.creator)? {
        Some(creator) => creator.contact_id,
        None if vote.creator == taken.message.receiver => OURS,
        None => return Ok(()),
    };
    let known = db::polls::find(turn.tx, taken.conversation_id, creator_id, vote.id)?;
    let Some(position) = known else {
        return Ok(());
    };
    let row = db::messages::find(turn.tx, position)?;
    let Some(PollSetup { poll, .. }) = row.as_ref().and_then(setup_of) else {
        return Ok(());
    };
    let is_for_us = poll.announce_type == VOTES_FOR_ALL || creator_id == OURS;
    let known = |id: u32| poll.choices.iter().any(|choice| choice.id == id);
    let mut choices = vote.choices.clone();
    choices.retain(|(id, _)| known(*id));
    let chosen = choices.iter().filter(|(_, is_chosen)| *is_chosen).count();
    if poll.state != OPEN || !is_for_us || (poll.answer_type == 0 && chosen > 1) {
        return Ok(());
    }
    let voter_id = taken.contact.contact_id;
    db::polls::set_votes(turn.tx, position, voter_id, &choices)?;
    changed(turn, position)?;
    Ok(())
}

fn setup_of(row: &MessageRow) -> Option<PollSetup> {
    match row.body()?.content {
        Wire::PollSetup(setup) => Some(setup),
        _ => None,
    }
}

fn poll_of(new: &NewPoll) -> wire::Poll {
    let choices = (0..).zip(&new.choices).map(|(id, name)| PollChoice {
        id,
        name: name.clone(),
        order: id,
        results: Vec::new(),
        total: None,
    });
    wire::Poll {
        description: new.question.clone(),
        state: OPEN,
        answer_type: u8::from(new.is_multiple),
        announce_type: u8::from(new.shows_votes),
        display_mode: u8::from(new.is_summary),
        choice_type: 0,
        participants: Vec::new(),
        choices: choices.collect(),
    }
}

fn check_new(new: &NewPoll, setup: &PollSetup) -> Result<(), Refusal> {
    if new.question.trim().is_empty() || new.choices.iter().any(|text| text.trim().is_empty()) {
        return Err(Refusal::TextEmpty);
    }
    if new.choices.len() < CHOICES_MIN {
        return Err(Refusal::TooFewChoices);
    }
    let body = Body::contact(Wire::PollSetup(setup.clone()));
    body.encode().map(|_| ()).map_err(|_| Refusal::PollTooLong)
}

/// Closes our poll with everything that was voted.
fn count(turn: &Turn<'_>, position: Position, poll: &mut wire::Poll) -> Result<()> {
    poll.state = CLOSED;
    let votes = db::polls::votes(turn.tx, position)?;
    let is_summary = poll.display_mode == SUMMARY;
    if !is_summary {
        poll.participants = votes.iter().map(|vote| vote.voter).collect();
        // Votes come sorted by voter.
        poll.participants.dedup();
    }
    for choice in &mut poll.choices {
        let of_choice = votes.iter().filter(|vote| vote.choice_id == choice.id);
        let voters: BTreeSet<_> = of_choice
            .filter(|vote| vote.is_chosen)
            .map(|vote| vote.voter)
            .collect();
        if is_summary {
            choice.total = Some(u32::try_from(voters.len()).unwrap_or(u32::MAX));
        } else {
            let chose = |voter| u8::from(voters.contains(voter));
            choice.results = poll.participants.iter().map(chose).collect();
        }
    }
    Ok(())
}

/// The poll with the results of its creator; nothing else of it may change any more.
fn closed(mut poll: wire::Poll, results: &wire::Poll) -> wire::Poll {
    poll.state = CLOSED;
    poll.participants.clone_from(&results.participants);
    for choice in &mut poll.choices {
        let result = results.choices.iter().find(|result| result.id == choice.id);
        if let Some(result) = result {
            choice.results.clone_from(&result.results);
            choice.total = result.total;
        }
    }
    poll
}

/// The row's container with another poll in it. The limit of the wire does not hold here: results
/// of a big group are longer than what a sender may write.
fn with_poll(row: &MessageRow, poll: &wire::Poll) -> Result<Vec<u8>> {
    let scope_bytes = match row.body().map(|body| body.scope) {
        Some(Scope::GroupMember { .. }) => Identity::BYTES + GroupId::BYTES,
        _ => 0,
    };
    // The type, the scope and the poll id stand before the JSON.
    let head = (1 + PollId::BYTES).saturating_add(scope_bytes);
    let head = row.container.get(..head).unwrap_or_default();
    let json = serde_json::to_vec(poll).map_err(|_| Error::Bug("a poll that is no JSON"))?;
    Ok([head, &json].concat())
}
