//! Moves of an identity between the private app and that of an organisation (features.md S26-S30).
//!
//! The way in is a licence (`members`); the way out is here. Both are decided in one transaction of
//! the one writer, so of two moves at once the later sees what the earlier did.

use std::sync::Arc;

use dreiklang_store::{IdentityKind, IdentityState, Tx};
use dreiklang_wire::id::Identity;

use crate::app::App;
use crate::config::InstanceKind;
use crate::error::Error;
use crate::service::directory::to_the_end;
use crate::service::sessions::Reason;

/// What became of the wish to use an identity in the private app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was private all along.
    Already,
    /// It is private from now on.
    Moved,
    /// Its organisation has not released it.
    Attached,
    /// There is no private app for this instance.
    ClosedInstance,
}

/// Takes an identity over into the private app. Its owner may, as soon as no organisation has it;
/// no organisation has a say after that.
pub async fn take_private(app: &Arc<App>, identity: Identity) -> Result<Taken, Error> {
    if app.config.kind == InstanceKind::Closed {
        return Ok(Taken::ClosedInstance);
    }
    let own = Arc::clone(app);
    to_the_end(async move {
        let taken = own
            .store
            .write(move |tx| Box::pin(decide(tx, identity)))
            .await
            .map_err(Error::of_store)?
            .ok_or(Error::NotFound)?;
        if taken == Taken::Moved {
            own.sessions
                .close(identity, Reason::Moved(IdentityKind::Private));
            metrics::counter!("identities_moved_total", "to" => "private").increment(1);
        }
        Ok(taken)
    })
    .await
}

/// `None` if there is no such identity any more.
async fn decide(tx: &Tx<'_>, identity: Identity) -> dreiklang_store::Result<Option<Taken>> {
    let standing = tx.standing(identity).await?;
    let Some(standing) = standing.filter(|it| it.state != IdentityState::Revoked) else {
        return Ok(None);
    };
    if standing.member.is_some() {
        return Ok(Some(Taken::Attached));
    }
    if standing.kind == IdentityKind::Private {
        return Ok(Some(Taken::Already));
    }
    tx.set_identity_kind(identity, IdentityKind::Private)
        .await?;
    Ok(Some(Taken::Moved))
}
