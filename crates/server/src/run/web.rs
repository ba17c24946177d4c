//! Opens the doors of the apps in the browser.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use dreiklang_wire::csp::edition::Edition;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::{bind, limits};
use crate::app::App;
use crate::command::generate;
use crate::config::{Settings, web};
use crate::edge::csp::Gate;
use crate::edge::http::Door;
use crate::edge::web::{Described, Shelf, Site, router};
use crate::service::provisioning;
use crate::service::push::Caller;

/// The listeners of an edition.
pub(super) struct Listening {
    edition: Edition,
    listeners: Vec<TcpListener>,
}

/// An open door of an app in the browser.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The edition.
    pub edition: Edition,
    /// Its origin, as browsers write it.
    pub origin: String,
    /// Where it is bound.
    pub bound: SocketAddr,
}

/// Listens for every edition that is configured.
pub(super) async fn listen(settings: &Settings) -> anyhow::Result<Vec<Listening>> {
    let mut all = Vec::new();
    for edition in Edition::ALL {
        let key = format!("web.{}_listen", web::name(edition));
        all.push(Listening {
            edition,
            listeners: bind(settings.web.listen(edition), &key).await?,
        });
    }
    Ok(all)
}

/// The doors. Several listeners of an edition have one origin: that of the first.
pub(super) fn doors(
    app: &Arc<App>,
    gate: &Gate,
    tls: Option<&TlsAcceptor>,
    chat: &[SocketAddr],
    listening: Vec<Listening>,
) -> anyhow::Result<Vec<(Opened, Door)>> {
    let mut doors: Vec<(Opened, Door)> = Vec::new();
    let settings = &app.config;
    if !settings.web.is_on() {
        return Ok(doors);
    }
    let shelf = Shelf::read(&settings.file(&settings.web.folder)).context("web.folder")?;
    let trusted = trusted(settings)?;
    for Listening { edition, listeners } in listening {
        let first = listeners.first().map(TcpListener::local_addr).transpose()?;
        let origin = settings.web_origin(edition, first);
        for listener in listeners {
            let ports = chat.iter().map(SocketAddr::port).collect();
            let instance = generate::describe(settings, &app.keys, ports, &format!("{origin}/"))?;
            let site = Site {
                edition,
                described: Described::new(
                    settings,
                    edition,
                    &origin,
                    instance,
                    &trusted,
                    app.pushes.caller().map(Caller::public_key),
                )?,
                origin: origin.clone(),
                files: shelf.files_of(edition).context("web.folder")?,
                gate: gate.clone(),
            };
            let opened = Opened {
                edition,
                origin: origin.clone(),
                bound: listener.local_addr()?,
            };
            let door = Door {
                listener,
                tls: tls.filter(|_| !settings.web_is_plain()).cloned(),
                router: router(app, site)?,
                limits: limits(settings),
                openings: app.openings.clone(),
                name: "web",
            };
            doors.push((opened, door));
        }
    }
    Ok(doors)
}

/// The keys of provisioning files, for the apps of a closed instance.
fn trusted(settings: &Settings) -> anyhow::Result<Vec<String>> {
    if settings.web.listen(Edition::OnPrem).is_empty() {
        return Ok(Vec::new());
    }
    let keys = provisioning::trusted(settings)?;
    Ok(keys
        .iter()
        .map(|it| BASE64_STANDARD.encode(it.as_bytes()))
        .collect())
}
