//! Punycode (RFC 3492), the encoding half: how a label of a domain that is not ASCII is written.

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 0x80;

/// Encodes a label; nothing if it is too long for the arithmetic of the algorithm.
pub(super) fn encode(label: &str) -> Option<String> {
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(out.len()).ok()?;
    let total = u32::try_from(label.chars().count()).ok()?;
    let mut handled = basic;
    if basic > 0 {
        out.push('-');
    }
    let (mut n, mut delta, mut bias) = (INITIAL_N, 0_u32, INITIAL_BIAS);
    while handled < total {
        let next = label.chars().map(u32::from).filter(|c| *c >= n).min()?;
        let step = next.checked_sub(n)?.checked_mul(handled.checked_add(1)?)?;
        delta = delta.checked_add(step)?;
        n = next;
        for c in label.chars().map(u32::from) {
            if c < n {
                delta = delta.checked_add(1)?;
            }
            if c == n {
                variable_length(delta, bias, &mut out)?;
                bias = adapt(delta, handled.checked_add(1)?, handled == basic)?;
                delta = 0;
                handled = handled.checked_add(1)?;
            }
        }
        delta = delta.checked_add(1)?;
        n = n.checked_add(1)?;
    }
    Some(out)
}

fn variable_length(delta: u32, bias: u32, out: &mut String) -> Option<()> {
    let mut rest = delta;
    let mut k = BASE;
    loop {
        let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if rest < threshold {
            break;
        }
        let span = BASE.checked_sub(threshold)?;
        let above = rest.checked_sub(threshold)?;
        out.push(digit(threshold.checked_add(above.checked_rem(span)?)?)?);
        rest = above.checked_div(span)?;
        k = k.checked_add(BASE)?;
    }
    out.push(digit(rest)?);
    Some(())
}

/// 0 to 25 are letters, 26 to 35 are digits.
fn digit(value: u32) -> Option<char> {
    let byte = u8::try_from(value).ok()?;
    let code = if byte < 26 {
        b'a'.checked_add(byte)
    } else {
        b'0'.checked_add(byte.checked_sub(26)?)
    };
    code.map(char::from)
}

fn adapt(delta: u32, points: u32, is_first: bool) -> Option<u32> {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta = delta.checked_add(delta.checked_div(points)?)?;
    let mut k = 0_u32;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k = k.checked_add(BASE)?;
    }
    let slope = (BASE - T_MIN + 1).checked_mul(delta)?;
    k.checked_add(slope.checked_div(delta.checked_add(SKEW)?)?)
}
