//! Lines of scripts, as they are read.

use dreiklang_client::desk::{Envelope, Request};

use super::*;

fn read_all(text: &[u8]) -> Vec<Input> {
    let mut from = text;
    std::iter::from_fn(|| read_line(&mut from).unwrap()).collect()
}

fn failure_code(input: &Input) -> Option<&'static str> {
    match input {
        Input::Unusable(unusable) => Some(unusable.failure.code()),
        Input::Request(_) => None,
    }
}

#[test]
fn requests_are_read_with_their_ids() {
    let line = br#"{"command":"send","id":7,"to":"ECHOECHO","text":"hi","reference":"r1"}"#;
    let request = Request::Send {
        to: "ECHOECHO".into(),
        text: "hi".into(),
        quote: None,
        reference: Some("r1".into()),
    };
    let envelope = Envelope {
        id: Some(7.into()),
        command: "send".into(),
        request,
    };
    assert_eq!(read_all(line), [Input::Request(envelope)]);
}

#[test]
fn one_bad_line_does_not_spoil_the_next() {
    let long = format!(
        r#"{{"command":"send","text":"{}"}}"#,
        "x".repeat(LINE_BYTES_MAX)
    );
    let text = format!(
        "nonsense\n[1]\n\n{{\"command\":\"dance\"}}\n{{\"command\":\"me\",\"x\":1}}\n{long}\n\
         {{\"command\":\"me\"}}"
    );
    let inputs = read_all(text.as_bytes());
    let codes: Vec<_> = inputs.iter().map(failure_code).collect();
    let expected = [
        "bad-json",
        "bad-json",
        "bad-command",
        "bad-command",
        "line-too-long",
    ];
    assert_eq!(codes[..5], expected.map(Some));
    assert_eq!(codes[5..], [None]);
}

#[test]
fn the_largest_text_fits_into_a_line() {
    let text = "\u{1}".repeat(6_000);
    let line = serde_json::json!({"command": "send", "to": "ECHOECHO", "text": text});
    assert_eq!(
        failure_code(&read_all(format!("{line}\n").as_bytes())[0]),
        None
    );
}
