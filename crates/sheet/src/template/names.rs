//! The built-in names of a workbook (print area, printed titles, filter), which refer to cells too.

use std::collections::BTreeMap;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::TemplateError;
use super::refs::Growth;
use super::tag::Tag;

/// The part that holds the names.
pub(super) const PART: &str = "xl/workbook.xml";

/// The workbook part and where in it a built-in name tells its cells.
#[derive(Debug)]
pub(super) struct DefinedNames {
    xml: String,
    names: Vec<Name>,
}

#[derive(Debug)]
struct Name {
    span: Range<usize>,
    sheet_part: String,
}

impl DefinedNames {
    /// Reads the workbook part with its relations, which say in which part a sheet is kept.
    pub fn parse(xml: String, relations: &str) -> Result<Self, TemplateError> {
        let targets = targets(relations)?;
        let mut reader = Reader::from_str(&xml);
        let (mut sheets, mut names) = (Vec::new(), Vec::new());
        loop {
            match reader.read_event()? {
                Event::Start(e) if e.local_name().into_inner() == "definedName" => {
                    let tag = Tag::parse(&e, false)?;
                    let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
                    let length = reader.read_text(e.name())?.len();
                    if let Some(sheet_part) = sheet_of(&tag, &sheets) {
                        names.push(Name { span: start..start.saturating_add(length), sheet_part });
                    }
                }
                Event::Start(e) | Event::Empty(e) if e.local_name().into_inner() == "sheet" => {
                    let target = Tag::parse(&e, true)?.get("r:id").and_then(|id| targets.get(id));
                    sheets.push(target.cloned().unwrap_or_default());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(Self { xml, names })
    }

    /// The part with its names moved as their sheets grow; `None` if none moves.
    pub fn moved(&self, growth: impl Fn(&str) -> Option<Growth>) -> Option<String> {
        let (mut out, mut done, mut any) = (String::new(), 0, false);
        for name in &self.names {
            let Some(growth) = growth(&name.sheet_part) else { continue };
            out.push_str(self.xml.get(done..name.span.start)?);
            out.push_str(&moved(self.xml.get(name.span.clone())?, growth));
            (done, any) = (name.span.end, true);
        }
        out.push_str(self.xml.get(done..)?);
        any.then_some(out)
    }
}

/// The part of the sheet a built-in name belongs to.
fn sheet_of(name: &Tag, sheets: &[String]) -> Option<String> {
    name.get("name").filter(|name| name.starts_with("_xlnm."))?;
    sheets.get(name.get("localSheetId")?.parse::<usize>().ok()?).cloned()
}

/// `Sheet1!$A$1:$F$20,Sheet1!$H$1`, each reference moved behind its sheet's name.
fn moved(references: &str, growth: Growth) -> String {
    let each = references.split(',').map(|one| match one.rsplit_once('!') {
        Some((sheet, cells)) => format!("{sheet}!{}", growth.reference(cells)),
        None => one.to_owned(),
    });
    each.collect::<Vec<_>>().join(",")
}

/// Relation ids and the parts they point at.
fn targets(relations: &str) -> Result<BTreeMap<String, String>, TemplateError> {
    let (mut reader, mut targets) = (Reader::from_str(relations), BTreeMap::new());
    loop {
        match reader.read_event()? {
            Event::Start(e) | Event::Empty(e) => {
                let tag = Tag::parse(&e, true)?;
                if let (Some(id), Some(target)) = (tag.get("Id"), tag.get("Target")) {
                    let absolute = target.strip_prefix('/').map(str::to_owned);
                    let part = absolute.unwrap_or_else(|| format!("xl/{target}"));
                    targets.insert(id.to_owned(), part);
                }
            }
            Event::Eof => return Ok(targets),
            _ => {}
        }
    }
}
