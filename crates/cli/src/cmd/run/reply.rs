//! The line that answers a line.

use dreiklang_client::desk::{Answer, Desk, Effect, Envelope, Unusable};
use serde::Serialize;
use serde_json::Value;

use crate::failure::{Failure, Told};
use crate::format;
use crate::session::Session;

/// The answer to one line.
#[derive(Serialize)]
pub(super) struct ReplyLine {
    reply: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(flatten)]
    body: Body,
    #[serde(skip)]
    pub(super) effect: Effect,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body {
    Answer(Answer),
    Error { error: format::ErrorBody },
}

impl ReplyLine {
    /// The answer to a line that is no command.
    pub(super) fn unusable(unusable: Unusable, session: &Session<'_>) -> Self {
        let Unusable {
            id,
            command,
            failure,
        } = unusable;
        Self {
            reply: command,
            id,
            body: error(&failure, session),
            effect: Effect::None,
        }
    }
}

fn error(failure: &Failure, session: &Session<'_>) -> Body {
    Body::Error {
        error: format::ErrorBody::new(failure.code(), failure.message(session.texts)),
    }
}

/// Does it and says what became of it.
pub(super) async fn answer(desk: Desk, session: &Session<'_>, envelope: Envelope) -> ReplyLine {
    let Envelope {
        id,
        command,
        request,
    } = envelope;
    let (body, effect) = match desk.answer(request, None).await {
        Ok(answered) => (Body::Answer(answered.answer), answered.effect),
        Err(failure) => (error(&failure, session), Effect::None),
    };
    ReplyLine {
        reply: Some(command),
        id,
        body,
        effect,
    }
}
