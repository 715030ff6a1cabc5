//! One row of an answer, read by position.

use std::{any::type_name, sync::Arc};

use uuid::Uuid;

use crate::{Error, Value};

/// One row of an answer: its values in the order of the statement's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// The value at `index` (from 0) as a `T`, or [`Error::Inconsistent`] naming the column.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, Error> {
        let found = self.values.get(index);
        found.and_then(T::from_value).ok_or_else(|| {
            Error::Inconsistent(format!(
                "column {index} ({}) is {}, not {}",
                self.columns.get(index).map_or("absent", String::as_str),
                found.map_or("absent", Value::kind),
                type_name::<T>(),
            ))
        })
    }

    /// The values in the order of the statement's columns.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The values, moved out.
    pub fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// The columns' names in the order of the values.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }
}

/// What a column can be read as; `None` when the value is of another kind or does not fit.
pub trait FromValue: Sized {
    /// Reads one value.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! from_value {
    ($($to:ty: { $($pattern:pat => $result:expr,)+ })*) => {$(
        impl FromValue for $to {
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    $($pattern => $result,)+
                    _ => None,
                }
            }
        }
    )*};
}

from_value! {
    bool: {
        Value::Bool(truth) => Some(*truth),
        Value::Int(0) => Some(false),
        Value::Int(1) => Some(true),
    }
    i64: { Value::Int(number) => Some(*number), }
    i32: { Value::Int(number) => Self::try_from(*number).ok(), }
    u64: { Value::Int(number) => Self::try_from(*number).ok(), }
    u32: { Value::Int(number) => Self::try_from(*number).ok(), }
    u16: { Value::Int(number) => Self::try_from(*number).ok(), }
    u8: { Value::Int(number) => Self::try_from(*number).ok(), }
    usize: { Value::Int(number) => Self::try_from(*number).ok(), }
    String: { Value::Text(text) => Some(text.clone()), }
    Vec<u8>: { Value::Bytes(bytes) => Some(bytes.clone()), }
    Uuid: {
        Value::Id(id) => Some(*id),
        Value::Bytes(bytes) => Self::from_slice(bytes).ok(),
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => bytes.as_slice().try_into().ok(),
            _ => None,
        }
    }
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: Value) -> Row {
        Row::new(Arc::new(["amount".to_owned()]), vec![value])
    }

    #[test]
    fn a_mismatch_names_the_column_and_not_the_value() {
        let error = row(Value::Text("secret".into())).get::<i64>(0).unwrap_err().to_string();
        assert!(error.contains("column 0 (amount) is text, not i64"), "{error}");
        assert!(!error.contains("secret"));
    }

    #[test]
    fn a_missing_column_is_a_mismatch() {
        assert!(row(Value::Null).get::<Value>(1).is_err());
    }

    #[test]
    fn null_is_only_an_option() {
        assert_eq!(row(Value::Null).get::<Option<i64>>(0), Ok(None));
        assert!(row(Value::Null).get::<i64>(0).is_err());
    }

    #[test]
    fn a_number_that_does_not_fit_is_a_mismatch() {
        assert_eq!(row(Value::Int(7)).get::<u8>(0), Ok(7));
        assert!(row(Value::Int(-1)).get::<u32>(0).is_err());
        assert!(row(Value::Int(2)).get::<bool>(0).is_err());
    }

    #[test]
    fn sixteen_bytes_are_an_id_and_fifteen_are_not() {
        assert_eq!(row(Value::Bytes(vec![0; 16])).get::<Uuid>(0), Ok(Uuid::nil()));
        assert!(row(Value::Bytes(vec![0; 15])).get::<Uuid>(0).is_err());
    }
}
