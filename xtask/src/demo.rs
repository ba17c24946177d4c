//! `demo`: an instance with two people, kept in one folder and started again from it.
//!
//! At the end this process becomes the server, so Ctrl-C and signals reach it directly.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::built;
use crate::machine;
use crate::shell::{await_line, cargo, command, output, run as start, say};

const PEOPLE: [&str; 2] = ["alice", "bob"];
const FOLDER: &str = "demo-data";

/// What the server logs, as JSON, when clients can connect.
const READY: &str = "\"message\":\"ready\"";
const READY_TIMEOUT: Duration = Duration::from_secs(30);

/// Prepares everything, explains it, and becomes the server.
pub fn run(arguments: &[String]) -> Result<()> {
    let options = Options::read(arguments)?;
    let demo = prepare(&options)?;
    for line in demo.lines() {
        say(&line);
    }
    let error = demo.server().stdin(Stdio::null()).exec();
    Err(error).context("cannot become the server")
}

/// Which build of the two programs to take.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Build {
    Development,
    Release,
    /// What the test stages have built already.
    Tested,
}

/// What the command line says.
pub struct Options {
    folder: PathBuf,
    build: Build,
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            folder: env::current_dir()?.join(FOLDER),
            build: Build::Development,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--release" => options.build = Build::Release,
                "--data-dir" => {
                    let folder = rest.next().context("--data-dir needs a folder")?;
                    options.folder = env::current_dir()?.join(folder);
                }
                other => bail!("demo does not know {other:?}"),
            }
        }
        Ok(options)
    }
}

/// The binaries, the folder, and who lives there.
struct Demo {
    binaries: PathBuf,
    folder: PathBuf,
    instance: Instance,
    people: Vec<Person>,
    reused: bool,
}

/// The part of the instance file that is worth showing.
#[derive(Deserialize)]
struct Instance {
    chat: Chat,
    directory_url: String,
}

#[derive(Deserialize)]
struct Chat {
    host: String,
    ports: Vec<u16>,
}

#[derive(Debug, PartialEq)]
struct Person {
    name: &'static str,
    identity: String,
}

/// Builds the programs, and makes the instance and its people unless they are there.
fn prepare(options: &Options) -> Result<Demo> {
    let binaries = build(options.build)?;
    let folder = &options.folder;
    let reused = server_folder(folder).join("config.toml").exists();
    if !reused {
        make_instance(&binaries, folder)?;
    }
    let instance = fs::read_to_string(server_folder(folder).join("instance.json"))
        .context("the folder has a configuration but no instance file; remove it to begin anew")?;
    let mut demo = Demo {
        binaries,
        folder: folder.clone(),
        instance: serde_json::from_str(&instance)?,
        people: Vec::new(),
        reused,
    };
    demo.people = match demo.known_people() {
        Some(people) => people,
        None => demo.make_people()?,
    };
    Ok(demo)
}

/// Builds the two programs; returns the folder they are in.
fn build(build: Build) -> Result<PathBuf> {
    const PACKAGES: [&str; 2] = ["--package=dreiklang-server", "--package=dreiklang-cli"];
    machine::prepare()?;
    say("Building the server and the terminal app; the first time takes some minutes.");
    match build {
        Build::Development => {
            say("This is the development build; --release makes a faster one.");
            start(cargo(&["build", "--locked"]).args(PACKAGES))?;
            built::folder("debug")
        }
        Build::Release => {
            start(cargo(&["build", "--locked", "--release"]).args(PACKAGES))?;
            built::folder("release")
        }
        Build::Tested => built::programs(),
    }
}

fn server_folder(folder: &Path) -> PathBuf {
    folder.join("server")
}

/// Ports are drawn once and then stand in the configuration.
fn make_instance(binaries: &Path, folder: &Path) -> Result<()> {
    let [chat, api] = free_ports()?.map(|port| port.to_string());
    let mut init = command(binaries.join("dreiklang-server"));
    init.arg("init")
        .arg("--data-dir")
        .arg(server_folder(folder));
    init.args([
        "--loopback",
        "--host",
        "localhost",
        "--name",
        "Dreiklang demo",
    ]);
    start(init.args(["--chat-port", &chat, "--api-port", &api]))
}

/// Two different ports that nobody listens on.
fn free_ports() -> Result<[u16; 2]> {
    let listeners = [
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?,
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?,
    ];
    let [first, second] = &listeners;
    Ok([first.local_addr()?.port(), second.local_addr()?.port()])
}

impl Demo {
    fn server(&self) -> Command {
        let mut server = command(self.binaries.join("dreiklang-server"));
        server
            .arg("--config")
            .arg(server_folder(&self.folder).join("config.toml"));
        server
    }

    fn app(&self, person: &str) -> Command {
        let mut app = command(self.binaries.join("dreiklang"));
        app.arg("--data-dir")
            .arg(self.folder.join("people"))
            .args(["--profile", person]);
        app
    }

    /// The people, if all of them have an identity already.
    fn known_people(&self) -> Option<Vec<Person>> {
        PEOPLE.iter().map(|name| self.person(name).ok()).collect()
    }

    fn person(&self, name: &'static str) -> Result<Person> {
        #[derive(Deserialize)]
        struct Me {
            identity: String,
        }
        let text = output(self.app(name).args(["--json", "me"]))?;
        let me: Me = serde_json::from_str(&text).context("`me --json` changed")?;
        Ok(Person {
            name,
            identity: me.identity,
        })
    }

    /// Starts the server for as long as it takes to make two people who know each other.
    fn make_people(&self) -> Result<Vec<Person>> {
        let running = Running::start(self.server())?;
        let instance = server_folder(&self.folder).join("instance.json");
        for name in PEOPLE {
            if self.person(name).is_err() {
                let nickname = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
                let mut setup = self.app(name);
                setup.arg("setup").arg("--instance").arg(&instance);
                start(setup.args(["--nickname", &nickname, "--no-passphrase"]))?;
            }
        }
        let people: Vec<Person> = PEOPLE
            .iter()
            .map(|name| self.person(name))
            .collect::<Result<_>>()?;
        for (one, other) in [(0, 1), (1, 0)] {
            let (one, other) = (&people[one], &people[other]);
            let contact = ["contact", "add", &other.identity, "--name", other.name];
            start(self.app(one.name).args(contact))?;
        }
        running.stop()?;
        Ok(people)
    }

    /// What to tell: what happened, where everything is, what to type.
    fn lines(&self) -> Vec<String> {
        let Instance {
            chat,
            directory_url,
        } = &self.instance;
        let ports: Vec<String> = chat.ports.iter().map(ToString::to_string).collect();
        let mut lines = vec![
            String::new(),
            if self.reused {
                format!("The instance in {} is used again.", self.folder.display())
            } else {
                format!("Made an instance in {}.", self.folder.display())
            },
            format!("  chat server   {} port {}", chat.host, ports.join(", ")),
            format!("  directory     {directory_url}"),
        ];
        for person in &self.people {
            lines.push(format!("  {:<13} {}", person.name, person.identity));
        }
        lines.push("\nTo chat, open two more terminals:".to_owned());
        for (index, person) in self.people.iter().enumerate() {
            let other = &self.people[(index + 1) % self.people.len()];
            lines.push(format!(
                "  {}",
                self.typed(person.name, &["chat", &other.identity])
            ));
        }
        if let [one, other, ..] = self.people.as_slice() {
            lines.push("\nOr without a screen:".to_owned());
            let text = ["send", &other.identity, "'Hello'"];
            lines.push(format!("  {}", self.typed(one.name, &text)));
            lines.push(format!(
                "  {}",
                self.typed(other.name, &["receive", "--until-idle"])
            ));
        }
        lines.push("\nCtrl-C stops the server. The folder keeps everything.\n".to_owned());
        lines
    }

    /// A command of the app as a person types it here.
    fn typed(&self, person: &str, arguments: &[&str]) -> String {
        let program = from_here(&self.binaries.join("dreiklang"));
        let folder = from_here(&self.folder.join("people"));
        let (program, folder) = (program.display(), folder.display());
        format!(
            "{program} --data-dir {folder} --profile {person} {}",
            arguments.join(" ")
        )
    }
}

/// A path below the current folder as one types it there; any other as it is.
fn from_here(path: &Path) -> PathBuf {
    let here = env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    below.unwrap_or_else(|| path.to_path_buf())
}

/// A server that is stopped when it is not needed any more, also after an error.
struct Running {
    child: Child,
}

impl Running {
    fn start(mut server: Command) -> Result<Self> {
        server
            .env("DREIKLANG_LOG__FORMAT", "json")
            .env("DREIKLANG_LOG__LEVEL", "info");
        let mut child = server
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let log = child
            .stderr
            .take()
            .context("invariant: the log was asked for as a pipe")?;
        let running = Self { child };
        await_line(log, READY, READY_TIMEOUT).context("the server did not start")?;
        Ok(running)
    }

    /// Asks the server to stop, as an operator would, and waits until it has.
    fn stop(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        output(command("sh").args(["-c", "kill -TERM \"$0\"", &pid]))?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server did not stop cleanly: {status}");
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After `stop` there is nothing left to kill; after an error there may be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The demonstration as CI sees it: made in an empty folder, then found again there.
pub fn rehearse() -> Result<()> {
    let folder = tempfile::Builder::new()
        .prefix("dreiklang-demo-")
        .tempdir()?;
    let options = Options {
        folder: folder.path().join("new"),
        build: Build::Tested,
    };
    let made = prepare(&options)?;
    let found = prepare(&options)?;
    if made.reused || !found.reused || made.people != found.people {
        bail!("the second start did not find what the first one made");
    }
    let running = Running::start(found.server())?;
    let [one, other, ..] = found.people.as_slice() else {
        bail!("there are no two people")
    };
    start(
        found
            .app(one.name)
            .args(["send", &other.identity, "Hello", "--wait", "sent"]),
    )?;
    let received = output(found.app(other.name).args(["receive", "--until-idle"]))?;
    if !received.contains("Hello") {
        bail!(
            "{} sent a message, {} received: {received:?}",
            one.name,
            other.name
        );
    }
    running.stop()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_are_read() {
        let options = Options::read(&words("--release --data-dir /there/it")).unwrap();
        assert_eq!(options.build, Build::Release);
        assert_eq!(options.folder, Path::new("/there/it"));
        assert!(Options::read(&words("--data-dir")).is_err());
        assert!(Options::read(&words("--fast")).is_err());
        assert!(Options::read(&[]).unwrap().folder.ends_with(FOLDER));
    }

    #[test]
    fn ports_differ() {
        let [one, other] = free_ports().unwrap();
        assert_ne!(one, other);
    }

    #[test]
    fn explanation_names_ports_people_and_commands() {
        let instance =
            r#"{"chat":{"host":"localhost","ports":[5222]},"directory_url":"https://d/"}"#;
        let person = |name, identity: &str| Person {
            name,
            identity: identity.to_owned(),
        };
        let demo = Demo {
            binaries: "/b".into(),
            folder: "/d".into(),
            instance: serde_json::from_str(instance).unwrap(),
            people: vec![person("alice", "AAAAAAAA"), person("bob", "BBBBBBBB")],
            reused: true,
        };
        let text = demo.lines().join("\n");
        assert!(
            text.contains("used again") && text.contains("port 5222"),
            "{text}"
        );
        assert!(
            text.contains("/b/dreiklang --data-dir /d/people --profile alice chat BBBBBBBB"),
            "{text}"
        );
        assert!(text.contains("--profile bob chat AAAAAAAA"), "{text}");
    }
}
