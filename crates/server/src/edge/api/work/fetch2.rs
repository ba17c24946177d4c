//! `POST fetch2`: everything that an organisation has for the app of one of its users.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_store::LogoVariant;
use dreiklang_wire::api::work::{
    Configuration, DirectorySettings, Logos, Organisation, SyncReply, SyncRequest,
};

use super::{contact, licensed, request, time};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::service::orgs::news::{self, News};
use crate::service::{colleagues, mdm};

/// One step; 401 if the licence is not good.
pub async fn fetch2(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    let license = licensed(app, call).await?;
    let wanted: SyncRequest = request(call)?;
    let news = news::of_license(app, license).await.map_err(Refusal::of)?;
    let parameters = mdm::of_license(app, license).await.map_err(Refusal::of)?;
    let known = colleagues::of_user(app, license, wanted.contacts)
        .await
        .map_err(Refusal::of)?;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let reply = SyncReply {
        check_interval: news.check_interval_s,
        org: Organisation {
            name: some(&news.org.name),
        },
        logo: Logos {
            light: logo_url(app, &news, LogoVariant::Light),
            dark: logo_url(app, &news, LogoVariant::Dark),
        },
        support: some(&news.org.support_url),
        directory: DirectorySettings {
            enabled: news.org.directory_enabled,
            categories: news.categories.iter().cloned().collect::<BTreeMap<_, _>>(),
        },
        mdm: Configuration {
            is_override: news.org.mdm_override,
            params: parameters.to_wire(),
        },
        contacts: known.into_iter().map(contact).collect(),
        time: time(app),
    };
    Ok(json(StatusCode::OK, &reply))
}

/// The moment of its last change is part of the address, so that apps fetch a new one.
fn logo_url(app: &App, news: &News, variant: LogoVariant) -> Option<String> {
    let changed_at = match variant {
        LogoVariant::Light => news.light_logo_at,
        LogoVariant::Dark => news.dark_logo_at,
    }?;
    let base = app.config.public_url(None);
    let (org, variant) = (news.org.id, variant.as_str());
    Some(format!("{base}logo/{org}/{variant}?v={changed_at}"))
}
