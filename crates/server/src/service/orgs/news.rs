//! What the daily update of an app is told about its organisation.

use dreiklang_store::{LogoVariant, Org};

use crate::app::App;
use crate::error::Error;
use crate::service::licenses::License;

/// What an app is told about its organisation.
#[derive(Debug, Clone)]
pub struct News {
    /// The organisation.
    pub org: Org,
    /// Seconds until the app asks again.
    pub check_interval_s: u32,
    /// When the logo for light surroundings was changed, if there is one.
    pub light_logo_at: Option<i64>,
    /// When the logo for dark surroundings was changed, if there is one.
    pub dark_logo_at: Option<i64>,
    /// The categories that can be searched by: ids and names.
    pub categories: Vec<(String, String)>,
}

/// What is new for the app behind a licence.
pub async fn of_license(app: &App, license: License) -> Result<News, Error> {
    let id = license.org;
    let found = app
        .store
        .read(move |read| {
            Box::pin(async move {
                let Some(org) = read.org(id).await? else {
                    return Ok(None);
                };
                let categories = read.categories(id).await?;
                let light = read.logo(id, LogoVariant::Light).await?;
                let dark = read.logo(id, LogoVariant::Dark).await?;
                Ok(Some((org, categories, light, dark)))
            })
        })
        .await
        .map_err(Error::of_store)?;
    let (org, categories, light, dark) = found.ok_or(Error::NotFound)?;
    let check_interval_s = match org.check_interval_s {
        0 => app.config.work.check_interval_s,
        own => own,
    };
    Ok(News {
        org,
        check_interval_s,
        light_logo_at: light.map(|it| it.updated_at),
        dark_logo_at: dark.map(|it| it.updated_at),
        categories: categories
            .into_iter()
            .filter(|it| it.is_enabled)
            .map(|it| (it.id.to_string(), it.name))
            .collect(),
    })
}
