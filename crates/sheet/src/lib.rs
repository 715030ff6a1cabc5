//! Spreadsheets in and out: tables read row by row, mapped onto fields with every problem named by
//! cell, exported at any length, and an office's own template filled.
//!
//! Works on bytes, readers and writers; knows neither paths nor what the columns mean.

mod csv_out;
mod export;
mod format;
mod limits;
mod mapping;
mod problems;
mod read;
mod template;

pub use csv_out::CsvWriter;
pub use export::{Column, Content, Export, Exporter, WriteError};
pub use format::{Format, column_letters};
pub use limits::{Limit, LimitExceeded, Limits};
pub use mapping::{Mapping, MappingError};
pub use problems::{CellProblem, ProblemSheet, problems_csv};
pub use read::{Damage, HeaderProblem, Headers, ReadError, Reading, Row, Rows, Table};
pub use template::{Template, TemplateError};
