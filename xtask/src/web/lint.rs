//! What must not stand in the sources of the interface: it would break the policy that the server
//! gives its pages, or the promise that nothing is loaded from anywhere else.

use anyhow::{Result, ensure};

use crate::tidy::tree::{File, files};

/// A word that is forbidden, and why.
const FORBIDDEN: [(&str, &str); 14] = [
    ("{@html", "a text must never become elements"),
    ("innerHTML", "a text must never become elements"),
    ("outerHTML", "a text must never become elements"),
    ("insertAdjacentHTML", "a text must never become elements"),
    ("document.write", "a text must never become elements"),
    ("srcdoc", "a text must never become elements"),
    ("eval(", "the policy has no unsafe-eval"),
    ("new Function", "the policy has no unsafe-eval"),
    (
        "style=\"",
        "the policy has no inline styles: style:name={…}",
    ),
    ("style={", "the policy has no inline styles: style:name={…}"),
    ("localStorage.setItem('key", "keys stay in the core"),
    ("://fonts.", "nothing is loaded from elsewhere"),
    ("sendBeacon", "nothing is sent but by the core"),
    ("XMLHttpRequest", "nothing is sent but by the core"),
];

/// Elements and attributes that would load something from another place.
const LOADING: [&str; 4] = ["src=\"http", "href=\"//", "url(http", "import('http"];

/// Fails with every place where something forbidden stands.
pub(super) fn check() -> Result<()> {
    let found = violations(&files()?);
    ensure!(found.is_empty(), "the interface:\n{}", found.join("\n"));
    Ok(())
}

fn violations(files: &[File]) -> Vec<String> {
    let sources = files.iter().filter(|file| is_source(&file.path));
    let mut found = Vec::new();
    for file in sources {
        for (index, line) in file.text.lines().enumerate() {
            let place = || format!("{}:{}", file.path, index + 1);
            for (word, why) in FORBIDDEN {
                if line.contains(word) {
                    found.push(format!("{}: {word}: {why}", place()));
                }
            }
            if LOADING.iter().any(|word| line.contains(word)) {
                found.push(format!("{}: nothing is loaded from elsewhere", place()));
            }
        }
    }
    found
}

fn is_source(path: &str) -> bool {
    path.strip_prefix("app/").is_some_and(|below| {
        let kind = below.rsplit('.').next().unwrap_or_default();
        (below.starts_with("src/") || !below.contains('/'))
            && ["svelte", "ts", "css", "html"].contains(&kind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_things_are_found_in_the_interface_only() {
        let bad = "<p>{@html text}</p>\n<i style=\"top: 0\"></i>\n";
        let found = violations(&[
            File::new("app/src/part/Bad.svelte", bad),
            File::new("app/tests/fine.mjs", bad),
            File::new("crates/server/src/page.html", bad),
            File::new("app/index.html", "<script src=\"https://cdn.example\">"),
            File::new("app/src/part/Good.svelte", "<i style:top=\"0\"></i>\n"),
        ]);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("app/src/part/Bad.svelte:1: {@html"));
        assert!(found[2].starts_with("app/index.html:1:"));
    }
}
