//! Both databases have the same tables, and the commented copy in `docs/schema` is theirs.

use std::collections::BTreeSet;

use crate::common::{Kind, World};

const COPY: &str = include_str!("../../../../docs/schema/server.sql");

/// A column: table, name, kind of value, whether it may be null.
type Column = (String, String, String, bool);

async fn sqlite() -> rusqlite::Connection {
    let world = World::new(Kind::Sqlite).await.unwrap();
    world.open().await.close().await;
    let mut loaded = rusqlite::Connection::open_in_memory().unwrap();
    let file = rusqlite::Connection::open(world.path("server.db")).unwrap();
    rusqlite::backup::Backup::new(&file, &mut loaded)
        .unwrap()
        .step(-1)
        .unwrap();
    loaded
}

fn rows<T>(
    connection: &rusqlite::Connection,
    sql: &str,
    map: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Vec<T> {
    let mut statement = connection.prepare(sql).unwrap();
    statement
        .query_map([], map)
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

fn sqlite_columns(connection: &rusqlite::Connection) -> BTreeSet<Column> {
    let sql = "SELECT t.name, c.name, c.type, c.\"notnull\"
               FROM pragma_table_list t, pragma_table_info(t.name) c
               WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%'";
    let kind = |kind: String| match kind.as_str() {
        "INTEGER" => "number".to_owned(),
        "TEXT" => "text".to_owned(),
        "BLOB" => "bytes".to_owned(),
        other => panic!("{other} is not a type of the common dialect"),
    };
    rows(connection, sql, |row| {
        Ok((
            row.get(0)?,
            row.get(1)?,
            kind(row.get(2)?),
            !row.get::<_, bool>(3)?,
        ))
    })
    .into_iter()
    .collect()
}

async fn postgres_columns(url: &str) -> BTreeSet<Column> {
    let (client, driver) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(driver);
    let sql = "SELECT table_name::TEXT, column_name::TEXT, data_type::TEXT, is_nullable::TEXT
               FROM information_schema.columns WHERE table_schema = current_schema()";
    let kind = |kind: &str| match kind {
        "bigint" => "number".to_owned(),
        "text" => "text".to_owned(),
        "bytea" => "bytes".to_owned(),
        other => panic!("{other} is not a type of the common dialect"),
    };
    let found = client.query(sql, &[]).await.unwrap();
    found
        .iter()
        .map(|row| {
            (
                row.get(0),
                row.get(1),
                kind(row.get(2)),
                row.get::<_, &str>(3) == "YES",
            )
        })
        .collect()
}

#[tokio::test]
async fn both_databases_have_the_same_columns() {
    let sqlite = sqlite_columns(&sqlite().await);
    assert!(sqlite.len() > 30);
    let Some(world) = World::new(Kind::Postgres).await else {
        return;
    };
    world.open().await.close().await;
    let postgres = postgres_columns(&world.config.database_url).await;
    assert_eq!(sqlite, postgres);
}

#[tokio::test]
async fn tables_are_strict_and_nothing_is_null() {
    let connection = sqlite().await;
    let sql = "SELECT name FROM pragma_table_list
               WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND NOT strict";
    let lax: Vec<String> = rows(&connection, sql, |row| row.get(0));
    assert!(lax.is_empty(), "{lax:?}");
    let nullable: Vec<Column> = sqlite_columns(&connection)
        .into_iter()
        .filter(|(.., nullable)| *nullable)
        .collect();
    assert!(nullable.is_empty(), "{nullable:?}");
}

#[tokio::test]
async fn commented_copy_is_the_schema() {
    let connection = sqlite().await;
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL";
    let actual: BTreeSet<String> = rows(&connection, sql, |row| row.get::<_, String>(0))
        .iter()
        .map(|sql| plain(sql))
        .collect();
    let without_comments: String = COPY
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .collect();
    let copied: BTreeSet<String> = without_comments
        .split(';')
        .map(plain)
        .filter(|sql| !sql.is_empty())
        .collect();
    assert_eq!(copied, actual);
}

/// Every column says whether it is personal: exports and erasure are written from these tags.
#[test]
fn every_column_is_tagged() {
    let lines: Vec<&str> = COPY.lines().collect();
    let mut columns = 0;
    for (index, line) in lines.iter().enumerate() {
        let is_rule = ["--", "PRIMARY KEY", "UNIQUE"]
            .iter()
            .any(|start| line.trim_start().starts_with(start));
        let is_column = line.starts_with("    ") && !is_rule;
        if is_column {
            columns += 1;
            let above = lines[index - 1].trim_start();
            let tagged =
                above.starts_with("-- personal: yes. ") || above.starts_with("-- personal: no. ");
            assert!(tagged, "no tag above: {line}");
        }
    }
    assert!(columns > 30);
}

/// One spelling of a statement: words separated by single spaces, none inside brackets.
fn plain(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    words
        .join(" ")
        .replace("( ", "(")
        .replace(" )", ")")
        .replace(" ,", ",")
        .replace(',', ", ")
        .replace(",  ", ", ")
}
