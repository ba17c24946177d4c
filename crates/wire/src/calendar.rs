//! Days of the Gregorian calendar, for the few places that write a date without a time zone.

/// Year, month and day of a day number (days since 1970, which may be negative), by Howard
/// Hinnant's rule of shifting the year to begin in March.
pub fn civil_date(days_since_1970: i64) -> (i64, i64, i64) {
    let days = days_since_1970.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let leap_days = (of_era / 1460)
        .saturating_sub(of_era / 36_524)
        .saturating_add(of_era / 146_096);
    let year_of_era = of_era.saturating_sub(leap_days) / 365;
    let before = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era / 4)
        .saturating_sub(year_of_era / 100);
    let of_year = of_era.saturating_sub(before);
    let shifted_month = of_year.saturating_mul(5).saturating_add(2) / 153;
    let day = of_year
        .saturating_sub(shifted_month.saturating_mul(153).saturating_add(2) / 5)
        .saturating_add(1);
    let month = if shifted_month < 10 {
        shifted_month.saturating_add(3)
    } else {
        shifted_month.saturating_sub(9)
    };
    let year = year_of_era
        .saturating_add(era.saturating_mul(400))
        .saturating_add(i64::from(month <= 2));
    (year, month, day)
}

/// The number of a day, if the calendar has it.
pub(crate) fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    let shifted_year = year.saturating_sub(i64::from(month <= 2));
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let shifted_month = month.saturating_add(9).rem_euclid(12);
    let of_year = (shifted_month.saturating_mul(153).saturating_add(2) / 5)
        .saturating_add(day)
        .saturating_sub(1);
    let of_era = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era / 4)
        .saturating_sub(year_of_era / 100)
        .saturating_add(of_year);
    let number = era
        .saturating_mul(146_097)
        .saturating_add(of_era)
        .saturating_sub(719_468);
    (civil_date(number) == (year, month, day)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_has_one_number() {
        let mut previous = (1969, 12, 31);
        for number in 0..60_000 {
            let (year, month, day) = civil_date(number);
            assert!((year, month, day) > previous);
            assert_eq!(day_number(year, month, day), Some(number));
            previous = (year, month, day);
        }
        assert_eq!(civil_date(0), (1970, 1, 1));
        assert_eq!(civil_date(11_016), (2000, 2, 29));
        for (year, month, day) in [(2026, 2, 29), (2026, 0, 1), (2026, 13, 1), (2026, 4, 31)] {
            assert_eq!(day_number(year, month, day), None);
        }
    }
}
