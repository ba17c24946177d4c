//! Who takes part in the demonstration, and what the person at the terminal is told.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Demo;
use super::office::{GUEST, Office};
use super::site::Site;
use crate::shell::{command, output, run as start};

/// Pairs of colleagues, their app, and the index of their instance.
const PEOPLE: [(&str, &str, usize); 6] = [
    ("alice", "private", 0),
    ("anton", "private", 0),
    ("bob", "work", 0),
    ("bea", "work", 0),
    ("carol", "onprem", 1),
    ("chris", "onprem", 1),
];

/// Somebody with a profile of the app.
#[derive(Debug, PartialEq)]
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) app_kind: &'static str,
    pub(super) identity: String,
}

impl Person {
    pub(super) fn app(&self, binaries: &Path, folder: &Path) -> Command {
        app(binaries, folder, self.name, self.app_kind)
    }

    pub(super) fn nickname(&self) -> String {
        nickname(self.name)
    }
}

fn nickname(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

fn app(binaries: &Path, folder: &Path, name: &str, app_kind: &str) -> Command {
    let mut app = command(binaries.join("dreiklang"));
    app.arg("--data-dir").arg(folder.join("people"));
    app.args(["--app", app_kind, "--profile", name]);
    app
}

/// The people, if all of them have an identity already.
pub(super) fn known(binaries: &Path, folder: &Path) -> Option<Vec<Person>> {
    PEOPLE
        .iter()
        .map(|(name, app_kind, _)| look_up(binaries, folder, name, app_kind).ok())
        .collect()
}

fn look_up(
    binaries: &Path,
    folder: &Path,
    name: &'static str,
    app_kind: &'static str,
) -> Result<Person> {
    #[derive(Deserialize)]
    struct Me {
        identity: String,
    }
    let text = output(app(binaries, folder, name, app_kind).args(["--json", "me"]))?;
    let me: Me = serde_json::from_str(&text).context("`me --json` changed")?;
    Ok(Person {
        name,
        app_kind,
        identity: me.identity,
    })
}

/// Makes those who are missing, and lets colleagues know each other. Both servers run.
pub(super) fn make(
    binaries: &Path,
    folder: &Path,
    sites: &[Site; 2],
    offices: &[Office; 2],
) -> Result<Vec<Person>> {
    for (name, app_kind, at) in PEOPLE {
        if look_up(binaries, folder, name, app_kind).is_ok() {
            continue;
        }
        let mut setup = app(binaries, folder, name, app_kind);
        setup.arg("setup");
        if app_kind == "onprem" {
            setup.args(["--server", &sites[at].instance()?.directory_url]);
            setup.args(["--trust", &sites[at].trust()?]);
            setup.arg("--ca").arg(sites[at].certificate());
        } else {
            setup.arg("--instance").arg(sites[at].instance_file());
        }
        setup.args(["--nickname", &nickname(name), "--no-passphrase"]);
        if let Some(credential) = offices[at].credential(name) {
            let file = folder.join(format!("{name}.password"));
            fs::write(&file, &credential.password)?;
            setup.args(["--license-username", name]);
            setup.arg("--license-password-file").arg(file);
        }
        start(&mut setup)?;
    }
    let people: Vec<Person> = PEOPLE
        .iter()
        .map(|(name, app_kind, _)| look_up(binaries, folder, name, app_kind))
        .collect::<Result<_>>()?;
    for pair in people.chunks(2) {
        if let [one, other] = pair {
            for (one, other) in [(one, other), (other, one)] {
                let contact = ["contact", "add", &other.identity, "--name", other.name];
                start(one.app(binaries, folder).args(contact))?;
            }
        }
    }
    Ok(people)
}

/// What to tell: what happened, where everything is, what to type. For each instance there may be
/// an activation link.
pub(super) fn lines(demo: &Demo, invitations: &[Option<String>]) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        if demo.reused {
            format!("The instances in {} are used again.", demo.folder.display())
        } else {
            format!("Made two instances in {}.", demo.folder.display())
        },
    ];
    for (site, office) in demo.sites.iter().zip(&demo.offices) {
        lines.extend(about(site, office));
    }
    lines.extend(apps(demo));
    lines.push("\nTo join an organisation as somebody new, once per link:".to_owned());
    for (site, link) in demo.sites.iter().zip(invitations) {
        lines.extend(link.as_ref().map(|link| join(demo, site, link)));
    }
    lines.push("\nTwo people in each app:".to_owned());
    for person in &demo.people {
        lines.push(format!(
            "  {:<6} {:<8} {}",
            person.name, person.app_kind, person.identity
        ));
    }
    lines.push("\nTo chat, open two more terminals for one of the pairs:".to_owned());
    for pair in demo.people.chunks(2) {
        if let [one, other] = pair {
            for (one, other) in [(one, other), (other, one)] {
                lines.push(typed(demo, one, &["chat", &other.identity]));
            }
        }
    }
    if let [one, other, ..] = demo.people.as_slice() {
        lines.push("\nOr without a screen:".to_owned());
        lines.push(typed(demo, one, &["send", &other.identity, "'Hello'"]));
        lines.push(typed(demo, other, &["receive", "--until-idle"]));
    }
    lines.push("\nCtrl-C stops both servers. The folder keeps everything.\n".to_owned());
    lines
}

/// The apps in the browser.
fn apps(demo: &Demo) -> Vec<String> {
    let apps: Vec<_> = demo.sites.iter().flat_map(Site::apps).collect();
    if apps.is_empty() {
        return vec!["\nThe apps for the browser are not built: cargo xtask web".to_owned()];
    }
    let shown = apps
        .iter()
        .map(|app| format!("  {:<8} {}", app.name, app.url));
    std::iter::once("\nThe apps in the browser:".to_owned())
        .chain(shown)
        .collect()
}

/// An instance, its organisation, and what an administrator types.
fn about(site: &Site, office: &Office) -> Vec<String> {
    let mut lines = vec![format!("\nThe {} instance:", site.kind)];
    if let Ok(instance) = site.instance() {
        let ports: Vec<_> = instance.chat.ports.iter().map(u16::to_string).collect();
        let (host, ports) = (instance.chat.host, ports.join(", "));
        lines.push(format!("  chat server   {host} port {ports}"));
        lines.push(format!("  directory     {}", instance.directory_url));
    }
    lines.push(format!("  organisation  {}", office.name));
    if let Some(guest) = office.guest() {
        lines.push(format!(
            "  free licence  {} with the password {}",
            guest.username, guest.password
        ));
    }
    let server = site.server();
    let words: Vec<_> = std::iter::once(server.get_program())
        .chain(server.get_args())
        .map(|it| from_here(Path::new(it)).display().to_string())
        .collect();
    let administer = words.join(" ");
    for verb in ["admin member list", "admin mdm list", "admin audit list"] {
        lines.push(format!("  {administer} {verb}"));
    }
    if site.kind == "closed" {
        lines.push(format!("  {administer} oppf show"));
    }
    lines
}

/// How somebody new follows an activation link.
fn join(demo: &Demo, site: &Site, link: &str) -> String {
    let place = |path: PathBuf| from_here(&path).display().to_string();
    let ca = place(site.certificate());
    let link = format!("'{link}'");
    let (app_kind, whereabouts) = match site.trust() {
        Ok(key) if site.kind == "closed" => ("onprem", format!("--trust {key}")),
        _ => (
            "work",
            format!("--instance {}", place(site.instance_file())),
        ),
    };
    let guest = Person {
        name: GUEST,
        app_kind,
        identity: String::new(),
    };
    let arguments = ["setup", &whereabouts, "--activation", &link, "--ca", &ca];
    typed(demo, &guest, &arguments)
}

/// A command of the app as a person types it here.
fn typed(demo: &Demo, person: &Person, arguments: &[&str]) -> String {
    let program = from_here(&demo.binaries.join("dreiklang"));
    let folder = from_here(&demo.folder.join("people"));
    let (program, folder) = (program.display(), folder.display());
    format!(
        "  {program} --data-dir {folder} --app {} --profile {} {}",
        person.app_kind,
        person.name,
        arguments.join(" ")
    )
}

/// A path below the current folder as one types it there; any other as it is.
fn from_here(path: &Path) -> PathBuf {
    let here = env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    below.unwrap_or_else(|| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::super::office::Credential;
    use super::*;

    #[test]
    fn explanation_names_people_commands_and_the_free_licence() {
        let folder = Path::new("/d");
        let office = || Office {
            name: "Bakery".to_owned(),
            credentials: vec![Credential {
                username: "guest".to_owned(),
                password: "let me in".to_owned(),
            }],
        };
        let person = |name, identity: &str| Person {
            name,
            app_kind: "work",
            identity: identity.to_owned(),
        };
        let demo = Demo {
            binaries: "/b".into(),
            folder: folder.into(),
            sites: ["open", "closed"]
                .map(|kind| Site::new(Path::new("/b"), folder, Path::new("/w"), kind)),
            offices: [office(), office()],
            people: vec![person("bob", "AAAAAAAA"), person("bea", "BBBBBBBB")],
            reused: true,
        };
        let link = Some("https://localhost:1/activate#t0".to_owned());
        let text = lines(&demo, &[link, None]).join("\n");
        for part in [
            "are used again",
            "guest with the password let me in",
            "/b/dreiklang-server --config /d/closed/config.toml oppf show",
            "/b/dreiklang --data-dir /d/people --app work --profile bob chat BBBBBBBB",
            "--profile bea chat AAAAAAAA",
            "--profile guest setup --instance /d/open/instance.json --activation \
             'https://localhost:1/activate#t0' --ca /d/open/keys/tls.crt",
        ] {
            assert!(text.contains(part), "{part} is missing in:\n{text}");
        }
    }
}
