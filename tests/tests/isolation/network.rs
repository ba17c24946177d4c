//! A closed instance turns to nobody: a day of it and of two people runs in a network that holds
//! nothing but this machine, and every address that any process turns to is looked at (features.md
//! S18, O36).

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::json;

use crate::paths::{OCTETS, message, multipart, send, waiting};
use crate::world::{Instance, programs};

/// Set inside of the empty network; holds the file for the ports that are ours.
const INSIDE: &str = "TEST_EMPTY_NETWORK";

#[test]
fn nothing_goes_out() {
    if std::env::var_os(INSIDE).is_some() {
        return;
    }
    // Whatever must be built is built before the network is gone.
    let built = programs().server();
    let built = built.parent().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [trace, ports] = ["trace", "ports"].map(|it| folder.path().join(it));
    let mut day = empty_network();
    day.args(["strace", "-f", "-qq", "-s", "0", "-e"])
        .arg("trace=connect,sendto,sendmsg,sendmmsg")
        .arg("-o")
        .arg(&trace)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "network::a_day", "--nocapture"])
        .env(INSIDE, &ports)
        .env("PROGRAMS_UNDER_TEST", built);
    let output = day.output().unwrap();
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let ours: BTreeSet<u16> = std::fs::read_to_string(&ports)
        .unwrap()
        .split_whitespace()
        .map(|it| it.parse().unwrap())
        .collect();
    let trace = std::fs::read_to_string(&trace).unwrap();
    let strangers: Vec<_> = trace.lines().filter(|it| !is_ours(it, &ours)).collect();
    assert!(
        strangers.is_empty(),
        "somebody turned to:\n{}",
        strangers.join("\n")
    );
    for port in &ours {
        let seen = trace.contains(&format!("htons({port})"));
        assert!(
            seen,
            "nobody turned to port {port}: was anything watched at all?"
        );
    }
}

/// A shell in a network of its own, where only the loopback device is up.
fn empty_network() -> Command {
    let wrap = |flags: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(flags);
        command.args(["sh", "-c", "ip link set lo up && exec \"$@\"", "sh"]);
        command
    };
    let obstacles: Vec<_> = [&["--net"][..], &["--map-root-user", "--net"]]
        .into_iter()
        .map(|flags| {
            let output = wrap(flags).args(["strace", "-V"]).output();
            match output {
                Ok(output) if output.status.success() => Ok(wrap(flags)),
                Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
                Err(error) => Err(error.to_string()),
            }
        })
        .collect();
    let mut reasons = Vec::new();
    for attempt in obstacles {
        match attempt {
            Ok(command) => return command,
            Err(reason) => reasons.push(reason),
        }
    }
    panic!(
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

/// What happens on a day: two people begin to use their licences, write to each other, send a
/// picture, keep a backup, ask for news; the server is restarted, and they write again.
#[tokio::test]
async fn a_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = Instance::make(folder.path(), "office");
    if let Some(file) = std::env::var_os(INSIDE) {
        let [chat, api] = [office.server.chat_address(), office.server.api_address()];
        std::fs::write(file, format!("{} {}", chat.port(), api.port())).unwrap();
    }
    let [anna, ben] = &office.members;
    let letter = message(anna.identity, ben.identity, 1);
    send(&office, anna, std::slice::from_ref(&letter)).await;
    assert_eq!(waiting(&office, ben).await, [letter.id]);
    let http = anna.at(&office);
    let (kind, body) = multipart(b"a picture");
    let blob = http.send("POST", "/blob/upload", kind, &body).unwrap();
    let blob = ben.at(&office).get(&format!("/blob/{}", blob.text()));
    assert_eq!(blob.unwrap().body, b"a picture");
    let backup = format!("/safe/backups/{}", "cd".repeat(32));
    http.send("PUT", &backup, OCTETS, &[7; 300]).unwrap();
    assert_eq!(http.get(&backup).unwrap().body, [7; 300]);
    let news = anna.work(&json!({ "contacts": [ben.identity] }));
    let news = http.post("/fetch2", &news).unwrap();
    assert!(
        news.text().contains(ben.identity.as_str()),
        "{}",
        news.text()
    );
    assert_eq!(http.get("/prov/config.oppf").unwrap().status, 200);

    office.server.stop().unwrap();
    office.server.start().unwrap();
    let [anna, ben] = &office.members;
    let letter = message(ben.identity, anna.identity, 2);
    send(&office, ben, std::slice::from_ref(&letter)).await;
    assert_eq!(waiting(&office, anna).await, [letter.id]);
    for look in [&["admin", "status", "--json"][..], &["oppf", "show"]] {
        office.server.command_output(look).unwrap();
    }
    office.server.stop().unwrap();
}

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
