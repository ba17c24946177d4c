//! `tidy`: the rules of the house that no compiler knows. One file per rule; each rule is a table
//! and a function from texts to findings, and is tested on a planted violation.

pub mod arrows;
pub mod budgets;
pub mod code;
pub mod confined;
pub mod glossary;
pub mod locales;
pub mod rooms;
pub mod shape;
pub mod traces;
pub mod tree;

use anyhow::{Result, bail};

use crate::shell::say;

/// Prints what breaks a rule, and fails if anything does.
pub fn run(arguments: &[String]) -> Result<()> {
    if let Some(argument) = arguments.first() {
        bail!("tidy takes no arguments, not {argument:?}");
    }
    check()
}

/// The same for the other verbs.
pub fn check() -> Result<()> {
    let violations = violations()?;
    for violation in &violations {
        say(violation);
    }
    match violations.len() {
        0 => Ok(()),
        count => bail!("{count} breaks of the house rules"),
    }
}

/// Everything in the tree that breaks a rule.
pub fn violations() -> Result<Vec<String>> {
    let files = tree::files()?;
    let packages = arrows::packages()?;
    let mut found = arrows::violations(&packages);
    found.extend(confined::violations(&packages));
    found.extend(confined::pure_violations()?);
    found.extend(rooms::violations(&files));
    found.extend(shape::violations(&files));
    found.extend(budgets::violations(&files));
    found.extend(glossary::violations(&files));
    found.extend(traces::violations(&files));
    found.extend(locales::violations(&files));
    Ok(found)
}
