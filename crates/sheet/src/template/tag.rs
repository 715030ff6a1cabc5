//! A start tag taken apart, so that an attribute can be changed and the others kept as written.

use quick_xml::events::BytesStart;

use super::TemplateError;

/// A start tag: its name with prefix, its attributes with their raw values, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub name: String,
    attributes: Vec<(String, String)>,
    empty: bool,
}

impl Tag {
    pub fn parse(start: &BytesStart<'_>, empty: bool) -> Result<Self, TemplateError> {
        let mut attributes = start.attributes();
        let attributes = attributes.with_checks(false).map(|attribute| {
            let attribute = attribute.map_err(|e| TemplateError::Damaged(e.to_string()))?;
            // A value may have stood between single quotes.
            let value = attribute.value.replace('"', "&quot;");
            Ok((attribute.key.into_inner().to_owned(), value))
        });
        let name = start.name().into_inner().to_owned();
        Ok(Self { name, attributes: attributes.collect::<Result<_, TemplateError>>()?, empty })
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// The tag with an attribute changed in its place, or added at the end.
    pub fn with(mut self, key: &str, value: String) -> Self {
        match self.attributes.iter_mut().find(|(k, _)| k == key) {
            Some((_, old)) => *old = value,
            None => self.attributes.push((key.to_owned(), value)),
        }
        self
    }

    pub fn without(mut self, key: &str) -> Self {
        self.attributes.retain(|(k, _)| k != key);
        self
    }

    /// The prefix of the name with its colon, to be given to elements put inside.
    pub fn prefix(&self) -> &str {
        self.name.rfind(':').and_then(|colon| self.name.get(..=colon)).unwrap_or_default()
    }

    pub fn is_empty(&self) -> bool {
        self.empty
    }

    pub fn write_to(&self, out: &mut String) {
        self.open(out, self.empty);
    }

    /// Writes the element with something inside, even if the tag was an empty one.
    pub fn wrap(&self, out: &mut String, inside: impl FnOnce(&mut String)) {
        self.open(out, false);
        inside(out);
        out.extend(["</", &self.name, ">"]);
    }

    fn open(&self, out: &mut String, empty: bool) {
        out.extend(["<", &self.name]);
        for (key, value) in &self.attributes {
            out.extend([" ", key, "=\"", value, "\""]);
        }
        out.push_str(if empty { "/>" } else { ">" });
    }
}
