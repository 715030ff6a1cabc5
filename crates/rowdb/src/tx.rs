//! The transaction a command or a read works in: the same on both engines.

use crate::{Engine, Error, Row, Value, postgres, sqlite};

/// Words by which a command would end what it shares with others.
const CONTROL: [&str; 8] =
    ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"];

/// The transaction of one command or read, and the only thing it may await.
pub struct Tx {
    pub(crate) session: Session,
    statements: u64,
    failed: bool,
}

pub(crate) enum Session {
    Sqlite(sqlite::Session),
    Postgres(postgres::Session),
}

/// Runs one method of the session that this transaction has, awaiting it where that is needed.
macro_rules! on_session {
    ($tx:ident, $method:ident($($argument:expr),*)) => {
        match &mut $tx.session {
            Session::Sqlite(session) => session.$method($($argument),*),
            Session::Postgres(session) => session.$method($($argument),*).await,
        }
    };
}

impl Tx {
    pub(crate) fn new(session: Session) -> Self {
        Self { session, statements: 0, failed: false }
    }

    /// Every row of the answer.
    pub async fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
        self.admit(sql, params)?;
        let result = on_session!(self, query(sql, params));
        self.note(result)
    }

    /// The only row of the answer, or none; [`Error::Inconsistent`] when there are more.
    pub async fn query_opt(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, Error> {
        let mut rows = self.query(sql, params).await?;
        if rows.len() > 1 {
            return Err(Error::Inconsistent(format!("{} rows, not one, of: {sql}", rows.len())));
        }
        Ok(rows.pop())
    }

    /// The only row of the answer; [`Error::Inconsistent`] when there is none or more.
    pub async fn query_one(&mut self, sql: &str, params: &[Value]) -> Result<Row, Error> {
        let row = self.query_opt(sql, params).await?;
        row.ok_or_else(|| Error::Inconsistent(format!("no row, not one, of: {sql}")))
    }

    /// Runs one statement and answers how many rows it changed.
    pub async fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, Error> {
        self.admit(sql, params)?;
        let result = on_session!(self, execute(sql, params));
        self.note(result)
    }

    /// Runs one statement once for each of many rows of parameters, in order, without waiting for
    /// each answer on its way; answers how many rows were changed in all.
    pub async fn execute_all(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<u64, Error> {
        for params in rows {
            self.admit(sql, params)?;
        }
        let result = on_session!(self, execute_all(sql, rows));
        self.note(result)
    }

    /// Runs several statements without parameters, parted by semicolons.
    pub async fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.admit(sql, &[])?;
        let result = on_session!(self, batch(sql));
        self.note(result)
    }

    /// Checks that the engine accepts a statement, and that its parameters and columns are of kinds
    /// that [`Value`] knows, without running it.
    pub async fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        let result = on_session!(self, prepare(sql));
        self.note(result)
    }

    /// Which engine this is, where two texts are needed.
    pub fn engine(&self) -> Engine {
        match self.session {
            Session::Sqlite(_) => Engine::Sqlite,
            Session::Postgres(_) => Engine::Postgres,
        }
    }

    /// How many statements this command or read has run so far.
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// Whether a statement has failed, so that nothing of this command may be kept.
    pub(crate) fn failed(&self) -> bool {
        self.failed
    }

    /// Begins the next command on the same connection.
    pub(crate) fn reset(&mut self) {
        self.statements = 0;
        self.failed = false;
    }

    /// PostgreSQL takes no statement after a failed one and no NUL in text: so neither does SQLite.
    fn admit(&mut self, sql: &str, params: &[Value]) -> Result<(), Error> {
        self.statements += 1;
        tracing::trace!(target: "rowdb::sql", sql);
        if self.failed {
            return Err(Error::Aborted);
        }
        let word = sql.split_whitespace().next().unwrap_or_default().trim_end_matches(';');
        if CONTROL.iter().any(|control| word.eq_ignore_ascii_case(control)) {
            return self.note(Err(Error::sql(sql, "transaction control in a command")));
        }
        let holds_nul = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
        if params.iter().any(holds_nul) {
            return self.note(Err(Error::sql(sql, "text with NUL")));
        }
        Ok(())
    }

    fn note<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        self.failed |= result.is_err();
        result
    }
}
