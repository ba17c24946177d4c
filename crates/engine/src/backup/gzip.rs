//! gzip (RFC 1952) around a Safe backup.
//!
//! Nothing is compressed on the way out: contacts choose their nicknames, the key lies next to
//! them, and the size of a compressed backup would tell, upload by upload, how much the two have in
//! common (protocol.md, E7). On the way in anything is read that another app may have written, up
//! to a size.

use super::BackupFault;

const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
const FLAG_CHECKSUM: u8 = 0x02;
const FLAG_EXTRA: u8 = 0x04;
const FLAG_NAME: u8 = 0x08;
const FLAG_COMMENT: u8 = 0x10;
const FLAGS_RESERVED: u8 = 0xe0;
/// Ten bytes: magic, flags, time 4, extra flags, operating system (255: unknown).
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Wraps `plain` in stored blocks.
pub(super) fn stored(plain: &[u8]) -> Vec<u8> {
    let mut out = HEADER.to_vec();
    #[cfg(feature = "planted-bugs")]
    if crate::planted::is(crate::planted::Weakness::CompressedSafe) {
        out.extend(miniz_oxide::deflate::compress_to_vec(plain, 6));
        return out;
    }
    let count = plain.chunks(usize::from(u16::MAX)).len();
    if count == 0 {
        out.extend([1, 0, 0, 0xff, 0xff]);
    }
    for (number, block) in (1..).zip(plain.chunks(usize::from(u16::MAX))) {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(number == count));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let size = u32::try_from(plain.len()).unwrap_or(u32::MAX);
    out.extend(crc32(plain).to_le_bytes());
    out.extend(size.to_le_bytes());
    out
}

/// Unwraps what any app wrote, if it is not larger than `limit`.
pub(super) fn unpacked(bytes: &[u8], limit: usize) -> Result<Vec<u8>, BackupFault> {
    let (body, trailer) = header_skipped(bytes)
        .and_then(|rest| rest.split_last_chunk::<8>())
        .ok_or(BackupFault::Damaged)?;
    let plain =
        miniz_oxide::inflate::decompress_to_vec_with_limit(body, limit).map_err(|fault| {
            if fault.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput {
                BackupFault::TooLarge
            } else {
                BackupFault::Damaged
            }
        })?;
    let size = u32::try_from(plain.len()).map_err(|_| BackupFault::TooLarge)?;
    let expected = u64::from(crc32(&plain)) | u64::from(size) << 32;
    if *trailer == expected.to_le_bytes() {
        Ok(plain)
    } else {
        Err(BackupFault::Damaged)
    }
}

fn header_skipped(bytes: &[u8]) -> Option<&[u8]> {
    let (header, mut rest) = bytes.split_first_chunk::<10>()?;
    let [first, second, method, flags, ..] = *header;
    if [first, second, method] != MAGIC || flags & FLAGS_RESERVED != 0 {
        return None;
    }
    if flags & FLAG_EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for flag in [FLAG_NAME, FLAG_COMMENT] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end..)?.split_first()?.1;
        }
    }
    if flags & FLAG_CHECKSUM != 0 {
        rest = rest.get(2..)?;
    }
    Some(rest)
}

/// CRC-32 as gzip has it, a bit at a time: backups are small and rare.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let is_odd = crc & 1 == 1;
            crc >>= 1;
            if is_odd {
                crc ^= 0xedb8_8320;
            }
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn what_is_wrapped_is_as_large_as_it_is_and_unwrapped_again() {
        for length in [0, 1, 65_535, 65_536, 200_000] {
            let plain = vec![b'a'; length];
            let wrapped = stored(&plain);
            // Nothing about the content shows in the size.
            assert!(wrapped.len() >= length + 23);
            assert_eq!(unpacked(&wrapped, length), Ok(plain));
        }
    }

    #[test]
    fn bombs_and_damage_are_refused() {
        let mut bomb = HEADER.to_vec();
        bomb.extend(miniz_oxide::deflate::compress_to_vec(
            &vec![0; 10_000_000],
            9,
        ));
        bomb.extend([0; 8]);
        assert!(bomb.len() < 50_000);
        assert_eq!(unpacked(&bomb, 1_000_000), Err(BackupFault::TooLarge));

        let good = stored(b"content");
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x04;
            // The time and the system of the header mean nothing.
            if (4..10).contains(&at) {
                assert!(unpacked(&bad, 100).is_ok());
            } else {
                assert!(unpacked(&bad, 100).is_err(), "{at}");
            }
            assert!(unpacked(&good[..at], 100).is_err());
        }
    }

    #[test]
    fn optional_parts_of_the_header_are_skipped() {
        let mut wrapped = vec![0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3];
        wrapped.extend([2, 0, b'x', b'y']);
        wrapped.extend(b"name\0comment\0");
        wrapped.extend([9, 9]);
        wrapped.extend(&stored(b"content")[10..]);
        assert_eq!(unpacked(&wrapped, 7), Ok(b"content".to_vec()));
    }
}
