//! The text field: edits by what people call a character, on one or several lines.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// More than a message can hold; the engine says what is too long, and the text stays.
const BYTES_MAX: usize = 64 * 1024;

/// A text and where the next character goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Editor {
    text: String,
    /// A byte index on a boundary of characters as people see them.
    cursor: usize,
}

/// Where the text and the cursor stand on the screen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Drawing {
    pub(crate) lines: Vec<String>,
    pub(crate) cursor_line: usize,
    pub(crate) cursor_column: usize,
}

impl Editor {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A field with a text, to go on at its end.
    pub(crate) fn with(text: &str) -> Self {
        let mut editor = Self::default();
        editor.insert(text);
        editor
    }

    /// What was typed since the last space.
    pub(crate) fn last_word(&self) -> &str {
        let before = &self.text[..self.cursor];
        let start = before.rfind(char::is_whitespace).map_or(0, |at| {
            let width = before[at..].chars().next().map_or(1, char::len_utf8);
            at + width
        });
        &before[start..]
    }

    /// Puts something in the place of [`last_word`](Self::last_word).
    pub(crate) fn replace_last_word(&mut self, text: &str) {
        let length = self.last_word().len();
        self.remove(self.cursor - length, self.cursor);
        self.insert(text);
    }

    /// Empties the field and gives what was in it.
    pub(crate) fn take(&mut self) -> String {
        self.cursor = 0;
        std::mem::take(&mut self.text)
    }

    /// Inserts what was typed or pasted. Control characters have no place in a message; what does
    /// not fit is left out.
    pub(crate) fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        for character in text.chars() {
            let is_wanted = !character.is_control() || matches!(character, '\n' | '\t');
            if is_wanted && self.text.len() + character.len_utf8() <= BYTES_MAX {
                self.text.insert(self.cursor, character);
                self.cursor += character.len_utf8();
            }
        }
        // A mark that joins the character before it, or after it, moves the boundary.
        self.cursor = self.boundary_from(self.cursor);
    }

    pub(crate) fn backspace(&mut self) {
        self.remove(self.before(), self.cursor);
    }

    pub(crate) fn delete(&mut self) {
        self.remove(self.cursor, self.after());
    }

    pub(crate) fn delete_word(&mut self) {
        self.remove(self.word_before(), self.cursor);
    }

    pub(crate) fn delete_to_line_start(&mut self) {
        self.remove(self.line_start(), self.cursor);
    }

    pub(crate) fn delete_to_line_end(&mut self) {
        self.remove(self.cursor, self.line_end());
    }

    pub(crate) fn left(&mut self) {
        self.cursor = self.before();
    }

    pub(crate) fn right(&mut self) {
        self.cursor = self.after();
    }

    pub(crate) fn word_left(&mut self) {
        self.cursor = self.word_before();
    }

    pub(crate) fn word_right(&mut self) {
        let rest = &self.text[self.cursor..];
        let words = rest.split_word_bound_indices();
        let end = words
            .filter(|(_, word)| !word.trim().is_empty())
            .map(|(at, word)| at + word.len());
        self.cursor += end.min().unwrap_or(rest.len());
    }

    pub(crate) fn home(&mut self) {
        self.cursor = self.line_start();
    }

    pub(crate) fn end(&mut self) {
        self.cursor = self.line_end();
    }

    /// To the same column of the line above; `false` if there is none.
    pub(crate) fn up(&mut self) -> bool {
        let start = self.line_start();
        if start == 0 {
            return false;
        }
        let column = self.text[start..self.cursor].graphemes(true).count();
        let above = self.text[..start - 1].rfind('\n').map_or(0, |at| at + 1);
        self.cursor = self.at_column(above, column);
        true
    }

    /// To the same column of the line below; `false` if there is none.
    pub(crate) fn down(&mut self) -> bool {
        let end = self.line_end();
        if end == self.text.len() {
            return false;
        }
        let column = self.text[self.line_start()..self.cursor]
            .graphemes(true)
            .count();
        self.cursor = self.at_column(end + 1, column);
        true
    }

    /// Breaks the text into lines of at most `width` columns.
    pub(crate) fn draw(&self, width: usize) -> Drawing {
        let width = width.max(2);
        let mut drawing = Drawing {
            lines: vec![String::new()],
            cursor_line: 0,
            cursor_column: 0,
        };
        let mut column = 0;
        for (at, cluster) in self.text.grapheme_indices(true) {
            let shown = if cluster == "\t" { "    " } else { cluster };
            let is_break = cluster == "\n";
            let columns = if is_break { 0 } else { shown.width() };
            // The cursor needs a column of its own behind the last character.
            if column + columns >= width && !is_break {
                drawing.lines.push(String::new());
                column = 0;
            }
            if at == self.cursor {
                (drawing.cursor_line, drawing.cursor_column) = (drawing.lines.len() - 1, column);
            }
            if is_break {
                drawing.lines.push(String::new());
                column = 0;
            } else if let Some(line) = drawing.lines.last_mut() {
                line.push_str(shown);
                column += columns;
            }
        }
        if self.cursor == self.text.len() {
            (drawing.cursor_line, drawing.cursor_column) = (drawing.lines.len() - 1, column);
        }
        drawing
    }

    fn remove(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = self.boundary_from(from);
    }

    /// `at` itself if it is between two characters, else the next such place.
    fn boundary_from(&self, at: usize) -> usize {
        let starts = self.text.grapheme_indices(true).map(|(start, _)| start);
        starts
            .chain([self.text.len()])
            .find(|start| *start >= at)
            .unwrap_or(self.text.len())
    }

    fn before(&self) -> usize {
        let last = self.text[..self.cursor].graphemes(true).next_back();
        self.cursor - last.map_or(0, str::len)
    }

    fn after(&self) -> usize {
        let next = self.text[self.cursor..].graphemes(true).next();
        self.cursor + next.map_or(0, str::len)
    }

    fn word_before(&self) -> usize {
        let mut words = self.text[..self.cursor].split_word_bound_indices().rev();
        words
            .find(|(_, word)| !word.trim().is_empty())
            .map_or(0, |(at, _)| at)
    }

    fn line_start(&self) -> usize {
        self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        self.text[self.cursor..]
            .find('\n')
            .map_or(self.text.len(), |at| self.cursor + at)
    }

    fn at_column(&self, start: usize, column: usize) -> usize {
        let line = self.text[start..].split('\n').next().unwrap_or_default();
        start
            + line
                .graphemes(true)
                .take(column)
                .map(str::len)
                .sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn editor(text: &str) -> Editor {
        let mut editor = Editor::default();
        editor.insert(text);
        editor
    }

    #[test]
    fn a_family_is_one_character() {
        let mut editor = editor("a👩‍👩‍👧‍👦e\u{301}");
        editor.backspace();
        assert_eq!(editor.text(), "a👩‍👩‍👧‍👦");
        editor.backspace();
        assert_eq!(editor.text(), "a");
        editor.left();
        editor.delete();
        assert!(editor.is_empty());
    }

    #[test]
    fn words_are_jumped_over_and_deleted() {
        let mut editor = editor("eins zwei  drei");
        editor.word_left();
        editor.word_left();
        editor.insert("x");
        assert_eq!(editor.text(), "eins xzwei  drei");
        editor.word_right();
        editor.insert("y");
        assert_eq!(editor.text(), "eins xzweiy  drei");
        editor.delete_word();
        assert_eq!(editor.text(), "eins   drei");
    }

    #[test]
    fn lines_are_kept_apart() {
        let mut editor = editor("first\r\nsecond\nx");
        assert_eq!(editor.text(), "first\nsecond\nx");
        assert!(editor.up());
        editor.end();
        editor.delete_to_line_start();
        assert_eq!(editor.text(), "first\n\nx");
        assert!(editor.up() && !editor.up());
        editor.delete_to_line_end();
        assert_eq!(editor.text(), "\n\nx");
        assert!(editor.down() && editor.down() && !editor.down());
    }

    #[test]
    fn controls_are_not_typed() {
        assert_eq!(editor("a\u{1B}[2Jb\u{7}\u{9B}c").text(), "a[2Jbc");
    }

    #[test]
    fn wide_characters_break_where_they_must() {
        let mut editor = editor("ab日本語");
        let drawing = editor.draw(7);
        assert_eq!(drawing.lines, ["ab日本", "語"]);
        assert_eq!((drawing.cursor_line, drawing.cursor_column), (1, 2));
        editor.home();
        assert_eq!(editor.draw(7).cursor_column, 0);
        assert_eq!(editor.draw(7).cursor_line, 0);
    }

    #[test]
    fn the_last_word_can_be_completed() {
        let mut editor = editor("hi\u{a0}@al and");
        assert_eq!(editor.last_word(), "and");
        editor.word_left();
        editor.left();
        assert_eq!(editor.last_word(), "@al");
        editor.replace_last_word("@[ALICE000]");
        assert_eq!(editor.text(), "hi\u{a0}@[ALICE000] and");
    }

    #[test]
    fn there_is_an_end() {
        assert_eq!(editor(&"x".repeat(BYTES_MAX + 5)).text().len(), BYTES_MAX);
    }
}
