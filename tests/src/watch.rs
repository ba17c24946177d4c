//! Watches to whom the processes of a test turn: it runs in a network that holds nothing but this
//! machine, and every address that any of them names is looked at.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::programs::Programs;

/// Set inside of the empty network; holds the file for the ports that are ours.
const INSIDE: &str = "TEST_EMPTY_NETWORK";

/// Whether this process runs in the empty network.
pub fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// Says, in the empty network, which addresses may be turned to.
pub fn allow(addresses: &[SocketAddr]) -> Result<()> {
    let Some(file) = std::env::var_os(INSIDE) else {
        return Ok(());
    };
    let ports: Vec<_> = addresses.iter().map(|it| it.port().to_string()).collect();
    std::fs::write(file, ports.join(" ")).context("cannot write the ports")
}

/// Runs a test of this program in the empty network and gives all lines of the trace that name an
/// address which it did not [`allow`]. The programs must be built already.
pub fn strangers_of(test: &str, programs: &Programs) -> Result<Vec<String>> {
    let server = programs.server();
    let built = server.parent().context("the programs lie in no folder")?;
    let folder = tempfile::tempdir()?;
    let [trace, ports] = ["trace", "ports"].map(|it| folder.path().join(it));
    let output = empty_network()?
        .args(["strace", "-f", "-qq", "-s", "0", "-e"])
        .arg("trace=connect,sendto,sendmsg,sendmmsg")
        .arg("-o")
        .arg(&trace)
        .arg(std::env::current_exe()?)
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, &ports)
        .env("PROGRAMS_UNDER_TEST", built)
        .output()?;
    if !output.status.success() {
        let [out, log] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
        bail!("{test} failed in the empty network:\n{out}\n{log}");
    }
    judge(&trace, &ports)
}

fn judge(trace: &Path, ports: &Path) -> Result<Vec<String>> {
    let ours: BTreeSet<u16> = std::fs::read_to_string(ports)
        .context("the test allowed nothing; did it run at all?")?
        .split_whitespace()
        .map(|it| it.parse().context("a port that is none"))
        .collect::<Result<_>>()?;
    let trace = std::fs::read_to_string(trace)?;
    for port in &ours {
        if !trace.contains(&format!("htons({port})")) {
            bail!("nobody turned to port {port}: was anything watched at all?");
        }
    }
    let strangers = trace.lines().filter(|it| !is_ours(it, &ours));
    Ok(strangers.map(str::to_owned).collect())
}

/// A shell in a network of its own, where only the loopback device is up.
fn empty_network() -> Result<Command> {
    let wrap = |flags: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(flags);
        command.args(["sh", "-c", "ip link set lo up && exec \"$@\"", "sh"]);
        command
    };
    let mut reasons = Vec::new();
    for flags in [&["--net"][..], &["--map-root-user", "--net"]] {
        match wrap(flags).args(["strace", "-V"].map(OsStr::new)).output() {
            Ok(output) if output.status.success() => return Ok(wrap(flags)),
            Ok(output) => reasons.push(String::from_utf8_lossy(&output.stderr).into_owned()),
            Err(error) => reasons.push(error.to_string()),
        }
    }
    bail!(
        "this test needs network namespaces (root, or unprivileged user namespaces) and the Debian \
         packages strace, iproute2 and util-linux:\n{}",
        reasons.join("\n")
    )
}

/// Whether a line of the trace names no address, one of this machine's files, or one of our ports
/// on this machine.
fn is_ours(line: &str, ours: &BTreeSet<u16>) -> bool {
    let Some(at) = line.find("sa_family=") else {
        return true;
    };
    let address = &line[at + "sa_family=".len()..];
    let is_local = ["AF_UNIX", "AF_LOCAL", "AF_NETLINK", "AF_UNSPEC"];
    if is_local.iter().any(|it| address.starts_with(it)) {
        return true;
    }
    let is_loopback = address.contains("inet_addr(\"127.0.0.1\")") || address.contains("\"::1\"");
    let port = address
        .split_once("htons(")
        .and_then(|(_, rest)| rest.split_once(')'))
        .and_then(|(port, _)| port.parse().ok());
    is_loopback && port.is_some_and(|port| ours.contains(&port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_trace_are_told_apart() {
        let ours = BTreeSet::from([5222]);
        let line = |address: &str| format!("7 connect(3, {{sa_family={address}}}, 16) = 0");
        for good in [
            "AF_UNIX, sun_path=\"/run/x\"",
            "AF_NETLINK, nl_pid=0, nl_groups=00000000",
            "AF_INET, sin_port=htons(5222), sin_addr=inet_addr(\"127.0.0.1\")",
            "AF_INET6, sin6_port=htons(5222), inet_pton(AF_INET6, \"::1\", &sin6_addr)",
        ] {
            assert!(is_ours(&line(good), &ours), "{good}");
        }
        for bad in [
            "AF_INET, sin_port=htons(5222), sin_addr=inet_addr(\"10.0.0.1\")",
            "AF_INET, sin_port=htons(53), sin_addr=inet_addr(\"127.0.0.1\")",
            "AF_INET6, sin6_port=htons(5222), inet_pton(AF_INET6, \"2001:db8::1\", &sin6_addr)",
        ] {
            assert!(!is_ours(&line(bad), &ours), "{bad}");
        }
        assert!(is_ours("7 sendto(3, \"\"..., 5, 0, NULL, 0) = 5", &ours));
    }
}
