//! `reclaim`: the identity is used here again.

use dreiklang_client::Command;

use crate::failure::Failure;
use crate::format;
use crate::session::Session;

pub(crate) async fn perform(session: &Session<'_>) -> Result<(), Failure> {
    let (client, me) = session.open_with_identity().await?;
    let reclaimed = client.command(Command::Reclaim).await;
    client.close().await?;
    reclaimed?;
    session.print(
        |texts| texts.with("reclaimed", &[("id", me.identity.as_str())]),
        &format::Done::new(),
    )
}
