//! The preset nickname. The person may change it unless the profile is read-only, and the one they
//! had before comes back when the preset goes and they have not changed it.

use crate::{Engine, db, error::Result, event::Event, turn::Turn};

impl Engine {
    pub(crate) fn nickname_upkeep(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        let Some(own) = &mut self.own else {
            return Ok(());
        };
        let wanted = self.policy.nickname().unwrap_or_default().trim();
        let (preset, before) = db::work::nicknames(turn.tx)?;
        let is_enforced = self.policy.readonly_profile() == Some(true) && !wanted.is_empty();
        if wanted == preset && (!is_enforced || own.nickname == preset) {
            return Ok(());
        }
        let is_untouched = !preset.is_empty() && own.nickname == preset;
        let (nickname, kept) = if !wanted.is_empty() {
            let kept = if is_untouched {
                before
            } else {
                own.nickname.clone()
            };
            (wanted.to_owned(), kept)
        } else if is_untouched {
            (before, String::new())
        } else {
            (own.nickname.clone(), String::new())
        };
        db::work::set_nicknames(turn.tx, wanted, &kept)?;
        if own.nickname != nickname {
            db::identity::set_nickname(turn.tx, &nickname)?;
            own.nickname = nickname;
            turn.notify(Event::MeChanged);
        }
        Ok(())
    }
}
