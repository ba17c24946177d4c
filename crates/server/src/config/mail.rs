//! The section `[mail]`: how e-mail leaves the server.

use super::section::section;
use super::sms::is_loopback;
use super::{Problem, non_zero};

section! {
    /// E-mail: confirmations of linked addresses.
    pub struct Mail {
        /// The mail server: `smtps://user@host:465` (encrypted from the start) or
        /// `smtp://user@host:587` (with STARTTLS, which is required except on this machine). Empty
        /// means: this server sends no e-mail. `dry-run:folder` writes mails into a folder of
        /// `data_dir` instead, for trials.
        pub url: String = String::new(),
        /// The file with the password of that user. A relative path starts in `data_dir`.
        pub password: String = String::new(),
        /// A certificate authority (PEM) that the mail server's certificate may come from, besides
        /// the public ones. A relative path starts in `data_dir`.
        pub authority: String = String::new(),
        /// The sender, e.g. `Dreiklang <noreply@chat.example.org>`.
        pub from: String = String::new(),
        /// Mails per hour in all. More are refused, whoever asks.
        pub per_hour_max: u32 = 1_000,
    }
}

impl Mail {
    /// The folder of a trial, if this is one.
    pub fn dry_run(&self) -> Option<&str> {
        self.url.strip_prefix(DRY_RUN)
    }

    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        non_zero(problems, "mail.per_hour_max", self.per_hour_max.into());
        if self.url.is_empty() {
            return;
        }
        if let Some(folder) = self.dry_run() {
            if folder.is_empty() {
                problems.push(Problem::new(
                    "mail.url",
                    "names no folder; write e.g. dry-run:mail",
                ));
            }
            return;
        }
        match Address::parse(&self.url) {
            Err(text) => problems.push(Problem::new("mail.url", text)),
            Ok(address) => {
                if address.user.is_empty() != self.password.is_empty() {
                    problems.push(Problem::new(
                        "mail.password",
                        "is needed with a user in mail.url, and only then",
                    ));
                }
            }
        }
        for (key, value) in [
            ("mail.password", &self.password),
            ("mail.authority", &self.authority),
        ] {
            if !value.is_empty() && !value.starts_with("file:") {
                problems.push(Problem::new(key, "must be `file:` and a path"));
            }
        }
        if self.from.parse::<lettre::message::Mailbox>().is_err() {
            problems.push(Problem::new(
                "mail.from",
                "is not a sender; write e.g. Dreiklang <noreply@chat.example.org>",
            ));
        }
    }
}

/// Where a mail server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Whether TLS comes first; otherwise STARTTLS.
    pub is_wrapped: bool,
    /// Whether it is this machine, where TLS may be missing.
    pub is_local: bool,
    /// The user, if it wants one.
    pub user: String,
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl Address {
    /// Reads `smtp[s]://[user@]host[:port]`.
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        let (is_wrapped, rest) = match url.split_once("://") {
            Some(("smtps", rest)) => (true, rest),
            Some(("smtp", rest)) => (false, rest),
            _ => return Err("must begin with smtps://, smtp:// or dry-run:"),
        };
        // The user may be an e-mail address itself.
        let (user, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        if user.contains(':') {
            return Err("must not hold a password; name a file in mail.password");
        }
        let (host, port) = match place.trim_end_matches('/').rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| "has no valid port")?),
            None => (place, if is_wrapped { 465 } else { 587 }),
        };
        if host.is_empty() || host.contains(['/', '?', '#']) {
            return Err("has no valid host");
        }
        Ok(Self {
            is_wrapped,
            is_local: is_loopback(host),
            user: user.to_owned(),
            host: host.to_owned(),
            port,
        })
    }
}

const DRY_RUN: &str = "dry-run:";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mail_servers() {
        let parsed = |url: &str| Address::parse(url).map(|it| (it.user, it.host, it.port));
        let text = str::to_owned;
        assert_eq!(
            parsed("smtps://mail.example.org"),
            Ok((text(""), text("mail.example.org"), 465))
        );
        assert_eq!(
            parsed("smtp://a@b.example@mail.example.org:25"),
            Ok((text("a@b.example"), text("mail.example.org"), 25))
        );
        assert!(parsed("smtp://user:secret@host").is_err());
        assert!(parsed("http://host").is_err());
        assert!(parsed("smtp://").is_err());
        assert!(parsed("smtp://host/x?y").is_err());
        assert!(parsed("smtp://host:70000").is_err());
        assert!(Address::parse("smtp://127.0.0.1:25").unwrap().is_local);
        assert!(!Address::parse("smtp://10.0.0.1:25").unwrap().is_local);
    }
}
