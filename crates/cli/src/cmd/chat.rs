//! `chat`: the full screen.

use std::io::{self, IsTerminal};

use crate::failure::Failure;
use crate::session::Session;
use crate::tui;

pub(crate) async fn perform(
    session: &Session<'_>,
    conversation: Option<String>,
) -> Result<(), Failure> {
    if session.is_json() || !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Failure::usage("no-terminal"));
    }
    let (client, me) = session.open_with_identity().await?;
    let result = tui::run(session, &client, me, conversation).await;
    client.close().await?;
    result
}
