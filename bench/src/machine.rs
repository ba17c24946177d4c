//! What the kernel knows about processes and the machine, read from `/proc`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use rustix::process::{Resource, getrlimit, setrlimit};

use crate::numbers::ratio;

/// Seconds of processor time, user and system, of a process and all its descendants, those that
/// ended included.
pub fn cpu_seconds(root: u32) -> Result<f64> {
    let processes = processes()?;
    let mut family = vec![root];
    // Children follow their parents in the table only by custom, so look until nobody is added.
    loop {
        let before = family.len();
        for process in &processes {
            if family.contains(&process.parent) && !family.contains(&process.id) {
                family.push(process.id);
            }
        }
        if family.len() == before {
            break;
        }
    }
    let ticks: u64 = processes
        .iter()
        .filter(|process| family.contains(&process.id))
        .map(|process| process.ticks)
        .sum();
    Ok(ratio(ticks, rustix::param::clock_ticks_per_second()))
}

/// Kibibytes of memory that a process would free by ending (proportional set size).
pub fn pss_kib(process: u32) -> Result<f64> {
    let path = format!("/proc/{process}/smaps_rollup");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    let number = number.with_context(|| format!("{path} has no Pss"))?;
    Ok(number.parse::<u32>()?.into())
}

/// The most kibibytes of memory that a process ever had at once.
pub fn peak_kib(process: u32) -> Result<f64> {
    let path = format!("/proc/{process}/status");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    let number = number.with_context(|| format!("{path} has no VmHWM"))?;
    Ok(number.parse::<u32>()?.into())
}

/// Nanoseconds of processor time of this thread; zero where the kernel does not count them.
pub fn thread_cpu_ns() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = text.split(' ').next();
    first.and_then(|number| number.parse().ok()).unwrap_or(0)
}

struct Process {
    id: u32,
    parent: u32,
    ticks: u64,
}

fn processes() -> Result<Vec<Process>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").context("cannot read /proc")? {
        let name = entry?.file_name();
        let Some(id) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // A process may end between the listing and the reading.
        if let Ok(stat) = fs::read_to_string(format!("/proc/{id}/stat"))
            && let Some(process) = parse_stat(id, &stat)
        {
            found.push(process);
        }
    }
    Ok(found)
}

/// The fields after the name, which may itself contain spaces and brackets: state, parent, …,
/// and from the twelfth on user, system, children's user and children's system time.
fn parse_stat(id: u32, stat: &str) -> Option<Process> {
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let times = fields.get(11..15)?;
    Some(Process {
        id,
        parent: fields.get(1)?.parse().ok()?,
        ticks: times
            .iter()
            .map(|time| time.parse::<u64>().unwrap_or(0))
            .sum(),
    })
}

/// Lets this process and its children open as many files as the system allows.
pub fn raise_descriptors() -> Result<u64> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).context("cannot raise the number of open files")?;
    Ok(limit.current.unwrap_or(u64::MAX))
}

/// Processor, kernel and load, for the head of a report.
pub fn description() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let mut names = processors
        .lines()
        .filter_map(|line| line.strip_prefix("model name"))
        .filter_map(|line| line.split_once(':'))
        .map(|(_, name)| name.trim());
    let name = names.next().unwrap_or("unknown processor").to_owned();
    let kernel = read("/proc/sys/kernel/osrelease");
    format!(
        "{} x {name}, Linux {}, load {}",
        names.count() + 1,
        kernel.trim(),
        load()
    )
}

/// The load average of the last minute.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}

/// Mebibytes of a file.
pub fn file_mib(path: &Path) -> Result<f64> {
    let size = fs::metadata(path).with_context(|| format!("cannot find {}", path.display()))?;
    Ok(ratio(size.len(), 1024 * 1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strange_process_names_are_parsed() {
        let stat = "7 (a) b (c) S 3 7 7 0 -1 4194560 1 0 0 0 10 20 1 2 20 0 1 0 5 0 0";
        let process = parse_stat(7, stat).expect("a process");
        assert_eq!((process.parent, process.ticks), (3, 33));
        assert!(parse_stat(7, "7 (gone").is_none());
    }

    #[test]
    fn this_process_has_memory_and_time() {
        let own = std::process::id();
        assert!(pss_kib(own).expect("own memory") > 100.0);
        assert!(cpu_seconds(own).expect("own time") >= 0.0);
        assert!(description().contains("Linux"));
    }
}
