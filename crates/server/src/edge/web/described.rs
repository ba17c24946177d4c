//! `/instance.json` and `/web.json`: what an app must know before it knows anybody.

use std::sync::Arc;

use anyhow::Context;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use dreiklang_wire::api::instance::{Blob, Instance};
use dreiklang_wire::csp::edition::Edition;
use serde::Serialize;

use super::Door;
use crate::config::Settings;

/// Both files, made at the start.
pub struct Described {
    instance: String,
    web: String,
}

/// `/web.json`
#[derive(Serialize)]
struct Web<'a> {
    edition: Edition,
    /// What a browser subscribes to pushes with, in base64 of URLs; absent if nobody is woken.
    #[serde(skip_serializing_if = "Option::is_none")]
    vapid_public_key: Option<String>,
    /// The tiles of maps; absent without maps.
    #[serde(skip_serializing_if = "str::is_empty")]
    map_url: &'a str,
    /// The keys that sign provisioning files, in base64; none on an open instance.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    oppf_trusted_keys: &'a [String],
}

impl Described {
    /// `instance` as native clients are told, with every URL moved to the `origin`.
    pub fn new(
        settings: &Settings,
        edition: Edition,
        origin: &str,
        instance: Instance,
        oppf_trusted_keys: &[String],
        vapid_public_key: Option<String>,
    ) -> anyhow::Result<Self> {
        let url = format!("{origin}/api/");
        let instance = Instance {
            directory_url: url.clone(),
            blob: Blob {
                upload_url: format!("{url}blob/upload"),
                download_url: format!("{url}blob/{{blobId}}"),
                done_url: format!("{url}blob/{{blobId}}/done"),
            },
            work_url: instance.work_url.map(|_| url.clone()),
            safe_url: instance.safe_url.map(|_| format!("{url}safe/")),
            // The browser has decided whom it trusts before it reads this.
            ca_certificate: None,
            ..instance
        };
        let web = Web {
            edition,
            vapid_public_key,
            map_url: &settings.web.map_url,
            oppf_trusted_keys,
        };
        Ok(Self {
            instance: instance
                .to_json()
                .context("the configured host, ports or URL cannot be used")?,
            web: serde_json::to_string_pretty(&web)?,
        })
    }
}

/// `GET /instance.json`
pub(super) async fn instance(State(door): State<Arc<Door>>) -> Response {
    json(&door.site.described.instance)
}

/// `GET /web.json`
pub(super) async fn web(State(door): State<Arc<Door>>) -> Response {
    json(&door.site.described.web)
}

fn json(text: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text.to_owned()).into_response()
}
