//! Arithmetic of measurements: quotients, percentiles, medians.

/// A quotient of counts. Counts of a measurement stay far below 2^53.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a measurement stay far below 2^53"
)]
pub fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / (whole.max(1)) as f64
}

/// A count as a number to compute with.
pub fn float(count: usize) -> f64 {
    ratio(count as u64, 1)
}

/// The value below which this share (in thousandths) of the sorted values lies.
pub fn percentile(sorted: &[u32], thousandths: usize) -> f64 {
    let index = (sorted.len() * thousandths / 1000).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().map_or(f64::NAN, f64::from)
}

/// The middle value, or the mean of the two in the middle; NaN for nothing.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| !value.is_nan())
        .collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_percentiles() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(median(&[3.0, 1.0, 2.0]), 2.0));
        assert!(close(median(&[4.0, 1.0, 2.0, 3.0, f64::NAN]), 2.5));
        assert!(median(&[]).is_nan());
        let values: Vec<u32> = (1..=1000).collect();
        assert!(close(percentile(&values, 500), 501.0));
        assert!(close(percentile(&values, 990), 991.0));
        assert!(close(percentile(&[7], 990), 7.0));
        assert!(percentile(&[], 500).is_nan());
        assert!(close(ratio(1, 4), 0.25));
    }
}
