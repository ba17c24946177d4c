//! What the scenarios share: an open or a closed instance, its organisations and their people.

use std::path::PathBuf;

use dreiklang_tests::http::Http;
use dreiklang_tests::server::Server;
use dreiklang_wire::api::Base64;
use serde_json::{Value, json};

pub(crate) use crate::common::Person;
use crate::common::programs;

/// A running instance and a folder for the people who use it.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server: Server,
}

/// One instance for everybody, which writes mails and short messages into the folders `mails` and
/// `texts` of its own folder.
pub(crate) fn open() -> World {
    open_with(&[])
}

/// An open instance with further settings.
pub(crate) fn open_with(settings: &[(&str, &str)]) -> World {
    World::start("open", settings)
}

/// One instance for members only. It signs its provisioning file itself.
pub(crate) fn closed() -> World {
    closed_with(&[])
}

/// A closed instance with further settings.
pub(crate) fn closed_with(settings: &[(&str, &str)]) -> World {
    World::start("closed", settings)
}

impl World {
    fn start(kind: &str, more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Without TLS the tests see what any client sees; a proxy would do it.
        let settings = [
            ("DREIKLANG_TLS__MODE", "off"),
            ("DREIKLANG_MAIL__URL", "dry-run:mails"),
            ("DREIKLANG_MAIL__FROM", "Instance <noreply@example.org>"),
            ("DREIKLANG_SMS__URL", "dry-run:texts"),
        ];
        let settings = [&settings[..], more].concat();
        let program = programs().server();
        let place = folder.path().join("server");
        let mut server = Server::init_as(&program, kind, &place, &settings).unwrap();
        // `init` does not know the settings of the environment yet.
        let about = server.command_output(&["gen", "instance"]).unwrap();
        std::fs::write(server.instance_file(), about).unwrap();
        server.start().unwrap();
        Self { folder, server }
    }

    /// A verb of `admin`, which must succeed.
    pub(crate) fn admin(&self, verb: &[&str]) -> Value {
        let arguments = [&["admin"], verb, &["--json"]].concat();
        let output = self.server.command_output(&arguments).unwrap();
        serde_json::from_str(&output).unwrap()
    }

    /// A verb of `admin`, which must fail; gives what it says.
    pub(crate) fn admin_refused(&self, verb: &[&str]) -> String {
        let arguments = [&["admin"], verb, &["--json"]].concat();
        match self.server.command_output(&arguments) {
            Ok(output) => panic!("{verb:?} was done: {output}"),
            Err(error) => error.to_string(),
        }
    }

    /// An organisation with so many seats (0: any number), and a key to all that it may do.
    pub(crate) fn org(&self, name: &str, seats: u32) -> Org {
        let seats = seats.to_string();
        let made = self.admin(&["org", "create", name, "--seats", &seats]);
        let id = text(&made["id"]);
        let made = self.admin(&[
            "api-key", "create", "tests", "--rights", "all", "--org", &id,
        ]);
        let key = text(&made["key"]);
        Org { id, key }
    }

    /// A key to all that the operator may do.
    pub(crate) fn operator_key(&self) -> String {
        let verb = [
            "api-key",
            "create",
            "operator",
            "--rights",
            "all",
            "--operator",
        ];
        text(&self.admin(&verb)["key"])
    }

    /// A request of the JSON interface; the path starts with `/api/v1`.
    pub(crate) fn api(
        &self,
        method: &str,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let body = body.map_or(String::new(), Value::to_string);
        let http = self.anybody().with_head("x-api-key", key);
        let answer = http.send(method, path, "application/json", body.as_bytes());
        let answer = answer.unwrap();
        (answer.status, answer.json())
    }

    /// The HTTP interface as seen by somebody who shows nothing.
    pub(crate) fn anybody(&self) -> Http {
        Http::new(self.server.api_address())
    }

    /// Somebody with the private app and a new identity.
    pub(crate) fn private(&self, name: &str) -> Person {
        let mut person = self.stranger(name, "private");
        person.set_up(&["--instance", &self.instance_file()]);
        person
    }

    /// Somebody with the Work app and a new identity.
    pub(crate) fn work(&self, name: &str, credential: &Credential) -> Person {
        let mut person = self.stranger(name, "work");
        let flags = self.place("work", credential);
        person.set_up(&flags.iter().map(String::as_str).collect::<Vec<_>>());
        person
    }

    /// Somebody with the OnPrem app and a new identity on this closed instance.
    pub(crate) fn onprem(&self, name: &str, credential: &Credential) -> Person {
        let mut person = self.stranger(name, "onprem");
        let flags = self.place("onprem", credential);
        person.set_up(&flags.iter().map(String::as_str).collect::<Vec<_>>());
        person
    }

    /// A profile that nothing has been set up in; profiles of different apps may share a name.
    pub(crate) fn stranger(&self, name: &str, app: &'static str) -> Person {
        Person::new(self.folder.path().join("people"), name, app)
    }

    /// The flags of `setup` that say where, with which licence.
    pub(crate) fn place(&self, app: &str, credential: &Credential) -> Vec<String> {
        let place = match app {
            "onprem" => {
                let address = format!("http://localhost:{}", self.server.api_address().port());
                let trust = self.trust();
                vec!["--server".to_owned(), address, "--trust".to_owned(), trust]
            }
            _ => vec!["--instance".to_owned(), self.instance_file()],
        };
        let password = self.secret_file(&credential.id, &credential.password);
        let license = [
            "--license-username",
            &credential.username,
            "--license-password-file",
            &password,
        ];
        let license = license.map(str::to_owned);
        place.into_iter().chain(license).collect()
    }

    /// The public key that signs the provisioning file, as `--trust` wants it.
    pub(crate) fn trust(&self) -> String {
        let shown = self.server.command_output(&["oppf", "show", "--json"]);
        let shown: Value = serde_json::from_str(&shown.unwrap()).unwrap();
        let key: Base64 = serde_json::from_value(shown["signatureKey"].clone()).unwrap();
        hex::encode(key.0)
    }

    /// A file with a secret in it, for flags that end in `-file`.
    pub(crate) fn secret_file(&self, name: &str, secret: &str) -> String {
        let folder = self.folder.path().join("secrets");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(name);
        std::fs::write(&file, format!("{secret}\n")).unwrap();
        path_text(file)
    }

    /// The file that tells apps about the instance.
    pub(crate) fn instance_file(&self) -> String {
        path_text(self.server.instance_file())
    }
}

/// A customer of the instance.
pub(crate) struct Org {
    pub(crate) id: String,
    /// Shown as `X-Api-Key` it opens everything that is the organisation's.
    pub(crate) key: String,
}

impl Org {
    /// A licence for one person.
    pub(crate) fn credential(&self, world: &World, username: &str) -> Credential {
        self.make(world, username, &[])
    }

    /// A licence for so many people.
    pub(crate) fn shared_credential(&self, world: &World, username: &str, uses: u32) -> Credential {
        self.make(world, username, &["--shared", "--uses", &uses.to_string()])
    }

    fn make(&self, world: &World, username: &str, flags: &[&str]) -> Credential {
        let verb = ["credential", "create", username, "--org", &self.id];
        let made = world.admin(&[&verb[..], flags].concat());
        Credential {
            id: text(&made["id"]),
            username: username.to_owned(),
            password: text(&made["password"]),
        }
    }
}

/// What lets a person into an organisation.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) password: String,
}

impl Credential {
    /// Username and password as the work directory wants them, with more.
    pub(crate) fn with(&self, more: &Value) -> Value {
        let mut body = json!({ "username": self.username, "password": self.password });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    }
}

/// Gives each of two people the other as a contact.
pub(crate) fn acquaint(one: &Person, other: &Person) {
    one.json(&["contact", "add", &other.identity]);
    other.json(&["contact", "add", &one.identity]);
}

pub(crate) fn text(value: &Value) -> String {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

fn path_text(path: PathBuf) -> String {
    path.into_os_string().into_string().unwrap()
}
