//! Stages: named pieces of work, run one after the other, timed, counted and summed up.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::postgres::Postgres;
use crate::shell::{cargo, clock, run, say};

/// A piece of work with a name and a reason to exist.
pub struct Stage {
    /// The word to type and to read in the table at the end.
    pub name: &'static str,
    /// What a failure would mean, in one line.
    pub what: &'static str,
    /// How it is done.
    pub work: Work,
}

/// How a stage does its work.
pub enum Work {
    /// One cargo command.
    Cargo(&'static [&'static str]),
    /// Anything that needs a decision.
    Code(fn(&mut Scene) -> Result<Outcome>),
}

/// What a stage came to, unless it failed.
pub enum Outcome {
    /// It did its work and found nothing wrong.
    Passed,
    /// It could not do its work here; the text says what to do about it.
    Skipped(String),
}

/// What stages leave for later ones; it is torn down when it is dropped, so also after a failure.
#[derive(Default)]
pub struct Scene {
    /// The database server of the tests, once its stage has started it.
    pub postgres: Option<Postgres>,
}

/// Runs the stages in order, prints the table, and fails if one of them failed.
pub fn run_all(stages: &[&Stage], fail_fast: bool) -> Result<()> {
    let mut scene = Scene::default();
    let mut tally = Tally::begin();
    for (index, stage) in stages.iter().enumerate() {
        say(&format!(
            "\n=== {}/{} {}: {}",
            index + 1,
            stages.len(),
            stage.name,
            stage.what
        ));
        let begun = clock();
        let result = match stage.work {
            Work::Cargo(arguments) => run(&mut cargo(arguments)).map(|()| Outcome::Passed),
            Work::Code(code) => code(&mut scene),
        };
        tally.note(stage.name, result, begun.elapsed());
        if fail_fast && tally.failed > 0 {
            break;
        }
    }
    drop(scene);
    tally.tell()
}

struct Tally {
    begun: Instant,
    rows: Vec<(&'static str, &'static str, Duration)>,
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Tally {
    fn begin() -> Self {
        Self {
            begun: clock(),
            rows: Vec::new(),
            passed: 0,
            failed: 0,
            skipped: 0,
        }
    }

    fn note(&mut self, name: &'static str, result: Result<Outcome>, took: Duration) {
        let word = match result {
            Ok(Outcome::Passed) => {
                self.passed += 1;
                "passed"
            }
            Ok(Outcome::Skipped(why)) => {
                say(&format!("!!! {name} SKIPPED: {why}"));
                self.skipped += 1;
                "SKIPPED"
            }
            Err(error) => {
                say(&format!("!!! {name} FAILED: {error:#}"));
                self.failed += 1;
                "FAILED"
            }
        };
        say(&format!("--- {name} {word} after {}", spell(took)));
        self.rows.push((name, word, took));
    }

    fn tell(&self) -> Result<()> {
        say("\n=== the stages");
        for (name, word, took) in &self.rows {
            say(&format!("{name:<12} {word:<8} {:>12}", spell(*took)));
        }
        say(&format!(
            "{:<12} {:<8} {:>12}\n",
            "total",
            "",
            spell(self.begun.elapsed())
        ));
        say(&self.closing_line());
        match self.failed {
            0 => Ok(()),
            _ => bail!("not everything passed"),
        }
    }

    fn closing_line(&self) -> String {
        match self.skipped {
            0 => format!("{} passed, {} failed", self.passed, self.failed),
            skipped => format!(
                "{} passed, {} failed, {skipped} skipped",
                self.passed, self.failed
            ),
        }
    }
}

fn spell(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn counts_and_fails_after_a_failure() {
        let mut tally = Tally::begin();
        tally.note("one", Ok(Outcome::Passed), Duration::from_millis(1500));
        assert!(tally.tell().is_ok());
        assert_eq!(tally.closing_line(), "1 passed, 0 failed");
        tally.note(
            "two",
            Ok(Outcome::Skipped("no tool".into())),
            Duration::ZERO,
        );
        tally.note("three", Err(anyhow!("broken")), Duration::from_secs(61));
        assert_eq!(tally.closing_line(), "1 passed, 1 failed, 1 skipped");
        assert!(tally.tell().is_err());
    }

    #[test]
    fn later_stages_run_after_a_failure_unless_told_otherwise() {
        fn fail(_: &mut Scene) -> Result<Outcome> {
            bail!("planned")
        }
        fn pass(scene: &mut Scene) -> Result<Outcome> {
            if scene.postgres.is_some() {
                bail!("nobody started one")
            }
            Ok(Outcome::Passed)
        }
        let failing = Stage {
            name: "fail",
            what: "fails",
            work: Work::Code(fail),
        };
        let passing = Stage {
            name: "pass",
            what: "passes",
            work: Work::Code(pass),
        };
        assert!(run_all(&[&failing, &passing], false).is_err());
        assert!(run_all(&[&failing, &passing], true).is_err());
        assert!(run_all(&[&passing], true).is_ok());
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(spell(Duration::from_millis(840)), "0.8 s");
        assert_eq!(spell(Duration::from_secs(125)), "2 min 05 s");
    }
}
