//! The attacks of "Three Lessons from Threema" (Paterson, Scarlata, Truong, USENIX Security 2023) on
//! what a server has to do with them. `attacks` is shared with `eth_planted`, where each succeeds
//! because a defence was taken out.

mod attacks;
mod directory;
mod logins;
mod messages;
#[expect(dead_code, reason = "shared with the tests of the HTTP interface")]
#[path = "../api/server.rs"]
mod server;
#[expect(dead_code, reason = "shared with the tests of the chat server")]
#[path = "../chat/world.rs"]
mod world;
