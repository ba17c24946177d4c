//! QR codes: in the terminal out of half blocks, and as a picture.

use qrcode::render::{svg, unicode};
use qrcode::{EcLevel, QrCode};

use crate::failure::Failure;

/// A code for a text; a contact's text always fits.
fn code(text: &str) -> Result<QrCode, Failure> {
    QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| Failure::new("qr").with("reason", error))
}

/// The lines of a drawing in which each character shows two squares, one above the other. Light
/// squares are drawn, dark ones left out: right on a dark terminal. On a light one it is the
/// negative, which readers on phones accept too.
pub(crate) fn half_blocks(text: &str) -> Result<Vec<String>, Failure> {
    let drawing = code(text)?
        .render::<unicode::Dense1x2>()
        .dark_color(unicode::Dense1x2::Light)
        .light_color(unicode::Dense1x2::Dark)
        .build();
    Ok(drawing.lines().map(str::to_owned).collect())
}

/// The same as a picture.
pub(crate) fn svg(text: &str) -> Result<String, Failure> {
    Ok(code(text)?
        .render::<svg::Color>()
        .min_dimensions(320, 320)
        .build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_fits_into_a_terminal() {
        let text = format!("3mid:ECHOECHO,{}", "ab".repeat(32));
        let lines = half_blocks(&text).unwrap();
        let width = lines[0].chars().count();
        // The quiet zone of four squares belongs to it.
        assert!(
            lines.len() <= 26 && width <= 52,
            "{} x {width}",
            lines.len()
        );
        assert!(lines.iter().all(|line| line.chars().count() == width));
        assert!(lines[0].chars().all(|c| c == '█'));
        assert!(svg(&text).unwrap().contains("<svg"));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert_eq!(half_blocks(&"x".repeat(10_000)).unwrap_err().code(), "qr");
    }
}
