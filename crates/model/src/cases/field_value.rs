//! Reading a [`FieldValue`] by what it begins with. `untagged` would try each kind in turn and put
//! an error into words for each that does not fit: half the time of reading a case.

use super::FieldValue;
use crate::ids::EntryId;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use std::fmt;

impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Kinds)
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Private {
    private: EntryId,
}

struct Kinds;

impl<'de> Visitor<'de> for Kinds {
    type Value = FieldValue;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("yes or no, a whole number, a text, a list or the place of a private value")
    }

    fn visit_bool<E: Error>(self, it: bool) -> Result<FieldValue, E> {
        Ok(FieldValue::Bool(it))
    }

    fn visit_i64<E: Error>(self, it: i64) -> Result<FieldValue, E> {
        Ok(FieldValue::Int(it))
    }

    fn visit_u64<E: Error>(self, it: u64) -> Result<FieldValue, E> {
        let it = i64::try_from(it).map_err(|_| E::invalid_value(Unexpected::Unsigned(it), &self));
        it.map(FieldValue::Int)
    }

    fn visit_str<E: Error>(self, it: &str) -> Result<FieldValue, E> {
        Ok(FieldValue::Text(it.to_owned()))
    }

    fn visit_string<E: Error>(self, it: String) -> Result<FieldValue, E> {
        Ok(FieldValue::Text(it))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<FieldValue, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(FieldValue::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldValue, A::Error> {
        let Private { private } = Private::deserialize(MapAccessDeserializer::new(map))?;
        Ok(FieldValue::Private { private })
    }
}
