//! PostgreSQL: connecting, the settings that durability depends on, prepared statements.

use std::{cell::RefCell, collections::HashMap, time::Duration};

use tokio_postgres::{Client, Config, NoTls, Statement};

use crate::{Error, Result, error::OrStoreError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

pub(crate) struct PostgresConnection {
    pub(crate) client: Client,
    statements: RefCell<HashMap<&'static str, Statement>>,
}

impl PostgresConnection {
    /// Connects on the current thread's runtime; TLS to the database is out of scope.
    pub(crate) async fn open(config: &Config) -> Result<Self> {
        let mut config = config.clone();
        config.connect_timeout(CONNECT_TIMEOUT);
        let (client, driver) = config.connect(NoTls).await.or_store_error()?;
        tokio::spawn(async move {
            if let Err(error) = driver.await {
                tracing::warn!(%error, "the connection to PostgreSQL ended");
            }
        });
        let connection = Self {
            client,
            statements: RefCell::default(),
        };
        connection.check_rules().await?;
        Ok(connection)
    }

    /// A connection that refuses to write.
    pub(crate) async fn open_reader(config: &Config) -> Result<Self> {
        let connection = Self::open(config).await?;
        connection
            .batch("SET default_transaction_read_only = on")
            .await?;
        Ok(connection)
    }

    /// Takes the advisory lock that keeps a second server away from the same schema. It lives as
    /// long as the connection.
    pub(crate) async fn claim(&self) -> Result<()> {
        let sql = "SELECT pg_try_advisory_lock(
                       hashtextextended('dreiklang ' || current_schema(), 0))";
        let row = self.client.query_one(sql, &[]).await.or_store_error()?;
        if row.try_get(0).or_store_error()? {
            Ok(())
        } else {
            Err(Error::Refused(
                "another server uses this database already".to_owned(),
            ))
        }
    }

    /// Refuses a server that would acknowledge a commit before it is durable, and a replica.
    async fn check_rules(&self) -> Result<()> {
        for (name, refused) in RULES {
            let row = self
                .client
                .query_one("SELECT current_setting($1)", &[name])
                .await
                .or_store_error()?;
            let found: String = row.try_get(0).or_store_error()?;
            if found == *refused {
                return Err(Error::Refused(format!(
                    "PostgreSQL must not run with {name}={found}"
                )));
            }
        }
        let row = self
            .client
            .query_one("SELECT pg_is_in_recovery()", &[])
            .await
            .or_store_error()?;
        if row.try_get(0).or_store_error()? {
            return Err(Error::Refused(
                "PostgreSQL is a replica; the primary is needed".to_owned(),
            ));
        }
        Ok(())
    }

    pub(crate) async fn prepare(&self, sql: &'static str) -> Result<Statement> {
        let known = self.statements.borrow().get(sql).cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let statement = self.client.prepare(sql).await.or_store_error()?;
        self.statements.borrow_mut().insert(sql, statement.clone());
        Ok(statement)
    }

    pub(crate) async fn batch(&self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).await.or_store_error()
    }
}

/// Settings and the value each must not have.
const RULES: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("synchronous_commit", "off"),
    // With `on`, PostgreSQL would carry on after a failed fsync as if nothing was lost.
    ("data_sync_retry", "on"),
];
