//! `me`: the own identity, as others need it.

use dreiklang_client::{Command, fingerprint};

use crate::args::Me;
use crate::failure::Failure;
use crate::format;
use crate::output;
use crate::qr;
use crate::safe;
use crate::session::Session;
use crate::texts::Texts;
use crate::words::grouped;

pub(crate) async fn perform(session: &Session<'_>, flags: Me) -> Result<(), Failure> {
    let (client, mut me) = session.open_with_identity().await?;
    if flags.clear_warning {
        client.command(Command::ClearDeviceCookie).await?;
        me.is_device_cookie_changed = false;
    }
    client.close().await?;
    let instance = session.profile.instance()?;
    let link = me.link().to_string();
    if let Some(path) = &flags.svg {
        std::fs::write(path, qr::svg(&link)?).map_err(|cause| {
            Failure::new("file")
                .with("path", path.display())
                .with("reason", cause)
        })?;
    }
    let text = |texts: &Texts| {
        let mut lines = vec![texts.with(
            "me",
            &[
                ("id", me.identity.as_str()),
                ("nickname", &safe::line(&me.nickname)),
                ("instance", &safe::line(&instance.name)),
                ("key", &format::hex(me.public_key.as_bytes())),
                ("fingerprint", &grouped(&fingerprint(&me.public_key))),
                ("link", &link),
            ],
        )];
        if me.is_revoked {
            lines.push(texts.say("me-revoked"));
        }
        if me.is_device_cookie_changed {
            lines.push(texts.say("other-device-warning"));
        }
        lines.join("\n")
    };
    session.print(text, &format::Me::new(&me, &instance))?;
    if flags.qr && !session.is_json() {
        output::line(&qr::half_blocks(&link)?.join("\n"))?;
    }
    Ok(())
}
