//! Looking into the directory of the organisation.

use dreiklang_wire::{
    api::work::{DirectoryRequest, Sort, SortBy, path},
    mdm::Parameter,
};

use super::{
    body::{Found, Person},
    credentials,
};
use crate::{
    Engine,
    command::{DirectoryPage, DirectoryPerson, DirectoryQuery, Refusal, Reply, Ticket},
    contact::mismatch::{self, MismatchSource},
    db,
    directory::post,
    engine::Answer,
    error::Result,
    http::{HttpResult, Service},
    policy,
    request::{Pending, success_body},
    turn::Turn,
};

/// protocol.md A5.3.
const QUERY_CHARS_MIN: usize = 3;
const QUERY_CHARS_MAX: usize = 256;
const EVERYBODY: &str = "*";

impl Engine {
    pub(crate) fn search_directory(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        query: &DirectoryQuery,
    ) -> Result<Answer> {
        let license = match self.needed_license(turn)? {
            Ok(license) => license,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let identity = match self.usable_own() {
            Ok(own) => own.identity,
            Err(refusal) => return Ok(Answer::refuse(refusal)),
        };
        let is_forbidden = self.policy.disable_work_directory();
        if let Err(refusal) = policy::unless(is_forbidden, Parameter::DisableWorkDirectory) {
            return Ok(Answer::refuse(refusal));
        }
        if !db::work::org(turn.tx)?.is_directory_enabled {
            return Ok(Answer::refuse(Refusal::NoDirectory));
        }
        let text = query.text.trim();
        let length = text.chars().count();
        let is_everybody = text == EVERYBODY && !query.categories.is_empty();
        if !is_everybody && !(QUERY_CHARS_MIN..=QUERY_CHARS_MAX).contains(&length) {
            return Ok(Answer::refuse(Refusal::QueryTooShort));
        }
        if self.requests.is_full() {
            return Ok(Answer::refuse(Refusal::Busy));
        }
        let request = post(
            path::DIRECTORY,
            &DirectoryRequest {
                credentials: credentials(&license),
                identity,
                query: text.to_owned(),
                categories: query.categories.clone(),
                sort: Sort {
                    asc: true,
                    by: if query.by_last_name {
                        SortBy::LastName
                    } else {
                        SortBy::FirstName
                    },
                },
                page: query.page,
            },
        );
        let request = request.at(Service::Work);
        self.requests.start(turn, Pending::Search(ticket), request);
        Ok(Answer::Later)
    }

    pub(crate) fn on_directory_searched(
        turn: &mut Turn<'_>,
        ticket: Ticket,
        result: HttpResult,
    ) -> Result<()> {
        let found =
            success_body(result).and_then(|body| Found::read(&body).ok_or(Refusal::BadAnswer));
        let page = match found {
            Err(refusal) => Err(refusal),
            Ok(found) => {
                let people: Vec<_> = found.people().into_iter().filter_map(person).collect();
                for person in &people {
                    if let Some(contact) = db::contacts::find(turn.tx, person.identity)? {
                        let source = MismatchSource::Organisation;
                        mismatch::is_pinned(turn, &contact, &person.public_key, source)?;
                    }
                }
                Ok(Reply::Directory(DirectoryPage {
                    people,
                    total: found.paging.total,
                    next_page: found.paging.next,
                }))
            }
        };
        turn.reply(ticket, page);
        Ok(())
    }
}

/// Somebody whose key may be used.
fn person(person: Person) -> Option<DirectoryPerson> {
    Some(DirectoryPerson {
        public_key: person.public_key()?,
        availability: person.availability(),
        identity: person.id,
        first_name: person.first,
        last_name: person.last,
        job_title: person.job_title,
        department: person.department,
        csi: person.csi,
        categories: person.cat,
        organisation: person.org.name,
    })
}
