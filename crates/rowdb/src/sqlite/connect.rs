//! Connections to a SQLite file and their settings.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::{Error, Synchronous};

/// Statements kept prepared on each connection.
pub(super) const STATEMENTS: usize = 512;

/// What the writing connection is set to; negative cache sizes are KiB.
///
/// `secure_delete` overwrites what is deleted: an erased name is gone from the file too. What a
/// command would undo is kept in memory (`temp_store`): as a file it cost a tenth of the writing.
const WRITER: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA wal_autocheckpoint = 10000;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -24576;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA trusted_schema = OFF;";

/// What each reading connection is set to.
const READER: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA query_only = ON;
    PRAGMA cache_size = -8192;
    PRAGMA trusted_schema = OFF;";

pub(super) fn writer(path: &Path, synchronous: Synchronous) -> Result<Connection, Error> {
    let synchronous = match synchronous {
        Synchronous::Full => "PRAGMA synchronous = FULL;",
        Synchronous::Off => "PRAGMA synchronous = OFF;",
    };
    open(path, OpenFlags::SQLITE_OPEN_CREATE, &format!("{WRITER}{synchronous}"))
}

/// A reading connection is opened for writing too and then told not to write: only so can it
/// recover the write-ahead log of a process that was killed.
pub(super) fn reader(path: &Path) -> Result<Connection, Error> {
    open(path, OpenFlags::empty(), READER)
}

fn open(path: &Path, more: OpenFlags, settings: &str) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connect = || {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // A misspelt column in double quotes is an error, as on PostgreSQL, and not a text.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        // Else a statement is compiled anew each time it is given other values.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch(settings)?;
        Ok(connection)
    };
    connect().map_err(|error: rusqlite::Error| Error::Open(format!("{}: {error}", path.display())))
}
