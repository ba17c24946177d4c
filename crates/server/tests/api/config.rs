//! The configuration: what it says when something is wrong, and that its pages are current.

use std::path::Path;

use dreiklang_server::config::{Config, reference, sources};

fn parse(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let variables = variables
        .iter()
        .map(|it| (it.0.to_owned(), it.1.to_owned()));
    sources::parse(text, "config.toml", variables).map_err(|error| error.to_string())
}

fn problems(text: &str) -> String {
    parse(text, &[]).unwrap().check().unwrap_err().to_string()
}

#[test]
fn unknown_keys_are_errors_with_a_line() {
    for text in [
        "nme = \"x\"",
        "[chat]\nlisten_on = []",
        "[chatt]\n",
        "[tls]\nmode = \"maybe\"",
    ] {
        let error = parse(text, &[]).unwrap_err();
        assert!(
            error.contains("config.toml") && error.contains("line"),
            "{error}"
        );
    }
}

#[test]
fn every_problem_is_named_at_once_with_its_key() {
    let error = problems(
        "name = \"\"\nbus = \"nats://x\"\nblobs = \"s3://x\"\nroles = [\"caht\"]\n\
         [chat]\nidle_timeout_s = 5\n[blob]\nbytes_max = 0\n[metrics]\nlisten = \"x\"\n",
    );
    for part in [
        "name: must have",
        "bus: nats:// is not supported yet",
        "blobs: s3:// is not supported yet",
        "\"caht\" is unknown",
        "chat.idle_timeout_s: must be between 30 and 600",
        "blob.bytes_max: must not be 0",
        "metrics.listen: must be an address",
    ] {
        assert!(error.contains(part), "{part} is missing in:\n{error}");
    }
}

#[test]
fn one_process_must_do_everything_for_now() {
    assert!(problems("roles = [\"chat\"]").contains("one process must do everything"));
    assert!(
        parse("roles = [\"chat\", \"api\", \"worker\"]", &[])
            .unwrap()
            .check()
            .is_ok()
    );
}

#[test]
fn the_environment_is_laid_over_the_file() {
    let config = parse(
        "[chat]\npublic_host = \"file\"\nidle_timeout_s = 60\n",
        &[
            ("DREIKLANG_CHAT__PUBLIC_HOST", "123"),
            ("DREIKLANG_CHAT__PUBLIC_PORTS", "5222, 443"),
            ("DREIKLANG_API__LISTEN", "[\"127.0.0.1:1\"]"),
            ("DREIKLANG_BLOB__ANONYMOUS_UPLOAD", "false"),
            ("DREIKLANG_TLS__MODE", "off"),
            ("DREIKLANG_NAME", "42"),
        ],
    )
    .unwrap();
    assert_eq!(
        (config.chat.public_host.as_str(), config.chat.idle_timeout_s),
        ("123", 60)
    );
    assert_eq!(config.chat.public_ports, [5222, 443]);
    assert_eq!(config.api.listen, ["127.0.0.1:1".parse().unwrap()]);
    assert!(!config.blob.anonymous_upload);
    assert_eq!(config.server.name, "42");
    let error = parse("", &[("DREIKLANG_CHAT__PUBLIC_HOTS", "x")]).unwrap_err();
    assert_eq!(
        error,
        "DREIKLANG_CHAT__PUBLIC_HOTS: there is no key chat.public_hots"
    );
    assert!(parse("", &[("DREIKLANG_CHAT__IDLE_TIMEOUT_S", "soon")]).is_err());
}

#[test]
fn what_was_written_with_values_reads_back() {
    let config = parse(
        "name = \"Klang \\\"1\\\"\"\n[chat]\ncommit_linger_ms = 3\n",
        &[],
    )
    .unwrap();
    assert_eq!(
        parse(&reference::with_values(&config), &[]).unwrap(),
        config
    );
}

#[test]
fn the_pages_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operate");
    for (name, expected) in [
        ("config.toml", reference::sample()),
        ("configuration.md", reference::page()),
    ] {
        let found = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(
            found == expected,
            "docs/operate/{name} is old: run `dreiklang-server gen config`"
        );
    }
}
