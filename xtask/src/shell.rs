//! Commands, the environment and the clock of the tasks: the one place that touches each.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The folder of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("invariant: the tasks live one folder below the workspace")
}

/// One line for the person in front of the terminal.
#[expect(
    clippy::print_stdout,
    reason = "the tasks speak here, and tests can capture it"
)]
pub fn say(line: &str) {
    println!("{line}");
}

/// Any command, started in the workspace and without a keyboard: nothing here may ask a question.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// The cargo that started this task.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments);
    cargo
}

/// Runs a command with its output on the terminal; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    say(&format!("$ {}", shown(command)));
    let status = command.status().with_context(|| unstarted(command))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// A folder that is gone is reported by the system as a program that is gone: both are named.
fn unstarted(command: &Command) -> String {
    let folder = command.get_current_dir().unwrap_or_else(|| root());
    format!("cannot start {} in {}", shown(command), folder.display())
}

/// Runs a command quietly and returns what it wrote to its standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| unstarted(command))?;
    if !output.status.success() {
        bail!(
            "{} ended with {}\n{}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{} did not write UTF-8", shown(command)))
}

/// A command as a person would type it: the program's name and the arguments.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut line = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned();
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        line.push(' ');
        if argument.contains(' ') {
            line.push('\'');
            line.push_str(&argument);
            line.push('\'');
        } else {
            line.push_str(&argument);
        }
    }
    line
}

/// Reads a child's log until a line contains `word`. The log is read on afterwards, unseen: a child
/// whose pipe is full would stop.
pub fn await_line(log: impl Read + Send + 'static, word: &str, timeout: Duration) -> Result<()> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            // Nobody listens any more once the word was said.
            let _ = sender.send(line);
        }
    });
    let mut seen = Vec::new();
    while let Ok(line) = lines.recv_timeout(timeout) {
        if line.contains(word) {
            return Ok(());
        }
        seen.push(line);
    }
    bail!("{word:?} was never said; this was:\n{}", seen.join("\n"))
}

/// The first file of this name in the folders of `PATH`.
pub fn found(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// The clock of the tasks: how long stages take is told, nothing depends on it.
#[expect(
    clippy::disallowed_methods,
    reason = "the tasks measure themselves; no product code"
)]
pub fn clock() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failing_command_is_an_error_with_its_line() {
        let error = run(command("sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(error.to_string().contains("sh -c 'exit 3'"), "{error}");
    }

    #[test]
    fn waits_for_a_word_or_tells_what_was_said_instead() {
        let wait =
            |text: &'static str| await_line(text.as_bytes(), "ready", Duration::from_mins(1));
        assert!(wait("starting\nnow ready\n").is_ok());
        let error = wait("starting\nno such file\n").unwrap_err();
        assert!(error.to_string().contains("no such file"), "{error}");
    }

    #[test]
    fn missing_program_is_named() {
        let error = output(&mut command("no-such-program-anywhere")).unwrap_err();
        assert!(
            error.to_string().contains("no-such-program-anywhere"),
            "{error}"
        );
    }
}
