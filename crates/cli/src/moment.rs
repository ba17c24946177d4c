//! Points in time as people read them: in the time zone of the machine.

use dreiklang_client::engine::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;

use crate::texts::Texts;

/// Turns points in time into words.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    zone: TimeZone,
}

impl Calendar {
    /// The calendar of the machine.
    pub(crate) fn system() -> Self {
        Self {
            zone: TimeZone::system(),
        }
    }

    /// A calendar that is the same everywhere.
    #[cfg(test)]
    pub(crate) fn utc() -> Self {
        Self {
            zone: TimeZone::UTC,
        }
    }

    /// How far the clocks of people here are ahead of universal time.
    pub(crate) fn utc_offset_minutes(&self, at: Timestamp) -> i32 {
        let ms = i64::try_from(at.as_ms()).unwrap_or_default();
        let at = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
        self.zone.to_offset(at).seconds() / 60
    }

    /// The day that a point in time falls on.
    pub(crate) fn date(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// `14:05`
    pub(crate) fn time(&self, at: Timestamp) -> String {
        let local = self.local(at);
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// The day and the time, so that a list sorts.
    pub(crate) fn full(&self, at: Timestamp) -> String {
        format!("{} {}", self.date(at), self.time(at))
    }

    /// As short as it is clear today: the time, the weekday of this week, or the date.
    pub(crate) fn short(&self, at: Timestamp, now: Timestamp, texts: &Texts) -> String {
        match self.days_ago(at, now) {
            0 => self.time(at),
            1 => texts.say("yesterday"),
            2..=6 => texts.say(weekday(self.date(at).weekday()).short),
            _ => date_text(self.date(at), texts),
        }
    }

    /// The heading over the messages of a day.
    pub(crate) fn heading(&self, at: Timestamp, now: Timestamp, texts: &Texts) -> String {
        let date = self.date(at);
        match self.days_ago(at, now) {
            0 => texts.say("today"),
            1 => texts.say("yesterday"),
            _ => {
                let day = texts.say(weekday(date.weekday()).long);
                texts.with(
                    "day-heading",
                    &[("weekday", &day), ("date", &date_text(date, texts))],
                )
            }
        }
    }

    /// Negative for the future.
    fn days_ago(&self, at: Timestamp, now: Timestamp) -> i32 {
        self.date(now)
            .since(self.date(at))
            .map_or(i32::MAX, |span| span.get_days())
    }

    /// What lies beyond the calendar shows as 1970: only a broken or lying clock gets there.
    fn local(&self, at: Timestamp) -> DateTime {
        let ms = i64::try_from(at.as_ms()).unwrap_or_default();
        self.zone
            .to_datetime(jiff::Timestamp::from_millisecond(ms).unwrap_or_default())
    }
}

fn date_text(date: Date, texts: &Texts) -> String {
    texts.with(
        "date",
        &[
            ("day", &format!("{:02}", date.day())),
            ("month", &format!("{:02}", date.month())),
            ("year", &date.year().to_string()),
        ],
    )
}

/// The message ids of a day's names.
struct DayNames {
    short: &'static str,
    long: &'static str,
}

fn weekday(day: Weekday) -> DayNames {
    let (short, long) = match day {
        Weekday::Monday => ("monday-short", "monday"),
        Weekday::Tuesday => ("tuesday-short", "tuesday"),
        Weekday::Wednesday => ("wednesday-short", "wednesday"),
        Weekday::Thursday => ("thursday-short", "thursday"),
        Weekday::Friday => ("friday-short", "friday"),
        Weekday::Saturday => ("saturday-short", "saturday"),
        Weekday::Sunday => ("sunday-short", "sunday"),
    };
    DayNames { short, long }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Spoken;

    // Monday, 23 November 2026, 12:00 UTC.
    const NOW: u64 = 1_795_435_200_000;
    const DAY: u64 = 86_400_000;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    #[test]
    fn short_forms_grow_with_distance() {
        let texts = Texts::new(Spoken::ENGLISH);
        let short = |ms| Calendar::utc().short(at(ms), at(NOW), &texts);
        assert_eq!(short(NOW - 3_600_000), "11:00");
        assert_eq!(short(NOW - DAY), "Yesterday");
        assert_eq!(short(NOW - 3 * DAY), "Fri");
        assert_eq!(short(NOW - 30 * DAY), "2026-10-24");
    }

    #[test]
    fn headings_speak_both_languages() {
        let heading = |spoken, ms| Calendar::utc().heading(at(ms), at(NOW), &Texts::new(spoken));
        assert_eq!(heading(Spoken::ENGLISH, NOW), "Today");
        assert_eq!(
            heading(Spoken::ENGLISH, NOW - 2 * DAY),
            "Saturday, 2026-11-21"
        );
        assert_eq!(
            heading(Spoken::of_tag("de"), NOW - 2 * DAY),
            "Samstag, 21.11.2026"
        );
    }

    #[test]
    fn absurd_clocks_are_harmless() {
        assert_eq!(Calendar::utc().full(at(u64::MAX)), "1970-01-01 00:00");
    }
}
