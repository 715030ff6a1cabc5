//! Where a database is: `sqlite:PATH`, a bare path, or `postgres://…?schema=NAME`.

use std::path::PathBuf;

use crate::Error;

/// A database's place, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Address {
    Sqlite(PathBuf),
    Postgres {
        /// The address without our own `schema` parameter.
        url: String,
        schema: Option<String>,
    },
}

impl Address {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return postgres(text);
        }
        let path = text.strip_prefix("sqlite:").unwrap_or(text);
        if path.is_empty() || path.contains("://") {
            return Err(Error::Open("the address is neither a path nor postgres://…".into()));
        }
        Ok(Self::Sqlite(path.into()))
    }
}

fn postgres(text: &str) -> Result<Address, Error> {
    let (base, query) = text.split_once('?').unwrap_or((text, ""));
    let (ours, theirs): (Vec<&str>, Vec<&str>) = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .partition(|pair| pair.starts_with("schema="));
    let schema = ours.last().and_then(|pair| pair.strip_prefix("schema=")).map(str::to_owned);
    if schema.as_deref().is_some_and(|name| !is_plain_name(name)) {
        return Err(Error::Open("a schema's name is a-z, 0-9 and _, at most 63 long".into()));
    }
    let url =
        if theirs.is_empty() { base.to_owned() } else { format!("{base}?{}", theirs.join("&")) };
    Ok(Address::Postgres { url, schema })
}

/// Whether a name needs no quotes, so that it can stand in SQL text as it is.
fn is_plain_name(name: &str) -> bool {
    name.len() <= 63
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_path_is_a_sqlite_file() {
        let file = Address::Sqlite("county.db".into());
        assert_eq!(Address::parse("county.db").unwrap(), file);
        assert_eq!(Address::parse("sqlite:county.db").unwrap(), file);
    }

    #[test]
    fn the_schema_is_ours_and_the_rest_is_the_servers() {
        let address = Address::parse("postgres://u@h/d?sslmode=disable&schema=c_1&port=5").unwrap();
        let url = "postgres://u@h/d?sslmode=disable&port=5".to_owned();
        assert_eq!(address, Address::Postgres { url, schema: Some("c_1".into()) });
    }

    #[test]
    fn a_schema_that_would_need_quotes_is_refused() {
        for name in ["", "1a", "A", "a-b", "a;drop", "a\"b"] {
            assert!(Address::parse(&format!("postgres://h/d?schema={name}")).is_err(), "{name}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        assert!(Address::parse("").is_err());
        assert!(Address::parse("mysql://h/d").is_err());
    }
}
