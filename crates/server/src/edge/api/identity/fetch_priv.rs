//! `POST identity/fetch_priv`: what the directory knows about the caller's own identity.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{SERVER_GROUP, Step, step_of_identity};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::service::links;

/// Two steps. `appVariant` is accepted; every variant may use every identity here.
pub async fn fetch_priv(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    match step_of_identity(app, call, "identity/fetch_priv").await? {
        (Step::Asked(response), _) => Ok(response),
        (Step::Proven, identity) => {
            let mut body = serde_json::json!({
                "success": true, "identity": identity, "serverGroup": SERVER_GROUP,
            });
            // The addresses themselves are stored nowhere; apps know these two marks.
            let linked = links::linked(app, identity).await.map_err(Refusal::of)?;
            if linked.email {
                body["email"] = "***@***".into();
            }
            if linked.phone {
                body["mobileNo"] = "***".into();
            }
            Ok(json(StatusCode::OK, &body))
        }
    }
}
