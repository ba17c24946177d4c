//! `nickname`: what others see besides the identity.

use dreiklang_client::Command;

use crate::failure::Failure;
use crate::format;
use crate::session::Session;

pub(crate) async fn perform(session: &Session<'_>, nickname: String) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let result = client.command(Command::SetNickname(nickname)).await;
    client.close().await?;
    result?;
    session.print(|texts| texts.say("nickname-done"), &format::Done::new())
}
