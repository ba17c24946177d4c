//! `storage`: how much room files take, and which ones are fetched.

use dreiklang_client::desk::size;
use dreiklang_client::engine::{AutoDownload, Timestamp};
use dreiklang_client::view;
use dreiklang_client::{Client, Command};

use crate::args::{Storage, Switch};
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::Session;
use crate::who;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
const MIB: u64 = 1024 * 1024;

pub(crate) async fn perform(session: &Session<'_>, verb: Storage) -> Result<(), Failure> {
    match verb {
        Storage::Show => show(session).await,
        Storage::Clear { who, days, yes } => {
            if !yes {
                delivery::confirm(session, &session.texts.say("storage-clear-question"))?;
            }
            let now = session.clock.now().as_ms();
            let before = Timestamp::from_ms(now.saturating_sub(days.saturating_mul(DAY_MS)));
            let make = async |client: &Client| {
                let conversation = match &who {
                    Some(who) => Some(who::conversation(client, who).await?),
                    None => None,
                };
                Ok(Command::ClearMedia {
                    conversation,
                    before,
                })
            };
            delivery::local(session, make).await
        }
        verb @ Storage::Fetch { .. } => fetch(session, verb).await,
    }
}

async fn show(session: &Session<'_>) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let used = client.view(view::storage).await;
    client.close().await?;
    let used = used?;
    session.print(
        |texts| {
            let lines = used.iter().map(|line| {
                texts.with(
                    "storage-line",
                    &[
                        ("size", &size(line.size_bytes)),
                        ("files", &line.files.to_string()),
                        ("messages", &line.messages.to_string()),
                        ("id", &safe::line(&line.conversation.to_string())),
                    ],
                )
            });
            lines.collect::<Vec<_>>().join("\n")
        },
        &format::Storage::new(&used),
    )
}

/// Changes what is said, and shows all of it.
async fn fetch(session: &Session<'_>, verb: Storage) -> Result<(), Failure> {
    let (client, _) = session.open_with_identity().await?;
    let changed = async {
        let earlier = client.view(view::auto_download).await?;
        let now = wanted(earlier, &verb);
        if now != earlier {
            client.command(Command::SetAutoDownload(now)).await?;
        }
        Ok(now)
    };
    let result: Result<_, Failure> = changed.await;
    client.close().await?;
    let now = result?;
    session.print(
        |texts| {
            let word = |is_on: bool| texts.say(if is_on { "on" } else { "off" });
            texts.with(
                "storage-fetch",
                &[
                    ("images", &word(now.images)),
                    ("audio", &word(now.audio)),
                    ("videos", &word(now.videos)),
                    ("others", &word(now.others)),
                    ("largest", &size(now.size_bytes_max)),
                ],
            )
        },
        &format::Fetch::from(now),
    )
}

fn wanted(earlier: AutoDownload, verb: &Storage) -> AutoDownload {
    let Storage::Fetch {
        images,
        audio,
        videos,
        others,
        largest,
    } = verb
    else {
        return earlier;
    };
    let or = |flag: &Option<Switch>, earlier: bool| match flag {
        None => earlier,
        Some(switch) => *switch == Switch::On,
    };
    AutoDownload {
        images: or(images, earlier.images),
        audio: or(audio, earlier.audio),
        videos: or(videos, earlier.videos),
        others: or(others, earlier.others),
        size_bytes_max: largest.map_or(earlier.size_bytes_max, |mib| mib.saturating_mul(MIB)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_stays_as_it_is() {
        let earlier = AutoDownload {
            images: true,
            audio: true,
            videos: false,
            others: false,
            size_bytes_max: 7,
        };
        let verb = Storage::Fetch {
            images: Some(Switch::Off),
            audio: None,
            videos: Some(Switch::On),
            others: None,
            largest: None,
        };
        let expected = AutoDownload {
            images: false,
            videos: true,
            ..earlier
        };
        assert_eq!(wanted(earlier, &verb), expected);
        assert_eq!(wanted(earlier, &Storage::Show), earlier);
    }
}
