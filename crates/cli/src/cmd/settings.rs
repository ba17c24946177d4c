//! `settings`: what contacts are told and what is accepted.

use dreiklang_client::{Command, view};

use crate::args::{Settings, Switch};
use crate::failure::Failure;
use crate::format;
use crate::session::Session;

pub(crate) async fn perform(session: &Session<'_>, flags: Settings) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let earlier = client.view(view::settings).await?;
    let mut settings = earlier;
    for (flag, field) in [
        (flags.read_receipts, &mut settings.read_receipts),
        (flags.typing_indicators, &mut settings.typing_indicators),
        (flags.block_unknown, &mut settings.block_unknown),
    ] {
        if let Some(switch) = flag {
            *field = switch == Switch::On;
        }
    }
    if settings != earlier {
        client.command(Command::SetSettings(settings)).await?;
    }
    client.close().await?;
    session.print(
        |texts| {
            let word = |is_on: bool| texts.say(if is_on { "on" } else { "off" });
            texts.with(
                "settings",
                &[
                    ("read-receipts", &word(settings.read_receipts)),
                    ("typing-indicators", &word(settings.typing_indicators)),
                    ("block-unknown", &word(settings.block_unknown)),
                ],
            )
        },
        &format::Settings::from(settings),
    )
}
