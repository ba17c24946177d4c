//! `revoke`: the end of an identity, after the person typed it once more.

use std::io::{self, BufRead, IsTerminal};

use dreiklang_client::Command;

use crate::failure::Failure;
use crate::format;
use crate::output;
use crate::session::Session;
use crate::who::parse_identity;

pub(crate) async fn perform(session: &Session<'_>, confirm: Option<String>) -> Result<(), Failure> {
    let (client, me) = session.open_with_identity().await?;
    let typed = match confirm {
        Some(typed) => typed,
        None => ask(session, me.identity.as_str())?,
    };
    let result = match parse_identity(&typed) {
        Ok(confirm) if confirm == me.identity => client
            .command(Command::RevokeIdentity { confirm })
            .await
            .map_err(Failure::from),
        _ => Err(Failure::usage("wrong-confirmation")),
    };
    client.close().await?;
    result?;
    session.print(
        |texts| texts.with("revoked", &[("id", me.identity.as_str())]),
        &format::Done::new(),
    )
}

/// Without a terminal nobody can be asked, and silence is no consent.
fn ask(session: &Session<'_>, id: &str) -> Result<String, Failure> {
    if session.is_json() || !io::stdin().is_terminal() {
        return Err(Failure::usage("wrong-confirmation"));
    }
    output::line(&session.texts.with("revoke-prompt", &[("id", id)]))?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    Ok(typed)
}
