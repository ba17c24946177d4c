//! `init`: everything a first start needs, in one folder.

use std::path::Path;

use anyhow::{Context, bail};
use dreiklang_crypto::SystemRng;
use dreiklang_crypto::sign::SigningKey;

use crate::app::keys;
use crate::args::Init;
use crate::command::{generate, say};
use crate::config::reference;
use crate::config::{Config, InstanceKind};
use crate::edge::http::tls;
use crate::service::push;

/// Makes the folder; touches nothing that exists.
pub fn perform(flags: &Init) -> anyhow::Result<()> {
    create_private_folder(&flags.data_dir)?;
    let folder = std::fs::canonicalize(&flags.data_dir)
        .with_context(|| format!("cannot find {}", flags.data_dir.display()))?;
    for name in ["config.toml", "keys", "server.db", "blobs", "instance.json"] {
        if folder.join(name).exists() {
            bail!(
                "{} exists already; nothing was changed",
                folder.join(name).display()
            );
        }
    }
    let config = configuration(flags, &folder)?;
    let text = reference::with_values(&config);
    let settings = config.check()?;
    create_private_folder(&folder.join("keys"))?;
    keys::create(&settings.file(&settings.chat.private_key))?;
    push::make_key(&settings.file(&settings.web.push_key))?;
    tls::create_self_signed(&settings)?;
    if settings.kind == InstanceKind::Closed {
        let key = SigningKey::generate(&mut SystemRng);
        let file = settings.file(&settings.provisioning.signing_key);
        keys::write_secret(&file, key.expose())?;
    }
    write_new(&folder.join("config.toml"), &text)?;
    write_new(
        &folder.join("instance.json"),
        &generate::instance_text(&settings)?,
    )?;
    let shown = folder.display();
    let signing = match settings.kind {
        InstanceKind::Open => "",
        InstanceKind::Closed => {
            "\n  keys/oppf.key   the key that signs the provisioning file of the apps; \
             docs/operate/onprem.md\n                  says how to keep it off the server"
        }
    };
    say(&format!(
        "Made in {shown}:\n  \
           config.toml     the configuration; every key is explained in it\n  \
           keys/chat.key   the secret key of the chat server; keep a copy in a safe place\n  \
           keys/push.key   the key that proves to push services who wakes apps in browsers\n  \
           keys/tls.key    the key of a self-signed certificate, keys/tls.crt\n  \
           instance.json   the file that clients need to find and to trust this server{signing}\n\n\
         Next: dreiklang-server --config {shown}/config.toml"
    ))?;
    Ok(())
}

fn configuration(flags: &Init, folder: &Path) -> anyhow::Result<Config> {
    let mut config = Config::default();
    let name = folder
        .to_str()
        .context("the data folder must have a name in UTF-8")?;
    name.clone_into(&mut config.server.data_dir);
    config.server.name.clone_from(&flags.name);
    config.server.kind = flags.kind;
    if flags.kind == InstanceKind::Closed {
        SIGNING_KEY.clone_into(&mut config.provisioning.signing_key);
        // Such an instance calls nobody unless it was told to.
        config.web.push_hosts = Vec::new();
    }
    config.chat.public_host.clone_from(&flags.host);
    let address = if flags.loopback { "127.0.0.1" } else { "::" };
    let address = address.parse().context("invariant: an address")?;
    config.chat.listen = vec![std::net::SocketAddr::new(address, flags.chat_port)];
    config.api.listen = vec![std::net::SocketAddr::new(address, flags.api_port)];
    Ok(config)
}

/// Makes a folder that only its owner can enter, unless it is there.
pub(super) fn create_private_folder(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make {}", folder.display()))
}

/// Writes a new file for everybody; an existing one is an error.
pub(super) fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .with_context(|| format!("cannot write {}", path.display()))
}

const SIGNING_KEY: &str = "file:keys/oppf.key";
