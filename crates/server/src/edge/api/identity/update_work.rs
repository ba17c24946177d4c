//! `POST identity/update_work_info`: what a work app tells about its user once a day. It gives the
//! identity its seat.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use dreiklang_store::Profile;
use serde_json::Value;

use super::{Step, step_of_identity};
use crate::app::App;
use crate::edge::api::answer::{Refusal, success};
use crate::edge::api::call::Call;
use crate::edge::api::license;
use crate::edge::api::texts::Text;
use crate::service::members;

/// Two steps. A field that is missing or `null` is unset.
pub async fn update_work_info(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &Arc<App>, call: &Call) -> Result<Response, Refusal> {
    let profile = Profile {
        nickname: text(call, "publicNickname")?,
        first_name: text(call, "firstName")?,
        last_name: text(call, "lastName")?,
        csi: text(call, "csi")?,
        job_title: text(call, "jobTitle")?,
        department: text(call, "department")?,
        category: text(call, "category")?,
    };
    let version = text(call, "version")?;
    let license = license::optional(app, call).await?;
    let license = license.ok_or_else(|| Refusal::polite(Text::WrongLicense))?;
    match step_of_identity(app, call, "identity/update_work_info").await? {
        (Step::Asked(response), _) => Ok(response),
        (Step::Proven, identity) => {
            members::update(app, license, identity, profile, version)
                .await
                .map_err(Refusal::of_attachment)?;
            Ok(success())
        }
    }
}

/// A text that may be missing or `null`. What is too long is cut: the seat must not depend on it.
fn text(call: &Call, name: &str) -> Result<String, Refusal> {
    match call.fields.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.trim().chars().take(CHARACTERS_MAX).collect()),
        Some(_) => Err(Refusal::polite(Text::Malformed)),
    }
}

/// As long as the settings that most of these come from may be (features.md M12).
const CHARACTERS_MAX: usize = 255;
