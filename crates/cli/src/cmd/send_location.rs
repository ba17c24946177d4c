//! `send-location`: a place.

use dreiklang_client::view::{Degrees, Place};
use dreiklang_client::{Client, Command};

use crate::args::SendLocation;
use crate::cmd::delivery;
use crate::failure::Failure;
use crate::session::Session;
use crate::who;

pub(crate) async fn perform(session: &Session<'_>, flags: SendLocation) -> Result<(), Failure> {
    let SendLocation {
        to,
        place,
        name,
        address,
        delivery,
    } = flags;
    let place = Place {
        name,
        address,
        ..parse(&place).ok_or_else(|| Failure::usage("bad-place"))?
    };
    let reference = delivery.reference.clone();
    let make = async |client: &Client| {
        let to = who::conversation(client, &to).await?;
        Ok(vec![Command::SendLocation {
            to,
            place,
            reference,
        }])
    };
    delivery::messages(session, &delivery, make).await
}

/// `47.37,8.54` or `geo:47.37,8.54;u=20` (RFC 5870).
pub(crate) fn parse(text: &str) -> Option<Place> {
    let text = text.trim();
    let text = text.strip_prefix("geo:").unwrap_or(text);
    let mut parameters = text.split([';', '?']);
    let (latitude, longitude) = parameters.next()?.split_once(',')?;
    // A third number is the altitude, which messages have no place for.
    let longitude = longitude.split(',').next()?;
    let degrees = |text: &str| Degrees::new(text.trim().parse().ok()?);
    let accuracy = parameters
        .find_map(|parameter| parameter.strip_prefix("u="))
        .and_then(|metres| metres.split('.').next()?.parse().ok());
    Some(Place {
        latitude: degrees(latitude)?,
        longitude: degrees(longitude)?,
        accuracy_m: accuracy,
        ..Place::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_in_both_forms() {
        let link = |text: &str| parse(text).map(|place| place.geo_link());
        assert_eq!(link("47.37, -8.5"), Some("geo:47.37,-8.5".into()));
        let full = link("geo:47.37,8.54,408;crs=wgs84;u=20.5?z=3");
        assert_eq!(full, Some("geo:47.37,8.54;u=20".into()));
        for text in ["", "47", "north,east", "geo:1;2", "NaN,1"] {
            assert_eq!(link(text), None, "{text}");
        }
    }
}
