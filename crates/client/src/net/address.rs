//! Addresses of HTTP services, checked: encrypted, or on this machine.

use std::net::IpAddr;

use hyper::Uri;

use crate::error::Error;

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) is_tls: bool,
    host: String,
    pub(crate) port: u16,
    /// The path, and the query of a whole address.
    pub(crate) path: String,
}

impl Address {
    /// What paths are appended to. It ends with a slash.
    pub(crate) fn base(url: &str) -> Result<Self, Error> {
        let mut base = Self::whole(url)?;
        if base.path.contains('?') {
            return Err(bad("an address may hold a host, a port and a path", url));
        }
        if !base.path.ends_with('/') {
            base.path.push('/');
        }
        Ok(base)
    }

    /// An address that is asked as it is.
    pub(crate) fn whole(url: &str) -> Result<Self, Error> {
        let uri: Uri = url.parse().map_err(|_| bad("not an address", url))?;
        let host = uri
            .host()
            .ok_or_else(|| bad("no host in the address", url))?
            .to_owned();
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if is_loopback(&host) => false,
            Some("http") => return Err(bad("unencrypted HTTP is for this machine only", url)),
            _ => return Err(bad("not an HTTPS address", url)),
        };
        if uri
            .authority()
            .is_some_and(|part| part.as_str().contains('@'))
        {
            return Err(bad("an address may hold a host, a port and a path", url));
        }
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let path = uri
            .path_and_query()
            .map_or_else(|| "/".to_owned(), |path| path.as_str().to_owned());
        Ok(Self {
            is_tls,
            host,
            port,
            path,
        })
    }

    /// The host without the brackets of IPv6.
    pub(crate) fn bare_host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// The header `Host`.
    pub(crate) fn host_header(&self) -> String {
        let has_default_port = self.port == if self.is_tls { 443 } else { 80 };
        if has_default_port {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

fn bad(why: &str, url: &str) -> Error {
    Error::Instance(format!("{why}: {url}"))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
