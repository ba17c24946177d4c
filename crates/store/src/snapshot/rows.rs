//! Copying all rows of one database into another, whichever kinds they are.

use tokio_postgres::types::ToSql;

use crate::{
    Result,
    error::OrStoreError,
    sql::{
        Connection, Row,
        tables::{Kind, TABLES, Table},
    },
};

/// Copies every table. Both connections are inside transactions of the caller.
pub(super) async fn copy_all(from: &Connection, to: &Connection) -> Result<()> {
    for table in &TABLES {
        copy_table(from, to, table).await?;
    }
    Ok(())
}

/// How many rows all tables have together.
pub(super) async fn count_all(connection: &Connection) -> Result<i64> {
    let mut rows = 0;
    for table in &TABLES {
        let sql = format!("SELECT count(*) FROM {}", table.name);
        rows += match connection {
            Connection::Sqlite(sqlite) => {
                sqlite.watch(|sqlite| sqlite.query_row(&sql, [], |row| row.get::<_, i64>(0)))?
            }
            Connection::Postgres(postgres) => {
                let row = postgres
                    .client
                    .query_one(&sql, &[])
                    .await
                    .or_store_error()?;
                row.try_get(0).or_store_error()?
            }
        };
    }
    Ok(rows)
}

async fn copy_table(from: &Connection, to: &Connection, table: &Table) -> Result<()> {
    let select = format!(
        "SELECT {} FROM {} ORDER BY 1",
        table.column_list(),
        table.name
    );
    match from {
        Connection::Sqlite(sqlite) => {
            let mut statement = sqlite.connection.prepare(&select).or_store_error()?;
            let mut rows = statement.query([]).or_store_error()?;
            loop {
                let mut chunk = Chunk::new(table);
                while chunk.rows < CHUNK_ROWS {
                    let Some(row) = rows.next().or_store_error()? else {
                        break;
                    };
                    chunk.push(&Row::Sqlite(row))?;
                }
                if chunk.rows == 0 {
                    return Ok(());
                }
                chunk.insert(to, table).await?;
            }
        }
        Connection::Postgres(postgres) => {
            let declare = format!("DECLARE copied NO SCROLL CURSOR FOR {select}");
            postgres.batch(&declare).await?;
            let fetch = format!("FETCH {CHUNK_ROWS} FROM copied");
            loop {
                let mut chunk = Chunk::new(table);
                for row in postgres.client.query(&fetch, &[]).await.or_store_error()? {
                    chunk.push(&Row::Postgres(&row))?;
                }
                if chunk.rows == 0 {
                    return postgres.batch("CLOSE copied").await;
                }
                chunk.insert(to, table).await?;
            }
        }
    }
}

/// Some rows of a table, column by column.
struct Chunk {
    rows: usize,
    columns: Vec<Column>,
}

enum Column {
    Numbers(Vec<i64>),
    Texts(Vec<String>),
    Bytes(Vec<Vec<u8>>),
}

impl Chunk {
    fn new(table: &Table) -> Self {
        let column = |kind: &Kind| match kind {
            Kind::Number => Column::Numbers(Vec::new()),
            Kind::Text => Column::Texts(Vec::new()),
            Kind::Bytes => Column::Bytes(Vec::new()),
        };
        Self {
            rows: 0,
            columns: table.columns.iter().map(|(_, kind)| column(kind)).collect(),
        }
    }

    fn push(&mut self, row: &Row<'_>) -> Result<()> {
        for (index, column) in self.columns.iter_mut().enumerate() {
            match column {
                Column::Numbers(numbers) => numbers.push(row.number(index)?),
                Column::Texts(texts) => texts.push(row.text(index)?),
                Column::Bytes(bytes) => bytes.push(row.bytes(index)?.to_vec()),
            }
        }
        self.rows += 1;
        Ok(())
    }

    async fn insert(&self, to: &Connection, table: &Table) -> Result<()> {
        match to {
            Connection::Sqlite(sqlite) => sqlite.watch(|sqlite| self.insert_sqlite(sqlite, table)),
            Connection::Postgres(postgres) => {
                let arrays: Vec<String> = (1..)
                    .zip(&self.columns)
                    .map(|(number, column)| match column {
                        Column::Numbers(_) => format!("${number}::BIGINT[]"),
                        Column::Texts(_) => format!("${number}::TEXT[]"),
                        Column::Bytes(_) => format!("${number}::BYTEA[]"),
                    })
                    .collect();
                let sql = format!(
                    "INSERT INTO {} ({}) SELECT * FROM unnest({})",
                    table.name,
                    table.column_list(),
                    arrays.join(", ")
                );
                let values: Vec<&(dyn ToSql + Sync)> = self
                    .columns
                    .iter()
                    .map(|column| -> &(dyn ToSql + Sync) {
                        match column {
                            Column::Numbers(numbers) => numbers,
                            Column::Texts(texts) => texts,
                            Column::Bytes(bytes) => bytes,
                        }
                    })
                    .collect();
                postgres
                    .client
                    .execute(&sql, &values)
                    .await
                    .or_store_error()?;
                Ok(())
            }
        }
    }

    fn insert_sqlite(&self, sqlite: &rusqlite::Connection, table: &Table) -> rusqlite::Result<()> {
        let markers = vec!["?"; self.columns.len()].join(", ");
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({markers})",
            table.name,
            table.column_list()
        );
        let mut insert = sqlite.prepare_cached(&sql)?;
        for row in 0..self.rows {
            for (number, column) in (1_usize..).zip(&self.columns) {
                match column {
                    Column::Numbers(numbers) => insert.raw_bind_parameter(number, numbers[row])?,
                    Column::Texts(texts) => insert.raw_bind_parameter(number, &texts[row])?,
                    Column::Bytes(bytes) => insert.raw_bind_parameter(number, &bytes[row])?,
                }
            }
            insert.raw_execute()?;
        }
        Ok(())
    }
}

const CHUNK_ROWS: usize = 500;
