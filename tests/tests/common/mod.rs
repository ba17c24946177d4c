//! People with terminal apps, as all scenarios use them.

use std::path::PathBuf;
use std::process::{Command, Output as Outcome, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use dreiklang_tests::process::{Output, Process};
use dreiklang_tests::programs::{self, Programs};
use serde_json::Value;

/// Nothing takes this long; what hangs shall fail and say so.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) fn programs() -> &'static Programs {
    static PROGRAMS: OnceLock<Programs> = OnceLock::new();
    PROGRAMS.get_or_init(|| programs::build().unwrap())
}

/// A profile of the terminal app.
pub(crate) struct Person {
    pub(crate) folder: PathBuf,
    pub(crate) name: String,
    /// `private`, `work` or `onprem`.
    pub(crate) app: &'static str,
    pub(crate) identity: String,
}

impl Person {
    /// Somebody who has not set anything up yet.
    pub(crate) fn new(folder: PathBuf, name: &str, app: &'static str) -> Self {
        Self {
            folder,
            name: name.to_owned(),
            app,
            identity: String::new(),
        }
    }

    /// `setup` without a passphrase, which must succeed.
    pub(crate) fn set_up(&mut self, flags: &[&str]) {
        let name = self.name.clone();
        let basics = ["setup", "--nickname", &name, "--no-passphrase"];
        let me = self.json(&[&basics[..], flags].concat());
        me["identity"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.identity);
    }

    /// A copy of the profile, as somebody has it who restored a backup on another machine.
    pub(crate) fn copied(&self, folder: PathBuf) -> Self {
        let copy = Command::new("cp")
            .arg("-r")
            .arg(&self.folder)
            .arg(&folder)
            .status();
        assert!(copy.unwrap().success());
        Self {
            folder,
            name: self.name.clone(),
            app: self.app,
            identity: self.identity.clone(),
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(programs().app());
        command.arg("--data-dir").arg(&self.folder);
        command
            .args(["--profile", &self.name, "--app", self.app])
            .env("DREIKLANG_LANG", "en");
        command.args(arguments);
        command.stdin(Stdio::null());
        command
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
