//! Each attack succeeds where its defence was taken out: so the tests in `eth` would notice.
//!
//! One test, because a weakness is a switch of the whole process.

use dreiklang_server::planted::{Weakness, plant};
use dreiklang_store::Bug;

#[expect(dead_code, reason = "shared with the tests of the attacks")]
#[path = "eth/attacks.rs"]
mod attacks;
#[expect(dead_code, reason = "shared with the tests of the HTTP interface")]
#[path = "api/server.rs"]
mod server;
#[expect(dead_code, reason = "shared with the tests of the chat server")]
#[path = "chat/world.rs"]
mod world;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_attack_succeeds_where_its_defence_is_missing() {
    plant(Some(Weakness::SameHandshake));
    assert!(attacks::replayed_login().await, "attack 1");
    plant(Some(Weakness::AnyKey));
    assert!(attacks::server_key_as_identity().await, "attack 2");
    plant(None);
    dreiklang_store::plant(Bug::SwappedDelivery);
    assert!(attacks::reordered_messages().await, "attack 3");
    // No bug of the store any more: this one changes nothing that follows.
    dreiklang_store::plant(Bug::NoDedup);
    plant(Some(Weakness::TrustedHeader));
    assert!(attacks::message_in_the_name_of_another().await, "attack 4");
    assert!(attacks::reflected_message().await, "attack 4");
    plant(Some(Weakness::LooseChallenge));
    assert!(attacks::answer_used_for_something_else().await, "attack 5");
    plant(Some(Weakness::NoCookie));
    assert!(attacks::unnoticed_clone().await, "attack 6");
}
