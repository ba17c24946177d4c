//! Measures the server against a reference relay that does nothing but what must be done, and
//! against other servers where they are installed.
//!
//! | module | what |
//! | --- | --- |
//! | [`run`] | starts everything in turn, measures, prints medians, ratios and goals |
//! | [`load`] | the load generator: many people, each on a connection of its own |
//! | [`talk`] | one such connection: CSP with the client's role of `wire`, XMPP, MQTT |
//! | [`media`] | the whole way of a large file, between a real client and a real server |
//! | [`relay`] | the reference relay |
//! | [`people`], [`machine`], [`clock`], [`numbers`] | identities from numbers, `/proc`, time, medians |

pub mod clock;
pub mod load;
pub mod machine;
pub mod media;
pub mod numbers;
pub mod people;
pub mod relay;
pub mod run;
pub mod talk;

/// One line for whoever reads the measurement.
#[expect(clippy::print_stdout, reason = "the measurements speak here")]
pub fn say(line: &str) {
    println!("{line}");
}
