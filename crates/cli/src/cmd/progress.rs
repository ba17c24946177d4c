//! A bar that shows how far files are, on a terminal that somebody looks at.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};

use dreiklang_client::Event;
use dreiklang_client::desk::size;
use dreiklang_client::engine::MediaName;

use crate::output;
use crate::session::Session;

const COLUMNS: u64 = 24;

/// The bar.
pub(crate) struct Progress {
    is_shown: bool,
    files: BTreeMap<MediaName, (u64, u64)>,
    has_drawn: bool,
}

impl Progress {
    pub(crate) fn new(session: &Session<'_>) -> Self {
        Self {
            is_shown: !session.is_json() && io::stderr().is_terminal(),
            files: BTreeMap::new(),
            has_drawn: false,
        }
    }

    /// Draws the bar anew if the event moves it.
    pub(crate) fn note(&mut self, event: &Event) -> io::Result<()> {
        if let Event::Progress {
            media,
            done_bytes,
            total_bytes,
        } = event
        {
            self.files.insert(*media, (*done_bytes, *total_bytes));
            if self.is_shown {
                self.has_drawn = true;
                output::overwrite(&bar(&self.files))?;
            }
        }
        Ok(())
    }

    /// Takes the bar away.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.has_drawn) {
            output::overwrite("")?;
        }
        Ok(())
    }
}

/// All files as one bar.
pub(crate) fn bar(files: &BTreeMap<MediaName, (u64, u64)>) -> String {
    let sum = |part: fn(&(u64, u64)) -> u64| files.values().map(part).sum::<u64>();
    let total = sum(|(_, total)| *total).max(1);
    let done = sum(|(done, _)| *done).min(total);
    let full = usize::try_from(share(done, total, COLUMNS)).unwrap_or_default();
    let rest = usize::try_from(COLUMNS).unwrap_or_default() - full;
    format!(
        "{}{} {:>3} %  {} / {}",
        "▰".repeat(full),
        "▱".repeat(rest),
        share(done, total, 100),
        size(done),
        size(total)
    )
}

/// So many parts of all parts.
pub(crate) fn share(done: u64, total: u64, parts: u64) -> u64 {
    let share = u128::from(done) * u128::from(parts) / u128::from(total.max(1));
    u64::try_from(share).unwrap_or(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_full_as_the_files_are() {
        let mut files = BTreeMap::new();
        assert_eq!(bar(&files), format!("{}   0 %  0 B / 1 B", "▱".repeat(24)));
        files.insert(MediaName([1; 16]), (512, 1_024));
        files.insert(MediaName([2; 16]), (512, 1_024));
        let half = format!(
            "{}{}  50 %  1.0 KiB / 2.0 KiB",
            "▰".repeat(12),
            "▱".repeat(12)
        );
        assert_eq!(bar(&files), half);
        files.insert(MediaName([3; 16]), (u64::MAX / 4, u64::MAX / 4));
        assert!(bar(&files).contains("99 %"), "nothing overflows");
    }
}
