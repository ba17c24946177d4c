//! What a client tells about its user: names and functions from the app configuration, and whether
//! the user is at work.

use core::fmt;

use dreiklang_crypto::PublicKey;
use serde::{Deserialize, Serialize};

use super::Credentials;
use crate::{
    Error, Result,
    api::{
        Base64,
        directory::{Challenge, Proof, challenge::Realm},
        text,
    },
    id::Identity,
    spec,
};

/// Tells the organisation who its user is; what is not configured is left out or null.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateWorkInfoRequest {
    /// The own identity.
    pub identity: Identity,
    /// The licence.
    pub license_username: String,
    /// The licence.
    pub license_password: String,
    /// The client-info, with [`Policy::marker`](crate::mdm::Policy::marker) behind it.
    #[serde(default)]
    pub version: String,
    /// The nickname.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_nickname: Option<String>,
    /// `th_firstname`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// `th_lastname`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// `th_csi`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csi: Option<String>,
    /// `th_job_title`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// `th_department`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// `th_category`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

impl UpdateWorkInfoRequest {
    /// No text is longer than a parameter can be.
    pub fn check(&self) -> Result<()> {
        let short = [
            &self.public_nickname,
            &self.first_name,
            &self.last_name,
            &self.csi,
            &self.job_title,
            &self.department,
        ];
        let is_within = |text: &&Option<String>, max| text.as_ref().is_none_or(|t| t.len() <= max);
        let holds = short
            .iter()
            .all(|text| is_within(text, spec::WORK_NAME_BYTES_MAX))
            && is_within(&&self.category, spec::MDM_TEXT_BYTES_MAX)
            && self.version.len() <= spec::CLIENT_INFO_BYTES_MAX;
        if holds { Ok(()) } else { Err(Error::TooLong) }
    }
}

impl fmt::Debug for UpdateWorkInfoRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UpdateWorkInfoRequest({})", self.identity)
    }
}

/// The two rounds of the work directory's own endpoints. The names differ from those of the
/// directory's challenge; the proof is the same, in the realm of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkChallenge {
    /// The server's key for this challenge.
    #[serde(with = "text::public_key")]
    pub challenge_public_key: PublicKey,
    /// Opaque to the client.
    pub challenge: Base64,
}

impl From<Challenge> for WorkChallenge {
    fn from(challenge: Challenge) -> Self {
        Self {
            challenge_public_key: challenge.response_key,
            challenge: challenge.token,
        }
    }
}

impl WorkChallenge {
    /// The client's answer.
    pub fn answer(&self, client_key: &dreiklang_crypto::SecretKey) -> Result<WorkProof> {
        let challenge = Challenge {
            token: self.challenge.clone(),
            response_key: self.challenge_public_key,
        };
        let Proof { token, response } = challenge.answer(Realm::Work, client_key)?;
        Ok(WorkProof {
            challenge: token,
            response,
        })
    }
}

/// What the client adds in round two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkProof {
    /// The challenge.
    pub challenge: Base64,
    /// The MAC; [`Proof::verify`] in [`Realm::Work`] checks it.
    pub response: Base64,
}

impl From<WorkProof> for Proof {
    fn from(
        WorkProof {
            challenge,
            response,
        }: WorkProof,
    ) -> Self {
        Self {
            token: challenge,
            response,
        }
    }
}

/// A request in either round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkStep<T> {
    /// The fields of the request, the same in both rounds.
    #[serde(flatten)]
    pub request: T,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    challenge: Option<Base64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response: Option<Base64>,
}

impl<T> WorkStep<T> {
    /// Round one.
    pub fn first(request: T) -> Self {
        Self {
            request,
            challenge: None,
            response: None,
        }
    }

    /// Round two.
    pub fn second(request: T, proof: WorkProof) -> Self {
        Self {
            request,
            challenge: Some(proof.challenge),
            response: Some(proof.response),
        }
    }

    /// The proof, if this is round two. Half a proof is an error, not a first round.
    pub fn proof(&self) -> Result<Option<Proof>> {
        match (&self.challenge, &self.response) {
            (None, None) => Ok(None),
            (Some(token), Some(_)) if token.0.len() > spec::CHALLENGE_TOKEN_BYTES_MAX => {
                Err(Error::TooLong)
            }
            (Some(token), Some(response)) => Ok(Some(Proof {
                token: token.clone(),
                response: response.clone(),
            })),
            _ => Err(Error::Malformed("challenge")),
        }
    }
}

/// Sets the user's properties. In rounds, see [`WorkStep`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPropertiesRequest {
    /// The own identity.
    pub identity: Identity,
    /// The licence.
    #[serde(flatten)]
    pub credentials: Credentials,
    /// `WorkProperties` of the published protobuf file, see [`Availability::from_properties`].
    pub properties: Base64,
}

/// The body of a 401 from the work directory's own endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkFailure {
    /// What was wrong.
    pub code: WorkFailureCode,
}

/// What was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkFailureCode {
    /// The licence.
    InvalidCredentials,
    /// Round two came too late.
    ChallengeExpired,
    /// Round two did not prove anything.
    InvalidChallengeResponse,
}

/// Is somebody at work?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum WorkCategory {
    /// They do not say.
    #[default]
    None,
    /// No.
    Unavailable,
    /// Yes, but busy.
    Busy,
}

/// `WorkAvailabilityStatus` of the published protobuf files.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Availability {
    /// Is somebody at work?
    pub category: WorkCategory,
    /// In their own words.
    pub description: String,
}

const CATEGORY: u8 = 0x08;
const DESCRIPTION: u8 = 0x12;
const AVAILABILITY_STATUS: u8 = 0x0a;
const BAD: Error = Error::Malformed("availability");

impl Availability {
    /// Writes the protobuf message.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let length = self.description.len();
        if length > spec::AVAILABILITY_DESCRIPTION_BYTES_MAX {
            return Err(Error::TooLong);
        }
        let category = match self.category {
            WorkCategory::None => None,
            WorkCategory::Unavailable => Some(1),
            WorkCategory::Busy => Some(2),
        };
        let mut out = Vec::new();
        if let Some(category) = category {
            out.extend([CATEGORY, category]);
        }
        if length > 0 {
            out.push(DESCRIPTION);
            push_length(&mut out, length);
            out.extend_from_slice(self.description.as_bytes());
        }
        Ok(out)
    }

    /// Reads the protobuf message. Fields that are not known are an error: this is what a user
    /// chose a moment ago, not a document of another age, and a server must not keep for others
    /// what it cannot read.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let mut status = Self::default();
        let mut rest = bytes;
        while let Some((tag, after)) = rest.split_first() {
            rest = match *tag {
                CATEGORY => {
                    let (category, after) = after.split_first().ok_or(BAD)?;
                    status.category = match category {
                        0 => WorkCategory::None,
                        1 => WorkCategory::Unavailable,
                        2 => WorkCategory::Busy,
                        _ => return Err(BAD),
                    };
                    after
                }
                DESCRIPTION => {
                    let (text, after) = take_field(after)?;
                    if text.len() > spec::AVAILABILITY_DESCRIPTION_BYTES_MAX {
                        return Err(Error::TooLong);
                    }
                    status.description = String::from_utf8(text.to_vec()).map_err(|_| BAD)?;
                    after
                }
                _ => return Err(BAD),
            };
        }
        Ok(status)
    }

    /// The status in `WorkProperties`; none resets it.
    pub fn from_properties(properties: &[u8]) -> Result<Option<Self>> {
        match properties.split_first() {
            None => Ok(None),
            Some((&AVAILABILITY_STATUS, after)) => match take_field(after)? {
                (status, []) => Self::decode(status).map(Some),
                _ => Err(BAD),
            },
            Some(_) => Err(BAD),
        }
    }

    /// `WorkProperties` with this status.
    pub fn to_properties(&self) -> Result<Vec<u8>> {
        let status = self.encode()?;
        let mut out = vec![AVAILABILITY_STATUS];
        push_length(&mut out, status.len());
        out.extend(status);
        Ok(out)
    }
}

/// A length below 2^14, which every length here is.
fn push_length(out: &mut Vec<u8>, length: usize) {
    let low = u8::try_from(length & 0x7f).unwrap_or_default();
    match u8::try_from(length >> 7) {
        Ok(0) => out.push(low),
        high => out.extend([low | 0x80, high.unwrap_or_default()]),
    }
}

fn take_field(bytes: &[u8]) -> Result<(&[u8], &[u8])> {
    let (length, rest) = match bytes {
        [low @ 0..=0x7f, rest @ ..] => (usize::from(*low), rest),
        [low, high @ 0..=0x7f, rest @ ..] => {
            (usize::from(low & 0x7f) | usize::from(*high) << 7, rest)
        }
        _ => return Err(BAD),
    };
    rest.split_at_checked(length).ok_or(BAD)
}
