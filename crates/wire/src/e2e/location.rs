//! Locations (csp.struct.yml, location): lines of text.
//!
//! `latitude,longitude[,accuracy]`, then an optional name line, then an optional address line in
//! which line breaks are written as `\n`.

use crate::{Error, Result, spec};

const MALFORMED: Error = Error::Malformed("location");

/// A place.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// Degrees, -90 to 90.
    pub latitude: f64,
    /// Degrees, -180 to 180.
    pub longitude: f64,
    /// Metres.
    pub accuracy: Option<f64>,
    /// The name of the place; only together with an address.
    pub name: Option<String>,
    /// The address, possibly of several lines.
    pub address: Option<String>,
}

impl Location {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        let text = core::str::from_utf8(bytes).map_err(|_| MALFORMED)?;
        let mut lines = text.split('\n');
        let mut numbers = lines.next().unwrap_or_default().split(',').map(|number| {
            number
                .trim()
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite())
        });
        let latitude = numbers.next().flatten().ok_or(MALFORMED)?;
        let longitude = numbers.next().flatten().ok_or(MALFORMED)?;
        let accuracy = numbers
            .next()
            .map(|number| number.ok_or(MALFORMED))
            .transpose()?;
        let (name, address) = match (lines.next(), lines.next()) {
            (Some(name), Some(address)) => (Some(name), Some(address)),
            (address, None) => (None, address),
            (None, Some(_)) => return Err(MALFORMED),
        };
        let location = Self {
            latitude,
            longitude,
            accuracy,
            name: name.map(str::to_owned).filter(|name| !name.is_empty()),
            address: address
                .map(|address| address.replace("\\n", "\n"))
                .filter(|address| !address.is_empty()),
        };
        location.check()?;
        Ok(location)
    }

    pub(super) fn encode_into(&self, out: &mut Vec<u8>) -> Result<()> {
        self.check()?;
        let mut text = format!("{},{}", self.latitude, self.longitude);
        if let Some(accuracy) = self.accuracy {
            text.extend([",", &accuracy.to_string()]);
        }
        match (&self.name, &self.address) {
            (None, None) => {}
            (Some(name), Some(address)) if !name.contains('\n') => {
                text.extend(["\n", name, "\n", &address.replace('\n', "\\n")]);
            }
            (None, Some(address)) => text.extend(["\n", &address.replace('\n', "\\n")]),
            _ => return Err(MALFORMED),
        }
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn check(&self) -> Result<()> {
        let too_long = |text: &Option<String>| {
            text.as_ref()
                .is_some_and(|text| text.len() > spec::LOCATION_PART_BYTES_MAX)
        };
        if too_long(&self.name) || too_long(&self.address) {
            return Err(Error::TooLong);
        }
        let is_on_earth = (-90.0..=90.0).contains(&self.latitude)
            && (-180.0..=180.0).contains(&self.longitude)
            && self
                .accuracy
                .is_none_or(|metres| metres.is_finite() && metres >= 0.0);
        if is_on_earth { Ok(()) } else { Err(MALFORMED) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_coordinates_then_name_then_address() {
        let place = Location::decode(b"47.5,8.25,12\nCaf\xc3\xa9\nStreet 1\\n8000 Town").unwrap();
        assert_eq!(place.accuracy, Some(12.0));
        assert_eq!(place.name.as_deref(), Some("Café"));
        assert_eq!(place.address.as_deref(), Some("Street 1\n8000 Town"));
        let place = Location::decode(b"47.5,8.25\nStreet 1").unwrap();
        assert_eq!(
            (place.name, place.address.as_deref()),
            (None, Some("Street 1"))
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "", "1", "1,", "NaN,1", "1,inf", "91,0", "0,181", "1,2,-3", "1,2,x",
        ] {
            assert!(Location::decode(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Location::decode(&[0xff]).is_err());
    }
}
