//! `POST directory`: a search among colleagues.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dreiklang_store::{DirectoryQuery, DirectorySort};
use dreiklang_wire::api::work::{
    DirectoryContact, DirectoryReply, DirectoryRequest, Organisation, Paging, SortBy,
};

use super::{contact, licensed, request, time};
use crate::app::App;
use crate::edge::api::answer::{Refusal, json};
use crate::edge::api::call::Call;
use crate::edge::api::texts::Text;
use crate::error::Error;
use crate::service::colleagues;

/// At least three characters, or everybody of at least one category (protocol.md A5.3).
pub async fn directory(State(app): State<Arc<App>>, call: Call) -> Response {
    perform(&app, &call)
        .await
        .unwrap_or_else(|refusal| refusal.in_language(call.language))
}

async fn perform(app: &App, call: &Call) -> Result<Response, Refusal> {
    let license = licensed(app, call).await?;
    let wanted: DirectoryRequest = request(call)?;
    wanted
        .check()
        .map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, Text::UnusableSearch))?;
    let text = if wanted.is_everybody() {
        String::new()
    } else {
        wanted.query
    };
    let query = DirectoryQuery {
        text,
        categories: wanted.categories,
        sort: match wanted.sort.by {
            SortBy::FirstName => DirectorySort::FirstName,
            SortBy::LastName => DirectorySort::LastName,
        },
        is_descending: !wanted.sort.asc,
    };
    let found = colleagues::search(app, license, wanted.identity, query, wanted.page, PAGE_SIZE)
        .await
        .map_err(|error| match error {
            Error::Forbidden => Refusal::new(StatusCode::FORBIDDEN, Text::NoDirectory),
            error => Refusal::of(error),
        })?;
    let org = Organisation {
        name: Some(found.org_name),
    };
    let contacts = found.colleagues.into_iter().map(|mut colleague| {
        let csi = std::mem::take(&mut colleague.csi);
        let categories = std::mem::take(&mut colleague.categories);
        let it = contact(colleague);
        DirectoryContact {
            id: it.id,
            public_key: it.public_key,
            first: it.first,
            last: it.last,
            job_title: it.job_title,
            department: it.department,
            availability: it.availability,
            csi: Some(csi).filter(|it| !it.is_empty()),
            categories,
            org: org.clone(),
        }
    });
    let reply = DirectoryReply {
        contacts: contacts.collect(),
        paging: Paging::of(wanted.page, PAGE_SIZE, found.total),
        time: time(app),
    };
    Ok(json(StatusCode::OK, &reply))
}

const PAGE_SIZE: u32 = 30;
