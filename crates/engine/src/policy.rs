//! What the organisation presets and forbids: merged from the device's own management and from the
//! server, kept above the person's settings, which come back when a parameter is unset.

use dreiklang_wire::mdm::{Origin, Parameter, Parameters, Policy, WireParameters};
use rusqlite::Connection;

use crate::{
    Engine,
    command::{License, Refusal},
    db,
    edition::Edition,
    engine::Answer,
    error::Result,
    event::Event,
    settings::{PictureSharing, Settings},
    turn::Turn,
};

pub(crate) mod expiry;
mod nickname;

/// What counts now. The private app has no organisation, whatever is in its database.
pub(crate) fn load(conn: &Connection, edition: Edition) -> Result<Policy> {
    if !edition.is_work() {
        return Ok(Policy::default());
    }
    stored(conn)
}

/// What counts by the database alone, which holds something only for members of an organisation.
pub(crate) fn stored(conn: &Connection) -> Result<Policy> {
    Ok(Policy::merged(
        &db::mdm::find(conn, Origin::Device)?,
        &db::mdm::find(conn, Origin::Server)?,
        db::work::mdm_override(conn)?,
    ))
}

/// The person's settings with the organisation's above them.
pub(crate) fn above(policy: &Policy, own: Settings) -> Settings {
    Settings {
        block_unknown: policy.block_unknown().unwrap_or(own.block_unknown),
        contact_sync: policy.contact_sync().unwrap_or(own.contact_sync),
        hide_inactive: policy.hide_inactive_ids().unwrap_or(own.hide_inactive),
        ..own
    }
}

/// Who may have the own picture: whom the person chose, unless the organisation says nobody.
pub(crate) fn picture_sharing(policy: &Policy, conn: &Connection) -> Result<PictureSharing> {
    if policy.disable_send_profile_picture() == Some(true) {
        return Ok(PictureSharing::Nobody);
    }
    db::pictures::sharing(conn)
}

/// The licence that counts: the device's management gives both parts, or the person did.
pub(crate) fn license(policy: &Policy, conn: &Connection) -> Result<Option<License>> {
    match (policy.license_username(), policy.license_password()) {
        (Some(username), Some(password)) => Ok(Some(License {
            username: username.to_owned(),
            password: password.to_owned(),
        })),
        _ => db::work::license(conn),
    }
}

/// Refuses what a parameter forbids by being true.
pub(crate) fn unless(is_forbidden: Option<bool>, parameter: Parameter) -> Result<(), Refusal> {
    if is_forbidden == Some(true) {
        Err(Refusal::SetByOrganisation(parameter))
    } else {
        Ok(())
    }
}

impl Engine {
    /// The device's management said something: everything it has to say, each time.
    pub(crate) fn set_external_mdm(
        &mut self,
        turn: &mut Turn<'_>,
        wire: &WireParameters,
    ) -> Result<Answer> {
        if !self.build.edition.is_work() {
            return Ok(Answer::refuse(Refusal::NotManaged));
        }
        let before = policy_license(&self.policy);
        // What is unknown or invalid has no effect, as on every other app.
        let (parameters, _dropped) = Parameters::from_device(wire);
        db::mdm::replace(turn.tx, Origin::Device, &parameters)?;
        self.policy_changed(turn)?;
        if policy_license(&self.policy) != before {
            self.work.license_replaced();
        }
        Ok(Answer::done())
    }

    /// Takes over what counts now, and does what follows from it.
    pub(crate) fn policy_changed(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        let policy = load(turn.tx, self.build.edition)?;
        if policy == self.policy {
            return Ok(());
        }
        self.policy = policy;
        self.safe.look_again();
        self.expiry = expiry::Upkeep::default();
        turn.notify(Event::PolicyChanged);
        Ok(())
    }

    /// Keeps the person's own choice under what the organisation fixed; refuses to change that.
    pub(crate) fn set_settings(&mut self, turn: &mut Turn<'_>, wanted: Settings) -> Result<Answer> {
        let own = db::settings::find(turn.tx)?;
        let now = above(&self.policy, own);
        let fixed = [
            (
                self.policy.block_unknown().is_some(),
                wanted.block_unknown != now.block_unknown,
                Parameter::BlockUnknown,
            ),
            (
                self.policy.contact_sync().is_some(),
                wanted.contact_sync != now.contact_sync,
                Parameter::ContactSync,
            ),
            (
                self.policy.hide_inactive_ids().is_some(),
                wanted.hide_inactive != now.hide_inactive,
                Parameter::HideInactiveIds,
            ),
        ];
        if let Some((.., parameter)) = fixed
            .into_iter()
            .find(|(is_set, differs, _)| *is_set && *differs)
        {
            return Ok(Answer::refuse(Refusal::SetByOrganisation(parameter)));
        }
        let kept = Settings {
            block_unknown: if self.policy.block_unknown().is_some() {
                own.block_unknown
            } else {
                wanted.block_unknown
            },
            contact_sync: if self.policy.contact_sync().is_some() {
                own.contact_sync
            } else {
                wanted.contact_sync
            },
            hide_inactive: if self.policy.hide_inactive_ids().is_some() {
                own.hide_inactive
            } else {
                wanted.hide_inactive
            },
            ..wanted
        };
        db::settings::set(turn.tx, kept)?;
        Ok(Answer::done())
    }
}

fn policy_license(policy: &Policy) -> [Option<String>; 2] {
    [policy.license_username(), policy.license_password()].map(|part| part.map(str::to_owned))
}
