//! Which part of the screen shows what. Below 60 columns there is one pane instead of two.

use ratatui::layout::Rect;

use super::state::{Focus, Screen};

/// From this width on, list and conversation stand side by side.
const WIDE_COLUMNS: u16 = 60;
/// The tallest the text field gets.
const INPUT_LINES_MAX: u16 = 6;

/// The parts; what has no place is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Panes {
    pub(crate) top: Rect,
    pub(crate) list: Rect,
    pub(crate) divider: Rect,
    pub(crate) header: Rect,
    pub(crate) timeline: Rect,
    pub(crate) hint: Rect,
    pub(crate) input: Rect,
    pub(crate) bottom: Rect,
}

impl Panes {
    pub(crate) fn new(screen: &Screen) -> Self {
        let area = screen.area;
        if area.height < 4 || area.width < 10 {
            return Self {
                bottom: area,
                ..Self::default()
            };
        }
        let row = |y| Rect {
            y,
            height: 1,
            ..area
        };
        let (top, bottom) = (row(area.y), row(area.bottom() - 1));
        let body = Rect {
            y: area.y + 1,
            height: area.height - 2,
            ..area
        };
        let mut panes = Self {
            top,
            bottom,
            ..Self::default()
        };
        if area.width >= WIDE_COLUMNS {
            let width = (area.width * 3 / 10).clamp(22, 38);
            panes.list = Rect { width, ..body };
            panes.divider = Rect {
                x: body.x + width,
                width: 1,
                ..body
            };
            let taken = width + 1;
            panes.place(
                Rect {
                    x: body.x + taken,
                    width: body.width - taken,
                    ..body
                },
                screen,
            );
        } else if screen.open.is_some() && screen.focus == Focus::Text {
            panes.place(body, screen);
        } else {
            panes.list = body;
        }
        panes
    }

    /// Header, messages, a line between, text field: from the bottom up, as far as it goes.
    fn place(&mut self, area: Rect, screen: &Screen) {
        let Some(open) = &screen.open else {
            self.timeline = area;
            return;
        };
        let width = usize::from(area.width.saturating_sub(2));
        let lines = u16::try_from(open.editor.draw(width).lines.len()).unwrap_or(u16::MAX);
        let room = area.height.saturating_sub(3).max(1);
        let input = lines.min(INPUT_LINES_MAX).min(room);
        self.input = Rect {
            y: area.bottom() - input,
            height: input,
            ..area
        };
        let above = area.height - input;
        if above > 0 {
            self.hint = Rect {
                y: self.input.y - 1,
                height: 1,
                ..area
            };
        }
        if above > 1 {
            self.header = Rect { height: 1, ..area };
        }
        if above > 2 {
            self.timeline = Rect {
                y: area.y + 1,
                height: above - 2,
                ..area
            };
        }
    }
}
