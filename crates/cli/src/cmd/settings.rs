//! `settings`: what contacts are told, what is accepted, how lists are sorted.

use dreiklang_client::engine::{NameOrder, PictureSharing};
use dreiklang_client::{Command, Error, Identity, view};

use crate::args::{Name, Settings, Switch};
use crate::failure::Failure;
use crate::format;
use crate::session::Session;
use crate::texts::Texts;
use crate::who::parse_identity;

pub(crate) async fn perform(session: &Session<'_>, flags: Settings) -> Result<(), Failure> {
    // A typing mistake needs no passphrase to be found.
    let wanted = flags.share_picture.as_deref().map(sharing).transpose()?;
    let (client, _) = session.open_with_identity().await?;
    let (earlier, mut shared) = client
        .view(|conn| -> Result<_, Error> {
            Ok((view::settings(conn)?, view::picture_sharing(conn)?))
        })
        .await?;
    let mut settings = earlier;
    for (flag, field) in [
        (flags.read_receipts, &mut settings.read_receipts),
        (flags.typing_indicators, &mut settings.typing_indicators),
        (flags.block_unknown, &mut settings.block_unknown),
        (flags.hide_inactive, &mut settings.hide_inactive),
    ] {
        if let Some(switch) = flag {
            *field = switch == Switch::On;
        }
    }
    for (flag, field) in [
        (flags.sort, &mut settings.sort_order),
        (flags.first, &mut settings.name_order),
    ] {
        match flag {
            None => {}
            Some(Name::First) => *field = NameOrder::FirstName,
            Some(Name::Last) => *field = NameOrder::LastName,
        }
    }
    if settings != earlier {
        client.command(Command::SetSettings(settings)).await?;
    }
    if let Some(wanted) = wanted {
        let command = Command::SetPictureSharing(wanted.clone());
        client.command(command).await?;
        shared = wanted;
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
                    ("hide-inactive", &word(settings.hide_inactive)),
                    ("sort", &order(settings.sort_order, texts)),
                    ("first", &order(settings.name_order, texts)),
                    ("share-picture", &sharing_words(&shared, texts)),
                ],
            )
        },
        &format::Settings::new(settings, &shared),
    )
}

/// Who may have the picture, as it is typed.
pub(crate) fn sharing(text: &str) -> Result<PictureSharing, Failure> {
    Ok(match text {
        "everybody" => PictureSharing::Everybody,
        "nobody" => PictureSharing::Nobody,
        list => {
            let people: Result<_, _> = list.split(',').map(parse_identity).collect();
            PictureSharing::Listed(people?)
        }
    })
}

fn order(order: NameOrder, texts: &Texts) -> String {
    texts.say(match order {
        NameOrder::FirstName => "first-name",
        NameOrder::LastName => "last-name",
    })
}

fn sharing_words(sharing: &PictureSharing, texts: &Texts) -> String {
    match sharing {
        PictureSharing::Nobody => texts.say("nobody"),
        PictureSharing::Everybody => texts.say("share-everybody"),
        PictureSharing::Listed(people) => {
            let people: Vec<_> = people.iter().map(Identity::to_string).collect();
            people.join(", ")
        }
    }
}
