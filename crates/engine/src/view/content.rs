//! What messages say, as a screen shows it.

use std::fmt;

use dreiklang_wire::e2e::{
    self as wire, Body, Container, FileRendering, Location, MediaFacts, MessageType,
};

use super::{
    Media, Poll,
    notice::{self, Notice},
};

/// What a message says.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// Text, without the quote it may begin with.
    Text(String),
    /// A place.
    Location(Place),
    /// A question to everybody in the conversation.
    Poll(Poll),
    /// A file, image, video or recording.
    File(FileContent),
    /// What happened in the conversation.
    Notice(Notice),
    /// Nothing any more: its sender deleted it.
    Deleted,
    /// Something this version cannot show. It is kept for one that can.
    Unsupported {
        /// The end-to-end message type.
        message_type: MessageType,
    },
}

/// A finite number of degrees.
#[derive(Clone, Copy, Default)]
pub struct Degrees(f64);

impl Degrees {
    /// Nothing if the number is not finite.
    pub fn new(degrees: f64) -> Option<Self> {
        // No negative zero: it would be another place.
        degrees.is_finite().then_some(Self(degrees + 0.0))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl PartialEq for Degrees {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Degrees {}

impl fmt::Display for Degrees {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A place on earth.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// North of the equator, -90 to 90.
    pub latitude: Degrees,
    /// East of Greenwich, -180 to 180.
    pub longitude: Degrees,
    /// How sure the place is.
    pub accuracy_m: Option<u32>,
    /// What it is called; empty for nothing.
    pub name: String,
    /// Its address, possibly of several lines; empty for none.
    pub address: String,
}

impl Place {
    /// A link that opens it in whatever shows maps (RFC 5870).
    pub fn geo_link(&self) -> String {
        let place = format!("geo:{},{}", self.latitude, self.longitude);
        match self.accuracy_m {
            Some(metres) => format!("{place};u={metres}"),
            None => place,
        }
    }

    pub(crate) fn from_wire(location: Location) -> Option<Self> {
        Some(Self {
            latitude: Degrees::new(location.latitude)?,
            longitude: Degrees::new(location.longitude)?,
            accuracy_m: location.accuracy.map(whole),
            name: location.name.unwrap_or_default(),
            address: location.address.unwrap_or_default(),
        })
    }

    pub(crate) fn into_wire(self) -> Location {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Location {
            latitude: self.latitude.0,
            longitude: self.longitude.0,
            accuracy: self.accuracy_m.map(f64::from),
            name: some(self.name),
            address: some(self.address),
        }
    }
}

/// A file with everything that is known of it without fetching it.
#[derive(Clone, PartialEq, Eq)]
pub struct FileContent {
    /// The name its sender gave it, whatever that is; empty for none.
    pub name: String,
    /// The media type its sender gave it.
    pub media_type: String,
    /// Its size.
    pub size_bytes: u64,
    /// A text to go with it; empty for none.
    pub caption: String,
    /// How to show it.
    pub rendering: FileRendering,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// How long it plays.
    pub duration_ms: Option<u64>,
    /// Whether it moves without being a video.
    pub is_animated: bool,
    /// Where the file is.
    pub media: Media,
    /// Where a small picture of it is, if there is one.
    pub thumbnail: Option<Media>,
    /// Whether the person has listened to it.
    pub is_played: bool,
    /// Files with the same text here belong together; empty for none.
    pub correlation: String,
}

impl FileContent {
    /// What the retired types for media are today.
    fn old(media_type: &str, blob_bytes: u32, duration_s: Option<u16>) -> Self {
        Self {
            name: String::new(),
            media_type: media_type.to_owned(),
            size_bytes: u64::from(blob_bytes.saturating_sub(BLOB_OVERHEAD_BYTES)),
            caption: String::new(),
            rendering: FileRendering::Media,
            width: None,
            height: None,
            duration_ms: duration_s.map(|s| u64::from(s).saturating_mul(1_000)),
            is_animated: false,
            media: Media::default(),
            thumbnail: None,
            is_played: false,
            correlation: String::new(),
        }
    }

    fn new(file: wire::File, caption: String) -> Self {
        let MediaFacts {
            width,
            height,
            is_animated,
            duration,
        } = file.facts;
        Self {
            name: file.name.unwrap_or_default(),
            media_type: file.media_type,
            size_bytes: file.size_bytes,
            caption,
            rendering: file.rendering,
            width,
            height,
            duration_ms: duration.map(|seconds| u64::from(whole(seconds * 1_000.0))),
            is_animated: is_animated.unwrap_or(false),
            media: Media::default(),
            thumbnail: None,
            is_played: false,
            correlation: file.correlation.unwrap_or_default(),
        }
    }
}

/// What encryption adds to a blob.
const BLOB_OVERHEAD_BYTES: u32 = 16;

/// The nearest whole number, 0 for what is none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float stops at the ends of the integer"
)]
fn whole(number: f64) -> u32 {
    number.round() as u32
}

/// The content of a row. `text` is what a person reads of it, `container` type and body of what is
/// more than text.
pub(super) fn content(kind: i64, text: String, container: &[u8]) -> Content {
    if kind == notice::format::TYPE
        && let Some(notice) = notice::format::from_text(&text)
    {
        return Content::Notice(notice);
    }
    let message_type = MessageType(u8::try_from(kind).unwrap_or_default());
    match message_type {
        MessageType::TEXT | MessageType::GROUP_TEXT => return Content::Text(text),
        _ => {}
    }
    let unsupported = Content::Unsupported { message_type };
    let Some((_, body)) = container.split_first() else {
        return unsupported;
    };
    let kind = message_type;
    let Ok(Body { content, .. }) = Body::decode(Container { kind, body }) else {
        return unsupported;
    };
    let file = match content {
        wire::Content::Location(location) => {
            return Place::from_wire(location).map_or(unsupported, Content::Location);
        }
        wire::Content::PollSetup(setup) => return Content::Poll(Poll::of(&setup.poll)),
        wire::Content::File(file) => FileContent::new(file, text),
        wire::Content::OldImage(image) => FileContent::old("image/jpeg", image.size, None),
        wire::Content::OldGroupImage(blob) => FileContent::old("image/jpeg", blob.size, None),
        wire::Content::OldVideo(video) => {
            FileContent::old("video/mp4", video.size, Some(video.duration))
        }
        wire::Content::OldAudio(audio) => {
            FileContent::old("audio/aac", audio.blob.size, Some(audio.duration))
        }
        _ => return unsupported,
    };
    Content::File(file)
}

// What people write must not end in a log by way of `{:?}`.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Location(place) => place.fmt(f),
            Self::Poll(poll) => poll.fmt(f),
            Self::File(file) => file.fmt(f),
            Self::Notice(notice) => notice.fmt(f),
            Self::Deleted => write!(f, "Deleted"),
            Self::Unsupported { message_type } => write!(f, "Unsupported({message_type:?})"),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place(..)")
    }
}

impl fmt::Debug for FileContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({} bytes)", self.size_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_links_and_no_second_zero() {
        let place = Place {
            latitude: Degrees::new(47.5).unwrap(),
            longitude: Degrees::new(-0.0).unwrap(),
            accuracy_m: Some(12),
            ..Place::default()
        };
        assert_eq!(place.geo_link(), "geo:47.5,0;u=12");
        assert!(Degrees::new(f64::NAN).is_none());
        assert!(Degrees::new(f64::INFINITY).is_none());
    }

    #[test]
    fn odd_numbers_become_whole_ones() {
        assert_eq!(whole(1.5), 2);
        assert_eq!(whole(-3.0), 0);
        assert_eq!(whole(f64::NAN), 0);
        assert_eq!(whole(1e300), u32::MAX);
    }

    #[test]
    fn nothing_of_it_ends_in_a_log() {
        let place = Place {
            name: "secret".into(),
            ..Place::default()
        };
        let mut file = FileContent::old("secret/type", 100, None);
        file.name = "secret.txt".into();
        for content in [
            Content::Text("secret".into()),
            Content::Location(place),
            Content::File(file),
        ] {
            assert!(!format!("{content:?}").contains("secret"));
        }
    }
}
