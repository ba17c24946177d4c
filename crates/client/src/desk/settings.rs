//! What this client tells, accepts and shows: changed and read in one go.

use super::failure::Failure;
use super::format;
use super::request::{Order, Request};
use super::who::parse_identity;
use crate::engine::{NameOrder, PictureSharing, Settings};
use crate::{Client, Command, Error, view};

/// Who may have the picture, as it is typed.
pub fn sharing(text: &str) -> Result<PictureSharing, Failure> {
    Ok(match text {
        "everybody" => PictureSharing::Everybody,
        "nobody" => PictureSharing::Nobody,
        list => {
            let people: Result<_, _> = list.split(',').map(parse_identity).collect();
            PictureSharing::Listed(people?)
        }
    })
}

/// Changes the settings that are named, and says what they are then.
pub(super) async fn settings(
    client: &Client,
    request: Request,
) -> Result<format::Settings, Failure> {
    let (earlier, mut shared) = client
        .view(|conn| -> Result<_, Error> {
            Ok((view::settings(conn)?, view::picture_sharing(conn)?))
        })
        .await?;
    let mut settings = earlier;
    if let Request::Settings {
        read_receipts,
        typing_indicators,
        block_unknown,
        hide_inactive,
        sort,
        first,
        share_picture,
    } = request
    {
        settings = Settings {
            read_receipts: read_receipts.unwrap_or(earlier.read_receipts),
            typing_indicators: typing_indicators.unwrap_or(earlier.typing_indicators),
            block_unknown: block_unknown.unwrap_or(earlier.block_unknown),
            hide_inactive: hide_inactive.unwrap_or(earlier.hide_inactive),
            sort_order: sort.map_or(earlier.sort_order, order),
            name_order: first.map_or(earlier.name_order, order),
            ..earlier
        };
        if let Some(wanted) = share_picture {
            shared = sharing(&wanted)?;
            let command = Command::SetPictureSharing(shared.clone());
            client.command(command).await?;
        }
    }
    if settings != earlier {
        client.command(Command::SetSettings(settings)).await?;
    }
    Ok(format::Settings::new(settings, &shared))
}

fn order(order: Order) -> NameOrder {
    match order {
        Order::First => NameOrder::FirstName,
        Order::Last => NameOrder::LastName,
    }
}
