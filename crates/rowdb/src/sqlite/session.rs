//! One SQLite connection: statements, parameters by name, rows.

use std::{collections::HashMap, sync::Arc};

use rusqlite::{
    Connection, Statement, ToSql,
    types::{ToSqlOutput, ValueRef},
};

use super::{connect::STATEMENTS, fault};
use crate::{Error, Row, Tx, Value, tx};

/// A connection and the statements prepared on it.
pub(crate) struct Session {
    connection: Connection,
    /// The numbers of each statement's parameters: SQLite tells them slowly.
    numbers: HashMap<String, Arc<[usize]>>,
}

impl Session {
    /// The transactions of one connection, one after the other.
    pub(super) fn begin_on(connection: Connection) -> Tx {
        Tx::new(tx::Session::Sqlite(Self { connection, numbers: HashMap::new() }))
    }

    pub(crate) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
        let fault = |error: rusqlite::Error| fault::of(sql, &error);
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        bind(&mut statement, (sql, &mut self.numbers), params)?;
        let columns: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(fault)? {
            let values = (0..columns.len()).map(|index| {
                let value = row.get_ref(index).map_err(fault)?;
                read(value, columns.get(index).map_or("", String::as_str))
            });
            found.push(Row::new(columns.clone(), values.collect::<Result<_, Error>>()?));
        }
        Ok(found)
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, Error> {
        let fault = |error: rusqlite::Error| fault::of(sql, &error);
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        bind(&mut statement, (sql, &mut self.numbers), params)?;
        if statement.column_count() == 0 {
            return statement.raw_execute().map(|count| count as u64).map_err(fault);
        }
        // `RETURNING` whose rows nobody wants: as many rows as were changed.
        let mut count = 0;
        let mut rows = statement.raw_query();
        while rows.next().map_err(fault)?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    pub(crate) fn execute_all(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<u64, Error> {
        rows.iter().try_fold(0, |count, params| Ok(count + self.execute(sql, params)?))
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.connection.execute_batch(sql).map_err(|error| fault::of(sql, &error))
    }

    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        let statement = self.connection.prepare(sql).map_err(|error| fault::of(sql, &error))?;
        numbers(&statement, sql).map(drop)
    }
}

/// What only the threads of this module may do with a transaction, which is always one of SQLite.
impl Tx {
    /// One word of transaction control.
    pub(super) fn control(&self, sql: &str) -> Result<(), rusqlite::Error> {
        let Session { connection, .. } = self.sqlite()?;
        connection.prepare_cached(sql)?.execute([]).map(drop)
    }

    /// Whether SQLite has ended the transaction on its own, as it does when the disk is full.
    pub(super) fn has_ended(&self) -> bool {
        self.sqlite().is_ok_and(|session| session.connection.is_autocommit())
    }

    fn sqlite(&self) -> Result<&Session, rusqlite::Error> {
        match &self.session {
            tx::Session::Sqlite(session) => Ok(session),
            tx::Session::Postgres(_) => Err(rusqlite::Error::InvalidQuery),
        }
    }
}

/// The `n` of each `$n`, in the order in which SQLite counts them: that of first appearance.
fn numbers(statement: &Statement<'_>, sql: &str) -> Result<Vec<usize>, Error> {
    let number = |index| {
        let name = statement.parameter_name(index)?;
        name.strip_prefix('$')?.parse().ok().filter(|number| *number > 0)
    };
    (1..=statement.parameter_count())
        .map(|index| number(index).ok_or_else(|| Error::sql(sql, "parameters are $1, $2 …")))
        .collect()
}

/// Gives each `$n` its value, so that their order in the text does not matter.
fn bind(
    statement: &mut Statement<'_>,
    (sql, known): (&str, &mut HashMap<String, Arc<[usize]>>),
    params: &[Value],
) -> Result<(), Error> {
    let numbers = match known.get(sql) {
        Some(numbers) => numbers.clone(),
        None => {
            let found: Arc<[usize]> = numbers(statement, sql)?.into();
            if known.len() == STATEMENTS {
                known.clear();
            }
            known.insert(sql.to_owned(), found.clone());
            found
        }
    };
    if numbers.len() != params.len() {
        let message = format!("{} parameters for {} values", numbers.len(), params.len());
        return Err(Error::sql(sql, message));
    }
    for (index, &number) in numbers.iter().enumerate() {
        let value = params
            .get(number - 1)
            .ok_or_else(|| Error::sql(sql, format!("${number} with {} values", params.len())))?;
        statement.raw_bind_parameter(index + 1, value).map_err(|e| fault::of(sql, &e))?;
    }
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Bool(truth) => ValueRef::Integer((*truth).into()),
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Id(id) => ValueRef::Blob(id.as_bytes()),
        }))
    }
}

fn read(value: ValueRef<'_>, column: &str) -> Result<Value, Error> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Text(text) => Value::Text(
            String::from_utf8(text.to_vec())
                .map_err(|_| Error::Inconsistent(format!("column {column} is not UTF-8")))?,
        ),
        ValueRef::Real(_) => {
            return Err(Error::Inconsistent(format!("column {column} is a float")));
        }
    })
}
