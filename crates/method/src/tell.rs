//! A procedure told to people: who, until when and how often, in the pack's own titles. What a
//! program reads of it is `definition`; tables and diagrams are `draw`.

use crate::definition::{Action, At, By, Limit, Pack, Procedure, Who};
use calendar::{Span, Unit};

/// Tells the rules of one procedure of a pack in Chinese.
#[derive(Clone, Copy, Debug)]
pub struct Teller<'p> {
    /// The pack.
    pub pack: &'p Pack,
    /// One of its procedures.
    pub procedure: &'p Procedure,
}

impl<'p> Teller<'p> {
    /// Who somebody is.
    pub fn who(self, who: &Who) -> String {
        match who {
            Who::Asker => "诉求人".to_owned(),
            Who::Owner => "责任岗位".to_owned(),
            Who::Field(field) => self.field(field),
            Who::Role { role, at } => {
                let title = self.pack.roles.get(role).map_or(role.as_str(), |it| &it.title);
                format!("{}{title}", self.at(at))
            }
        }
    }

    fn at(self, at: &At) -> String {
        match at {
            At::Nearest => String::new(),
            At::Level(level) => {
                let found = self.pack.levels.iter().find(|it| it.id == *level);
                found.map_or_else(|| level.clone(), |it| it.title.clone())
            }
            At::Kind(kind) => format!("{kind} 类单位的"),
            At::Field(field) => format!("{}的", self.field(field)),
            At::Owner => "责任岗位所在单位的".to_owned(),
            At::Asker => "诉求人所在单位的".to_owned(),
        }
    }

    /// The same in English.
    pub fn who_in_english(self, who: &Who) -> String {
        match who {
            Who::Asker => "the asker".to_owned(),
            Who::Owner => "whoever owned it".to_owned(),
            Who::Field(field) => self.english(("fields", field), &self.field(field)),
            Who::Role { role, at } => {
                let title = self.pack.roles.get(role).map_or(role.as_str(), |it| &it.title);
                format!("{}{}", self.english(("roles", role), title), self.at_in_english(at))
            }
        }
    }

    fn at_in_english(self, at: &At) -> String {
        match at {
            At::Nearest => String::new(),
            At::Level(level) => {
                let path = format!("levels.{level}");
                let title = self.text(&path).map_or_else(|| level.clone(), str::to_lowercase);
                format!(" of the {title}")
            }
            At::Kind(kind) => format!(" of a unit of kind {kind}"),
            At::Field(field) => {
                format!(" of “{}”", self.english(("fields", field), &self.field(field)))
            }
            At::Owner => " of the unit that owned it".to_owned(),
            At::Asker => " of the asker's unit".to_owned(),
        }
    }

    fn english(self, (table, id): (&str, &str), chinese: &str) -> String {
        let text = self.text(&format!("{table}.{id}.title"));
        text.unwrap_or(chinese).to_owned()
    }

    fn text(self, path: &str) -> Option<&'p str> {
        Some(self.pack.texts.get("en")?.get(path)?.as_str())
    }

    /// Who does an action.
    pub fn by(self, by: &By) -> String {
        match by {
            By::Who(who) => self.who(who),
            By::Clock => "到时自动".to_owned(),
        }
    }

    /// A field's title.
    pub fn field(self, id: &str) -> String {
        self.pack.fields.get(id).map_or_else(|| id.to_owned(), |it| it.title.clone())
    }

    /// A limit.
    pub fn limit(self, limit: &Limit) -> String {
        let (span, from) = match limit {
            Limit::Span(it, from) => (span(*it), from),
            Limit::Named(name, from) => {
                let named = self.procedure.limits.get(name);
                (named.map_or_else(|| name.clone(), |it| span(*it)), from)
            }
            Limit::Until(field) => return format!("至{}", self.field(field)),
            Limit::Parent => return "随上级办件".to_owned(),
        };
        match from {
            Some(state) => format!("自“{}”起 {span}", self.state(state)),
            None => span,
        }
    }

    /// Who approves an action, and how long that may take.
    pub fn approval(self, action: &Action) -> Option<String> {
        let (who, within) = action.approval.as_ref()?;
        Some(format!("{}审批,{}内", self.who(who), span(*within)))
    }

    /// What bounds an action, one sentence each.
    pub fn bounds(self, action: &Action) -> Vec<String> {
        let stay = if action.per_stay { "每次停留" } else { "" };
        let often = action.at_most.map(|n| format!("{stay}最多 {n} 次"));
        let after = action.after.iter().map(|(id, n)| format!("“{}”满 {n} 次后", self.action(id)));
        let within = action.within.as_ref().map(|(it, from)| match from {
            Some(state) => format!("进入“{}”后 {}内", self.state(state), span(*it)),
            None => format!("进入本状态后 {}内", span(*it)),
        });
        let when = action.when.as_ref().map(|guard| format!("须满足:{}", guard.source()));
        let not_by = action.not_by.iter().map(|id| format!("做过“{}”的人回避", self.action(id)));
        let all = action.all.then(|| "各方都要办".to_owned());
        often.into_iter().chain(after).chain(within).chain(when).chain(not_by).chain(all).collect()
    }

    fn state(self, id: &str) -> &'p str {
        self.procedure.states.get(id).map_or("", |it| &it.title)
    }

    fn action(self, id: &str) -> &'p str {
        self.procedure.actions.get(id).map_or("", |it| &it.title)
    }
}

pub(crate) fn span(span: Span) -> String {
    let unit = match span.unit() {
        Unit::Minute => "分钟",
        Unit::Hour => "小时",
        Unit::Day => "天",
        Unit::Month => "个月",
        Unit::Year => "年",
        Unit::WorkHour => "个工作小时",
        Unit::Workday => "个工作日",
    };
    format!("{} {unit}", span.count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{load, tests::small};

    #[test]
    fn a_procedure_is_told_in_the_packs_titles() {
        let pack = load("small", &small).pack.unwrap();
        let mut told = String::new();
        for procedure in pack.procedures.values() {
            let teller = Teller { pack: &pack, procedure };
            for (id, state) in &procedure.states {
                let owner = state.owner.as_ref().map(|it| teller.who(it));
                let limit = state.limit.as_ref().map(|it| teller.limit(it));
                told += &format!("{id}: {owner:?}, {limit:?}\n");
            }
            for (id, action) in &procedure.actions {
                let by: Vec<_> = action.by.iter().map(|it| teller.by(it)).collect();
                let (approval, bounds) = (teller.approval(action), teller.bounds(action));
                told += &format!("{id}: {by:?}, {approval:?}, {bounds:?}\n");
            }
        }
        insta::assert_snapshot!(told);
    }
}
