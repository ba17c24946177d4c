//! No trace of the machine or of the package registry that the work was done with.

use super::tree::File;

/// Written in two pieces, or this file would be the first to break its own rule.
const TRACES: [&str; 9] = [
    concat!("/wo", "rk/"),
    concat!("/fa", "rm/"),
    concat!("/ho", "me/"),
    concat!("arti", "factory"),
    concat!("crates-", "proxy"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("deb.", "debian.org"),
    concat!("registry.", "npmjs.org"),
];

/// Lines that name a place that only one machine has.
pub fn violations(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(trace) = TRACES.iter().find(|trace| names(line, trace)) {
                found.push(format!("{}:{}: names {trace}", file.path, index + 1));
            }
        }
    }
    found
}

/// A folder of ours may be called like one of the machine's: only what begins there counts, and
/// `../` leads somewhere else.
fn names(line: &str, trace: &str) -> bool {
    line.match_indices(trace).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !trace.starts_with('/') || before.is_none_or(|it| !it.is_ascii_alphanumeric() && it != '.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_paths_are_found() {
        let path = concat!("/wo", "rk/");
        let files = [File::new("a.md", &format!("fine\nsee {path}main\n"))];
        assert_eq!(violations(&files), [format!("a.md:2: names {path}")]);
        assert_eq!(
            violations(&[File::new("b.md", "how we work/play, as in ../work/play")]),
            Vec::<String>::new()
        );
        let ours = format!("see `crates/server/src/edge/api{path}fetch2.rs`");
        assert_eq!(
            violations(&[File::new("c.md", &ours)]),
            Vec::<String>::new()
        );
    }
}
