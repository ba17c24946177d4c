//! Polls (csp.struct.yml, poll-setup and poll-vote): ids, then JSON.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    bytes::Reader,
    id::{Identity, PollId},
    spec,
};

const MALFORMED: Error = Error::Malformed("poll");

/// Opens, changes or closes a poll of the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollSetup {
    /// The poll, of the sender.
    pub id: PollId,
    /// What it asks.
    pub poll: Poll,
}

/// What a poll asks and, once it is closed, who chose what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// The question.
    #[serde(rename = "d")]
    pub description: String,
    /// 0 open, 1 closed.
    #[serde(rename = "s")]
    pub state: u8,
    /// 0 one choice, 1 several.
    #[serde(rename = "a")]
    pub answer_type: u8,
    /// 0 results when closed, 1 results on every vote.
    #[serde(rename = "t")]
    pub announce_type: u8,
    /// 0 list, 1 summary; absent means list.
    #[serde(rename = "u", default)]
    pub display_mode: u8,
    /// 0 text; nothing else is defined.
    #[serde(rename = "o", default)]
    pub choice_type: u8,
    /// Who took part, in the order of the results.
    #[serde(rename = "p", default)]
    pub participants: Vec<Identity>,
    /// What can be chosen.
    #[serde(rename = "c")]
    pub choices: Vec<PollChoice>,
}

/// One choice of a poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollChoice {
    /// Its id inside the poll.
    #[serde(rename = "i")]
    pub id: u32,
    /// Its text.
    #[serde(rename = "n")]
    pub name: String,
    /// Its place in the list.
    #[serde(rename = "o", default)]
    pub order: u32,
    /// One 0 or 1 for every participant.
    #[serde(rename = "r", default)]
    pub results: Vec<u8>,
    /// How many chose it.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
}

impl PollSetup {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(bytes);
        let id = PollId(reader.array()?);
        let poll: Poll = serde_json::from_slice(reader.rest()).map_err(|_| MALFORMED)?;
        Ok(Self { id, poll })
    }

    pub(super) fn encode_into(&self, out: &mut Vec<u8>) -> Result<()> {
        let texts = self.poll.choices.iter().map(|choice| &choice.name);
        if texts
            .chain([&self.poll.description])
            .any(|text| text.len() > spec::POLL_TEXT_BYTES_MAX)
        {
            return Err(Error::TooLong);
        }
        out.extend_from_slice(self.id.as_bytes());
        let json = serde_json::to_vec(&self.poll).map_err(|_| MALFORMED)?;
        if json.len() > spec::POLL_JSON_BYTES_MAX {
            return Err(Error::TooLong);
        }
        out.extend_from_slice(&json);
        Ok(())
    }
}

/// A vote: all choices of the voter at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollVote {
    /// Who opened the poll.
    pub creator: Identity,
    /// The poll.
    pub id: PollId,
    /// Choice id, and whether it is chosen.
    pub choices: Vec<(u32, bool)>,
}

impl PollVote {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(bytes);
        let creator = Identity::try_from(reader.array::<{ Identity::BYTES }>()?)?;
        let id = PollId(reader.array()?);
        let votes: Vec<(u32, u8)> = serde_json::from_slice(reader.rest()).map_err(|_| MALFORMED)?;
        let choices = votes
            .into_iter()
            .map(|(id, chosen)| (id, chosen != 0))
            .collect();
        Ok(Self {
            creator,
            id,
            choices,
        })
    }

    pub(super) fn encode_into(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(self.creator.as_bytes());
        out.extend_from_slice(self.id.as_bytes());
        let votes: Vec<(u32, u8)> = self
            .choices
            .iter()
            .map(|(id, chosen)| (*id, u8::from(*chosen)))
            .collect();
        let json = serde_json::to_vec(&votes).map_err(|_| MALFORMED)?;
        if json.len() > spec::POLL_JSON_BYTES_MAX {
            return Err(Error::TooLong);
        }
        out.extend_from_slice(&json);
        Ok(())
    }
}
