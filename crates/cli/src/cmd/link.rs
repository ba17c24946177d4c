//! `link`: e-mail address and phone number.

use dreiklang_client::view::{self, Link as State};
use dreiklang_client::{Command, Reply};

use crate::args::Link;
use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::Session;
use crate::texts::Texts;

pub(crate) async fn perform(session: &Session<'_>, verb: Link) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let command = match verb {
        Link::Email { address } => Some(Command::LinkEmail(address)),
        Link::Check => Some(Command::CheckEmail),
        Link::Phone(flags) => Some(match (flags.number, flags.code) {
            (Some(number), _) => Command::LinkPhone(number),
            (None, Some(code)) => Command::ConfirmPhone(code),
            (None, None) => Command::CallPhone,
        }),
        Link::Status => None,
    };
    let done = match command {
        Some(command) => client.command(command).await,
        None => Ok(Reply::Done),
    };
    let links = client.view(view::links).await?;
    client.close().await?;
    done?;
    session.print(
        |texts| {
            texts.with(
                "links",
                &[
                    ("email", &words(texts, &links.email)),
                    ("phone", &words(texts, &links.phone)),
                ],
            )
        },
        &format::Links::from(&links),
    )
}

fn words(texts: &Texts, link: &State) -> String {
    match link {
        State::None => texts.say("link-none"),
        State::Waiting(address) => texts.with("link-waits", &[("address", &safe::line(address))]),
        State::Linked(address) => safe::line(address),
    }
}
