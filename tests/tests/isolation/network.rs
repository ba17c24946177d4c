//! A closed instance turns to nobody: a day of it and of two people runs in a network that holds
//! nothing but this machine, and every address that any process turns to is looked at (features.md
//! S18, O36).

use dreiklang_tests::watch;
use serde_json::json;

use crate::paths::{OCTETS, message, multipart, send, waiting};
use crate::world::{Instance, programs};

#[test]
fn nothing_goes_out() {
    if watch::is_inside() {
        return;
    }
    let strangers = watch::strangers_of("network::a_day", programs()).unwrap();
    assert!(
        strangers.is_empty(),
        "somebody turned to:\n{}",
        strangers.join("\n")
    );
}

/// What happens on a day: two people begin to use their licences, write to each other, send a
/// picture, keep a backup, ask for news; the server is restarted, and they write again.
#[tokio::test]
async fn a_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut office = Instance::make(folder.path(), "office");
    watch::allow(&[office.server.chat_address(), office.server.api_address()]).unwrap();
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
