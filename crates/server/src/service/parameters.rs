//! App configuration as administrators set it, on three levels: the instance, an organisation and
//! one credential. What an app gets from them is `mdm`'s business.

use dreiklang_wire::mdm::{Parameter, Parameters, Value, WhyDropped};

use crate::app::App;
use crate::error::Error;
use crate::service::audit::Note;

pub use dreiklang_store::MdmScope as Level;

/// A parameter to be set.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Whom it is for.
    pub level: Level,
    /// Its name.
    pub name: String,
    /// Its value, as it came.
    pub value: serde_json::Value,
}

/// Why a parameter was not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Its name or its value cannot be used.
    Parameter {
        /// Its name, cut short.
        name: String,
        /// Why.
        why: WhyDropped,
    },
    /// There is no such credential, or the store failed.
    Failed(Error),
}

/// What is set on one level, by name.
pub async fn at(app: &App, level: Level) -> Result<Vec<(String, serde_json::Value)>, Error> {
    let rows = app.store.mdm_at(level).await.map_err(Error::of_store)?;
    Ok(rows
        .into_iter()
        .map(|(name, value)| {
            let value = serde_json::from_str(&value).unwrap_or_default();
            (name, value)
        })
        .collect())
}

/// Sets parameters, all of them or none.
pub async fn set(app: &App, actor: &str, settings: Vec<Setting>) -> Result<(), Refused> {
    let mut checked = Vec::with_capacity(settings.len());
    for setting in settings {
        let value = check(app, &setting).map_err(|why| Refused::Parameter {
            name: setting.name.chars().take(64).collect(),
            why,
        })?;
        checked.push((setting.level, setting.name, value.to_json()));
    }
    let (at, actor) = (app.clock.now().0, actor.to_owned());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                for (level, name, value) in &checked {
                    if let Level::Credential(org, id) = level
                        && tx.credential(*org, id).await?.is_none()
                    {
                        // An error undoes the others.
                        return Err(dreiklang_store::Error::Conflict);
                    }
                    tx.set_mdm(level, name, value).await?;
                    note(at, &actor, "mdm.set", *level, name).write(tx).await?;
                }
                Ok(())
            })
        })
        .await
        .map_err(|error| match error {
            dreiklang_store::Error::Conflict => Refused::Failed(Error::NotFound),
            other => Refused::Failed(Error::of_store(other)),
        })
}

/// Leaves a parameter to the next level, or in the end to the user.
pub async fn unset(app: &App, actor: &str, level: Level, name: &str) -> Result<(), Error> {
    let note = note(app.clock.now().0, actor, "mdm.unset", level, name);
    let name = name.to_owned();
    let unset = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let unset = tx.unset_mdm(&level, &name).await?;
                if unset {
                    note.write(tx).await?;
                }
                Ok(unset)
            })
        })
        .await
        .map_err(Error::of_store)?;
    if unset { Ok(()) } else { Err(Error::NotFound) }
}

/// Nothing is stored that apps would leave out: an administrator hears of it now.
fn check(app: &App, setting: &Setting) -> Result<Value, WhyDropped> {
    let parameter: Parameter = setting.name.parse().map_err(|_| WhyDropped::Unknown)?;
    Parameters::may_come_from_server(parameter, app.config.work.remote_secret)?;
    let value = Value::try_from(setting.value.clone())?;
    parameter.check(&value)?;
    Ok(value)
}

/// The value may be a name or a number of somebody: it is not for the list.
fn note(at: i64, actor: &str, action: &'static str, level: Level, name: &str) -> Note {
    let (org, credential) = match level {
        Level::Instance => (None, None),
        Level::Org(org) => (Some(org), None),
        Level::Credential(org, credential) => (Some(org), Some(credential)),
    };
    Note {
        at,
        actor: actor.to_owned(),
        action,
        org,
        subject: credential.map_or(String::new(), |it| it.to_string()),
        detail: name.chars().take(64).collect(),
    }
}
