//! `send-card`: the card of a contact, as a file that every address book reads.

use dreiklang_client::desk::files::prepare_card;
use dreiklang_client::{Client, Command};

use crate::args::SendCard;
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::session::Session;
use crate::who;

pub(crate) async fn perform(session: &Session<'_>, flags: SendCard) -> Result<(), Failure> {
    let reference = flags.delivery.reference.clone();
    let make = async |client: &Client| {
        let to = who::conversation(client, &flags.to).await?;
        let file = prepare_card(client, &flags.whose).await?;
        Ok(vec![Command::SendFile {
            to,
            file: Box::new(file),
            reference,
        }])
    };
    delivery::messages(session, &flags.delivery, make).await
}
