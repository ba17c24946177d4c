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
            if let Some(trace) = TRACES.iter().find(|trace| line.contains(**trace)) {
                found.push(format!("{}:{}: names {trace}", file.path, index + 1));
            }
        }
    }
    found
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
            violations(&[File::new("b.md", "how we work/play")]),
            Vec::<String>::new()
        );
    }
}
