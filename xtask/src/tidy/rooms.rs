//! Rooms inside the server: edge → service → store; doors do not use each other; only rules write.

use super::code::{Reference, line_of, references};
use super::tree::File;

const SERVER: &str = "crates/server/src/";

/// A room and which of the closed rooms it may name.
struct Room {
    name: &'static str,
    may_use: &'static [&'static str],
}

const ROOMS: [Room; 6] = [
    Room {
        name: "edge",
        may_use: &["edge", "service"],
    },
    Room {
        name: "service",
        may_use: &["service"],
    },
    Room {
        name: "worker",
        may_use: &["worker", "service"],
    },
    Room {
        name: "app",
        may_use: &["service"],
    },
    Room {
        name: "config",
        may_use: &[],
    },
    Room {
        name: "error",
        may_use: &[],
    },
];

/// Rooms that not everybody may enter. `app`, `config` and `error` are open to all.
const CLOSED: [&str; 3] = ["edge", "service", "worker"];

/// The doors in `edge`. What else lies there (accept loops, TLS) is plumbing that all doors share.
const DOORS: [&str; 7] = ["admin", "api", "cockpit", "csp", "d2m", "metrics", "web"];

/// The doors that may use another: a proxied chat connection is the chat protocol itself, the
/// socket of the operator is the management interface with another proof (ADR 0006), and the apps
/// in the browser have both at one origin.
const DOOR_USES: [(&str, &str); 4] = [
    ("d2m", "csp"),
    ("admin", "api"),
    ("web", "api"),
    ("web", "csp"),
];

/// Where the store may be written.
const WRITERS: [&str; 2] = ["service", "worker"];

/// How a write looks once blanks are gone.
const WRITES: [&str; 3] = ["store.write(", "store().write(", "queue().submit("];

/// Whatever goes against the order of the rooms in the server's files.
pub fn violations(files: &[File]) -> Vec<String> {
    let written = files
        .iter()
        .filter(|file| file.is_written_rust() && !file.is_test());
    written
        .filter_map(|file| Some((file, file.below(SERVER)?)))
        .flat_map(|(file, below)| {
            let module = module(below);
            let mut found = strayed(file, &module);
            found.extend(writes(file, &module));
            found
        })
        .collect()
}

/// `edge/csp/frame.rs` is the module `edge::csp::frame`; `lib.rs` and `main.rs` are the root.
fn module(below: &str) -> Vec<String> {
    let path = below.strip_suffix(".rs").unwrap_or(below);
    path.split('/')
        .filter(|part| !matches!(*part, "lib" | "main"))
        .map(str::to_owned)
        .collect()
}

fn strayed(file: &File, module: &[String]) -> Vec<String> {
    let Some(room) = ROOMS
        .iter()
        .find(|room| module.first().is_some_and(|m| m == room.name))
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for Reference { line, path } in references(&file.code, module) {
        let Some(target) = path.first() else { continue };
        if CLOSED.contains(&target.as_str()) && !room.may_use.contains(&target.as_str()) {
            found.push(format!(
                "{}:{line}: {} must not use {target}",
                file.path, room.name
            ));
        }
        if let (Some(from), Some(to)) = (door(module), door(&path))
            && from != to
            && !DOOR_USES.contains(&(from, to))
        {
            found.push(format!(
                "{}:{line}: the door {from} must not use {to}",
                file.path
            ));
        }
    }
    found
}

fn door(module: &[String]) -> Option<&str> {
    match module {
        [room, door, ..] if room == "edge" && DOORS.contains(&door.as_str()) => Some(door),
        _ => None,
    }
}

fn writes(file: &File, module: &[String]) -> Vec<String> {
    if module
        .first()
        .is_none_or(|room| WRITERS.contains(&room.as_str()))
    {
        return Vec::new();
    }
    let mut dense = String::new();
    let mut places = Vec::new();
    for (at, character) in file.code.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        places.resize(dense.len() + character.len_utf8(), at);
        dense.push(character);
    }
    let hits = WRITES.iter().flat_map(|write| dense.match_indices(write));
    hits.map(|(hit, write)| {
        let line = line_of(&file.code, places[hit]);
        format!(
            "{}:{line}: `{write}…)` belongs into service or worker",
            file.path
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        violations(&[File::new(&format!("{SERVER}{path}"), text)]).len()
    }

    #[test]
    fn downwards_is_fine() {
        assert_eq!(
            found("edge/csp.rs", "use crate::{app::App, service::messages};"),
            0
        );
        assert_eq!(found("edge.rs", "use crate::edge::{csp, api};"), 0);
        assert_eq!(
            found(
                "edge/api/check.rs",
                "use super::super::http; use crate::error;"
            ),
            0
        );
        assert_eq!(
            found("edge/d2m/proxy.rs", "use crate::edge::csp::connection;"),
            0
        );
        assert_eq!(found("service/blobs.rs", "app.store.write(|tx| x)"), 0);
        assert_eq!(
            found("app.rs", "use crate::service::messages::Messages;"),
            0
        );
    }

    #[test]
    fn rules_must_not_know_the_doors() {
        assert_eq!(found("service/blobs.rs", "use crate::edge::api;"), 1);
        assert_eq!(found("worker/expire.rs", "use crate::edge::api;"), 1);
        assert_eq!(found("config/chat.rs", "use crate::service::blobs;"), 1);
    }

    #[test]
    fn doors_must_not_use_each_other() {
        assert_eq!(found("edge/api/check.rs", "use crate::edge::csp;"), 1);
        assert_eq!(
            found(
                "edge/csp/connection.rs",
                "fn f() { super::super::admin::go() }"
            ),
            1
        );
    }

    #[test]
    fn edges_must_not_write() {
        assert_eq!(
            found("edge/api/check.rs", "app\n    .store\n    .write(|tx| x)"),
            1
        );
        assert_eq!(
            found("edge/csp/send.rs", "// app.store.write(\nlet a = 1;"),
            0
        );
    }
}
