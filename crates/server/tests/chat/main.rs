//! The chat server from outside: real sockets, a real store, clients made of the wire's own role.

mod closed_groups;
mod delivery;
mod edition;
mod expiry;
mod login;
mod negative;
#[path = "../common/orgs.rs"]
mod orgs;
mod panic;
mod push;
mod rules;
mod sessions;
mod slow;
mod web;
mod world;
