//! The section `[sms]`: how short messages and calls leave the server.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::section::section;
use super::{Problem, non_zero};

/// How the provider is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `POST` with a body.
    Post,
    /// `GET`: everything is in the address.
    Get,
}

section! {
    /// Short messages and calls with codes for linked telephone numbers, through the HTTP interface
    /// of a provider. In addresses and bodies `{number}` stands for the number with its `+`,
    /// `{digits}` for the number without, `{text}` for the text, each escaped as the place needs.
    pub struct Sms {
        /// The provider's address (https; http only on this machine). Empty means: this server
        /// sends no short messages. `dry-run:folder` writes them into a folder of `data_dir`
        /// instead, for trials.
        pub url: String = String::new(),
        /// How the provider is asked: "POST" or "GET".
        pub method: Method = Method::Post,
        /// The body of a POST.
        pub body: String = r#"{"to":"{number}","text":"{text}"}"#.to_owned(),
        /// The type of the body: "application/json" or "application/x-www-form-urlencoded".
        pub content_type: String = JSON.to_owned(),
        /// More head lines for the provider, each as `name: value`. Nothing secret.
        pub headers: Vec<String> = Vec::new(),
        /// The file with the value of the head line `Authorization`, e.g. `Bearer …`. A relative
        /// path starts in `data_dir`.
        pub authorization: String = String::new(),
        /// The address for calls that read the code out, asked like the other. Empty means: this
        /// server cannot call.
        pub call_url: String = String::new(),
        /// The body of a POST for a call.
        pub call_body: String = r#"{"to":"{number}","text":"{text}"}"#.to_owned(),
        /// Seconds that the provider may take to answer.
        pub timeout_s: u64 = 10,
        /// Short messages and calls per hour in all. More are refused, whoever asks: it is a
        /// fuse against bills that somebody else runs up.
        pub per_hour_max: u32 = 100,
    }
}

impl Sms {
    /// The folder of a trial, if this is one.
    pub fn dry_run(&self) -> Option<&str> {
        self.url.strip_prefix(DRY_RUN)
    }

    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        non_zero(problems, "sms.per_hour_max", self.per_hour_max.into());
        non_zero(problems, "sms.timeout_s", self.timeout_s);
        if self.dry_run() == Some("") {
            problems.push(Problem::new(
                "sms.url",
                "names no folder; write e.g. dry-run:sms",
            ));
        }
        for (key, url, body) in [
            ("sms.url", &self.url, &self.body),
            ("sms.call_url", &self.call_url, &self.call_body),
        ] {
            if url.is_empty() || url.starts_with(DRY_RUN) {
                continue;
            }
            if !is_https_or_local(url) {
                problems.push(Problem::new(
                    key,
                    "must be https (http only on this machine)",
                ));
            }
            let place = match self.method {
                Method::Post => body,
                Method::Get => url,
            };
            if !place.contains("{text}") {
                problems.push(Problem::new(
                    key,
                    "nobody would get the code: {text} is missing",
                ));
            }
        }
        if ![JSON, FORM].contains(&self.content_type.as_str()) {
            problems.push(Problem::new(
                "sms.content_type",
                "must be application/json or application/x-www-form-urlencoded",
            ));
        }
        if self.headers.iter().any(|it| header(it).is_none()) {
            problems.push(Problem::new(
                "sms.headers",
                "each must be `name: value`, e.g. `Accept: application/json`",
            ));
        }
        if !self.authorization.is_empty() && !self.authorization.starts_with("file:") {
            problems.push(Problem::new(
                "sms.authorization",
                "must be `file:` and a path",
            ));
        }
    }
}

/// Reads `name: value`.
pub fn header(line: &str) -> Option<(hyper::header::HeaderName, hyper::header::HeaderValue)> {
    let (name, value) = line.split_once(':')?;
    Some((name.trim().parse().ok()?, value.trim().parse().ok()?))
}

fn is_https_or_local(url: &str) -> bool {
    // The placeholders are no characters of an address.
    let plain = url.replace(['{', '}'], "");
    let Ok(uri) = plain.parse::<hyper::Uri>() else {
        return false;
    };
    match (uri.scheme_str(), uri.host()) {
        // The host is the operator's alone: nothing that people type may get into it.
        (_, Some(_)) if url.split('/').nth(2).is_some_and(|it| it.contains('{')) => false,
        (Some("https"), Some(_)) => true,
        (Some("http"), Some(host)) => is_loopback(host),
        _ => false,
    }
}

/// Whether a host is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
}

/// A body in JSON.
pub const JSON: &str = "application/json";
/// A body like that of a form.
pub const FORM: &str = "application/x-www-form-urlencoded";
const DRY_RUN: &str = "dry-run:";

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(change: impl FnOnce(&mut Sms)) -> Vec<String> {
        let mut sms = Sms::default();
        change(&mut sms);
        let mut problems = Vec::new();
        sms.problems(&mut problems);
        problems.into_iter().map(|it| it.key).collect()
    }

    #[test]
    fn what_cannot_reach_anybody_is_refused() {
        let none = Vec::<String>::new();
        assert_eq!(problems(|_| {}), none);
        assert_eq!(
            problems(|it| it.url = "https://sms.example/send".into()),
            none
        );
        assert_eq!(
            problems(|it| it.url = "http://127.0.0.1:80/send".into()),
            none
        );
        assert_eq!(
            problems(|it| it.url = "http://sms.example/send".into()),
            ["sms.url"]
        );
        assert_eq!(
            problems(|it| it.url = "https://{digits}.example/".into()),
            ["sms.url"]
        );
        assert_eq!(problems(|it| it.url = "dry-run:".into()), ["sms.url"]);
        assert_eq!(
            problems(|it| it.headers = vec!["nonsense".into()]),
            ["sms.headers"]
        );
        let get = |it: &mut Sms, url: &str| {
            it.method = Method::Get;
            it.url = url.into();
        };
        assert_eq!(
            problems(|it| get(it, "https://x.example/?to={number}")),
            ["sms.url"]
        );
        assert_eq!(problems(|it| get(it, "https://x.example/?m={text}")), none);
        let code_in_the_open = |it: &mut Sms| it.authorization = "Bearer x".into();
        assert_eq!(problems(code_in_the_open), ["sms.authorization"]);
    }
}
