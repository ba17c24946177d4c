//! The two rounds by which a client proves that it holds its key (directory.openapi.yml, and
//! attacks 2 and 5 of "Three Lessons from Threema").
//!
//! Round one: the client posts its request; the server answers with a [`Challenge`]. Round two: the
//! client posts the same request with a [`Proof`]. The proof is a MAC under a key of its own
//! purpose, never a box: a server cannot make a client encrypt for it.

use dreiklang_crypto::{
    PublicKey, SecretKey, Zeroizing, constant_time_eq,
    kdf::{self, Purpose},
};
use serde::{Deserialize, Serialize};

use super::text;
use crate::{Error, Result, api::Base64, spec};

/// Which directory asks. The keys are separate, so no proof is good for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Realm {
    /// The directory.
    Directory,
    /// The work directory.
    Work,
}

/// The server's answer in round one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    /// Opaque to the client.
    pub token: Base64,
    /// The server's key for this challenge.
    #[serde(rename = "tokenRespKeyPub", with = "text::public_key")]
    pub response_key: PublicKey,
}

impl Challenge {
    /// The client's answer. Refuses a token of strange length; a strange key never gets here.
    pub fn answer(&self, realm: Realm, client_key: &SecretKey) -> Result<Proof> {
        let length = self.token.0.len();
        if !(spec::CHALLENGE_TOKEN_BYTES_MIN..=spec::CHALLENGE_TOKEN_BYTES_MAX).contains(&length) {
            return Err(Error::PeerMisbehaved("challenge token of strange length"));
        }
        let response = response(realm, client_key, &self.response_key, &self.token.0);
        Ok(Proof {
            token: self.token.clone(),
            response: Base64(response.to_vec()),
        })
    }
}

/// What the client adds in round two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The token of the challenge.
    pub token: Base64,
    /// The MAC.
    pub response: Base64,
}

impl Proof {
    /// Did the holder of `client_key` make this proof for the challenge with `challenge_key`?
    ///
    /// What the token binds – endpoint, request, expiry, single use – is the server's to check.
    pub fn verify(
        &self,
        realm: Realm,
        challenge_key: &SecretKey,
        client_key: &PublicKey,
    ) -> Result<()> {
        let expected = response(realm, challenge_key, client_key, &self.token.0);
        if constant_time_eq(&expected, &self.response.0) {
            Ok(())
        } else {
            Err(Error::NotAuthentic)
        }
    }
}

fn response(realm: Realm, own: &SecretKey, other: &PublicKey, token: &[u8]) -> [u8; 32] {
    let purpose = match realm {
        Realm::Directory => Purpose::DIRECTORY_CHALLENGE,
        Realm::Work => Purpose::WORK_CHALLENGE,
    };
    let shared = own.agree(other);
    let key = purpose.derive(shared.expose(), &[]);
    kdf::blake2b(&*Zeroizing::new(key), "", "", token)
}

/// A request of either round: its own fields, and in round two the proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoPhase<T> {
    /// The fields of the request, the same in both rounds.
    #[serde(flatten)]
    pub request: T,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<Base64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response: Option<Base64>,
}

impl<T> TwoPhase<T> {
    /// Round one.
    pub fn first(request: T) -> Self {
        Self {
            request,
            token: None,
            response: None,
        }
    }

    /// Round two.
    pub fn second(request: T, proof: Proof) -> Self {
        let Proof { token, response } = proof;
        Self {
            request,
            token: Some(token),
            response: Some(response),
        }
    }

    /// The proof, if this is round two. Half a proof is an error, not a first round.
    pub fn proof(&self) -> Result<Option<Proof>> {
        match (&self.token, &self.response) {
            (None, None) => Ok(None),
            (Some(token), Some(_)) if token.0.len() > spec::CHALLENGE_TOKEN_BYTES_MAX => {
                Err(Error::TooLong)
            }
            (Some(token), Some(response)) => Ok(Some(Proof {
                token: token.clone(),
                response: response.clone(),
            })),
            _ => Err(Error::Malformed("proof")),
        }
    }
}
