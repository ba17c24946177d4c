//! Scenarios with real processes: what drives them, what breaks them, and what judges the result.
//!
//! `two_people` (in `tests/`) lets two terminal apps talk through a server that is killed again and
//! again. `dreiklang-faults` does the same with raw chat connections that send, receive and
//! acknowledge at random, adds power cuts, and hands everything that was seen to the checker in
//! [`history`]. The checker is proven twice: by bad histories made by hand, and by servers with a
//! planted bug, each of which it must catch.

pub mod bot;
pub mod campaign;
pub mod dice;
pub mod ground;
pub mod history;
pub mod http;
pub mod process;
pub mod programs;
pub mod server;
pub mod watch;
pub mod wire;
