//! A procedure as a picture: stages are columns, states are boxes that list what may be done
//! there, each line with its way to the state it leads to. Labels stand in the boxes, so that no
//! two of them meet on a way. The same procedure always gives the same bytes.

use crate::definition::{Action, Pack, Procedure, State};
use crate::tell::Teller;
use indexmap::IndexMap;
use std::fmt::Write as _;

// All in pixels at ordinary size.
const BOX: i32 = 216;
const GAP: i32 = 92;
const HEAD: i32 = 30;
const ROW: i32 = 20;
const PAD: i32 = 10;
const BETWEEN: i32 = 22;
const MARGIN: i32 = 14;

/// Half the width of a Chinese character is one; so many fit on a line of a box.
const FIT: usize = 29;

const STYLE: &str = "text{font:13px 'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif;\
fill:#1f2937}.stage{fill:#6b7280}.name{font-weight:600}.about{fill:#4b5563;font-size:12px}\
rect{fill:#fff;stroke:#94a3b8}.waits rect{fill:#fffbeb;stroke:#d97706;stroke-dasharray:5 3}\
.end rect{fill:#f1f5f9}.way{fill:none;stroke:#2563eb;stroke-width:1.3}\
.back{stroke:#b45309;stroke-dasharray:4 3}.tip{fill:#2563eb}circle{fill:#94a3b8}\
circle.moves{fill:#2563eb}";

const TIP: &str = "<marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" \
markerHeight=\"7\" orient=\"auto\"><path class=\"tip\" d=\"M0 0l8 4-8 4z\"/></marker>";

struct Placed<'p> {
    id: &'p str,
    state: &'p State,
    x: i32,
    y: i32,
    height: i32,
    /// Owner and limit.
    about: Vec<String>,
    lines: Vec<Line<'p>>,
}

struct Line<'p> {
    action: &'p Action,
    /// Its middle.
    y: i32,
}

struct Drawing<'p> {
    teller: Teller<'p>,
    /// What every open state shares, told once below.
    shared: Vec<&'p str>,
    columns: IndexMap<&'p str, i32>,
    boxes: Vec<Placed<'p>>,
}

/// A picture of one procedure of a pack, in the pack's Chinese titles.
pub fn svg(pack: &Pack, procedure: &Procedure) -> String {
    let mut drawing = Drawing {
        teller: Teller { pack, procedure },
        shared: shared(procedure),
        columns: IndexMap::new(),
        boxes: Vec::new(),
    };
    drawing.place();
    drawing.write()
}

fn shared(procedure: &Procedure) -> Vec<&str> {
    let open = || procedure.states.iter().filter(|(_, it)| it.end.is_none());
    let everywhere = |it: &Action| open().all(|(id, _)| it.from.contains(id));
    let several = open().count() > 1;
    let actions = procedure.actions.iter().filter(|(_, it)| several && everywhere(it));
    actions.map(|(id, _)| id.as_str()).collect()
}

impl<'p> Drawing<'p> {
    /// Gives each state its box: under its stage, ends last, those of no stage in a column of their
    /// own.
    fn place(&mut self) {
        let procedure = self.teller.procedure;
        let entered = |id: &str| procedure.actions.values().any(|it| it.to.as_deref() == Some(id));
        let (ends, open): (Vec<_>, Vec<_>) =
            procedure.states.iter().partition(|(_, it)| it.end.is_some());
        let ends: Vec<_> = ends.into_iter().filter(|(id, _)| entered(id)).collect();
        for stage in procedure.stages.iter().map(String::as_str).chain([""]) {
            let here = open.iter().chain(&ends);
            let here = here.filter(|(_, it)| it.stage.as_deref().unwrap_or("") == stage);
            let x = MARGIN + rows(self.columns.len()) * (BOX + GAP);
            let mut y = MARGIN + HEAD;
            for (id, state) in here {
                self.columns.insert(stage, x);
                let placed = self.boxed((id, state), (x, y));
                y += placed.height + BETWEEN;
                self.boxes.push(placed);
            }
        }
    }

    fn boxed(&self, (id, state): (&'p str, &'p State), (x, y): (i32, i32)) -> Placed<'p> {
        let owner = state.owner.as_ref().map(|it| self.teller.who(it));
        let limit = state.limit.as_ref().map(|it| self.teller.limit(it));
        let about: Vec<String> = owner.into_iter().chain(limit).collect();
        let here = self.teller.procedure.actions.iter().filter(|(action, it)| {
            it.from.iter().any(|from| from == id) && !self.shared.contains(&action.as_str())
        });
        let mut below = y + PAD + ROW * (1 + rows(about.len())) + 6;
        let mut lines = Vec::new();
        for (_, action) in here {
            lines.push(Line { action, y: below + ROW / 2 });
            below += ROW;
        }
        Placed { id, state, x, y, height: below + PAD - y, about, lines }
    }

    fn write(&self) -> String {
        let procedure = self.teller.procedure;
        let wide = rows(self.columns.len()) * (BOX + GAP) - GAP / 2 + MARGIN;
        let bottom = self.boxes.iter().map(|it| it.y + it.height).max().unwrap_or(0);
        let below: Vec<String> = self.footer();
        let high = bottom + MARGIN + rows(below.len()) * ROW + MARGIN / 2;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" \
             height=\"{high}\" role=\"img\"><title>{}</title><style>{STYLE}</style><defs>{TIP}</defs>\n",
            escaped(&procedure.title)
        );
        for (stage, x) in &self.columns {
            out += &text("stage", (*x, 24), stage);
        }
        self.boxes.iter().for_each(|from| out += &self.ways(from));
        self.boxes.iter().for_each(|it| out += &self.state(it));
        for (line, at) in below.iter().zip(1..) {
            out += &text("about", (MARGIN, bottom + at * ROW), line);
        }
        out + "</svg>\n"
    }

    /// What may be done in every open state, as many titles a line as fit.
    fn footer(&self) -> Vec<String> {
        let titles: Vec<&str> = self.shared.iter().filter_map(|it| self.title(it)).collect();
        let several = titles.chunks(4 * self.columns.len().max(1));
        several.map(|some| format!("各状态均可:{}", some.join("、"))).collect()
    }

    fn title(&self, action: &str) -> Option<&'p str> {
        self.teller.procedure.actions.get(action).map(|it| it.title.as_str())
    }

    fn state(&self, it: &Placed<'_>) -> String {
        let kind = match it.state {
            State { end: Some(_), .. } => "end",
            State { waits, .. } if !waits.is_empty() => "waits",
            _ => "state",
        };
        let opens = self.teller.procedure.actions.get("open");
        let first = opens.is_some_and(|open| open.to.as_deref() == Some(it.id));
        let (x, y, height) = (it.x, it.y, it.height);
        let mut out = format!(
            "<g class=\"{kind}\"><rect x=\"{x}\" y=\"{y}\" width=\"{BOX}\" height=\"{height}\" rx=\"6\"/>"
        );
        let name = format!("{}{}", if first { "● " } else { "" }, it.state.title);
        out += &text("name", (x + PAD, y + 25), &fitted(&name));
        for (about, at) in it.about.iter().zip(1..) {
            out += &text("about", (x + PAD, y + 25 + ROW * at), &fitted(about));
        }
        for line in &it.lines {
            let moves = if leads(line.action, it.id) { " class=\"moves\"" } else { "" };
            let _ = write!(out, "<circle{moves} cx=\"{}\" cy=\"{}\" r=\"2.5\"/>", x + 12, line.y);
            out += &text("line", (x + 20, line.y + 4), &fitted(&line.action.title));
        }
        out + "</g>\n"
    }

    fn ways(&self, from: &Placed<'_>) -> String {
        let mut out = String::new();
        for line in from.lines.iter().filter(|it| leads(it.action, from.id)) {
            let Some(to) = self.boxes.iter().find(|it| Some(it.id) == line.action.to.as_deref())
            else {
                continue;
            };
            let back = if (to.x, to.y) < (from.x, from.y) { " back" } else { "" };
            let way = way(from, line.y, to);
            let _ =
                writeln!(out, "<path class=\"way{back}\" marker-end=\"url(#tip)\" d=\"{way}\"/>");
        }
        out
    }
}

/// From the line's side to the head of the other box; within a column by its right side.
fn way(from: &Placed<'_>, y: i32, to: &Placed<'_>) -> String {
    let end = to.y + PAD + ROW / 2;
    if to.x == from.x {
        let right = from.x + BOX;
        let out = right + (18 + (end - y).abs() / 8).min(GAP * 7 / 10);
        return format!("M{right} {y} C{out} {y} {out} {end} {} {end}", right + 6);
    }
    let (begin, goal, bend) = if to.x > from.x {
        (from.x + BOX, to.x - 6, GAP / 2)
    } else {
        (from.x, to.x + BOX + 6, -GAP / 2)
    };
    format!("M{begin} {y} C{} {y} {} {end} {goal} {end}", begin + bend, goal - bend)
}

fn leads(action: &Action, from: &str) -> bool {
    action.to.as_deref().is_some_and(|to| to != from)
}

fn rows(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn text(class: &str, (x, y): (i32, i32), words: &str) -> String {
    format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(words))
}

/// Words that fit into a box, as Chinese characters are twice as wide as Latin letters.
fn fitted(words: &str) -> String {
    let mut left = FIT;
    let fits = |it: &char| {
        let wide = if it.is_ascii() { 1 } else { 2 };
        left.checked_sub(wide).map(|rest| left = rest).is_some()
    };
    let kept: String = words.chars().take_while(fits).collect();
    if kept.len() == words.len() { kept } else { format!("{kept}…") }
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{load, tests::small};

    #[test]
    fn a_procedure_is_a_picture() {
        let pack = load("small", &small).pack.unwrap();
        insta::assert_snapshot!(svg(&pack, &pack.procedures["wish"]));
    }

    #[test]
    fn a_title_cannot_break_out_of_the_picture() {
        let mut pack = load("small", &small).pack.unwrap();
        pack.procedures.get_mut("wish").unwrap().title = "</title><script>&\"".to_owned();
        let drawn = svg(&pack, &pack.procedures["wish"]);
        assert!(drawn.contains("<title>&lt;/title&gt;&lt;script&gt;&amp;&quot;</title>"));
    }
}
