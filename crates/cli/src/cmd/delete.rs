//! `delete`: a message, here or for everybody.

use dreiklang_client::{Client, Command};

use crate::args::Delete;
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::session::Session;
use crate::which;

pub(crate) async fn perform(session: &Session<'_>, flags: Delete) -> Result<(), Failure> {
    let for_everyone = flags.everyone;
    let make = async |client: &Client| {
        Ok(Command::Delete {
            position: which::position(client, &flags.message).await?,
            for_everyone,
        })
    };
    if for_everyone {
        delivery::change(session, flags.hand_over, make).await
    } else {
        delivery::local(session, make).await
    }
}
