//! `forward`: a message to somebody else.

use dreiklang_client::{Client, Command};

use crate::args::Forward;
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::session::Session;
use crate::{which, who};

pub(crate) async fn perform(session: &Session<'_>, flags: Forward) -> Result<(), Failure> {
    let reference = flags.delivery.reference.clone();
    let make = async |client: &Client| {
        Ok(vec![Command::Forward {
            position: which::position(client, &flags.message).await?,
            to: who::conversation(client, &flags.to).await?,
            reference,
        }])
    };
    delivery::messages(session, &flags.delivery, make).await
}
