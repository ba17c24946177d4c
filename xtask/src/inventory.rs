//! The data inventory: which column holds what, whether it is about a person and how long it stays,
//! read from the comments of the schema. A column without an answer is an error.

use std::fs;

use anyhow::{Context, Result, bail, ensure};

use crate::shell::root;

/// The page that is made.
pub const PAGE: &str = "docs/data-inventory.md";

const SCHEMA: &str = "docs/schema/server.sql";

/// One table of the schema.
struct Table {
    name: String,
    about: String,
    kept: String,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    is_personal: bool,
    about: String,
}

/// The page as the schema wants it.
pub fn page() -> Result<String> {
    let schema =
        fs::read_to_string(root().join(SCHEMA)).with_context(|| format!("cannot read {SCHEMA}"))?;
    Ok(render(&tables(&schema)?))
}

/// Reads every table with its tags.
fn tables(schema: &str) -> Result<Vec<Table>> {
    let mut tables: Vec<Table> = Vec::new();
    let mut comment: Vec<&str> = Vec::new();
    let mut is_inside = false;
    for line in schema.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("--") {
            comment.push(text.trim());
            continue;
        }
        let said = std::mem::take(&mut comment).join(" ");
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            let name = rest.trim_end_matches('(').trim().to_owned();
            tables.push(table(name, &said)?);
            is_inside = true;
        } else if line.starts_with(')') {
            is_inside = false;
        } else if is_inside && !line.is_empty() {
            let name = line.split_whitespace().next().unwrap_or_default();
            let current = tables.last_mut().context("a column belongs to a table")?;
            if !name.starts_with(|first: char| first.is_ascii_uppercase()) {
                let column = column(name, &said);
                current
                    .columns
                    .push(column.with_context(|| format!("{SCHEMA}: table {}", current.name))?);
            }
        }
    }
    ensure!(!tables.is_empty(), "{SCHEMA}: no table");
    Ok(tables)
}

fn table(name: String, said: &str) -> Result<Table> {
    let Some((about, kept)) = said.split_once("Kept:") else {
        bail!("{SCHEMA}: table {name} does not say how long its rows are kept (`Kept: …`)");
    };
    Ok(Table {
        name,
        about: about.trim().to_owned(),
        kept: kept.trim().to_owned(),
        columns: Vec::new(),
    })
}

fn column(name: &str, said: &str) -> Result<Column> {
    let (is_personal, about) = match said.strip_prefix("personal: ").map(|it| it.split_once('.')) {
        Some(Some(("yes", about))) => (true, about),
        Some(Some(("no", about))) => (false, about),
        _ => bail!("column {name} does not say `personal: yes.` or `personal: no.`"),
    };
    Ok(Column {
        name: name.to_owned(),
        is_personal,
        about: about.trim().to_owned(),
    })
}

fn render(tables: &[Table]) -> String {
    let mut page = String::from(
        "# Data inventory\n\n\
         Made by `cargo xtask gen` from docs/schema/server.sql; change that file instead. It\n\
         lists every column that the server keeps, whether it is about a person, and how long\n\
         its rows stay. What is done with it, and how people see and erase it:\n\
         [privacy](privacy.md).\n",
    );
    for table in tables {
        page.push_str(&section(table));
    }
    page
}

fn section(table: &Table) -> String {
    let rows: Vec<String> = table.columns.iter().map(row).collect();
    let personal = table.columns.iter().filter(|it| it.is_personal).count();
    format!(
        "\n## {}\n\n{}\n\nKept: {}\n\nPersonal: {personal} of {} columns.\n\n\
         | column | personal | what |\n|---|---|---|\n{}",
        table.name,
        table.about,
        table.kept,
        table.columns.len(),
        rows.concat(),
    )
}

fn row(column: &Column) -> String {
    let personal = if column.is_personal { "yes" } else { "no" };
    let about = column.about.replace('|', "\\|");
    format!("| `{}` | {personal} | {about} |\n", column.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "-- People. Kept: for ever.\nCREATE TABLE people (\n    \
        -- personal: yes. How they are\n    -- called.\n    name TEXT NOT NULL,\n    \
        PRIMARY KEY (name)\n) STRICT;\n";

    #[test]
    fn tags_become_a_table() {
        let page = render(&tables(SOUND).unwrap());
        assert!(
            page.contains("## people\n\nPeople.\n\nKept: for ever.\n"),
            "{page}"
        );
        assert!(
            page.contains("| `name` | yes | How they are called. |\n"),
            "{page}"
        );
        assert!(!page.contains("PRIMARY"), "{page}");
    }

    #[test]
    fn whatever_has_no_tag_is_an_error() {
        let untagged = SOUND.replace("personal: yes. ", "");
        let told = format!("{:#}", tables(&untagged).err().unwrap());
        assert!(told.contains("people") && told.contains("name"), "{told}");
        assert!(tables(&SOUND.replace("Kept:", "")).is_err());
        assert!(tables("").is_err());
    }
}
