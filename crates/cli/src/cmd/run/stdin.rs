//! Commands of a script: lines of JSON on standard input.

use std::io::{self, BufRead, Read};
use std::thread;

use dreiklang_client::desk::{Failure, Input, parse};
use tokio::sync::mpsc;

/// A text message of the largest size, with every byte escaped, and its frame.
const LINE_BYTES_MAX: usize = 64 * 1024;
/// Lines that wait for the one that is being done; the script waits beyond that.
const LINES_MAX: usize = 16;

/// Reads standard input on a thread of its own: a read from a terminal cannot be given up.
pub(super) fn read() -> mpsc::Receiver<Input> {
    let (sender, receiver) = mpsc::channel(LINES_MAX);
    thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Ok(Some(input)) = read_line(&mut stdin) {
            if sender.blocking_send(input).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The next line that is not empty; `None` at the end.
fn read_line(from: &mut impl BufRead) -> io::Result<Option<Input>> {
    loop {
        let mut line = Vec::new();
        let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        if from.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') && line.len() >= LINE_BYTES_MAX {
            skip_line(from)?;
            return Ok(Some(Input::unusable(Failure::usage("line-too-long"))));
        }
        if !line.trim_ascii().is_empty() {
            return Ok(Some(parse(&line)));
        }
    }
}

/// Reads the rest of a line without keeping it.
fn skip_line(from: &mut impl BufRead) -> io::Result<()> {
    loop {
        let bytes = from.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(bytes.len(), |end| end + 1);
        from.consume(length);
        if end.is_some() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests;
