//! The HTTP side from outside: real sockets, a real store, a plain HTTP client.

mod admin;
mod backup;
mod blob;
mod check;
mod closed;
mod command;
mod config;
mod contact_match;
mod create;
mod featuremask;
mod fetch_bulk;
mod fetch_priv;
mod health;
mod linking;
mod links;
mod lookup;
mod management;
mod moving;
#[expect(dead_code, reason = "shared with the tests of the chat server")]
#[path = "../common/orgs.rs"]
mod orgs;
mod outbound;
mod privacy;
mod push;
mod revocation_key;
mod revoke;
mod safe;
mod server;
mod slow;
mod tls;
mod tolerance;
mod web;
mod work;
mod ws_revoke;
