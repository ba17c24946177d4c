//! Who is not heard: those the person blocked, and strangers if the person wants none
//! (csp.struct.yml, identity blocked steps).

use dreiklang_wire::{id::Identity, spec};

use crate::{Engine, db, error::Result, policy, turn::Turn};

impl Engine {
    /// The identity blocked steps. Messages of exempt types are taken in spite of them.
    ///
    /// Step 5 lets predefined contacts through. This build has none: their keys are the vendor's,
    /// and neither our instance file nor the provisioning file names any (protocol.md, D30).
    pub(crate) fn is_blocked(&self, turn: &Turn<'_>, identity: Identity) -> Result<bool> {
        let conn = turn.tx;
        // Steps 2 and 3: nobody can block what keeps the app working.
        if is_special(identity) {
            return Ok(false);
        }
        if db::blocked::contains(conn, identity)? {
            return Ok(true);
        }
        // Step 4: the organisation may have decided it.
        if !policy::above(&self.policy, db::settings::find(conn)?).block_unknown {
            return Ok(false);
        }
        // Steps 6 to 10.
        let contact = db::contacts::find(conn, identity)?;
        let is_known = contact.is_some_and(|contact| contact.is_direct);
        Ok(!is_known && !db::groups::has_in_common(conn, identity)?)
    }
}

/// The two services whose keys every app of the vendor has.
fn is_special(identity: Identity) -> bool {
    matches!(identity.as_str(), spec::IDENTITY_PUSH | spec::IDENTITY_WORK)
}
