//! Where the file is, from what a person was given.

use crate::{Error, Result, spec};

/// Below the address of the instance.
pub const CANONICAL_PATH: &str = "prov/config.oppf";
/// The same file without authentication, for apps whose pins do not match any more.
pub const FALLBACK_PATH: &str = "prov/config.fallback.oppf";

const EXTENSION: &str = ".oppf";
const FALLBACK_EXTENSION: &str = ".fallback.oppf";

/// The URL of the file: the address itself if it ends like a file, else the file below it
/// (csp.struct.yml, application entry point). An address without a scheme is an HTTPS one.
pub fn canonical_url(address: &str) -> Result<String> {
    let address = address.trim();
    let address = if address.contains("://") {
        address.to_owned()
    } else {
        format!("https://{address}")
    };
    if !is_secure(&address) || address.contains(['?', '#', '@']) {
        return Err(Error::Malformed(
            "provisioning address: it begins with https://",
        ));
    }
    if address.ends_with(EXTENSION) {
        return Ok(address);
    }
    let slash = if address.ends_with('/') { "" } else { "/" };
    Ok(format!("{address}{slash}{CANONICAL_PATH}"))
}

/// The URL of the same file without authentication.
pub fn fallback_url(address: &str) -> Result<String> {
    let url = canonical_url(address)?;
    if url.ends_with(FALLBACK_EXTENSION) {
        return Ok(url);
    }
    let name = url
        .strip_suffix(EXTENSION)
        .ok_or(Error::Malformed("provisioning address"))?;
    Ok(format!("{name}{FALLBACK_EXTENSION}"))
}

/// Only the shape: scheme, then a host, and nothing that could break a request line. Without TLS
/// only a server on the same machine can be talked to.
pub(crate) fn is_secure(url: &str) -> bool {
    let has_host = |rest: &str| rest.split('/').next().is_some_and(|host| !host.is_empty());
    let has_own_host = |rest: &str| {
        let host = rest.split('/').next().unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        matches!(name, "127.0.0.1" | "localhost" | "[::1]")
    };
    let is_reachable = match url.split_once("://") {
        Some(("https", rest)) => has_host(rest),
        Some(("http", rest)) => has_own_host(rest),
        _ => false,
    };
    is_reachable && url.len() <= spec::URL_BYTES_MAX && url.chars().all(|c| c.is_ascii_graphic())
}

pub(super) fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 253
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-:[]_".contains(c))
}
