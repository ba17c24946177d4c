//! `work`: the licence, and what the organisation says.

use dreiklang_client::engine::{Availability, DirectoryQuery, License, WorkCategory};
use dreiklang_client::{Client, Command, Reply, activation, view};

use crate::args::{AtWork, Work};
use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::{Session, secret_from};
use crate::texts::Texts;

pub(crate) async fn perform(session: &Session<'_>, verb: Work) -> Result<(), Failure> {
    let client = session.open().await?;
    let outcome = act(session, &client, verb).await;
    client.close().await?;
    outcome
}

async fn act(session: &Session<'_>, client: &Client, verb: Work) -> Result<(), Failure> {
    match verb {
        Work::Activate {
            username,
            password_file,
            link,
        } => {
            let license = match (username, password_file, link) {
                (Some(username), Some(path), _) => License {
                    username,
                    password: secret_from(&path)?,
                },
                (_, _, Some(link)) => activation::redeem(&link, None).await?.license,
                _ => return Err(Failure::usage("activation-link")),
            };
            activate(client, license).await?;
        }
        Work::Sync => {
            client.command(Command::WorkSync).await?;
        }
        Work::Status => {}
        Work::Availability { status, text } => {
            let category = match status {
                AtWork::None => WorkCategory::None,
                AtWork::Busy => WorkCategory::Busy,
                AtWork::Unavailable => WorkCategory::Unavailable,
            };
            let status = Availability {
                category,
                description: text,
            };
            client.command(Command::SetAvailability(status)).await?;
        }
        Work::Directory {
            text,
            category,
            by_last_name,
            page,
        } => {
            let query = DirectoryQuery {
                text,
                categories: category,
                by_last_name,
                page,
            };
            return search(session, client, query).await;
        }
    }
    status(session, client).await
}

pub(super) async fn activate(client: &Client, license: License) -> Result<(), Failure> {
    let License { username, password } = license;
    client
        .command(Command::ActivateWork { username, password })
        .await?;
    Ok(())
}

async fn status(session: &Session<'_>, client: &Client) -> Result<(), Failure> {
    let organisation = client.view(view::organisation).await?;
    let standing = client.view(view::standing).await?;
    session.print(
        |texts| describe(texts, &organisation, &standing),
        &format::Work::new(&organisation, &standing),
    )
}

fn describe(texts: &Texts, organisation: &view::Organisation, standing: &view::Standing) -> String {
    let or_none = |text: &str| {
        if text.is_empty() {
            texts.say("link-none")
        } else {
            safe::line(text)
        }
    };
    let mut lines = vec![texts.with(
        "work",
        &[
            ("organisation", &or_none(&organisation.name)),
            ("username", &or_none(&standing.username)),
            ("support", &or_none(&organisation.support_url)),
        ],
    )];
    for (id, words) in [
        ("work-locked", &standing.locked),
        ("work-displaced", &standing.displaced),
    ] {
        if let Some(words) = words {
            lines.push(match id {
                "work-locked" => texts.with("work-locked", &[("reason", &safe::line(words))]),
                _ => texts.with("work-displaced", &[("reason", &safe::line(words))]),
            });
        }
    }
    if standing.needs_credentials {
        lines.push(texts.say("work-needs-credentials"));
    }
    lines.join("\n")
}

async fn search(
    session: &Session<'_>,
    client: &Client,
    query: DirectoryQuery,
) -> Result<(), Failure> {
    let Reply::Directory(page) = client.command(Command::SearchDirectory(query)).await? else {
        return Err(Failure::new("stopped"));
    };
    session.print(
        |texts| {
            if page.people.is_empty() {
                return texts.say("directory-nobody");
            }
            let line = |person: &dreiklang_client::engine::DirectoryPerson| {
                texts.with(
                    "directory-line",
                    &[
                        ("id", person.identity.as_str()),
                        ("first", &safe::line(&person.first_name)),
                        ("last", &safe::line(&person.last_name)),
                        ("job", &safe::line(&person.job_title)),
                        ("department", &safe::line(&person.department)),
                    ],
                )
            };
            page.people.iter().map(line).collect::<Vec<_>>().join("\n")
        },
        &format::Directory::new(&page),
    )
}
