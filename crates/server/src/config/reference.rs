//! Prints the sample file and the reference page from the doc comments of the sections.

use std::fmt::Write as _;

use toml::{Table, Value};

use super::section::Key;
use super::{
    Config, api, blob, chat, limits, linking, log, mail, metrics, provisioning, safe, server, sms,
    tls, web, work,
};

/// `docs/operate/config.toml`: every key with its default and its comment.
pub fn sample() -> String {
    let head = "# The configuration of a Dreiklang server, with every key at its default.\n\
        # Written by `dreiklang-server gen config`; do not edit this copy in the repository.\n";
    format!("{head}{}", body(&Config::default()))
}

/// A configuration file with the given values and all comments.
pub fn with_values(config: &Config) -> String {
    let head = "# The configuration of this Dreiklang server. Changes need a restart.\n";
    format!("{head}{}", body(config))
}

fn body(config: &Config) -> String {
    let values = Table::try_from(config).expect("invariant: a configuration is TOML");
    let mut out = String::new();
    for (section, doc, keys) in sections() {
        out.push('\n');
        for line in doc {
            let _ = writeln!(out, "#{}", line.trim_end());
        }
        if !section.is_empty() {
            let _ = writeln!(out, "[{section}]");
        }
        for key in keys {
            out.push('\n');
            for line in key.doc {
                let _ = writeln!(out, "#{}", line.trim_end());
            }
            let _ = writeln!(
                out,
                "{} = {}",
                key.name,
                value_of(&values, section, key.name)
            );
        }
    }
    out
}

/// `docs/operate/configuration.md`: the same as a page.
pub fn page() -> String {
    let mut out = String::from(
        "# Configuration\n\n\
         Written by `dreiklang-server gen config` from the source; a test fails when it is old.\n\n\
         One TOML file, then environment variables, then the flags `--config`, `--listen` and\n\
         `--role`. The variable of the key `public_host` in the section `chat` is\n\
         `DREIKLANG_CHAT__PUBLIC_HOST`; that of the key `name` is `DREIKLANG_NAME`. Lists may be\n\
         written with commas. Unknown keys and unknown variables with that prefix are errors.\n\
         The configuration is read once; a change needs a restart.\n",
    );
    let defaults = Table::try_from(Config::default()).expect("invariant: defaults are TOML");
    for (section, doc, keys) in sections() {
        let title = if section.is_empty() {
            "Keys without a section"
        } else {
            section
        };
        let _ = write!(out, "\n## {title}\n\n{}\n", join(doc));
        out.push_str("\n| key | default | meaning |\n| --- | --- | --- |\n");
        for key in keys {
            let default = value_of(&defaults, section, key.name);
            let _ = writeln!(out, "| `{}` | `{default}` | {} |", key.name, join(key.doc));
        }
    }
    out
}

type Section = (&'static str, &'static [&'static str], &'static [Key]);

fn sections() -> [Section; 15] {
    [
        ("", server::Server::DOC, server::Server::KEYS),
        ("chat", chat::Chat::DOC, chat::Chat::KEYS),
        ("api", api::Api::DOC, api::Api::KEYS),
        ("blob", blob::Blob::DOC, blob::Blob::KEYS),
        ("tls", tls::Tls::DOC, tls::Tls::KEYS),
        ("limits", limits::Limits::DOC, limits::Limits::KEYS),
        ("work", work::Work::DOC, work::Work::KEYS),
        (
            "provisioning",
            provisioning::Provisioning::DOC,
            provisioning::Provisioning::KEYS,
        ),
        ("linking", linking::Linking::DOC, linking::Linking::KEYS),
        ("mail", mail::Mail::DOC, mail::Mail::KEYS),
        ("sms", sms::Sms::DOC, sms::Sms::KEYS),
        ("safe", safe::Safe::DOC, safe::Safe::KEYS),
        ("web", web::Web::DOC, web::Web::KEYS),
        ("metrics", metrics::Metrics::DOC, metrics::Metrics::KEYS),
        ("log", log::Log::DOC, log::Log::KEYS),
    ]
}

fn value_of(values: &Table, section: &str, key: &str) -> Value {
    let table = match section {
        "" => values,
        name => values[name]
            .as_table()
            .expect("invariant: a section is a table"),
    };
    table[key].clone()
}

fn join(lines: &[&str]) -> String {
    lines
        .iter()
        .map(|it| it.trim())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::sources;

    #[test]
    fn the_sample_is_the_default() {
        let read = sources::parse(&sample(), "sample", []).unwrap();
        assert_eq!(read, Config::default());
    }

    #[test]
    fn every_key_is_explained() {
        for (section, _, keys) in sections() {
            for key in keys {
                assert!(!key.doc.is_empty(), "{section}.{} has no comment", key.name);
            }
        }
    }
}
