//! A story in Chinese, one paragraph a step, for those who read neither tables nor code. Titles of
//! actions and states are the pack's; what the prose does not know it says as it stands.

use super::story::{
    Balance, CaseTruth, Gathered, Imports, Number, Owner, Record, Shift, Shown, Step, Story, Tally,
    Truth,
};
use super::when::{Until, When};
use jiff::civil::DateTime;
use method::definition::Pack;
use std::fmt::Write;
use toml::Value;

/// The story in prose; titles are taken from its pack where that is given.
pub fn prose(story: &Story, pack: Option<&Pack>) -> String {
    let teller = Teller { story, pack };
    let mut text = format!("{}\n\n{}开始。\n", story.head.title, moment(story.head.start));
    for step in &story.steps {
        let told =
            format!("\n{}{}。{}\n", teller.when(step), teller.deed(step), teller.all(&step.then));
        text.push_str(&told);
    }
    if !story.then.is_empty() {
        let _ = write!(text, "\n最后,{}\n", teller.all(&story.then));
    }
    text
}

struct Teller<'a> {
    story: &'a Story,
    pack: Option<&'a Pack>,
}

impl Teller<'_> {
    fn when(&self, step: &Step) -> String {
        match step.at {
            None => String::new(),
            Some(When::At(at)) => format!("{},", moment(at)),
            Some(When::Today(time)) => format!("当天{},", time.strftime("%H:%M")),
            Some(When::After(span)) if span.as_mins() % 60 == 0 => {
                format!("{}小时后,", span.as_hours())
            }
            Some(When::After(span)) => format!("{}分钟后,", span.as_mins()),
            Some(When::Workdays(n, time)) => format!("{n}个工作日后{},", time.strftime("%H:%M")),
            Some(When::Days(n, time)) => format!("{n}天后{},", time.strftime("%H:%M")),
        }
    }

    fn who(&self, who: Option<&str>) -> String {
        use super::story::Person;
        match who.map(|who| (who, self.story.world.people.get(who))) {
            Some((_, Some(Person::Staff(name)))) => name.clone(),
            Some((_, Some(Person::Resident(resident)))) => resident.name.clone(),
            Some(("claim", None)) => "持查询码者".to_owned(),
            None | Some(("public", None)) => "未登录者".to_owned(),
            Some((other, None)) => other.to_owned(),
        }
    }

    fn deed(&self, step: &Step) -> String {
        if step.does == "wait" {
            return "时间过去".to_owned();
        }
        let case = step.case.as_ref().map(|it| format!("「{it}」")).unwrap_or_default();
        let form: Vec<String> = step
            .with
            .iter()
            .map(|(key, value)| format!("{}:{}", self.field(key), plain(value)))
            .collect();
        let form = if form.is_empty() { form.concat() } else { format!("({})", form.join(";")) };
        let deed =
            format!("{}{}{case}{form}", self.who(step.who.as_deref()), self.action(&step.does));
        match &step.refused {
            Some(code) => format!("{deed},被拒绝({code})"),
            None => deed,
        }
    }

    fn action(&self, id: &str) -> String {
        let known = match id {
            "open" => "提出",
            "join_case" => "加入",
            "unjoin_case" => "退出加入",
            "appoint" => "任命",
            "dismiss" => "免去",
            "set_absence" => "登记外出",
            "add_place" => "新设地点",
            "close_place" => "撤销地点",
            "record_visit" => "登记走访",
            "register_households" => "登记住户",
            "list_cases" => "查看办件",
            "hand_over_shift" => "交班",
            "take_shift" => "接班",
            "find" => "找到",
            "import_cases" => "导入表格",
            "load_pack" => "装载办法新版本",
            "move_cases" => "把在途办件移到新版本",
            "fill_record" => "填写台账",
            "keep_minutes" => "提交会议记录",
            "cast_vote" => "登记表决",
            "withdraw_publication" => "撤下公示",
            _ => "",
        };
        if !known.is_empty() {
            return known.to_owned();
        }
        let procedures = self.pack.into_iter().flat_map(|pack| pack.procedures.values());
        let titles = procedures.filter_map(|it| it.actions.get(id)).map(|it| it.title.clone());
        titles.into_iter().next().unwrap_or_else(|| id.to_owned())
    }

    fn state(&self, id: &str) -> String {
        let procedures = self.pack.into_iter().flat_map(|pack| pack.procedures.values());
        let titles = procedures.filter_map(|it| it.states.get(id)).map(|it| it.title.clone());
        titles.into_iter().next().unwrap_or_else(|| id.to_owned())
    }

    fn field(&self, id: &str) -> String {
        let field = self.pack.and_then(|pack| pack.fields.get(id));
        field.map_or_else(|| id.to_owned(), |it| it.title.clone())
    }

    fn all(&self, truths: &[Truth]) -> String {
        truths.iter().map(|it| self.truth(it)).collect()
    }

    fn truth(&self, truth: &Truth) -> String {
        match truth {
            Truth::Case(it) => self.case(it),
            Truth::Rate(it) => {
                let rate = &it.rate;
                let value = rate.value.as_ref().map(|it| format!(",即{it}%")).unwrap_or_default();
                format!("{}率为{}/{}{value}。", rate.name, rate.numerator, rate.denominator)
            }
            Truth::Count(it) => match &it.count.is {
                Number::Is(n) => format!("{}数为{n}。", of(&it.count)),
                Number::More(change) => format!("{}数比开始时{:+}。", of(&it.count), change.0),
            },
            Truth::Service(it) => {
                let it = &it.service_people;
                match (&it.role, &it.post) {
                    (Some(role), Some(post)) => format!("{}的{role}由{post}负责。", it.place),
                    _ => format!("{}的服务者齐全。", it.place),
                }
            }
            Truth::Record(it) => self.record(&it.record),
            Truth::Balance(it) => {
                let Balance { ledger, account, holder, is } = &it.balance;
                let whose = holder.as_ref().map(|it| self.who(Some(it))).unwrap_or_default();
                format!("{ledger}账{whose}{account}余{is}。")
            }
            Truth::Gathering(it) => self.gathering(&it.gathering),
            Truth::Publication(it) => {
                let Shown { board, place, shows, is, .. } = &it.publication;
                format!("{place}的{board}上有{is}条「{}」。", shows.join("、"))
            }
            Truth::Shift(it) => shift(&it.shift),
            Truth::Tally(it) => tally(&it.tally),
            Truth::Imported(it) => imported(&it.imported),
        }
    }

    fn case(&self, it: &CaseTruth) -> String {
        let mut said = Vec::new();
        let mut say = |words: Option<String>| said.extend(words);
        say(it.state.as_ref().map(|state| format!("处于「{}」", self.state(state))));
        say(it.end.as_ref().map(|end| format!("以「{}」办结", self.state(end))));
        say(it.owner.as_ref().map(|owner| match owner {
            Owner::Nobody => "不再有责任岗位".to_owned(),
            Owner::Post(post) => format!("责任岗位是{post}"),
        }));
        say(it.due.map(|due| format!("本环节时限{}", until(due))));
        say(it.promise.map(|promise| format!("承诺时限{}", until(promise))));
        say(it.running.map(|it| if it { "时钟在走" } else { "时钟停走" }.to_owned()));
        say(it.dispatches.map(|n| format!("派单{n}次")));
        say(it.children.map(|n| format!("有{n}个未完的下级办件")));
        say(it.shown.as_ref().map(|shown| format!("反映人看到「{shown}」")));
        say(self.list(&it.sees).map(|who| format!("{who}看得到")));
        say(self.list(&it.does_not_see).map(|who| format!("{who}看不到")));
        say(self.list(&it.asker_hidden_from).map(|who| format!("{who}看不到反映人是谁")));
        for (action, times) in &it.did {
            said.push(format!("{}{times}次", self.action(action)));
        }
        if said.is_empty() {
            String::new()
        } else {
            format!("「{}」{}。", it.case, said.join(","))
        }
    }

    fn record(&self, it: &Record) -> String {
        if !it.there {
            return format!("{}中没有「{}」。", it.register, it.key);
        }
        let columns = it.columns.iter().map(|(id, text)| format!("{}为{text}", self.field(id)));
        let columns: Vec<String> = columns.collect();
        format!("{}中「{}」{}。", it.register, it.key, columns.join(","))
    }

    fn gathering(&self, it: &Gathered) -> String {
        let mut said = Vec::new();
        said.extend(it.minuted.map(|it| if it { "已有记录" } else { "还没有记录" }.to_owned()));
        said.extend(it.called.map(|n| format!("应到{n}票")));
        said.extend(it.cast.map(|n| format!("已投{n}票")));
        said.extend(it.votes.as_ref().map(|it| {
            let votes: Vec<String> = it.iter().map(i64::to_string).collect();
            format!("各项得票{}", votes.join("、"))
        }));
        let title = self.pack.and_then(|pack| pack.gatherings.get(&it.kind));
        let title = title.map_or(it.kind.as_str(), |it| it.title.as_str());
        format!("{title}{}。", said.join(","))
    }

    fn list(&self, people: &[String]) -> Option<String> {
        let names: Vec<String> = people.iter().map(|who| self.who(Some(who))).collect();
        (!names.is_empty()).then(|| names.join("、"))
    }
}

fn tally(it: &Tally) -> String {
    let rows = it.rows.map(|n| format!("共{n}个"));
    let counts = it.counts.iter().map(|(name, n)| format!("{name}{n}"));
    let counts: Vec<String> = rows.into_iter().chain(counts).collect();
    format!("按{}统计,{}{}。", it.by, it.of.as_deref().unwrap_or_default(), counts.join("、"))
}

fn shift(it: &Shift) -> String {
    let taken = it.taken.map(|it| if it { "已有人接" } else { "还没有人接" }.to_owned());
    let figures = [("件未办结", it.open), ("件超期", it.late)];
    let figures = figures.iter().filter_map(|(what, n)| Some(format!("{}{what}", (*n)?)));
    format!("这一班{}。", figures.chain(taken).collect::<Vec<_>>().join("、"))
}

fn imported(it: &Imports) -> String {
    let told = [
        ("行", it.rows),
        ("件入库", it.recorded),
        ("件早已在库", it.already),
        ("行文字重复", it.duplicates),
        ("行没有地点", it.unplaced),
        ("处有误", it.problems),
    ];
    let told = told.iter().filter_map(|(what, n)| Some(format!("{}{what}", (*n)?)));
    format!("表格{}。", told.collect::<Vec<_>>().join("、"))
}

fn of(count: &super::story::Count) -> String {
    let narrow = [&count.level, &count.role, &count.selection, &count.kind, &count.procedure];
    let narrow: Vec<&str> = narrow.into_iter().flatten().map(String::as_str).collect();
    let of = format!("{:?}", count.of).to_lowercase();
    if narrow.is_empty() { of } else { format!("{of}({})", narrow.join("、")) }
}

fn moment(at: DateTime) -> String {
    at.strftime("%Y年%-m月%-d日%H:%M").to_string()
}

fn until(until: Until) -> String {
    match until {
        Until::EndOf(day) => day.strftime("%-m月%-d日内").to_string(),
        Until::Minute(at) => at.strftime("%-m月%-d日%H:%M").to_string(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Boolean(true) => "是".to_owned(),
        Value::Boolean(false) => "否".to_owned(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join("、"),
        Value::Table(files) => files.keys().map(String::as_str).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_story_reads_as_one_paragraph_a_step() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let file = "packs/base/stories/solved.toml";
        let story = super::super::read::of_file(&root, file).unwrap();
        let told = prose(&story, None);
        let paragraphs: Vec<&str> = told.trim().split("\n\n").collect();
        assert_eq!(paragraphs.len(), story.steps.len() + 3);
        assert_eq!(paragraphs[0], story.head.title);
        assert!(told.contains("10分钟后,王值班sign「lamp」,被拒绝(wrong_state)。"), "{told}");
        assert!(told.contains("承诺时限9月24日内"), "{told}");
    }
}
