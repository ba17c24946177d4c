//! `edit`: another text for a message of ours.

use dreiklang_client::{Client, Command};

use crate::args::Edit;
use crate::cmd::{delivery, send};
use crate::failure::Failure;
use crate::session::Session;
use crate::which;

pub(crate) async fn perform(session: &Session<'_>, flags: Edit) -> Result<(), Failure> {
    let text = send::given(flags.text)?;
    let make = async |client: &Client| {
        let position = which::position(client, &flags.message).await?;
        Ok(Command::Edit { position, text })
    };
    delivery::change(session, flags.hand_over, make).await
}
