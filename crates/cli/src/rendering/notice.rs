//! What happened in a conversation, in a sentence.

use dreiklang_client::Identity;
use dreiklang_client::view::Notice;

use super::Scene;
use crate::people::Named;
use crate::safe;

pub(super) fn sentence(notice: &Notice, sender: Identity, scene: &Scene<'_>) -> String {
    let texts = scene.texts;
    let who = scene
        .people
        .other_name(sender)
        .unwrap_or_else(|| texts.say("notice-who-self"));
    let names = |people: &[Identity]| {
        let names: Vec<_> = people
            .iter()
            .map(|id| scene.people.name(*id, texts))
            .collect();
        names.join(", ")
    };
    match notice {
        Notice::GroupCreated => texts.say("notice-created"),
        Notice::GroupRestored => texts.say("notice-restored"),
        Notice::YouWereAdded => texts.with("notice-you-were-added", &[("who", &who)]),
        Notice::YouWereRemoved => texts.with("notice-you-were-removed", &[("who", &who)]),
        Notice::Added(people) => {
            texts.with("notice-added", &[("who", &who), ("names", &names(people))])
        }
        Notice::Removed(people) => texts.with(
            "notice-removed",
            &[("who", &who), ("names", &names(people))],
        ),
        Notice::Left => texts.with("notice-left", &[("who", &who)]),
        Notice::Disbanded => texts.say("notice-disbanded"),
        Notice::Renamed { to, .. } if to.is_empty() => {
            texts.with("notice-unnamed", &[("who", &who)])
        }
        Notice::Renamed { to, .. } => texts.with(
            "notice-renamed",
            &[("who", &who), ("name", &safe::line(to))],
        ),
        Notice::PictureChanged => texts.with("notice-picture-changed", &[("who", &who)]),
        Notice::PictureRemoved => texts.with("notice-picture-removed", &[("who", &who)]),
        Notice::IdentityRevoked => texts.with("notice-identity-revoked", &[("who", &who)]),
        _ => texts.say("unsupported"),
    }
}
