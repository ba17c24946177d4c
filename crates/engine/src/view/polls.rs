//! Polls: what is asked, and who chose what as far as it is known here.

use std::fmt;

use dreiklang_wire::{e2e as wire, id::Identity};
use rusqlite::Connection;

use super::Position;
use crate::{db, error::Result};

/// A question to everybody in the conversation.
#[derive(Clone, PartialEq, Eq)]
pub struct Poll {
    /// What is asked.
    pub question: String,
    /// What can be chosen, in its order.
    pub choices: Vec<Choice>,
    /// Whether several choices are possible.
    pub is_multiple: bool,
    /// Whether everybody sees the votes while the poll is open.
    pub shows_votes: bool,
    /// Whether only the sums are shown, not who chose what.
    pub is_summary: bool,
    /// Whether it is over. What it then says is the creator's word.
    pub is_closed: bool,
    /// Everybody known to have voted; empty where only sums are shown.
    pub voters: Vec<Identity>,
}

/// One choice of a poll.
#[derive(Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its number inside the poll.
    pub id: u32,
    /// What it says.
    pub text: String,
    /// How many chose it.
    pub votes: u32,
    /// Who chose it; empty where only sums are shown.
    pub voters: Vec<Identity>,
    /// Whether we did.
    pub is_mine: bool,
}

impl Poll {
    /// The poll by its setup alone: with the results that its creator closed it with, or none.
    pub(super) fn of(poll: &wire::Poll) -> Self {
        let is_closed = poll.state != 0;
        let is_summary = poll.display_mode == 1;
        let names = !is_summary && is_closed;
        let choices = poll.choices.iter().map(|choice| {
            let results = poll.participants.iter().zip(&choice.results);
            let voters: Vec<_> = results
                .filter(|(_, result)| names && **result != 0)
                .map(|(voter, _)| *voter)
                .collect();
            Choice {
                id: choice.id,
                text: choice.name.clone(),
                votes: if is_summary && is_closed {
                    choice.total.unwrap_or_default()
                } else {
                    u32::try_from(voters.len()).unwrap_or(u32::MAX)
                },
                voters,
                is_mine: false,
            }
        });
        Self {
            question: poll.description.clone(),
            choices: choices.collect(),
            is_multiple: poll.answer_type == 1,
            shows_votes: poll.announce_type == 1,
            is_summary,
            is_closed,
            voters: if names {
                poll.participants.clone()
            } else {
                Vec::new()
            },
        }
    }

    /// Adds what was voted here: our own choices, and while the poll is open everybody's.
    pub(super) fn count(&mut self, conn: &Connection, position: Position) -> Result<()> {
        let shows_names = !self.is_closed && !self.is_summary;
        for vote in db::polls::votes(conn, position)? {
            // Votes come sorted by voter.
            if shows_names && self.voters.last() != Some(&vote.voter) {
                self.voters.push(vote.voter);
            }
            let choices = &mut self.choices;
            let choice = choices
                .iter_mut()
                .find(|choice| choice.id == vote.choice_id);
            let Some(choice) = choice.filter(|_| vote.is_chosen) else {
                continue;
            };
            choice.is_mine |= vote.is_ours;
            if !self.is_closed {
                choice.votes = choice.votes.saturating_add(1);
            }
            if shows_names {
                choice.voters.push(vote.voter);
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Poll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Poll({} choices)", self.choices.len())
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Choice({}: {} votes)", self.id, self.votes)
    }
}
