//! The tables by name and column, for code that copies all of them.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Text,
    Bytes,
}

/// Whose rows are somebody's: `$1` is the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// No column says anything about a person.
    Nobody,
    /// The condition takes the eight characters.
    Text(&'static str),
    /// The condition takes them as a number.
    Number(&'static str),
}

/// What erasure does with somebody's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Erasure {
    /// There are none.
    Nothing,
    /// It deletes them.
    Delete,
    /// It blanks them, with these assignments.
    Blank(&'static str),
    /// `privacy` has a function for them.
    Own,
}

/// A table; its first column is the primary key.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) subject: Subject,
    pub(crate) erasure: Erasure,
    pub(crate) columns: &'static [(&'static str, Kind)],
}

impl Table {
    /// The names of all columns, separated by commas.
    pub(crate) fn column_list(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }
}

/// Every table but the bookkeeping of migrations. A test compares it with both schemas.
pub(crate) const TABLES: [Table; 21] = [
    Table {
        name: "instance",
        subject: Subject::Nobody,
        erasure: Erasure::Nothing,
        columns: &[("key", Kind::Text), ("value", Kind::Bytes)],
    },
    Table {
        name: "identities",
        subject: Subject::Text("identity = $1"),
        erasure: Erasure::Own,
        columns: &[
            ("identity", Kind::Text),
            ("public_key", Kind::Bytes),
            ("kind", Kind::Number),
            ("state", Kind::Number),
            ("feature_mask", Kind::Number),
            ("created_at", Kind::Number),
            ("imported", Kind::Number),
            ("last_login_day", Kind::Number),
            ("revoked_at", Kind::Number),
            ("revocation_key", Kind::Bytes),
            ("revocation_key_set_at", Kind::Number),
            ("device_cookie", Kind::Bytes),
            ("device_cookie_changed", Kind::Number),
            ("erased_at", Kind::Number),
        ],
    },
    Table {
        name: "messages",
        subject: Subject::Number("receiver = $1 OR sender = $1"),
        erasure: Erasure::Delete,
        columns: &[
            ("position", Kind::Number),
            ("receiver", Kind::Number),
            ("sender", Kind::Number),
            ("dedup", Kind::Number),
            ("enqueued_at", Kind::Number),
            ("expires_at", Kind::Number),
            ("flags", Kind::Number),
            ("bytes", Kind::Bytes),
        ],
    },
    Table {
        name: "blobs",
        subject: Subject::Text("uploader = $1"),
        erasure: Erasure::Delete,
        columns: &[
            ("id", Kind::Bytes),
            ("size_bytes", Kind::Number),
            ("uploader", Kind::Text),
            ("persist", Kind::Number),
            ("created_at", Kind::Number),
            ("expires_at", Kind::Number),
            ("state", Kind::Number),
        ],
    },
    Table {
        name: "audit",
        subject: Subject::Text("actor = $1 OR subject = $1"),
        erasure: Erasure::Own,
        columns: &[
            ("position", Kind::Number),
            ("at", Kind::Number),
            ("actor", Kind::Text),
            ("action", Kind::Text),
            ("subject", Kind::Text),
            ("org", Kind::Text),
            ("detail", Kind::Text),
            ("salt", Kind::Bytes),
            ("content_hash", Kind::Bytes),
            ("hash", Kind::Bytes),
        ],
    },
    Table {
        name: "orgs",
        subject: Subject::Nobody,
        erasure: Erasure::Nothing,
        columns: &[
            ("id", Kind::Text),
            ("name", Kind::Text),
            ("plan", Kind::Text),
            ("seats_max", Kind::Number),
            ("valid_until", Kind::Number),
            ("support_url", Kind::Text),
            ("directory_enabled", Kind::Number),
            ("contacts_auto", Kind::Number),
            ("contacts_marked", Kind::Number),
            ("is_closed_group", Kind::Number),
            ("mdm_override", Kind::Number),
            ("check_interval_s", Kind::Number),
            ("messages_dropped", Kind::Number),
            ("created_at", Kind::Number),
        ],
    },
    Table {
        name: "logos",
        subject: Subject::Nobody,
        erasure: Erasure::Nothing,
        columns: &[
            ("org", Kind::Text),
            ("variant", Kind::Text),
            ("bytes", Kind::Bytes),
            ("updated_at", Kind::Number),
        ],
    },
    Table {
        name: "credentials",
        subject: Subject::Text("identity = $1"),
        erasure: Erasure::Blank("identity = '', last_check_at = 0"),
        columns: &[
            ("id", Kind::Text),
            ("org", Kind::Text),
            ("username", Kind::Text),
            ("username_key", Kind::Text),
            ("password", Kind::Bytes),
            ("is_shared", Kind::Number),
            ("uses_max", Kind::Number),
            ("identity", Kind::Text),
            ("withdrawn_at", Kind::Number),
            ("expires_at", Kind::Number),
            ("last_check_at", Kind::Number),
            ("created_at", Kind::Number),
        ],
    },
    Table {
        name: "members",
        subject: Subject::Text("identity = $1"),
        erasure: Erasure::Delete,
        columns: &[
            ("identity", Kind::Text),
            ("org", Kind::Text),
            ("credential", Kind::Text),
            ("nickname", Kind::Text),
            ("first_name", Kind::Text),
            ("last_name", Kind::Text),
            ("csi", Kind::Text),
            ("job_title", Kind::Text),
            ("department", Kind::Text),
            ("category", Kind::Text),
            ("version", Kind::Text),
            ("availability", Kind::Bytes),
            ("withdrawn_at", Kind::Number),
            ("last_check_at", Kind::Number),
            ("attached_at", Kind::Number),
        ],
    },
    Table {
        name: "detached",
        subject: Subject::Text("identity = $1"),
        erasure: Erasure::Delete,
        columns: &[
            ("identity", Kind::Text),
            ("org", Kind::Text),
            ("at", Kind::Number),
        ],
    },
    Table {
        name: "contacts",
        subject: Subject::Text("identity = $1"),
        erasure: Erasure::Delete,
        columns: &[
            ("org", Kind::Text),
            ("identity", Kind::Text),
            ("first_name", Kind::Text),
            ("last_name", Kind::Text),
            ("kind", Kind::Number),
            ("is_enabled", Kind::Number),
            ("created_at", Kind::Number),
        ],
    },
    Table {
        name: "categories",
        subject: Subject::Nobody,
        erasure: Erasure::Nothing,
        columns: &[
            ("id", Kind::Text),
            ("org", Kind::Text),
            ("name", Kind::Text),
            ("source", Kind::Number),
            ("is_enabled", Kind::Number),
        ],
    },
    Table {
        name: "contact_categories",
        subject: Subject::Text("identity = $1"),
        erasure: Erasure::Delete,
        columns: &[
            ("org", Kind::Text),
            ("identity", Kind::Text),
            ("category", Kind::Text),
        ],
    },
    Table {
        name: "mdm",
        subject: Subject::Text("credential IN (SELECT id FROM credentials WHERE identity = $1)"),
        erasure: Erasure::Delete,
        columns: &[
            ("org", Kind::Text),
            ("credential", Kind::Text),
            ("name", Kind::Text),
            ("value", Kind::Text),
        ],
    },
    Table {
        name: "activations",
        subject: Subject::Text("credential IN (SELECT id FROM credentials WHERE identity = $1)"),
        erasure: Erasure::Delete,
        columns: &[
            ("token_hash", Kind::Bytes),
            ("credential", Kind::Text),
            ("expires_at", Kind::Number),
            ("used_at", Kind::Number),
        ],
    },
    Table {
        name: "links",
        subject: Subject::Text("identity = $1"),
        erasure: Erasure::Delete,
        columns: &[
            ("identity", Kind::Text),
            ("kind", Kind::Number),
            ("hash", Kind::Bytes),
            ("verified_at", Kind::Number),
        ],
    },
    Table {
        name: "pending_links",
        subject: Subject::Text("identity = $1"),
        erasure: Erasure::Delete,
        columns: &[
            ("id", Kind::Bytes),
            ("identity", Kind::Text),
            ("kind", Kind::Number),
            ("hash", Kind::Bytes),
            ("code", Kind::Bytes),
            ("tries", Kind::Number),
            ("sends", Kind::Number),
            ("created_at", Kind::Number),
            ("expires_at", Kind::Number),
        ],
    },
    Table {
        name: "safe_backups",
        subject: Subject::Text("owner = $1"),
        erasure: Erasure::Delete,
        columns: &[
            ("id", Kind::Bytes),
            ("bytes", Kind::Bytes),
            ("owner", Kind::Text),
            ("updated_at", Kind::Number),
            ("expires_at", Kind::Number),
        ],
    },
    Table {
        name: "remote_secrets",
        subject: Subject::Text("identity = $1"),
        erasure: Erasure::Delete,
        columns: &[
            ("token_hash", Kind::Bytes),
            ("identity", Kind::Text),
            ("sealed", Kind::Bytes),
            ("created_at", Kind::Number),
        ],
    },
    Table {
        name: "push_endpoints",
        subject: Subject::Text("identity = $1"),
        erasure: Erasure::Delete,
        columns: &[
            ("identity", Kind::Text),
            ("endpoint", Kind::Text),
            ("set_at", Kind::Number),
        ],
    },
    Table {
        name: "api_keys",
        subject: Subject::Nobody,
        erasure: Erasure::Nothing,
        columns: &[
            ("id", Kind::Text),
            ("org", Kind::Text),
            ("name", Kind::Text),
            ("hash", Kind::Bytes),
            ("rights", Kind::Text),
            ("networks", Kind::Text),
            ("created_at", Kind::Number),
            ("expires_at", Kind::Number),
            ("revoked_at", Kind::Number),
            ("last_used_day", Kind::Number),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Connection, migrate, sqlite};

    const COPY: &str = include_str!("../../../../docs/schema/server.sql");

    /// Tables of the commented copy with a column that says something about a person.
    fn personal_tables() -> Vec<&'static str> {
        let mut found = Vec::new();
        let mut name = "";
        for line in COPY.lines() {
            if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                name = rest.trim_end_matches(" (");
            }
            if line.contains("-- personal: yes.") && found.last() != Some(&name) {
                found.push(name);
            }
        }
        found
    }

    /// What is personal has an owner who can see and erase it.
    #[test]
    fn personal_tables_have_a_subject() {
        let personal = personal_tables();
        assert!(personal.len() > 12, "{personal:?}");
        for table in &TABLES {
            let has_owner = table.subject != Subject::Nobody && table.erasure != Erasure::Nothing;
            assert_eq!(personal.contains(&table.name), has_owner, "{}", table.name);
        }
    }

    #[tokio::test]
    async fn list_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let writer = sqlite::open_writer(&folder.path().join("server.db")).unwrap();
        let connection = Connection::Sqlite(writer);
        migrate(&connection).await.unwrap();
        // A second run finds nothing to do.
        migrate(&connection).await.unwrap();
        let Connection::Sqlite(writer) = connection else {
            panic!("this is SQLite")
        };
        let names: String = writer
            .connection
            .query_row(
                "SELECT group_concat(t.name || '.' || c.name || ' ' || c.type, ',')
                 FROM pragma_table_list t, pragma_table_info(t.name) c
                 WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%'
                   AND t.name <> 'migrations'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        let mut actual: Vec<String> = names.split(',').map(str::to_owned).collect();
        let mut listed: Vec<String> = TABLES
            .iter()
            .flat_map(|table| table.columns.iter().map(move |column| (table.name, column)))
            .map(|(table, (column, kind))| {
                let kind = match kind {
                    Kind::Number => "INTEGER",
                    Kind::Text => "TEXT",
                    Kind::Bytes => "BLOB",
                };
                format!("{table}.{column} {kind}")
            })
            .collect();
        actual.sort();
        listed.sort();
        assert_eq!(actual, listed);
    }
}
