//! Who may be on the chat server with which app: an identity lives in one app at a time, and in
//! the app of an organisation only while the organisation grants it (features.md S4, S12, S28).
//!
//! What a client says about its edition is a claim that anybody can make. It only ever narrows what
//! the directory knows: no claim lets anybody in whom the directory would keep out.

use dreiklang_store::{IdentityKind, IdentityState, Standing};
use dreiklang_wire::csp::edition::Claim;

use crate::app::UnixMillis;
use crate::config::InstanceKind;
use crate::service::texts::Text;

/// Why a client that proved its identity may not stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// What its user is told.
    pub text: Text,
    /// Whether it may come back by itself.
    pub can_reconnect: bool,
}

/// Lets a client in, or says why not.
pub fn admit(
    claim: Claim,
    standing: &Standing,
    instance: InstanceKind,
    now: UnixMillis,
) -> Result<(), Refused> {
    if standing.state == IdentityState::Revoked {
        return Err(Refused::REVOKED);
    }
    match claim {
        Claim::Private if instance == InstanceKind::Closed => {
            Err(Refused::for_good(Text::ClosedInstance))
        }
        Claim::Private => in_private_app(standing),
        // Some builds of every edition carry no mark: what the directory knows decides alone.
        Claim::Unknown
            if standing.kind == IdentityKind::Private && instance == InstanceKind::Open =>
        {
            Ok(())
        }
        Claim::Work | Claim::OnPrem | Claim::Unknown => in_work_app(standing, now),
    }
}

fn in_private_app(standing: &Standing) -> Result<(), Refused> {
    match standing.kind {
        IdentityKind::Private => Ok(()),
        IdentityKind::Work if standing.member.is_none() && standing.detached_from.is_some() => {
            Err(Refused::for_good(Text::ReleasedNotMoved))
        }
        IdentityKind::Work => Err(Refused::for_good(Text::MovedToWork)),
    }
}

fn in_work_app(standing: &Standing, now: UnixMillis) -> Result<(), Refused> {
    if standing.has_access_at(now.0) {
        return Ok(());
    }
    if standing.member.is_some() {
        return Err(Refused::for_good(Text::Withdrawn));
    }
    if standing.detached_from.is_some() {
        return Err(Refused::for_good(Text::Detached));
    }
    // The app signs in to its organisation with this very identity, and then comes back.
    Err(Refused {
        text: Text::NotActivated,
        can_reconnect: true,
    })
}

impl Refused {
    /// The identity exists no more.
    pub const REVOKED: Self = Self::for_good(Text::Revoked);

    /// The client is to stay away until its user does something.
    const fn for_good(text: Text) -> Self {
        Self {
            text,
            can_reconnect: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use dreiklang_store::{MemberStanding, OrgId};

    use super::*;

    const NOW: UnixMillis = UnixMillis(1000);
    const CLAIMS: [Claim; 4] = [Claim::Private, Claim::Work, Claim::OnPrem, Claim::Unknown];

    fn org() -> OrgId {
        "ORG0000001".parse().unwrap()
    }

    fn standing(kind: IdentityKind) -> Standing {
        Standing {
            kind,
            state: IdentityState::Active,
            member: None,
            detached_from: None,
        }
    }

    fn member(has_access: bool, access_until: Option<i64>) -> Standing {
        Standing {
            member: Some(MemberStanding {
                org: org(),
                is_closed_group: false,
                has_access,
                access_until,
            }),
            ..standing(IdentityKind::Work)
        }
    }

    /// What each claim hears, in the order of `CLAIMS`; `None` is let in.
    fn heard(standing: &Standing, instance: InstanceKind) -> [Option<Text>; 4] {
        CLAIMS.map(|claim| {
            admit(claim, standing, instance, NOW)
                .err()
                .map(|it| it.text)
        })
    }

    #[test]
    fn each_claim_meets_each_standing() {
        use Text::{Detached, MovedToWork, NotActivated, ReleasedNotMoved, Revoked, Withdrawn};
        let detached = Standing {
            detached_from: Some(org()),
            ..standing(IdentityKind::Work)
        };
        let revoked = Standing {
            state: IdentityState::Revoked,
            ..member(true, None)
        };
        let work = |text| [Some(text); 3];
        for (standing, private, others) in [
            (
                standing(IdentityKind::Private),
                None,
                [Some(NotActivated), Some(NotActivated), None],
            ),
            (member(true, None), Some(MovedToWork), [None; 3]),
            (member(true, Some(1001)), Some(MovedToWork), [None; 3]),
            (member(true, Some(1000)), Some(MovedToWork), work(Withdrawn)),
            (member(false, None), Some(MovedToWork), work(Withdrawn)),
            (detached, Some(ReleasedNotMoved), work(Detached)),
            (
                standing(IdentityKind::Work),
                Some(MovedToWork),
                work(NotActivated),
            ),
            (revoked, Some(Revoked), work(Revoked)),
        ] {
            let expected = [private, others[0], others[1], others[2]];
            assert_eq!(
                heard(&standing, InstanceKind::Open),
                expected,
                "{standing:?}"
            );
        }
    }

    #[test]
    fn a_closed_instance_is_for_its_members_whatever_they_claim() {
        let closed = |standing: &Standing| heard(standing, InstanceKind::Closed);
        let private = Some(Text::ClosedInstance);
        let unattached = closed(&standing(IdentityKind::Private));
        assert_eq!(unattached[0], private);
        assert!(unattached.iter().all(Option::is_some), "{unattached:?}");
        assert_eq!(closed(&member(true, None)), [private, None, None, None]);
    }

    #[test]
    fn only_who_can_sign_in_is_asked_to_come_back() {
        for standing in [
            standing(IdentityKind::Private),
            member(false, None),
            member(true, Some(1)),
        ] {
            for claim in CLAIMS {
                if let Err(refused) = admit(claim, &standing, InstanceKind::Open, NOW) {
                    let signs_in = refused.text == Text::NotActivated;
                    assert_eq!(refused.can_reconnect, signs_in, "{claim:?}");
                }
            }
        }
    }
}
