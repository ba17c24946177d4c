//! Sending a place (csp.struct.yml, location).

use dreiklang_wire::{e2e as wire, spec};

use super::outgoing::check_reference;
use crate::{
    Engine,
    command::{Refusal, Reply},
    conversation::Submission,
    engine::Answer,
    error::Result,
    turn::Turn,
    view::{Content, ConversationId, Place},
};

impl Engine {
    pub(crate) fn send_location(
        &mut self,
        turn: &mut Turn<'_>,
        to: &ConversationId,
        place: Place,
        reference: &str,
    ) -> Result<Answer> {
        let place = match check(place) {
            Ok(place) => place,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let is_same = |content: &Content| *content == Content::Location(place.clone());
        if let Some(answer) = Self::repeated(turn, to, reference, is_same)? {
            return Ok(answer);
        }
        let target = match check_reference(reference) {
            Ok(()) => self.target(turn, to)?,
            Err(refusal) => Err(refusal),
        };
        let target = match target {
            Ok(target) => target,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let submission = Submission {
            content: wire::Content::Location(place.into_wire()),
            text: "",
            reference,
        };
        let message = self.submit(turn, &target, submission)?;
        Ok(Answer::Now(Ok(Reply::Message(message))))
    }
}

/// The place as it can be sent: a name only together with an address, and on one line.
fn check(mut place: Place) -> Result<Place, Refusal> {
    place.name = place.name.replace(['\r', '\n'], " ");
    if place.address.is_empty() {
        place.address = std::mem::take(&mut place.name);
    }
    let is_on_earth = (-90.0..=90.0).contains(&place.latitude.get())
        && (-180.0..=180.0).contains(&place.longitude.get());
    if !is_on_earth {
        return Err(Refusal::BadPlace);
    }
    for (field, text) in [("place", &place.name), ("address", &place.address)] {
        if text.len() > spec::LOCATION_PART_BYTES_MAX {
            return Err(Refusal::NameTooLong {
                field,
                length: text.len(),
                limit: spec::LOCATION_PART_BYTES_MAX,
            });
        }
    }
    Ok(place)
}
