//! What the tests of linked addresses share: a server that writes its messages into folders, and
//! people who read them.

use dreiklang_server::config::Config;
use dreiklang_wire::api::directory::hash;
use serde_json::{Value, json};

use crate::server::{Answer, Person, TestServer, base64};

/// A server whose messages can be read in its folder.
pub(crate) async fn server() -> TestServer {
    TestServer::start_with(with_outboxes).await
}

pub(crate) fn with_outboxes(config: &mut Config) {
    config.mail.url = String::from("dry-run:mail");
    config.sms.url = String::from("dry-run:sms");
    // Everybody in a test comes from one address, which is not what these tests are about.
    config.api.loopback_exempt = true;
}

/// Every message in a folder, oldest first.
pub(crate) fn messages(server: &TestServer, folder: &str) -> Vec<String> {
    let folder = server.folder.path().join(folder);
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| {
            let path = it.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let number: u64 = name.split_once('-').unwrap().1.parse().unwrap();
            (number, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, text)| text).collect()
}

/// The newest message in a folder.
pub(crate) fn newest(server: &TestServer, folder: &str) -> String {
    messages(server, folder).pop().expect("a message")
}

/// The path of the page that a mail leads to.
pub(crate) fn page_of(mail: &str) -> String {
    let at = mail.find("/link/email/").expect("a link in the mail");
    mail[at..].split_whitespace().next().unwrap().to_owned()
}

/// The six digits of a short message.
pub(crate) fn code_of(text: &str) -> String {
    let at = text.find("code=").expect("a code in the message") + "code=".len();
    text[at..].chars().take(6).collect()
}

/// Both rounds of linking an e-mail address.
pub(crate) async fn ask_email(server: &TestServer, person: &Person, email: &str) -> Value {
    let fields = json!({ "identity": person.identity, "email": email, "lang": "en" });
    server
        .prove("/identity/link_email", &fields, &person.secret)
        .await
}

/// Both rounds and the press of the button.
pub(crate) async fn link_email(server: &TestServer, person: &Person, email: &str) {
    let answer = ask_email(server, person, email).await;
    assert_eq!(answer, json!({ "success": true }), "{email}");
    let page = page_of(&newest(server, "mail"));
    assert_eq!(press(server, &page).await.status, 200);
}

/// Presses the button on a page.
pub(crate) async fn press(server: &TestServer, page: &str) -> Answer {
    let head = [("content-type", "application/x-www-form-urlencoded")];
    server.post_bytes(page, &head, "").await
}

/// Both rounds of linking a number; gives the verification id.
pub(crate) async fn ask_phone(server: &TestServer, person: &Person, number: &str) -> Value {
    let fields = json!({
        "identity": person.identity, "mobileNo": number, "lang": "en", "httpsUrl": true,
        "urlScheme": true,
    });
    server
        .prove("/identity/link_mobileno", &fields, &person.secret)
        .await
}

/// Sends a code back.
pub(crate) async fn send_code(server: &TestServer, verification: &Value, code: &str) -> Value {
    let fields = json!({ "verificationId": verification, "code": code });
    let answer = server.post("/identity/link_mobileno", &fields).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

pub(crate) async fn link_phone(server: &TestServer, person: &Person, number: &str) {
    let answer = ask_phone(server, person, number).await;
    assert_eq!(answer["success"], true, "{answer}");
    let code = code_of(&newest(server, "sms"));
    let answer = send_code(server, &answer["verificationId"], &code).await;
    assert_eq!(answer, json!({ "success": true }));
}

/// A token to look for contacts with.
pub(crate) async fn match_token(server: &TestServer, person: &Person) -> Value {
    let answer = server
        .prove("/identity/match_token", &person.fields(), &person.secret)
        .await;
    assert_eq!(answer["success"], true, "{answer}");
    answer["matchToken"].clone()
}

/// Who has one of these addresses, asked by `person`, in the order of the answer.
pub(crate) async fn find(
    server: &TestServer,
    person: &Person,
    emails: &[&str],
    phones: &[&str],
) -> Vec<String> {
    let emails: Vec<_> = emails.iter().map(|it| base64(&hash::email(it))).collect();
    let phones: Vec<_> = phones.iter().map(|it| base64(&hash::phone(it))).collect();
    let fields = json!({
        "matchToken": match_token(server, person).await,
        "emailHashes": emails, "mobileNoHashes": phones,
    });
    let answer = server.post("/identity/match", &fields).await.json();
    let found = answer["identities"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"));
    found
        .iter()
        .map(|it| it["identity"].as_str().unwrap().to_owned())
        .collect()
}
