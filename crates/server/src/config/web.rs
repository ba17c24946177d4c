//! The section `[web]`: the apps in the browser, one origin per edition.

use std::net::SocketAddr;

use dreiklang_wire::csp::edition::Edition;

use super::section::section;
use super::sms::is_loopback;
use super::{InstanceKind, Problem, Settings};

section! {
    /// The apps in the browser: files, the HTTP interface and the chat protocol in a WebSocket, at
    /// one address per edition. An open instance serves the private app and the app for work, a
    /// closed one its own.
    pub struct Web {
        /// The folder with the built apps. It is read once, at the start.
        pub folder: String = "/usr/share/dreiklang/web".to_owned(),
        /// Addresses of the private app. Empty means: it is not served.
        pub private_listen: Vec<SocketAddr> = Vec::new(),
        /// Addresses of the app for work. Empty means: it is not served.
        pub work_listen: Vec<SocketAddr> = Vec::new(),
        /// Addresses of the app of a closed instance. Empty means: it is not served.
        pub onprem_listen: Vec<SocketAddr> = Vec::new(),
        /// The address of the private app as browsers see it, e.g. "https://app.example.org".
        /// Empty means: https (http if plain), `chat.public_host` and the first port.
        pub private_public_url: String = String::new(),
        /// The same for the app for work. Each app needs an origin of its own: that is what keeps
        /// their memories apart.
        pub work_public_url: String = String::new(),
        /// The same for the app of a closed instance.
        pub onprem_public_url: String = String::new(),
        /// Whether these addresses speak plain HTTP although `tls.mode` is not "off": behind a
        /// proxy, and for browsers on this machine, which trust http://localhost.
        pub plain: bool = false,
        /// Whose services this server may call to wake a closed app: hosts, or `*.` and what they
        /// end with, always by https. A call says that something waits, not what nor from whom;
        /// the service learns the time and the address it gave to the browser. Empty means: nobody
        /// is woken. (`http://127.0.0.1:port` is for trials.)
        pub push_hosts: Vec<String> = PUSH_HOSTS.map(str::to_owned).to_vec(),
        /// The secret key that proves to those services who calls: `file:` and a path to 64 hex
        /// digits. It is made if it is missing; with another one, browsers have to subscribe anew.
        pub push_key: String = "file:keys/push.key".to_owned(),
        /// Whom those services can turn to, e.g. "mailto:admin@example.org". Empty means: the
        /// address of the app.
        pub push_contact: String = String::new(),
        /// Seconds that a service keeps a call for a browser that is not reachable.
        pub push_ttl_s: u32 = 14 * 86_400,
        /// Where apps may load map tiles from: an https address with {z}, {x} and {y}. Whoever
        /// serves them sees which places people look at. Empty means: no maps.
        pub map_url: String = String::new(),
    }
}

impl Web {
    /// Where an edition is served.
    pub fn listen(&self, edition: Edition) -> &[SocketAddr] {
        match edition {
            Edition::Private => &self.private_listen,
            Edition::Work => &self.work_listen,
            Edition::OnPrem => &self.onprem_listen,
        }
    }

    /// Whether any edition is served.
    pub fn is_on(&self) -> bool {
        Edition::ALL.iter().any(|it| !self.listen(*it).is_empty())
    }

    /// What is written down as the address of an edition.
    fn written_url(&self, edition: Edition) -> &str {
        match edition {
            Edition::Private => &self.private_public_url,
            Edition::Work => &self.work_public_url,
            Edition::OnPrem => &self.onprem_public_url,
        }
    }

    /// The scheme and the host that map tiles come from; `None` without maps.
    pub fn map_origin(&self) -> Option<&str> {
        let (scheme, rest) = self.map_url.split_once("://")?;
        let host = rest.split('/').next()?;
        self.map_url.get(..scheme.len() + "://".len() + host.len())
    }

    pub(super) fn problems(&self, kind: InstanceKind, problems: &mut Vec<Problem>) {
        for edition in Edition::ALL {
            let name = name(edition);
            let is_of_closed = edition == Edition::OnPrem;
            if !self.listen(edition).is_empty() && is_of_closed != (kind == InstanceKind::Closed) {
                problems.push(Problem::new(
                    &format!("web.{name}_listen"),
                    "does not fit the instance: kind = \"open\" serves the private app and the \
                     app for work, kind = \"closed\" serves onprem",
                ));
            }
            let url = self.written_url(edition);
            if !(url.is_empty() || is_origin(url)) {
                problems.push(Problem::new(
                    &format!("web.{name}_public_url"),
                    "must be https:// or http:// and a host in small letters, without a path",
                ));
            }
        }
        let urls = Edition::ALL.map(|it| self.written_url(it).trim_end_matches('/'));
        let [private, work, _] = urls;
        if !private.is_empty() && private == work {
            problems.push(Problem::new(
                "web.work_public_url",
                "must not be that of the private app: they would share one memory",
            ));
        }
        if self.is_on() && self.folder.is_empty() {
            problems.push(Problem::new(
                "web.folder",
                "must name the folder with the built apps",
            ));
        }
        if !self.push_hosts.iter().all(|it| is_push_host(it)) {
            problems.push(Problem::new(
                "web.push_hosts",
                "must be plain hosts in small letters, or *. and what they end with",
            ));
        }
        if self.push_key.is_empty() {
            problems.push(Problem::new("web.push_key", "must name a file"));
        }
        let contact = &self.push_contact;
        if !(contact.is_empty()
            || contact.starts_with("mailto:")
            || contact.starts_with("https://"))
        {
            problems.push(Problem::new(
                "web.push_contact",
                "must begin with mailto: or https://",
            ));
        }
        if !(60..=28 * 86_400).contains(&self.push_ttl_s) {
            problems.push(Problem::new(
                "web.push_ttl_s",
                "must be between 60 and 2419200",
            ));
        }
        if !(self.map_url.is_empty() || is_map(self)) {
            problems.push(Problem::new(
                "web.map_url",
                "must be an https address of a plain host with {z}, {x} and {y} in its path",
            ));
        }
    }
}

impl Settings {
    /// The origin of an edition as browsers write it, without a slash at the end.
    pub fn web_origin(&self, edition: Edition, bound: Option<SocketAddr>) -> String {
        let written = self.web.written_url(edition).trim_end_matches('/');
        if !written.is_empty() {
            return without_default_port(written).to_owned();
        }
        let scheme = if self.web_is_plain() { "http" } else { "https" };
        let port = bound
            .or_else(|| self.web.listen(edition).first().copied())
            .map_or(0, |it| it.port());
        let origin = format!("{scheme}://{}:{port}", self.chat.public_host);
        without_default_port(&origin).to_owned()
    }

    /// Whether the web doors speak plain HTTP.
    pub fn web_is_plain(&self) -> bool {
        self.web.plain || self.tls.mode == super::Mode::Off
    }
}

/// An edition as keys and folders spell it.
pub fn name(edition: Edition) -> &'static str {
    match edition {
        Edition::Private => "private",
        Edition::Work => "work",
        Edition::OnPrem => "onprem",
    }
}

/// Browsers leave the port out of an origin where the scheme says it already.
fn without_default_port(origin: &str) -> &str {
    let port = if origin.starts_with("https://") {
        ":443"
    } else {
        ":80"
    };
    origin.strip_suffix(port).unwrap_or(origin)
}

/// Scheme, host and perhaps a port, as it goes into headers and comparisons.
fn is_origin(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|it| is_host(it.strip_suffix('/').unwrap_or(it)))
}

fn is_host(text: &str) -> bool {
    let is_usual = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
    !text.is_empty() && text.chars().all(is_usual)
}

fn is_push_host(text: &str) -> bool {
    if let Some(authority) = text.strip_prefix("http://") {
        let host = authority
            .rsplit_once(':')
            .map_or(authority, |(host, _)| host);
        return is_host(authority) && is_loopback(host);
    }
    let host = text.strip_prefix("*.").unwrap_or(text);
    is_host(host) && host.contains('.') && !host.contains([':', '[', ']'])
}

/// The services of the makers of browsers: Chromium, Firefox, Edge, Safari.
const PUSH_HOSTS: [&str; 5] = [
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.notify.windows.com",
    "web.push.apple.com",
    "*.push.apple.com",
];

fn is_map(web: &Web) -> bool {
    let url = &web.map_url;
    let is_named = |it: &str| url.contains(it);
    let host = web.map_origin().and_then(|it| it.strip_prefix("https://"));
    host.is_some_and(is_host)
        && ["{z}", "{x}", "{y}"].into_iter().all(is_named)
        && url.chars().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(web: &Web, kind: InstanceKind) -> Vec<String> {
        let mut found = Vec::new();
        web.problems(kind, &mut found);
        found.into_iter().map(|it| it.key).collect()
    }

    #[test]
    fn an_edition_is_served_where_it_belongs() {
        let mut web = Web::default();
        assert!(!web.is_on());
        web.work_listen = vec!["127.0.0.1:1".parse().unwrap()];
        assert!(web.is_on() && problems(&web, InstanceKind::Open).is_empty());
        assert_eq!(problems(&web, InstanceKind::Closed), ["web.work_listen"]);
        web.onprem_listen = web.work_listen.clone();
        assert_eq!(problems(&web, InstanceKind::Open), ["web.onprem_listen"]);
    }

    #[test]
    fn addresses_that_could_not_be_compared_or_would_be_shared_are_refused() {
        let with = |private: &str, work: &str| {
            let web = Web {
                private_public_url: private.to_owned(),
                work_public_url: work.to_owned(),
                ..Web::default()
            };
            problems(&web, InstanceKind::Open)
        };
        assert!(with("https://a.example", "http://localhost:81/").is_empty());
        assert_eq!(with("https://a.example/", "https://a.example").len(), 1);
        for bad in [
            "https://A.example",
            "ftp://a",
            "https://a/b",
            "https://",
            "x",
        ] {
            assert_eq!(with(bad, ""), ["web.private_public_url"], "{bad}");
        }
    }

    #[test]
    fn push_services_are_named_by_host() {
        let with = |host: &str| Web {
            push_hosts: vec![host.to_owned()],
            ..Web::default()
        };
        assert!(problems(&Web::default(), InstanceKind::Open).is_empty());
        for good in ["push.example", "*.push.example", "http://127.0.0.1:81"] {
            assert!(
                problems(&with(good), InstanceKind::Open).is_empty(),
                "{good}"
            );
        }
        for bad in [
            "",
            "*",
            "*.",
            "com",
            "https://a.b",
            "http://a.b",
            "a.b:8443",
            "A.b",
        ] {
            assert_eq!(
                problems(&with(bad), InstanceKind::Open),
                ["web.push_hosts"],
                "{bad}"
            );
        }
    }

    #[test]
    fn a_map_has_a_host_that_the_policy_can_name() {
        let with = |url: &str| Web {
            map_url: url.to_owned(),
            ..Web::default()
        };
        let good = with("https://tiles.example:8443/a/{z}/{x}/{y}.png");
        assert_eq!(good.map_origin(), Some("https://tiles.example:8443"));
        assert!(problems(&good, InstanceKind::Open).is_empty());
        for bad in [
            "http://tiles.example/{z}/{x}/{y}",
            "https://tiles.example/{z}/{x}",
            "https://a;script-src */{z}/{x}/{y}",
            "https:///{z}/{x}/{y}",
        ] {
            assert_eq!(problems(&with(bad), InstanceKind::Open), ["web.map_url"]);
        }
    }
}
