//! What the scenarios share: one server, and people with terminal apps.

use std::path::{Path, PathBuf};
use std::process::{Command, Output as Outcome};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use dreiklang_tests::process::{Output, Process};
use dreiklang_tests::programs::{self, Programs};
use dreiklang_tests::server::Server;
use serde_json::Value;

/// Nothing takes this long; what hangs shall fail and say so.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

fn programs() -> &'static Programs {
    static PROGRAMS: OnceLock<Programs> = OnceLock::new();
    PROGRAMS.get_or_init(|| programs::build().unwrap())
}

/// A running server, and a folder for the people who use it.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server: Server,
}

pub(crate) fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let mut server =
        Server::init(&programs().server(), None, &folder.path().join("server")).unwrap();
    server.start().unwrap();
    World { folder, server }
}

impl World {
    /// Somebody with an identity and no passphrase.
    pub(crate) fn person(&self, name: &str) -> Person {
        let mut person = Person {
            folder: self.folder.path().join("people"),
            name: name.to_owned(),
            identity: String::new(),
        };
        let me = person.json(&[
            "setup",
            "--instance",
            self.server.instance_file().to_str().unwrap(),
            "--nickname",
            name,
            "--no-passphrase",
        ]);
        me["identity"]
            .as_str()
            .unwrap()
            .clone_into(&mut person.identity);
        person
    }

    /// Two people who have each other as contacts.
    pub(crate) fn couple(&self) -> (Person, Person) {
        let (alice, bob) = (self.person("alice"), self.person("bob"));
        alice.json(&["contact", "add", &bob.identity]);
        bob.json(&["contact", "add", &alice.identity]);
        (alice, bob)
    }
}

/// A profile of the terminal app.
pub(crate) struct Person {
    pub(crate) folder: PathBuf,
    pub(crate) name: String,
    pub(crate) identity: String,
}

impl Person {
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        app(&self.folder, &self.name, arguments)
    }

    /// Runs a command of the app that must succeed, and reads its JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let outcome = self.outcome(&[&["--json"], arguments].concat());
        assert!(outcome.status.success(), "{arguments:?}: {outcome:?}");
        serde_json::from_slice(&outcome.stdout).unwrap()
    }

    /// Runs a command that prints one object per line.
    pub(crate) fn json_lines(&self, arguments: &[&str]) -> Vec<Value> {
        let outcome = self.outcome(&[&["--json"], arguments].concat());
        assert!(outcome.status.success(), "{arguments:?}: {outcome:?}");
        let text = String::from_utf8(outcome.stdout).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Runs a command that must fail, and gives the code and the sentence of its error.
    pub(crate) fn refusal(&self, arguments: &[&str]) -> (String, String) {
        let outcome = self.outcome(&[&["--json"], arguments].concat());
        assert!(!outcome.status.success(), "{arguments:?}: {outcome:?}");
        error_of(&outcome)
    }

    pub(crate) fn outcome(&self, arguments: &[&str]) -> Outcome {
        self.command(arguments).output().unwrap()
    }

    /// Starts `run --json`, whose lines arrive together with those of others.
    pub(crate) fn run_into<T: Copy + Send + 'static>(
        &self,
        tag: T,
        lines: &Sender<(T, Option<Value>)>,
        flags: &[&str],
    ) -> Process {
        let command = self.command(&[&["--json", "run"], flags].concat());
        let lines = lines.clone();
        Process::start(command, Output::Lines, move |line| {
            let value = line.map(|line| serde_json::from_str(&line).unwrap());
            // The test may have ended already.
            let _ = lines.send((tag, value));
        })
        .unwrap()
    }

    /// Starts `run --json` for a test that has one conversation at a time with it.
    pub(crate) fn run(&self) -> Running {
        let (tell, lines) = mpsc::channel();
        let process = self.run_into((), &tell, &[]);
        let mut running = Running { process, lines };
        running.until(|line| line["event"] == "ready");
        running
    }

    /// Starts `run --json` and waits until everything that was queued has come.
    pub(crate) fn online(&self) -> Running {
        let mut running = self.run();
        running.until(|line| line["event"] == "queue_drained");
        running
    }
}

fn app(folder: &Path, profile: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(programs().app());
    command.arg("--data-dir").arg(folder);
    command
        .args(["--profile", profile])
        .env("DREIKLANG_LANG", "en");
    command.args(arguments);
    command.stdin(std::process::Stdio::null());
    command
}

/// The error in JSON, on whichever output it stands.
pub(crate) fn error_of(outcome: &Outcome) -> (String, String) {
    let text =
        String::from_utf8_lossy(&[&outcome.stdout[..], &outcome.stderr].concat()).into_owned();
    let line = text.lines().find(|line| line.contains("\"error\""));
    let value: Value = serde_json::from_str(line.expect(&text)).unwrap();
    let part = |name: &str| value["error"][name].as_str().unwrap().to_owned();
    (part("code"), part("message"))
}

/// An app under the control of the test.
pub(crate) struct Running {
    pub(crate) process: Process,
    lines: Receiver<((), Option<Value>)>,
}

impl Running {
    /// Does a command and gives the reply; what happens meanwhile is dropped.
    pub(crate) fn ask(&mut self, command: &Value) -> Value {
        let name = command["command"].clone();
        self.process.say(&command.to_string()).unwrap();
        self.until(|line| line["reply"] == name)
    }

    /// Reads lines until one is as wanted.
    pub(crate) fn until(&mut self, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(((), Some(line))) if wanted(&line) => return line,
                Ok(((), Some(line))) => seen.push(line),
                Ok(((), None)) => panic!("the app ended after {seen:#?}"),
                Err(why) => panic!("{why}: what was waited for did not come but {seen:#?}"),
            }
        }
    }

    /// Waits for the app to end by itself.
    pub(crate) fn until_end(&mut self) -> Vec<Value> {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(((), Some(line))) => seen.push(line),
                Ok(((), None)) => return seen,
                Err(why) => panic!("{why}: the app did not end; it said {seen:#?}"),
            }
        }
    }
}
