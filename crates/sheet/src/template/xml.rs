//! Text in and out of the XML of a workbook.

use quick_xml::Reader;
use quick_xml::escape::{escape, unescape};
use quick_xml::events::{BytesStart, Event};

use super::TemplateError;
use crate::export::cut;

/// The shared strings of a workbook, plain; an empty part has none.
pub(super) fn shared_strings(xml: &str) -> Result<Vec<String>, TemplateError> {
    let (mut reader, mut strings) = (Reader::from_str(xml), Vec::new());
    loop {
        match reader.read_event()? {
            Event::Start(e) if e.local_name().into_inner() == "si" => {
                strings.push(text_within(&mut reader, &e)?);
            }
            Event::Empty(e) if e.local_name().into_inner() == "si" => strings.push(String::new()),
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// The text of all runs inside an element that has just begun, without phonetic readings.
pub(super) fn text_within(
    reader: &mut Reader<&[u8]>,
    element: &BytesStart<'_>,
) -> Result<String, TemplateError> {
    let mut text = String::new();
    loop {
        match reader.read_event()? {
            Event::Start(e) => match e.local_name().into_inner() {
                "t" => text.push_str(&content(reader, &e)?),
                "rPh" => {
                    reader.read_to_end(e.name())?;
                }
                _ => {}
            },
            Event::End(e) if e.name() == element.name() => return Ok(text),
            Event::Eof => return Err(TemplateError::Damaged("text without an end".to_owned())),
            _ => {}
        }
    }
}

/// The text of an element that has just begun and holds nothing but text.
pub(super) fn content(
    reader: &mut Reader<&[u8]>,
    element: &BytesStart<'_>,
) -> Result<String, TemplateError> {
    let raw = reader.read_text(element.name())?.into_inner();
    let text = unescape(&raw).map_err(|e| TemplateError::Damaged(e.to_string()))?;
    Ok(text.into_owned())
}

/// A value as XML text: what XML cannot carry is dropped, what Excel would decode is kept literal.
pub(super) fn escaped(value: &str) -> String {
    let whole = cut(&value.replace("\r\n", "\n"));
    let allowed = |c: &char| matches!(c, '\n' | '\t') || !(c.is_control() || is_noncharacter(*c));
    let text: String = whole.chars().filter(allowed).collect();
    escape(literal(&text)).into_owned()
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// Excel reads `_x0041_` as `A`; the underscore itself has to be written that way.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, _) in text.match_indices("_x") {
        let code = text.as_bytes().get(at + 2..at + 7).unwrap_or_default();
        let is_code = matches!(code, [hex @ .., b'_'] if hex.iter().all(u8::is_ascii_hexdigit));
        if is_code {
            out.push_str(text.get(done..at).unwrap_or_default());
            out.push_str("_x005F_");
            done = at + 1;
        }
    }
    out + text.get(done..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_strings_are_plain_text_in_their_order() {
        let xml = r#"<sst><si><t>一 &amp; 二</t></si><si/><si><r><rPr><b/></rPr><t>粗</t></r><r><t xml:space="preserve"> 细</t></r><rPh sb="0" eb="1"><t>cu</t></rPh></si></sst>"#;
        assert_eq!(shared_strings(xml).unwrap(), ["一 & 二", "", "粗 细"]);
        assert_eq!(shared_strings("").unwrap(), [""; 0]);
    }

    #[test]
    fn values_are_escaped_for_xml_and_for_excel() {
        assert_eq!(escaped("<a> & \"b\""), "&lt;a&gt; &amp; &quot;b&quot;");
        assert_eq!(escaped("一\r\n二\u{0}\u{FFFF}"), "一\n二");
        assert_eq!(escaped("_x0041_ _xyz_ _x00"), "_x005F_x0041_ _xyz_ _x00");
    }
}
