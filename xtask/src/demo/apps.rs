//! Where the apps in the browser are: ports that an instance keeps, because a browser ties what it
//! remembers to them.

use anyhow::{Result, bail};

/// An app that an instance serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct App {
    pub(super) name: &'static str,
    pub(super) url: String,
}

/// The apps of an instance of this kind, as the keys of the configuration spell them.
pub(super) fn names(kind: &str) -> &'static [&'static str] {
    if kind == "closed" {
        &["onprem"]
    } else {
        &["private", "work"]
    }
}

/// What a configuration says about its apps.
pub(super) fn read(config: &str) -> Vec<App> {
    let known = ["private", "work", "onprem"].into_iter();
    known
        .filter_map(|name| {
            let key = format!("{name}_public_url = \"");
            let line = config.lines().find_map(|line| line.strip_prefix(&key))?;
            let url = line.strip_suffix('"').filter(|url| !url.is_empty())?;
            Some(App {
                name,
                url: url.to_owned(),
            })
        })
        .collect()
}

/// The configuration with a door for each app, plain: browsers trust localhost, and not the
/// certificate that the server made for itself.
pub(super) fn opened(config: &str, apps: &[(&str, u16)]) -> Result<String> {
    // An instance of a version before has no such section yet.
    let mut text = config.to_owned();
    if !config.lines().any(|line| line == "[web]") {
        text.push_str("\n[web]\nplain = false\n");
        for key in apps.iter().flat_map(|(name, _)| {
            [
                format!("{name}_listen = []\n"),
                format!("{name}_public_url = \"\"\n"),
            ]
        }) {
            text.push_str(&key);
        }
    }
    let mut wanted = vec![("plain = false".to_owned(), "plain = true".to_owned())];
    for (name, port) in apps {
        wanted.push((
            format!("{name}_listen = []"),
            format!("{name}_listen = [\"127.0.0.1:{port}\"]"),
        ));
        wanted.push((
            format!("{name}_public_url = \"\""),
            format!("{name}_public_url = \"http://localhost:{port}\""),
        ));
    }
    let mut changed = 0;
    let mut is_web = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            is_web = line == "[web]";
        }
        let new = wanted.iter().find(|(old, _)| is_web && old == line);
        changed += usize::from(new.is_some());
        lines.push(new.map_or(line, |(_, new)| new));
    }
    if changed != wanted.len() {
        bail!("the configuration has other keys than the demonstration knows: {changed} of web");
    }
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_have_doors_that_are_found_again() {
        let section = "[web]\nprivate_listen = []\nwork_listen = []\nprivate_public_url = \"\"\n\
                       work_public_url = \"\"\nplain = false\n";
        for config in [
            format!("[a]\nplain = false\n{section}[b]\nplain = false\n"),
            "[a]\nplain = false\n".to_owned(),
        ] {
            assert_eq!(read(&config), []);
            let changed = opened(&config, &[("private", 1), ("work", 2)]).unwrap();
            assert!(changed.contains("private_listen = [\"127.0.0.1:1\"]"));
            assert!(changed.starts_with("[a]\nplain = false\n"));
            let app = |name, url: &str| App {
                name,
                url: url.to_owned(),
            };
            let expected = [
                app("private", "http://localhost:1"),
                app("work", "http://localhost:2"),
            ];
            assert_eq!(read(&changed), expected);
        }
        assert!(opened("[web]\n", &[("work", 1)]).is_err());
    }
}
