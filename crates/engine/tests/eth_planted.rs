//! Each attack succeeds where its defence was taken out: so the tests in `eth` would notice.
//!
//! One test, because a weakness is a switch of the whole process.

use dreiklang_engine::planted::{Weakness, plant};

#[expect(dead_code, reason = "shared with the tests of the attacks")]
#[path = "scenarios/attacks.rs"]
mod attacks;
#[expect(dead_code, reason = "shared with the scenarios")]
mod common;
#[expect(dead_code, reason = "shared with the scenarios")]
#[path = "scenarios/world.rs"]
mod world;

#[test]
fn every_attack_succeeds_where_its_defence_is_missing() {
    plant(Some(Weakness::TrustedHeader));
    assert!(attacks::old_message_as_a_new_one(), "attack 3");
    assert!(attacks::swapped_numbers(), "attack 3");
    plant(Some(Weakness::ForgottenNonces));
    assert!(attacks::replay_after_deletion(), "attack 4");
    assert!(attacks::reflection(), "attack 4");
    plant(Some(Weakness::BoxedProof));
    assert!(attacks::message_by_challenge(1), "attack 5");
    plant(Some(Weakness::ForgottenWarning));
    assert!(attacks::forgotten_clone(), "attack 6");
    plant(Some(Weakness::ExportForAll));
    assert!(
        attacks::forbidden_export("th_disable_id_export"),
        "attack 6"
    );
    plant(Some(Weakness::CompressedSafe));
    assert!(attacks::size_tells(8), "attack 7");
}
