//! `safe`: backups of identity, contacts and settings on a server.

use dreiklang_client::view::{self, SafeFault};
use dreiklang_client::{Command, Reply};

use crate::args::Safe;
use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::{Session, secret_from};
use crate::texts::Texts;

pub(crate) async fn perform(session: &Session<'_>, verb: Safe) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let command = match verb {
        Safe::Enable(flags) => Some(Command::SafeEnable {
            password: secret_from(&flags.password_file)?,
            server: flags.server,
        }),
        Safe::Backup => Some(Command::SafeBackup),
        Safe::Disable { even_if_it_stays } => Some(Command::SafeDisable { even_if_it_stays }),
        Safe::Status => None,
    };
    let done = match command {
        Some(command) => client.command(command).await,
        None => Ok(Reply::Done),
    };
    let state = client.view(view::safe).await?;
    client.close().await?;
    done?;
    session.print(
        |texts| match &state {
            None => texts.say("safe-off"),
            Some(state) => describe(session, texts, state),
        },
        &format::Safe::new(state.as_ref()),
    )
}

fn describe(session: &Session<'_>, texts: &Texts, state: &view::Safe) -> String {
    let server = match &state.server {
        Some(server) => safe::line(server),
        None => texts.say("safe-server-own"),
    };
    let last = match state.uploaded_at {
        Some(at) => session.calendar.full(at),
        None => texts.say("safe-never"),
    };
    let fault = state.fault.map(|fault| {
        texts.say(match fault {
            SafeFault::Unreachable => "safe-unreachable",
            SafeFault::Refused => "safe-refused",
            SafeFault::TooLarge => "safe-too-large",
            SafeFault::BadAnswer => "safe-bad-answer",
        })
    });
    let state = texts.with("safe-on", &[("server", &server), ("last", &last)]);
    [Some(state), fault]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n")
}
