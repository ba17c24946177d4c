//! Credentials from a list: `username,password[,single|shared[,number of users]]`, one per line.
//!
//! Commas or semicolons part the fields, a field may stand in quotes, an empty password asks for
//! a fresh one. What cannot be used is told with its line; the rest is imported, unless the
//! caller wants all or nothing.

use std::sync::{Arc, Mutex, PoisonError};

use dreiklang_crypto::SystemRng;
use dreiklang_store::{CredentialCreated, CredentialId, NewCredential, OrgId};

use super::Wanted;
use crate::app::App;
use crate::error::Error;
use crate::service::audit::Note;

/// What came of a list.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Lines that are credentials now.
    pub good: Vec<Imported>,
    /// Lines that are not.
    pub bad: Vec<BadLine>,
}

/// A line that is a credential now.
#[derive(Clone)]
pub struct Imported {
    /// Counted from one.
    pub line: usize,
    /// The credential.
    pub id: CredentialId,
    /// What people type.
    pub username: String,
    /// Its password, if it was made here; nobody can show it a second time.
    pub fresh_password: Option<String>,
}

/// A line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Counted from one.
    pub line: usize,
    /// Why.
    pub reason: Reason,
}

/// Why a line cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It has not two to four fields, or a quote does not end.
    Fields,
    /// The username is empty, too long or has control characters.
    Username,
    /// The password is too short or too long.
    Password,
    /// The third field is neither `single` nor `shared`.
    Kind,
    /// The fourth field is no number.
    Number,
    /// An earlier line or an existing credential has this username.
    Taken,
    /// The list is longer than [`LINES_MAX`].
    TooMany,
}

impl std::fmt::Debug for Imported {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Imported({}, {})", self.line, self.id)
    }
}

/// Imports a list; with `is_atomic` nothing unless every line is good.
pub async fn import(
    app: &App,
    actor: &str,
    org: OrgId,
    text: &str,
    is_atomic: bool,
) -> Result<Report, Error> {
    let (lines, bad) = read(text);
    let mut report = Report {
        good: Vec::new(),
        bad,
    };
    if is_atomic && !report.bad.is_empty() {
        return Ok(report);
    }
    let mut prepared = Vec::new();
    for (line, wanted) in lines {
        let one = prepare(app, org, line, wanted).await?;
        if is_atomic {
            prepared.push(one);
        } else {
            store(app, actor, org, vec![one], &mut report).await?;
        }
    }
    if is_atomic {
        store(app, actor, org, prepared, &mut report).await?;
    }
    report.bad.sort_by_key(|it| it.line);
    Ok(report)
}

/// Does what is slow before anything is written.
async fn prepare(
    app: &App,
    org: OrgId,
    line: usize,
    mut wanted: Wanted,
) -> Result<(Imported, NewCredential), Error> {
    let is_fresh = wanted.password.is_empty();
    if is_fresh {
        wanted.password = super::fresh_password(&mut SystemRng);
    }
    let imported = Imported {
        line,
        id: CredentialId::random(&mut SystemRng),
        username: wanted.username.clone(),
        fresh_password: is_fresh.then(|| wanted.password.clone()),
    };
    let new = NewCredential {
        id: imported.id,
        org,
        username: wanted.username,
        password: app.password_checks.record(wanted.password).await?,
        is_shared: wanted.is_shared,
        uses_max: wanted.uses_max,
        expires_at: wanted.expires_at,
        created_at: app.clock.now().0,
    };
    Ok((imported, new))
}

/// Stores all of them or, if a username is taken, none.
async fn store(
    app: &App,
    actor: &str,
    org: OrgId,
    prepared: Vec<(Imported, NewCredential)>,
    report: &mut Report,
) -> Result<(), Error> {
    let (imported, new): (Vec<_>, Vec<_>) = prepared.into_iter().unzip();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let found = Arc::clone(&taken);
    let note = Note::of_org(app.clock.now().0, actor, "credential.import", org, "");
    let stored = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let mut indices = Vec::new();
                for (index, new) in new.iter().enumerate() {
                    match tx.create_credential(new).await? {
                        CredentialCreated::Yes => {
                            let note = Note {
                                subject: new.id.to_string(),
                                ..note.clone()
                            };
                            note.write(tx).await?;
                        }
                        CredentialCreated::UsernameTaken => indices.push(index),
                    }
                }
                if indices.is_empty() {
                    return Ok(());
                }
                *found.lock().unwrap_or_else(PoisonError::into_inner) = indices;
                // An error undoes the lines that could have been stored.
                Err(dreiklang_store::Error::Conflict)
            })
        })
        .await;
    match stored {
        Ok(()) => report.good.extend(imported),
        Err(dreiklang_store::Error::Conflict) => {
            let taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
            report.bad.extend(taken.iter().map(|index| BadLine {
                line: imported[*index].line,
                reason: Reason::Taken,
            }));
        }
        Err(error) => return Err(Error::of_store(error)),
    }
    Ok(())
}

/// The usable lines, each with its number, and the others. Empty lines, lines that begin with `#`
/// and a head that begins with `username` are skipped.
pub fn read(text: &str) -> (Vec<(usize, Wanted)>, Vec<BadLine>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut seen = std::collections::HashSet::new();
    for (index, raw) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let (line, content) = (index + 1, raw.trim());
        let is_head = index == 0 && content.to_ascii_lowercase().starts_with("username");
        if content.is_empty() || content.starts_with('#') || is_head {
            continue;
        }
        if good.len() + bad.len() >= LINES_MAX {
            let reason = Reason::TooMany;
            bad.push(BadLine { line, reason });
            break;
        }
        let read = wanted(content).and_then(|it| {
            let key = it.username.to_lowercase();
            if seen.insert(key) {
                Ok(it)
            } else {
                Err(Reason::Taken)
            }
        });
        match read {
            Ok(wanted) => good.push((line, wanted)),
            Err(reason) => bad.push(BadLine { line, reason }),
        }
    }
    (good, bad)
}

fn wanted(content: &str) -> Result<Wanted, Reason> {
    let fields = fields(content).ok_or(Reason::Fields)?;
    let field = |index: usize| fields.get(index).map_or("", |it| it.trim());
    if !(1..=4).contains(&fields.len()) {
        return Err(Reason::Fields);
    }
    let is_shared = match field(2) {
        "" | "single" => false,
        "shared" => true,
        _ => return Err(Reason::Kind),
    };
    let uses_max = match field(3) {
        "" => 0,
        number => number.parse::<u32>().map_err(|_| Reason::Number)?.into(),
    };
    let (username, password) = (field(0), field(1));
    super::check_username(username).map_err(|_| Reason::Username)?;
    if !password.is_empty() {
        super::check_password(password).map_err(|_| Reason::Password)?;
    }
    Ok(Wanted {
        username: username.to_owned(),
        password: password.to_owned(),
        is_shared,
        uses_max,
        expires_at: None,
    })
}

/// The fields of a line; `None` if a quote does not end. A doubled quote stands for one.
fn fields(content: &str) -> Option<Vec<String>> {
    let (mut fields, mut field) = (Vec::new(), String::new());
    let (mut is_quoted, mut rest) = (false, content.chars().peekable());
    while let Some(character) = rest.next() {
        match character {
            '"' if is_quoted && rest.peek() == Some(&'"') => {
                rest.next();
                field.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if field.trim().is_empty() => {
                field.clear();
                is_quoted = true;
            }
            ',' | ';' if !is_quoted => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    fields.push(field);
    (!is_quoted).then_some(fields)
}

/// Each line costs a slow hash: longer lists come in pieces.
pub const LINES_MAX: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_and_bad_lines_are_told_apart() {
        let text = "username,password\n# people\n\nada,correct horse\r\n\
                    \"ben, jr\";\"pass,\"\"word\";single\ncarl,,shared,30\nADA,another one\n\
                    dora,short\nemil,long enough,team\nfritz,long enough,shared,many\n\
                    \"open,long enough\n,long enough\na,b,c,d,e\n";
        let (good, bad) = read(text);
        let good: Vec<_> = good
            .iter()
            .map(|(line, it)| {
                let Wanted {
                    username, password, ..
                } = it;
                (*line, &**username, &**password, it.is_shared, it.uses_max)
            })
            .collect();
        assert_eq!(
            good,
            [
                (4, "ada", "correct horse", false, 0),
                (5, "ben, jr", "pass,\"word", false, 0),
                (6, "carl", "", true, 30),
            ]
        );
        let bad: Vec<_> = bad.iter().map(|it| (it.line, it.reason)).collect();
        assert_eq!(
            bad,
            [
                (7, Reason::Taken),
                (8, Reason::Password),
                (9, Reason::Kind),
                (10, Reason::Number),
                (11, Reason::Fields),
                (12, Reason::Username),
                (13, Reason::Fields),
            ]
        );
    }

    #[test]
    fn a_list_has_an_end() {
        let lines: Vec<_> = (0..=LINES_MAX)
            .map(|it| format!("user{it},password"))
            .collect();
        let text = lines.join("\n");
        let (good, bad) = read(&text);
        assert_eq!((good.len(), bad.len()), (LINES_MAX, 1));
        assert_eq!(bad[0].reason, Reason::TooMany);
    }
}
