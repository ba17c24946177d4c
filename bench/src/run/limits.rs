//! What the machine itself costs in the same minute: a sync of the disk, the key agreements of a
//! login.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use dreiklang_crypto::{SecretKey, SystemRng};

use super::subject::Kind;
use super::table::Results;
use crate::clock::{micros_since, nanos};
use crate::machine::thread_cpu_ns;
use crate::numbers::{median, percentile, ratio};
use crate::say;

/// Measures both and notes them beside the server that is measured next.
pub(super) async fn note(results: &mut Results, kind: Kind, folder: &Path) -> Result<()> {
    let file = folder.join("sync");
    let sync_ms = tokio::task::spawn_blocking(move || sync_ms(&file)).await??;
    let x25519_us = tokio::task::spawn_blocking(x25519_us).await?;
    say(&format!(
        "  fdatasync p50 {sync_ms:.3} ms, X25519 of a login {x25519_us:.0} us"
    ));
    results.note("sync_ms", kind, sync_ms);
    if kind.is_csp() {
        results.note("x25519_us", kind, x25519_us);
    }
    Ok(())
}

/// Milliseconds of an appended block until it is safe, the median.
fn sync_ms(path: &Path) -> Result<f64> {
    let mut file = File::create(path)?;
    let mut times = Vec::new();
    for _ in 0..SYNCS {
        let begun = nanos();
        file.write_all(&[b's'; 4096])?;
        file.sync_data()?;
        times.push(micros_since(begun));
    }
    times.sort_unstable();
    Ok(percentile(&times, 500) / 1000.0)
}

/// Microseconds of one key pair and four agreements, which is what a login needs of a server that
/// caches nothing.
fn x25519_us() -> f64 {
    let own = SecretKey::generate(&mut SystemRng);
    let other = SecretKey::generate(&mut SystemRng).public();
    let times: Vec<f64> = (0..BATCHES)
        .map(|_| {
            let begun = thread_cpu_ns();
            for _ in 0..LOGINS_PER_BATCH {
                std::hint::black_box(SecretKey::generate(&mut SystemRng).public());
                for _ in 0..4 {
                    std::hint::black_box(own.agree(&other));
                }
            }
            ratio(thread_cpu_ns().saturating_sub(begun), LOGINS_PER_BATCH) / 1000.0
        })
        .collect();
    median(&times)
}

const SYNCS: u32 = 200;
const BATCHES: u32 = 11;
const LOGINS_PER_BATCH: u64 = 50;
