//! `poll`: ask, vote, close, show.

use dreiklang_client::desk::chosen;
use dreiklang_client::engine::NewPoll;
use dreiklang_client::view::Content;
use dreiklang_client::{Client, Command, Error};

use crate::args::{CreatePoll, Poll};
use crate::cmd::{delivery, history};
use crate::failure::Failure;
use crate::format;
use crate::people::People;
use crate::session::Session;
use crate::{which, who};

pub(crate) async fn perform(session: &Session<'_>, verb: Poll) -> Result<(), Failure> {
    match verb {
        Poll::Create(flags) => create(session, flags).await,
        Poll::Vote {
            message,
            choices,
            hand_over,
        } => {
            let make = async |client: &Client| {
                let message = which::message(client, &message).await?;
                let choices = chosen(&message, &choices)?;
                let position = message.position;
                Ok(Command::Vote { position, choices })
            };
            delivery::change(session, hand_over, make).await
        }
        Poll::Close { message, hand_over } => {
            let make = async |client: &Client| {
                let position = which::position(client, &message).await?;
                Ok(Command::ClosePoll { position })
            };
            delivery::change(session, hand_over, make).await
        }
        Poll::Show { message } => show(session, &message).await,
    }
}

async fn create(session: &Session<'_>, flags: CreatePoll) -> Result<(), Failure> {
    let reference = flags.delivery.reference.clone();
    let make = async |client: &Client| {
        let to = who::conversation(client, &flags.to).await?;
        let poll = NewPoll {
            question: flags.question,
            choices: flags.choices,
            is_multiple: flags.multiple,
            shows_votes: !flags.hidden,
            is_summary: flags.sums,
        };
        Ok(vec![Command::CreatePoll {
            to,
            poll,
            reference,
        }])
    };
    delivery::messages(session, &flags.delivery, make).await
}

async fn show(session: &Session<'_>, message: &str) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let shown = async {
        let message = which::message(&client, message).await?;
        if !matches!(message.content, Content::Poll(_)) {
            return Err(Failure::usage("wrong-message-kind"));
        }
        let poll = message.clone();
        let people = client
            .view(move |conn| -> Result<_, Error> { People::of(conn, [&poll]) })
            .await?;
        Ok((message, people))
    };
    let result = shown.await;
    client.close().await?;
    let (message, people) = result?;
    session.print(
        |_| history::line(&message, None, &people, session),
        &format::Message::from(&message),
    )
}
