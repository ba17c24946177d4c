//! `POST identity/fetch_priv`: what the directory knows about the caller's own identity.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_wire::id::Identity;
use serde_json::Value;

use super::{SERVER_GROUP, Step, step_of_identity};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::edge::api::texts::Text;
use crate::service::links;
use crate::service::moves::{self, Taken};

/// Two steps. The private app takes the identity over with it, if no organisation has it; the app
/// of an organisation does so when it shows its licence (`update_work_info`).
pub async fn fetch_priv(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &Arc<App>, call: &Call) -> Result<Response, Refusal> {
    match step_of_identity(app, call, "identity/fetch_priv").await? {
        (Step::Asked(response), _) => Ok(response),
        (Step::Proven, identity) => {
            take_over(app, call, identity).await?;
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

/// An app that does not say which it is changes nothing: the chat server tells it apart.
async fn take_over(app: &Arc<App>, call: &Call, identity: Identity) -> Result<(), Refusal> {
    if call.fields.get("appVariant").and_then(Value::as_str) != Some(PRIVATE_APP) {
        return Ok(());
    }
    let taken = moves::take_private(app, identity).await;
    match taken.map_err(Refusal::of)? {
        Taken::Already | Taken::Moved => Ok(()),
        Taken::Attached => Err(Refusal::polite(Text::StillAttached)),
        Taken::ClosedInstance => Err(Refusal::polite(Text::NoPrivateApp)),
    }
}

const PRIVATE_APP: &str = "consumer";
