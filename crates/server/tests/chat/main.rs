//! The chat server from outside: real sockets, a real store, clients made of the wire's own role.

mod delivery;
mod expiry;
mod login;
mod negative;
mod panic;
mod rules;
mod sessions;
mod slow;
mod world;
