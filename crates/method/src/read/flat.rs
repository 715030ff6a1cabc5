//! The flattened pack as text: what a version is, what its hash is taken of, and what it is loaded
//! from again. Compact JSON; keys stay in the order in which the files say them, because forms,
//! choices and lists are shown in that order.

use super::tree::{Mark, Node, Table, Value};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// The canonical text.
pub(super) fn text(root: &Node) -> String {
    // Strings, numbers and maps with string keys: there is nothing JSON could refuse.
    serde_json::to_string(root).unwrap_or_default()
}

/// SHA-256 of a canonical text, hex.
pub(super) fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Bool(it) => to.serialize_bool(*it),
            Value::Int(it) => to.serialize_i64(*it),
            Value::Text(it) => to.serialize_str(it),
            // A number that JSON's floats would change is kept as it was written.
            Value::Decimal(it) => {
                [("decimal", it)].into_iter().collect::<DecimalMap<'_>>().serialize(to)
            }
            Value::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|it| list.serialize_element(it))?;
                list.end()
            }
            Value::Table(table) => {
                let mut map = to.serialize_map(Some(table.len()))?;
                table.iter().try_for_each(|(key, node)| map.serialize_entry(key, node))?;
                map.end()
            }
        }
    }
}

type DecimalMap<'a> = std::collections::BTreeMap<&'static str, &'a String>;

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NodeVisitor).map(|value| Self::new(Mark::default(), value))
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Value;

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("a flattened pack")
    }

    fn visit_bool<E: Error>(self, it: bool) -> Result<Value, E> {
        Ok(Value::Bool(it))
    }

    fn visit_i64<E: Error>(self, it: i64) -> Result<Value, E> {
        Ok(Value::Int(it))
    }

    fn visit_u64<E: Error>(self, it: u64) -> Result<Value, E> {
        i64::try_from(it).map(Value::Int).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, it: &str) -> Result<Value, E> {
        Ok(Value::Text(it.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut table = Table::default();
        while let Some((key, node)) = entries.next_entry()? {
            table.insert(key, node);
        }
        Ok(match (table.len(), table.get("decimal").and_then(Node::text)) {
            (1, Some(decimal)) => Value::Decimal(decimal.to_owned()),
            _ => Value::Table(table),
        })
    }
}
