//! What `doctor` says about the apps in the browser.

use dreiklang_wire::csp::edition::Edition;

use super::{Finding, bad, good, warning};
use crate::config::{Settings, web};
use crate::edge::web::Shelf;

/// Nothing if no app is served.
pub(super) fn findings(settings: &Settings) -> Vec<Finding> {
    if !settings.web.is_on() {
        return Vec::new();
    }
    let mut findings = vec![files(settings)];
    let served = Edition::ALL
        .into_iter()
        .filter(|it| !settings.web.listen(*it).is_empty());
    findings.extend(served.filter_map(|it| origin(settings, it)));
    findings
}

fn files(settings: &Settings) -> Finding {
    let folder = settings.file(&settings.web.folder);
    let found = Shelf::read(&folder).and_then(|shelf| {
        let mut served = Edition::ALL
            .into_iter()
            .filter(|it| !settings.web.listen(*it).is_empty());
        served.try_for_each(|it| shelf.files_of(it).map(|_| ()))
    });
    match found {
        Ok(()) => good(
            SUBJECT,
            format!("{} holds the built apps", folder.display()),
        ),
        Err(error) => bad(SUBJECT, format!("web.folder: {error}")),
    }
}

/// Browsers give an app neither its files nor its service worker where the way is not protected.
fn origin(settings: &Settings, edition: Edition) -> Option<Finding> {
    let origin = settings.web_origin(edition, None);
    let name = web::name(edition);
    let is_local = ["http://localhost", "http://127.0.0.1"]
        .into_iter()
        .any(|it| origin == it || origin.starts_with(&format!("{it}:")));
    (origin.starts_with("http://") && !is_local).then(|| {
        warning(
            SUBJECT,
            format!(
                "browsers will not run the {name} app at {origin}: it needs https. Put the server \
                 behind a proxy and name its address in web.{name}_public_url, or leave web.plain \
                 off."
            ),
        )
    })
}

const SUBJECT: &str = "web apps";
