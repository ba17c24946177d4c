//! Prints answers: tables and lists of facts for people, JSON for programs.

use serde_json::Value;

use crate::command::{say, say_json};

/// Prints the answer as JSON, or else the text that is made of it.
pub(super) fn either(
    json: bool,
    answer: &Value,
    text: impl FnOnce(&Value) -> String,
) -> anyhow::Result<()> {
    if json {
        say_json(answer)
    } else {
        Ok(say(text(answer).trim_end())?)
    }
}

/// A table of a list of objects: heads and the fields below them.
pub(super) fn table(rows: &Value, columns: &[(&str, &str)]) -> String {
    let rows = rows.as_array().map_or(&[][..], Vec::as_slice);
    if rows.is_empty() {
        return "There are none.".to_owned();
    }
    let heads = columns.iter().map(|(head, _)| (*head).to_owned()).collect();
    let mut lines: Vec<Vec<String>> = vec![heads];
    lines.extend(rows.iter().map(|row| {
        let cells = columns.iter().map(|(_, field)| text(&row[*field]));
        cells.collect()
    }));
    let width = |column: usize| {
        let cells = lines.iter().map(|line| line[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..columns.len()).map(width).collect();
    let line = |cells: &Vec<String>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| {
            let missing = width.saturating_sub(cell.chars().count());
            format!("{cell}{}", " ".repeat(missing))
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// An object as one fact per line, without its links and without what is not known.
pub(super) fn facts(object: &Value) -> String {
    let Some(fields) = object.as_object() else {
        return text(object);
    };
    let shown: Vec<_> = fields
        .iter()
        .filter(|(name, value)| !name.starts_with('_') && !value.is_null())
        .collect();
    let width = shown.iter().map(|it| it.0.len()).max().unwrap_or(0);
    shown
        .iter()
        .map(|(name, value)| format!("{name:width$}  {}", text(value)))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A value without quotes, and without characters that could play with a terminal: names come
/// from the outside.
pub(super) fn text(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.chars()
        .map(|it| if it.is_control() { '\u{fffd}' } else { it })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tables_are_aligned_and_harmless() {
        let rows = json!([
            { "id": "A", "name": "Ada", "on": true },
            { "id": "LONGER", "name": "B\u{1b}[31m", "on": null },
        ]);
        let drawn = table(&rows, &[("ID", "id"), ("NAME", "name"), ("ON", "on")]);
        assert_eq!(
            drawn,
            "ID      NAME    ON\nA       Ada     yes\nLONGER  B\u{fffd}[31m"
        );
        assert_eq!(table(&json!([]), &[("ID", "id")]), "There are none.");
    }

    #[test]
    fn facts_leave_out_links() {
        let object = json!({ "_links": [], "id": "A", "seats": 3, "end": null });
        assert_eq!(facts(&object), "id     A\nseats  3");
    }
}
