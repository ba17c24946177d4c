//! S2 and S3: an address leads to one identity, whichever app it is used in.

use std::path::PathBuf;
use std::thread;

use dreiklang_wire::api::Base64;
use dreiklang_wire::api::directory::hash;
use serde_json::{Value, json};

use crate::raw::Raw;
use crate::world::{self, World};

/// A test asks for more messages than anybody else would.
const PATIENT: [(&str, &str); 4] = [
    ("DREIKLANG_LINKING__MESSAGES_PER_ADDRESS_HOUR_MAX", "100"),
    ("DREIKLANG_LINKING__MESSAGES_PER_ADDRESS_DAY_MAX", "100"),
    ("DREIKLANG_LINKING__STARTS_PER_IDENTITY_DAY_MAX", "100"),
    ("DREIKLANG_LINKING__MATCHES_PER_IDENTITY_DAY_MAX", "100"),
];

#[test]
fn s02_one_email_leads_to_one_id() {
    let world = world::open_with(&PATIENT);
    let org = world.org("Acme", 0);
    let credential = org.credential(&world, "bob");
    let (alice, bob) = (world.private("alice"), world.work("bob", &credential));
    let searcher = world.raw(None);
    let email = "Max.Muster@example.org";
    let spellings = [email, "max.muster@EXAMPLE.org", " MAX.MUSTER@example.org "];

    let links = alice.json(&["link", "email", email]);
    assert_eq!(links["email"]["state"], "waiting");
    assert!(by_emails(&searcher, &spellings).is_empty(), "not confirmed");
    press(&world, &page_of(&newest(&world, "mails")));
    assert_eq!(alice.json(&["link", "check"])["email"]["state"], "linked");
    for spelling in spellings {
        assert_eq!(by_emails(&searcher, &[spelling]), [alice.identity.as_str()]);
    }

    // Asking for it in the other app changes nothing; a fresh confirmation moves it.
    bob.json(&["link", "email", spellings[1]]);
    assert_eq!(by_emails(&searcher, &spellings), [alice.identity.as_str()]);
    press(&world, &page_of(&newest(&world, "mails")));
    assert_eq!(by_emails(&searcher, &spellings), [bob.identity.as_str()]);
    assert_eq!(bob.json(&["link", "check"])["email"]["state"], "linked");
    assert_ne!(alice.json(&["link", "check"])["email"]["state"], "linked");

    // Both confirm at the same time, and again one has it.
    for _ in 0..5 {
        let pages = [&alice, &bob].map(|it| {
            it.json(&["link", "email", ""]);
            it.json(&["link", "email", email]);
            page_of(&newest(&world, "mails"))
        });
        thread::scope(|scope| {
            for page in &pages {
                let world = &world;
                scope.spawn(move || world.anybody().post(page, &json!({})).unwrap());
            }
        });
        assert_eq!(by_emails(&searcher, &spellings).len(), 1);
    }
}

#[test]
fn s03_one_phone_number_leads_to_one_id() {
    let world = world::open_with(&PATIENT);
    let org = world.org("Acme", 0);
    let credential = org.credential(&world, "bob");
    let (alice, bob) = (world.private("alice"), world.work("bob", &credential));
    let searcher = world.raw(None);
    let number = "+41791234567";

    alice.json(&["link", "phone", "+41 79 123 45 67"]);
    assert!(by_phones(&searcher, &[number]).is_empty(), "not confirmed");
    let code = code_of(&newest(&world, "texts"));
    let wrong = if code == "000000" { "000001" } else { "000000" };
    alice.refusal(&["link", "phone", "--code", wrong]);
    assert!(by_phones(&searcher, &[number]).is_empty(), "wrong code");
    let links = alice.json(&["link", "phone", "--code", &code]);
    assert_eq!(links["phone"]["state"], "linked");
    assert_eq!(by_phones(&searcher, &[number]), [alice.identity.as_str()]);

    // The same number in other spellings, from the other app.
    bob.json(&["link", "phone", "+41 (79) 123-45-67"]);
    assert_eq!(by_phones(&searcher, &[number]), [alice.identity.as_str()]);
    let code = code_of(&newest(&world, "texts"));
    bob.json(&["link", "phone", "--code", &code]);
    assert_eq!(by_phones(&searcher, &[number]), [bob.identity.as_str()]);

    // Raw clients race with two spellings of one number, as often as codes may be tried a day.
    let people = [world.raw(None), world.raw(None)];
    for _ in 0..3 {
        let answers: Vec<_> = ["0041791234567", "+41.79.123.45.67"]
            .iter()
            .zip(&people)
            .map(|(spelling, person)| {
                let fields = json!({ "mobileNo": spelling, "lang": "en", "urlScheme": true });
                let asked = person.prove("/identity/link_mobileno", &fields);
                assert_eq!(asked["success"], true, "{asked}");
                let code = code_of(&newest(&world, "texts"));
                json!({ "verificationId": asked["verificationId"], "code": code })
            })
            .collect();
        thread::scope(|scope| {
            for answer in &answers {
                let http = world.anybody();
                scope.spawn(move || http.post("/identity/link_mobileno", answer).unwrap());
            }
        });
        let found = by_phones(&searcher, &[number]);
        assert_eq!(found.len(), 1);
        assert!(people.iter().any(|it| it.identity.as_str() == found[0]));
        for person in &people {
            let fields = json!({ "mobileNo": "" });
            person.prove("/identity/link_mobileno", &fields);
        }
        assert!(by_phones(&searcher, &[number]).is_empty());
    }
}

/// Who has one of these addresses.
fn by_emails(searcher: &Raw, emails: &[&str]) -> Vec<String> {
    let hashes = emails.iter().map(|it| hash::email(it).to_vec());
    search(searcher, "emailHashes", hashes)
}

/// Who has one of these numbers.
fn by_phones(searcher: &Raw, numbers: &[&str]) -> Vec<String> {
    let hashes = numbers.iter().map(|it| hash::phone(it).to_vec());
    search(searcher, "mobileNoHashes", hashes)
}

/// Every identity that is found, each once.
fn search(searcher: &Raw, kind: &str, hashes: impl Iterator<Item = Vec<u8>>) -> Vec<String> {
    let token = searcher.prove("/identity/match_token", &json!({}));
    let hashes: Vec<_> = hashes.map(Base64).collect();
    let mut fields = json!({ "matchToken": token["matchToken"] });
    fields[kind] = json!(hashes);
    let answer = searcher.http.post("/identity/match", &fields).unwrap();
    let answer = answer.json();
    let found = answer["identities"].as_array();
    let found = found.unwrap_or_else(|| panic!("{answer}"));
    let mut found: Vec<_> = found
        .iter()
        .map(|it: &Value| world::text(&it["identity"]))
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The newest message that was written instead of sent.
pub(crate) fn newest(world: &World, folder: &str) -> String {
    let number = |path: &PathBuf| -> u64 {
        let name = path.file_stem().unwrap().to_str().unwrap();
        name.rsplit('-').next().unwrap().parse().unwrap()
    };
    let files = std::fs::read_dir(world.server.folder().join(folder)).unwrap();
    let newest = files.map(|it| it.unwrap().path()).max_by_key(number);
    std::fs::read_to_string(newest.expect("a message")).unwrap()
}

/// The page that a mail leads to.
fn page_of(mail: &str) -> String {
    let at = mail.find("/link/email/").expect("a link in the mail");
    mail[at..].split_whitespace().next().unwrap().to_owned()
}

fn press(world: &World, page: &str) {
    assert_eq!(world.anybody().get(page).unwrap().status, 200);
    let pressed = world.anybody().post(page, &json!({})).unwrap();
    assert_eq!(pressed.status, 200, "{}", pressed.text());
}

/// The six digits of a short message.
pub(crate) fn code_of(text: &str) -> String {
    let digits = |it: &&str| it.len() == 6 && it.bytes().all(|it| it.is_ascii_digit());
    let found = text
        .split(|it: char| !it.is_ascii_alphanumeric())
        .find(digits);
    found
        .unwrap_or_else(|| panic!("no code in {text}"))
        .to_owned()
}
