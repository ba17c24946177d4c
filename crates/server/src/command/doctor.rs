//! `doctor`: looks at everything the server needs and says what to do about it.

use std::path::Path;
use std::process::ExitCode;

use dreiklang_wire::csp::edition::Edition;
use serde::Serialize;

use crate::app::{Clock, keys};
use crate::command::{say, say_json};
use crate::config::tls::Mode;
use crate::config::{InstanceKind, Settings};
use crate::edge::admin::client::Client;
use crate::edge::http::{expiry, tls};
use crate::run;
use crate::service::{health, provisioning};

mod web;

/// What was found about one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Finding {
    /// The thing.
    subject: &'static str,
    /// Whether it is as it should be.
    verdict: Verdict,
    /// What is so, and what to do if it is not good.
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Good,
    Warning,
    Bad,
}

/// Prints all findings; exit code 1 if one is bad.
pub async fn perform(settings: &Settings, json: bool) -> anyhow::Result<ExitCode> {
    let running = Client::connect(&settings.admin_socket())
        .await
        .ok()
        .flatten()
        .is_some();
    let mut findings = vec![
        data_dir(settings),
        keys(settings),
        certificate(settings),
        clock(),
        descriptors(settings),
        disk(settings),
        file_system(settings),
    ];
    findings.extend(provisioning_file(settings));
    findings.extend(web::findings(settings));
    if running {
        findings.push(good(
            "server",
            "a server runs on this data folder".to_owned(),
        ));
    } else {
        findings.push(database(settings).await);
        findings.extend(ports(settings).await);
    }
    if json {
        say_json(&findings)?;
    } else {
        for finding in &findings {
            let mark = match finding.verdict {
                Verdict::Good => "ok  ",
                Verdict::Warning => "WARN",
                Verdict::Bad => "BAD ",
            };
            say(&format!(
                "{mark}  {:<12}  {}",
                finding.subject, finding.text
            ))?;
        }
    }
    let is_bad = findings.iter().any(|it| it.verdict == Verdict::Bad);
    Ok(if is_bad {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn data_dir(settings: &Settings) -> Finding {
    use std::os::unix::fs::PermissionsExt;
    let folder = settings.data_dir.display();
    match std::fs::metadata(&settings.data_dir) {
        Err(error) => bad(
            "data folder",
            format!("{folder}: {error}. Make it with `dreiklang-server init --data-dir {folder}`."),
        ),
        Ok(it) if it.permissions().mode() & 0o077 != 0 => warning(
            "data folder",
            format!("{folder} can be entered by others. Run: chmod 700 {folder}"),
        ),
        Ok(_) => good("data folder", format!("{folder} is for its owner only")),
    }
}

fn keys(settings: &Settings) -> Finding {
    match keys::load(settings) {
        Ok(keys) => good(
            "chat key",
            format!(
                "the public key is {}",
                hex::encode(keys.current.public().as_bytes())
            ),
        ),
        Err(error) => bad(
            "chat key",
            format!("{error}. Restore it from a backup: clients know only this key."),
        ),
    }
}

fn certificate(settings: &Settings) -> Finding {
    const SUBJECT: &str = "certificate";
    if settings.tls.mode == Mode::Off {
        return warning(
            SUBJECT,
            "TLS is off: a proxy in front of the server must do it, and the server must not be \
             reachable past it"
                .to_owned(),
        );
    }
    let (path, key) = tls::paths(settings);
    if let Err(error) = keys::check_private(&key) {
        return bad(SUBJECT, error.to_string());
    }
    let end = match tls::chain(&path) {
        Err(error) => return bad(SUBJECT, error.to_string()),
        Ok(chain) => chain.first().and_then(|it| expiry::not_after(it)),
    };
    let Some(end) = end else {
        return bad(SUBJECT, format!("{} holds something else", path.display()));
    };
    let days = (end - Clock::system().now().seconds()).div_euclid(24 * 3600);
    match days {
        ..0 => bad(
            SUBJECT,
            format!("expired {} days ago. Renew it and restart.", -days),
        ),
        0..21 => warning(
            SUBJECT,
            format!("expires in {days} days. Renew it and restart."),
        ),
        _ => good(SUBJECT, format!("valid for {days} more days")),
    }
}

/// A closed instance lives by its provisioning file; an open one has none.
fn provisioning_file(settings: &Settings) -> Vec<Finding> {
    const SUBJECT: &str = "provisioning";
    if settings.kind != InstanceKind::Closed {
        return Vec::new();
    }
    let found = || {
        let Some(file) = provisioning::published(settings)? else {
            return Ok(None);
        };
        let document = provisioning::open(settings, &file)?;
        let (keys, pin) = (keys::load(settings)?, tls::own_pin(settings)?);
        let now = Clock::system().now();
        anyhow::Ok(Some(provisioning::findings(
            &document, settings, &keys, pin, now,
        )))
    };
    match found() {
        Err(error) => vec![bad(SUBJECT, format!("{error:#}"))],
        Ok(None) => vec![warning(
            SUBJECT,
            "no file is published yet: the server makes one at its start if \
             provisioning.signing_key is set; else run `dreiklang-server oppf generate`"
                .to_owned(),
        )],
        Ok(Some(findings)) if findings.is_empty() => {
            vec![good(SUBJECT, "the published file is good".to_owned())]
        }
        Ok(Some(findings)) => findings
            .into_iter()
            .map(|it| {
                if it.is_fatal {
                    bad(SUBJECT, it.text)
                } else {
                    warning(SUBJECT, it.text)
                }
            })
            .collect(),
    }
}

fn clock() -> Finding {
    let seconds = Clock::system().now().seconds();
    // Before this program was written, or absurdly late.
    if (1_760_000_000..4_102_444_800).contains(&seconds) {
        good("clock", "the clock shows a plausible time".to_owned())
    } else {
        bad(
            "clock",
            format!("{seconds} s since 1970 cannot be right. Start a time service."),
        )
    }
}

fn descriptors(settings: &Settings) -> Finding {
    const SUBJECT: &str = "open files";
    let wanted = settings.chat.connections_max + settings.api.connections_max + 200;
    let limit = std::fs::read_to_string("/proc/self/limits")
        .ok()
        .and_then(|text| {
            let line = text
                .lines()
                .find_map(|it| it.strip_prefix("Max open files"))?;
            line.split_whitespace().next()?.parse::<usize>().ok()
        });
    match limit {
        None => warning(SUBJECT, "the limit cannot be read".to_owned()),
        Some(limit) if limit < wanted => warning(
            SUBJECT,
            format!(
                "the limit is {limit}, the configured connections need {wanted}. Set LimitNOFILE= \
                 in the service unit, or `ulimit -n {wanted}`."
            ),
        ),
        Some(limit) => good(SUBJECT, format!("the limit of {limit} is enough")),
    }
}

fn disk(settings: &Settings) -> Finding {
    const SUBJECT: &str = "free disk";
    let Ok(room) = rustix::fs::statvfs(existing(&settings.data_dir)) else {
        return warning(SUBJECT, "cannot be read".to_owned());
    };
    let free = room.f_bavail.saturating_mul(room.f_frsize);
    let all = room.f_blocks.saturating_mul(room.f_frsize).max(1);
    let text = format!("{} MiB free of {} MiB", free >> 20, all >> 20);
    // Below the smaller of these two the store accepts nothing new.
    if free < (512 << 20).min(all / 20) {
        bad(
            SUBJECT,
            format!("{text}: new messages are refused. Make room."),
        )
    } else if free < 2 << 30 {
        warning(SUBJECT, format!("{text}: make room soon"))
    } else {
        good(SUBJECT, text)
    }
}

fn file_system(settings: &Settings) -> Finding {
    const SUBJECT: &str = "file system";
    let Ok(kind) = rustix::fs::statfs(existing(&settings.data_dir)) else {
        return warning(SUBJECT, "cannot be told".to_owned());
    };
    match NETWORKED.iter().find(|it| it.0 == i128::from(kind.f_type)) {
        Some((_, name)) => bad(
            SUBJECT,
            format!(
                "{name} does not keep what SQLite needs. Move the data folder to a local disk."
            ),
        ),
        None => good(SUBJECT, "the data folder is on a local disk".to_owned()),
    }
}

async fn database(settings: &Settings) -> Finding {
    match run::open_store(settings).await {
        Ok(store) => {
            let ready = health::probe(&store, Clock::system().now()).await;
            store.close().await;
            match ready {
                Ok(()) => good("database", "can be opened and written".to_owned()),
                Err(error) => bad("database", format!("cannot be written: {error}")),
            }
        }
        Err(error) => bad("database", format!("{error:#}")),
    }
}

async fn ports(settings: &Settings) -> Vec<Finding> {
    let metrics = settings.metrics_listen;
    let mut findings = Vec::new();
    for address in settings
        .chat
        .listen
        .iter()
        .chain(&settings.api.listen)
        .chain(&metrics)
        .chain(Edition::ALL.iter().flat_map(|it| settings.web.listen(*it)))
    {
        findings.push(match tokio::net::TcpListener::bind(address).await {
            Ok(_) => good("port", format!("{address} is free")),
            Err(error) => bad(
                "port",
                format!("{address}: {error}. Stop what uses it, or change the configuration."),
            ),
        });
    }
    findings
}

/// The folder itself or its nearest ancestor that exists.
fn existing(folder: &Path) -> &Path {
    folder
        .ancestors()
        .find(|it| it.exists())
        .unwrap_or(Path::new("/"))
}

fn good(subject: &'static str, text: String) -> Finding {
    Finding {
        subject,
        verdict: Verdict::Good,
        text,
    }
}

fn warning(subject: &'static str, text: String) -> Finding {
    Finding {
        subject,
        verdict: Verdict::Warning,
        text,
    }
}

fn bad(subject: &'static str, text: String) -> Finding {
    Finding {
        subject,
        verdict: Verdict::Bad,
        text,
    }
}

/// `f_type` of file systems over a network (statfs(2)).
const NETWORKED: [(i128, &str); 5] = [
    (0x6969, "NFS"),
    (0xff53_4d42, "SMB"),
    (0xfe53_4d42, "SMB"),
    (0x0102_1997, "9P"),
    (0x517b, "SMB"),
];
