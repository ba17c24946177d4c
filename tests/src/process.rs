//! A child process whose lines arrive on a channel and which never outlives the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread;

use anyhow::{Context, Result};

/// Which output of a process is read line by line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Standard output; standard error goes to the terminal.
    Lines,
    /// Standard error; standard output goes nowhere.
    Log,
}

/// A running process.
#[derive(Debug)]
pub struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Process {
    /// Starts a process. `on_line` is called with each line, and with `None` at the end.
    pub fn start(
        mut command: Command,
        output: Output,
        on_line: impl FnMut(Option<String>) + Send + 'static,
    ) -> Result<Self> {
        command.stdin(Stdio::piped());
        match output {
            Output::Lines => command.stdout(Stdio::piped()),
            Output::Log => command.stdout(Stdio::null()).stderr(Stdio::piped()),
        };
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let stdin = child.stdin.take();
        let (out, log) = (child.stdout.take(), child.stderr.take());
        match output {
            Output::Lines => read(out.context("invariant: a pipe")?, on_line),
            Output::Log => read(log.context("invariant: a pipe")?, on_line),
        }
        Ok(Self { child, stdin })
    }

    /// Writes one line to the standard input. Fails if the process has gone.
    pub fn say(&mut self, line: &str) -> std::io::Result<()> {
        let stdin = self.stdin.as_mut().ok_or(std::io::ErrorKind::BrokenPipe)?;
        stdin.write_all(format!("{line}\n").as_bytes())?;
        stdin.flush()
    }

    /// SIGKILL; returns when the process is gone.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill().context("cannot kill")?;
        self.child.wait().context("cannot wait")?;
        Ok(())
    }

    /// Closes the standard input and waits for the end.
    pub fn finish(mut self) -> Result<ExitStatus> {
        self.stdin = None;
        Ok(self.child.wait()?)
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After an orderly end there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(
    from: impl Read + Send + 'static,
    mut on_line: impl FnMut(Option<String>) + Send + 'static,
) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            on_line(Some(line));
        }
        on_line(None);
    });
}
