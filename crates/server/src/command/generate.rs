//! `gen`: files made from the source or from the configuration.

use std::path::Path;

use anyhow::Context;
use dreiklang_crypto::SecretKey;
use dreiklang_wire::api::instance::{Blob, Chat, Instance, Kind};
use dreiklang_wire::csp::server::ServerKeys;

use crate::app::keys;
use crate::command::say;
use crate::config::tls::Mode;
use crate::config::{InstanceKind, Settings, reference};
use crate::edge::http::tls;

/// `gen config`
pub fn config(folder: &Path) -> anyhow::Result<()> {
    for (name, text) in [
        ("config.toml", reference::sample()),
        ("configuration.md", reference::page()),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        say(&format!("Wrote {}", path.display()))?;
    }
    Ok(())
}

/// `gen keys`
pub fn keys(file: &Path) -> anyhow::Result<()> {
    let key = keys::create(file)?;
    say(&format!(
        "Wrote {}. Public key: {}",
        file.display(),
        hex::encode(key.public().as_bytes())
    ))?;
    Ok(())
}

/// `gen instance`
pub fn instance(settings: &Settings) -> anyhow::Result<()> {
    say(instance_text(settings)?.trim_end())?;
    Ok(())
}

/// The instance file.
pub fn instance_text(settings: &Settings) -> anyhow::Result<String> {
    let keys = keys::load(settings)?;
    let ports = settings
        .chat
        .listen
        .iter()
        .map(std::net::SocketAddr::port)
        .collect();
    let text = describe(settings, &keys, ports, &settings.public_url(None))?.to_json();
    Ok(format!(
        "{}\n",
        text.context("the configured host, ports or URL cannot be used")?
    ))
}

/// What clients must know. `bound` are the ports that the chat server listens on.
pub fn describe(
    settings: &Settings,
    keys: &ServerKeys,
    bound: Vec<u16>,
    url: &str,
) -> anyhow::Result<Instance> {
    let ca_certificate = match settings.tls.mode {
        Mode::SelfSigned => Some(
            std::fs::read_to_string(tls::paths(settings).0)
                .context("cannot read the certificate")?,
        ),
        Mode::Files | Mode::Off => None,
    };
    let ports = settings.chat.public_ports.clone();
    Ok(Instance {
        name: settings.name.clone(),
        chat: Chat {
            host: settings.chat.public_host.clone(),
            ports: if ports.is_empty() { bound } else { ports },
            public_key: keys.current.public(),
            alternative_public_key: keys.alternative.as_ref().map(SecretKey::public),
        },
        directory_url: url.to_owned(),
        blob: Blob {
            upload_url: format!("{url}blob/upload"),
            download_url: format!("{url}blob/{{blobId}}"),
            done_url: format!("{url}blob/{{blobId}}/done"),
        },
        kind: match settings.kind {
            InstanceKind::Open => Kind::Open,
            InstanceKind::Closed => Kind::Closed,
        },
        work_url: Some(url.to_owned()),
        safe_url: settings.safe.enabled.then(|| format!("{url}safe/")),
        ca_certificate,
    })
}
