//! Where an instance file comes from: the disk, or the website of whoever runs the instance.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use dreiklang_engine::{HttpFault, HttpRequest};
use dreiklang_wire::api::instance::Instance;

use crate::error::Error;
use crate::net::http::Http;

/// A file with a few addresses and perhaps a certificate; more is a mistake.
const BYTES_MAX: u64 = 1024 * 1024;

/// Reads the file from the disk.
pub fn read(path: &Path) -> Result<Instance, Error> {
    let mut json = Vec::new();
    File::open(path)
        .and_then(|file| file.take(BYTES_MAX + 1).read_to_end(&mut json))
        .map_err(|cause| Error::file(path, cause))?;
    parse(&json)
}

/// Fetches the file over HTTPS; a redirect is refused, as it would hide who vouches for the file.
pub async fn fetch(url: &str) -> Result<Instance, Error> {
    let (base, name) = url
        .rsplit_once('/')
        .ok_or_else(|| Error::Instance(format!("not an address: {url}")))?;
    let request = HttpRequest::get(name);
    let response = Http::new(base, None, None)?
        .exchange(request)
        .await
        .map_err(|fault: HttpFault| Error::Instance(format!("{url}: {fault}")))?;
    if response.status != 200 {
        return Err(Error::Instance(format!(
            "{url}: status {}",
            response.status
        )));
    }
    parse(&response.body)
}

fn parse(json: &[u8]) -> Result<Instance, Error> {
    Instance::from_json(json).map_err(|error| Error::Instance(error.to_string()))
}
