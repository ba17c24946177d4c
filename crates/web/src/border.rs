//! The door in a dedicated worker: one port, and nothing else is heard.

use std::rc::Rc;

use dreiklang_client::desk::{Failure, Source};
use js_sys::{JSON, Object, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, MessageEvent, MessagePort, WorkerGlobalScope};

use crate::source::{PageFile, to_blob};
use crate::stage::{Answer, Options, Stage};

/// Serves one port until the worker ends.
///
/// `options`: `{edition, locale, version}`.
#[wasm_bindgen]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the page gives port and options away"
)]
pub fn start(port: MessagePort, options: JsValue) -> Result<(), JsValue> {
    let text = |name: &str| {
        Reflect::get(&options, &name.into())
            .ok()
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    };
    let options = Options::new(&text("edition"), &origin())
        .ok_or_else(|| JsValue::from("no such edition"))?
        .with_locale(&text("locale"))
        .with_version(&text("version"));
    let stage = Rc::new(Stage::new(options));
    let door = Rc::new(Door { port, stage });
    let hearing = Rc::clone(&door);
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let door = Rc::clone(&hearing);
        spawn_local(async move { door.serve(event.data()).await });
    });
    door.port.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // It lives as long as the worker.
    hear.forget();
    spawn_local(async move {
        let mut events = door.stage.events();
        while let Some(event) = events.next().await {
            door.post(&[("event", to_js(&event))]);
        }
    });
    Ok(())
}

/// The origin that shipped this worker.
fn origin() -> String {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    scope.location().origin()
}

struct Door {
    port: MessagePort,
    stage: Rc<Stage>,
}

impl Door {
    async fn serve(&self, message: JsValue) {
        let field = |name: &str| Reflect::get(&message, &name.into()).unwrap_or_default();
        let id = field("id");
        let file = field("file").dyn_into::<Blob>().ok();
        let file = file
            .and_then(PageFile::new)
            .map(|file| Box::new(file) as Box<dyn Source>);
        let request = from_js(&field("request")).unwrap_or(Value::Null);
        let answered = self.stage.ask(request, file).await;
        let (answer, outgoing) = match answered {
            Ok(Answer { reply, file }) => (Ok(reply), file),
            Err(failure) => (Err(failure), None),
        };
        let mut fields = vec![("id", id)];
        match (answer, outgoing.map(to_blob)) {
            (Ok(reply), None) => fields.push(("reply", to_js(&reply))),
            (Ok(reply), Some(Ok(blob))) => {
                fields.push(("reply", to_js(&reply)));
                fields.push(("file", blob.into()));
            }
            (Ok(_), Some(Err(error))) => {
                let failure = Failure::from(error);
                fields.push(("error", to_js(&error_of(&failure))));
            }
            (Err(failure), _) => fields.push(("error", to_js(&error_of(&failure)))),
        }
        self.post(&fields);
    }

    fn post(&self, fields: &[(&str, JsValue)]) {
        let message = Object::new();
        for (name, value) in fields {
            // A fresh object takes every field.
            let _ = Reflect::set(&message, &(*name).into(), value);
        }
        if self.port.post_message(&message).is_err() {
            tracing::warn!("a message to the page could not be sent");
        }
    }
}

fn error_of(failure: &Failure) -> Value {
    let values: serde_json::Map<_, _> = failure
        .values()
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
        .collect();
    json!({ "code": failure.code(), "values": values })
}

fn to_js(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).unwrap_or_default()
}

fn from_js(value: &JsValue) -> Option<Value> {
    let text = JSON::stringify(value).ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}
