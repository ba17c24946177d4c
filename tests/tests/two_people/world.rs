//! What the scenarios share: one server, and people with terminal apps.

use dreiklang_tests::server::Server;

pub(crate) use crate::common::{PATIENCE, Person, error_of, programs};

/// A running server, and a folder for the people who use it.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server: Server,
}

pub(crate) fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let mut server =
        Server::init(&programs().server(), None, &folder.path().join("server")).unwrap();
    server.start().unwrap();
    World { folder, server }
}

impl World {
    /// Somebody with an identity and no passphrase.
    pub(crate) fn person(&self, name: &str) -> Person {
        let mut person = Person::new(self.folder.path().join("people"), name, "private");
        let instance = self.server.instance_file();
        person.set_up(&["--instance", instance.to_str().unwrap()]);
        person
    }

    /// Two people who have each other as contacts.
    pub(crate) fn couple(&self) -> (Person, Person) {
        let (alice, bob) = (self.person("alice"), self.person("bob"));
        alice.json(&["contact", "add", &bob.identity]);
        bob.json(&["contact", "add", &alice.identity]);
        (alice, bob)
    }
}
