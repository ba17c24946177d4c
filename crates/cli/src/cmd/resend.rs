//! `resend`: what was given up, once more.

use dreiklang_client::{Client, Command};

use crate::args::Resend;
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::session::Session;
use crate::which;

pub(crate) async fn perform(session: &Session<'_>, flags: Resend) -> Result<(), Failure> {
    let make = async |client: &Client| {
        let position = which::position(client, &flags.message).await?;
        Ok(vec![Command::Resend { position }])
    };
    delivery::messages(session, &flags.delivery, make).await
}
