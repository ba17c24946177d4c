//! The two-step challenge of the directory: proof of possession without any state per challenge.
//!
//! The first step hands out a sealed token; the second proves, by a MAC over it, that the caller
//! holds the client key. The token itself says what it is good for: one endpoint, one body, one
//! identity, one use, a few minutes (protocol.md A1.2; reliability.md, ETH attack 5).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dreiklang_crypto::aead::Key;
use dreiklang_crypto::{PublicKey, SecretKey, SystemRng, random};
use dreiklang_wire::api::Base64;
use dreiklang_wire::api::directory::challenge::Realm;
use dreiklang_wire::api::directory::{Challenge, Proof};

use crate::error::Error;

/// Hands out challenges and checks their answers.
pub struct Challenges {
    ttl: Duration,
    used_max: usize,
    sealing: Key,
    epochs: Mutex<Epochs>,
    used: Mutex<HashMap<Nonce, Duration>>,
}

/// What a challenge is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose<'a> {
    /// The endpoint.
    pub endpoint: &'static str,
    /// The canonical form of all fields but `token` and `response`.
    pub fields: &'a [u8],
    /// The key that must answer.
    pub key: &'a PublicKey,
}

/// Why an answer does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unproven {
    /// The challenge was good once.
    Expired,
    /// Not our challenge, for something else, used up, or not answered with the right key.
    Invalid,
    /// No room to remember that it is used now.
    Full,
}

/// The keys that answers are addressed to. One lasts as long as a challenge; the one before it is
/// kept for the challenges that are still out.
struct Epochs {
    current: Epoch,
    previous: Option<Epoch>,
}

struct Epoch {
    number: u32,
    start: Duration,
    secret: Arc<SecretKey>,
    public: PublicKey,
}

type Nonce = [u8; 16];

impl Challenges {
    /// Fresh keys, known to this process only. `now` is the uptime.
    pub fn new(ttl: Duration, used_max: usize, now: Duration) -> Self {
        Self {
            ttl,
            used_max,
            sealing: Key::generate(&mut SystemRng),
            epochs: Mutex::new(Epochs {
                current: Epoch::fresh(0, now),
                previous: None,
            }),
            used: Mutex::new(HashMap::new()),
        }
    }

    /// Makes a challenge for `purpose`.
    pub fn issue(&self, purpose: Purpose<'_>, now: Duration) -> Challenge {
        let mut epochs = self.epochs.lock().unwrap_or_else(PoisonError::into_inner);
        epochs.turn(now, self.ttl);
        let mut plain = Vec::with_capacity(PLAIN_BYTES);
        plain.extend(epochs.current.number.to_le_bytes());
        plain.extend(millis(now + self.ttl).to_le_bytes());
        plain.extend(random::<16>(&mut SystemRng));
        let response_key = epochs.current.public;
        drop(epochs);
        let token = self
            .sealing
            .seal(&mut SystemRng, &purpose.associated(), &plain);
        Challenge {
            token: Base64(token),
            response_key,
        }
    }

    /// Checks an answer and uses the challenge up. Every failure looks the same.
    pub fn redeem(&self, purpose: Purpose<'_>, proof: &Proof, now: Duration) -> Result<(), Error> {
        self.redeem_in(Realm::Directory, purpose, proof, now)
            .map_err(|unproven| match unproven {
                Unproven::Full => Error::Unavailable,
                Unproven::Expired | Unproven::Invalid => Error::Forbidden,
            })
    }

    /// Like [`redeem`](Self::redeem), for either realm. Clients of the work directory are told
    /// that a challenge is too old; only who was given it can learn that.
    pub fn redeem_in(
        &self,
        realm: Realm,
        purpose: Purpose<'_>,
        proof: &Proof,
        now: Duration,
    ) -> Result<(), Unproven> {
        let token = &proof.token.0;
        let plain = self
            .sealing
            .open(&purpose.associated(), token)
            .map_err(|_| Unproven::Invalid)?;
        let (number, rest) = plain.split_first_chunk::<4>().ok_or(Unproven::Invalid)?;
        let (expiry, nonce) = rest.split_first_chunk::<8>().ok_or(Unproven::Invalid)?;
        let nonce = Nonce::try_from(nonce).map_err(|_| Unproven::Invalid)?;
        let expiry = Duration::from_millis(u64::from_le_bytes(*expiry));
        if now >= expiry {
            return Err(Unproven::Expired);
        }
        let secret = self
            .secret(u32::from_le_bytes(*number))
            .ok_or(Unproven::Expired)?;
        proof
            .verify(realm, &secret, purpose.key)
            .map_err(|_| Unproven::Invalid)?;
        self.use_up(nonce, expiry, now)
    }

    /// Whether a key is one of the keys that answers are addressed to; nobody may register those.
    pub fn contains(&self, key: &PublicKey) -> bool {
        let epochs = self.epochs.lock().unwrap_or_else(PoisonError::into_inner);
        epochs.current.public == *key
            || epochs.previous.as_ref().is_some_and(|it| it.public == *key)
    }

    fn secret(&self, number: u32) -> Option<Arc<SecretKey>> {
        let epochs = self.epochs.lock().unwrap_or_else(PoisonError::into_inner);
        [Some(&epochs.current), epochs.previous.as_ref()]
            .into_iter()
            .flatten()
            .find(|epoch| epoch.number == number)
            .map(|epoch| Arc::clone(&epoch.secret))
    }

    fn use_up(&self, nonce: Nonce, expiry: Duration, now: Duration) -> Result<(), Unproven> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= self.used_max {
            used.retain(|_, expiry| *expiry > now);
            if used.len() >= self.used_max {
                return Err(Unproven::Full);
            }
        }
        match used.insert(nonce, expiry) {
            None => Ok(()),
            Some(_) => Err(Unproven::Invalid),
        }
    }
}

impl Purpose<'_> {
    /// Endpoint, key and fields, unambiguously: the first has a length, the second a fixed one.
    fn associated(&self) -> Vec<u8> {
        #[cfg(feature = "planted-bugs")]
        if crate::planted::is(crate::planted::Weakness::LooseChallenge) {
            return Vec::new();
        }
        let endpoint = self.endpoint.as_bytes();
        let length = u16::try_from(endpoint.len()).expect("invariant: endpoints have short names");
        let mut out = Vec::with_capacity(2 + endpoint.len() + 32 + self.fields.len());
        out.extend(length.to_le_bytes());
        out.extend(endpoint);
        out.extend(self.key.as_bytes());
        out.extend(self.fields);
        out
    }
}

impl Epochs {
    fn turn(&mut self, now: Duration, every: Duration) {
        if now.saturating_sub(self.current.start) >= every {
            let next = Epoch::fresh(self.current.number.wrapping_add(1), now);
            self.previous = Some(std::mem::replace(&mut self.current, next));
        }
    }
}

impl Epoch {
    fn fresh(number: u32, start: Duration) -> Self {
        let secret = SecretKey::generate(&mut SystemRng);
        Self {
            number,
            start,
            public: secret.public(),
            secret: Arc::new(secret),
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

const PLAIN_BYTES: usize = 4 + 8 + 16;

#[cfg(test)]
mod tests {
    use dreiklang_crypto::SeededRng;

    use super::*;

    const TTL: Duration = Duration::from_mins(5);
    const START: Duration = Duration::from_secs(7);

    struct Caller {
        secret: SecretKey,
        public: PublicKey,
    }

    fn caller(seed: u64) -> Caller {
        let secret = SecretKey::generate(&mut SeededRng::new(seed));
        Caller {
            public: secret.public(),
            secret,
        }
    }

    impl Caller {
        fn purpose<'a>(&'a self, endpoint: &'static str, fields: &'a [u8]) -> Purpose<'a> {
            Purpose {
                endpoint,
                fields,
                key: &self.public,
            }
        }

        fn answer(&self, challenge: &Challenge) -> Proof {
            challenge.answer(Realm::Directory, &self.secret).unwrap()
        }
    }

    #[test]
    fn an_answer_counts_once() {
        let (challenges, alice) = (Challenges::new(TTL, 10, START), caller(1));
        let purpose = alice.purpose("revoke", b"{}");
        let challenge = challenges.issue(purpose, START);
        let answer = alice.answer(&challenge);
        let redeem = || challenges.redeem(purpose, &answer, START);
        assert_eq!(redeem(), Ok(()));
        assert_eq!(redeem(), Err(Error::Forbidden));
    }

    #[test]
    fn a_challenge_is_bound_to_endpoint_fields_and_key() {
        let (challenges, alice, mallory) = (Challenges::new(TTL, 10, START), caller(1), caller(2));
        let challenge = challenges.issue(alice.purpose("set_featuremask", b"1"), START);
        let redeem = |purpose, answer: &Proof| challenges.redeem(purpose, answer, START);
        let answer = alice.answer(&challenge);
        assert_eq!(
            redeem(alice.purpose("revoke", b"1"), &answer),
            Err(Error::Forbidden)
        );
        assert_eq!(
            redeem(alice.purpose("set_featuremask", b"2"), &answer),
            Err(Error::Forbidden)
        );
        let stolen = mallory.answer(&challenge);
        assert_eq!(
            redeem(mallory.purpose("set_featuremask", b"1"), &stolen),
            Err(Error::Forbidden)
        );
        assert_eq!(
            redeem(alice.purpose("set_featuremask", b"1"), &stolen),
            Err(Error::Forbidden)
        );
        let empty = Proof {
            token: answer.token.clone(),
            response: Base64(Vec::new()),
        };
        assert_eq!(
            redeem(alice.purpose("set_featuremask", b"1"), &empty),
            Err(Error::Forbidden)
        );
        assert_eq!(
            redeem(alice.purpose("set_featuremask", b"1"), &answer),
            Ok(())
        );
    }

    #[test]
    fn a_challenge_expires_and_survives_one_change_of_keys() {
        let (challenges, alice) = (Challenges::new(TTL, 10, START), caller(1));
        let purpose = alice.purpose("revoke", b"{}");
        let late = START + Duration::from_secs(299);
        let first = challenges.issue(purpose, START);
        let second = challenges.issue(purpose, late);
        let third = challenges.issue(purpose, START + TTL);
        assert_eq!(first.response_key, second.response_key);
        assert_ne!(second.response_key, third.response_key);
        assert!(challenges.contains(&first.response_key));
        assert!(challenges.contains(&third.response_key));
        let redeem = |it: &Challenge, now| challenges.redeem(purpose, &alice.answer(it), now);
        assert_eq!(redeem(&first, START + TTL), Err(Error::Forbidden));
        assert_eq!(redeem(&second, START + TTL), Ok(()));
        assert_eq!(redeem(&third, START + TTL), Ok(()));
    }

    #[test]
    fn the_memory_of_used_challenges_is_bounded() {
        let (challenges, alice) = (Challenges::new(TTL, 2, START), caller(1));
        let purpose = alice.purpose("revoke", b"{}");
        let redeem = |now| {
            let challenge = challenges.issue(purpose, now);
            challenges.redeem(purpose, &alice.answer(&challenge), now)
        };
        assert_eq!((redeem(START), redeem(START)), (Ok(()), Ok(())));
        assert_eq!(redeem(START), Err(Error::Unavailable));
        assert_eq!(
            redeem(START + TTL),
            Ok(()),
            "room again once the oldest expired"
        );
    }
}
