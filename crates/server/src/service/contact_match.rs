//! Finding contacts by hashes of their addresses.
//!
//! The key of the hashes is public and telephone numbers are few, so what protects people is how
//! little can be asked: by whom, how often, and from where (reliability.md 2.3). The hashes are
//! forgotten with the call.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use dreiklang_crypto::SystemRng;
use dreiklang_crypto::aead::Key;
use dreiklang_store::LinkKind;
use dreiklang_wire::id::Identity;

use crate::app::App;
use crate::app::limits::Network;
use crate::app::windows::Windows;
use crate::config::Settings;
use crate::error::Error;
use crate::service::closed_groups::{Party, Verdict};
use crate::service::directory::{self, Entry};

/// What matching remembers: the key of its tokens, and who asked how much lately.
pub struct ContactMatch {
    sealing: Key,
    calls: Windows<Identity>,
    hashes: Windows<Identity>,
    hashes_from: Windows<Network>,
}

/// A question: hashes as they came, `None` for what is no hash.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Of e-mail addresses.
    pub emails: Vec<Option<[u8; 32]>>,
    /// Of telephone numbers.
    pub phones: Vec<Option<[u8; 32]>>,
    /// Whether identities count that have not been seen for long.
    pub with_inactive: bool,
}

/// An identity that was found.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// It.
    pub entry: Entry,
    /// Where among the hashes of e-mail addresses, if there.
    pub email: Option<usize>,
    /// Where among the hashes of telephone numbers, if there.
    pub phone: Option<usize>,
}

impl ContactMatch {
    /// A fresh key: tokens of an earlier run are refused, and apps fetch new ones.
    pub fn new(settings: &Settings) -> Self {
        let (linking, max) = (&settings.linking, settings.limits.buckets_max);
        Self {
            sealing: Key::generate(&mut SystemRng),
            calls: Windows::new(linking.matches_per_identity_day_max.into(), DAY, max),
            hashes: Windows::new(linking.hashes_per_identity_day_max.into(), DAY, max),
            hashes_from: Windows::new(linking.hashes_per_ip_day_max.into(), DAY, max),
        }
    }

    /// A token for an identity that has proven itself; good for a day.
    pub fn token(&self, identity: Identity, now: Duration) -> Vec<u8> {
        let expiry = u64::try_from((now + DAY).as_millis()).unwrap_or(u64::MAX);
        let plain = [&identity.as_bytes()[..], &expiry.to_le_bytes()].concat();
        self.sealing.seal(&mut SystemRng, LABEL, &plain)
    }

    /// Whose token this is, while it is good.
    pub fn bearer(&self, token: &[u8], now: Duration) -> Option<Identity> {
        let plain = self.sealing.open(LABEL, token).ok()?;
        let (identity, expiry) = plain.split_first_chunk::<{ Identity::BYTES }>()?;
        let expiry = Duration::from_millis(u64::from_le_bytes(expiry.try_into().ok()?));
        (now < expiry).then(|| Identity::try_from(*identity).ok())?
    }
}

/// Looks for contacts. A question that goes beyond an allowance is refused as a whole and answered
/// with nothing, so that the next day does not begin where this one ended.
pub async fn search(
    app: &App,
    asker: Identity,
    peer: IpAddr,
    question: Question,
) -> Result<Vec<Hit>, Error> {
    if !app.config.linking.is_on(app.config.kind) {
        return Err(Error::Forbidden);
    }
    // A token outlives its identity by a day at most, but not its revocation.
    if directory::find(app, asker).await?.is_none() {
        return Err(Error::NotFound);
    }
    let count = (question.emails.len() + question.phones.len()) as u64;
    let (rates, now) = (&app.contact_match, app.clock.uptime());
    let network = app.rates.network(peer);
    if !rates.calls.take(asker, 1, now)
        || !network.is_none_or(|it| rates.hashes_from.take(it, count, now))
        || !rates.hashes.take(asker, count, now)
    {
        metrics::counter!("contact_matches_refused_total").increment(1);
        return Err(Error::RateLimited);
    }
    let with_inactive = question.with_inactive;
    let found = holders(app, question).await?;
    let identities = found.iter().map(|it| it.identity).collect();
    let entries = directory::find_many(app, identities).await?;
    let mut hits = Vec::with_capacity(found.len());
    for (it, entry) in found.into_iter().zip(entries) {
        let Some(entry) = entry.filter(|it| it.is_active || with_inactive) else {
            continue;
        };
        if may_meet(app, asker, entry.identity).await? {
            hits.push(Hit {
                entry,
                email: it.email,
                phone: it.phone,
            });
        }
    }
    Ok(hits)
}

/// Whether no closed group stands between two identities: if one does, the other side does not
/// exist, just as its messages would not arrive.
async fn may_meet(app: &App, asker: Identity, other: Identity) -> Result<bool, Error> {
    let groups = &app.closed_groups;
    if !groups.is_any() {
        return Ok(true);
    }
    let known = async |identity| app.sessions.known.find(&app.store, identity).await;
    let one = known(asker).await.map_err(Error::of_store)?;
    let other = match known(other).await.map_err(Error::of_store)? {
        Some(facts) => Party::of(other, &facts),
        None => return Ok(false),
    };
    let Some(one) = one.map(|facts| Party::of(asker, &facts)) else {
        return Ok(false);
    };
    // Either side has a group at most, so two questions are enough unless groups change meanwhile.
    for _ in 0..QUESTIONS_MAX {
        match groups.judge(one, other) {
            Verdict::Pass => return Ok(true),
            Verdict::Drop(_) => return Ok(false),
            Verdict::Ask(org) => groups
                .look_up(&app.store, org)
                .await
                .map_err(Error::of_store)?,
        }
    }
    Err(Error::Unavailable)
}

/// Who has one of the addresses, and which.
struct Found {
    identity: Identity,
    email: Option<usize>,
    phone: Option<usize>,
}

async fn holders(app: &App, question: Question) -> Result<Vec<Found>, Error> {
    let question = Arc::new(question);
    app.store
        .read(move |read| {
            Box::pin(async move {
                let mut found: Vec<Found> = Vec::new();
                let mut places = HashMap::new();
                let lists = [
                    (LinkKind::Email, &question.emails),
                    (LinkKind::Phone, &question.phones),
                ];
                for (kind, hashes) in lists {
                    for (index, hash) in hashes.iter().enumerate() {
                        // What is no hash costs a look-up too, and belongs to nobody.
                        let hash = hash.unwrap_or_default();
                        let Some(identity) = read.linked_to(kind, &hash).await? else {
                            continue;
                        };
                        let place = *places.entry(identity).or_insert_with(|| {
                            found.push(Found {
                                identity,
                                email: None,
                                phone: None,
                            });
                            found.len() - 1
                        });
                        let slot = &mut found[place];
                        match kind {
                            LinkKind::Email => slot.email.get_or_insert(index),
                            LinkKind::Phone => slot.phone.get_or_insert(index),
                        };
                    }
                }
                Ok(found)
            })
        })
        .await
        .map_err(Error::of_store)
}

const QUESTIONS_MAX: usize = 10;
const LABEL: &[u8] = b"contact match";
const DAY: Duration = Duration::from_hours(24);

#[cfg(test)]
mod tests {
    use crate::config::Config;

    use super::*;

    #[test]
    fn a_token_is_good_for_a_day_and_for_its_maker_only() {
        let settings = Config::default().check().unwrap();
        let (one, other) = (ContactMatch::new(&settings), ContactMatch::new(&settings));
        let identity: Identity = "ABCDEFGH".parse().unwrap();
        let token = one.token(identity, Duration::from_secs(7));
        let last = Duration::from_secs(6) + DAY;
        assert_eq!(one.bearer(&token, last), Some(identity));
        assert_eq!(one.bearer(&token, last + Duration::from_secs(1)), None);
        assert_eq!(other.bearer(&token, last), None);
        assert_eq!(one.bearer(&token[1..], last), None);
        assert_eq!(one.bearer(&[], last), None);
    }
}
