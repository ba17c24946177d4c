//! `export-id`: the identity as a text that a password opens.

use dreiklang_client::engine::IdScheme;
use dreiklang_client::{Command, Reply};

use crate::args::{ExportId, Scheme};
use crate::failure::Failure;
use crate::format;
use crate::output;
use crate::qr;
use crate::session::{Session, secret_from};

/// Whoever has an unlocked terminal must not walk away with the identity: the passphrase of the
/// profile was asked for when it was opened, as always (protocol.md, E6).
pub(crate) async fn perform(session: &Session<'_>, flags: ExportId) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let command = Command::ExportId {
        password: secret_from(&flags.password_file)?,
        scheme: match flags.scheme {
            Scheme::Legacy => IdScheme::Legacy,
            Scheme::V1 => IdScheme::V1,
        },
    };
    let reply = client.command(command).await;
    client.close().await?;
    let Reply::IdExported(export) = reply? else {
        return Err(Failure::new("stopped"));
    };
    if let Some(path) = &flags.svg {
        std::fs::write(path, qr::svg(&export)?).map_err(|cause| {
            Failure::new("file")
                .with("path", path.display())
                .with("reason", cause)
        })?;
    }
    session.print(
        |texts| texts.with("exported", &[("export", &export)]),
        &format::Exported::new(&export),
    )?;
    if flags.qr && !session.is_json() {
        output::line(&qr::half_blocks(&export)?.join("\n"))?;
    }
    Ok(())
}
