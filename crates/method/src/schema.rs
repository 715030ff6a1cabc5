//! A JSON Schema of a pack's files, for editors of TOML: which keys there are, what they take, what
//! they mean. The reader stays the judge; this only helps whoever writes.

use crate::definition::{AccountOf, Every, GatheringKind, Kind, Unit};
use model::cases::End;
use serde_json::{Map, Value, json};

/// A key, what it takes, and what it means in Chinese and English.
type Line = (&'static str, Takes, &'static str);

/// What a key takes.
#[derive(Clone, Copy)]
enum Takes {
    Text,
    Flag,
    Count,
    /// A text or a list of texts.
    Names,
    Number,
    /// A table of anything.
    Table,
    Effects,
    Words(fn() -> Vec<&'static str>),
}
use Takes::{Count, Effects, Flag, Names, Number, Table, Text, Words};

/// The files a schema is written for.
pub const FILES: [&str; 9] = [
    "pack",
    "procedure",
    "roles",
    "fields",
    "registers",
    "ledgers",
    "gatherings",
    "cycles",
    "boards",
];

const PACK: [Line; 6] = [
    ("title", Text, "名称 · name"),
    ("version", Text, "版本,如 2026.11.1 · version"),
    ("extends", Text, "继承的方案,如 base@2026.11 · the pack it inherits from"),
    ("levels", Table, "地域层级,由大到小 · levels of places, the widest first"),
    ("fallback", Text, "无人任职时的最后责任岗位 · the last resort, desk@county"),
    ("moves", Table, "新版本里没有的状态由谁接续 · successors of states that are gone"),
];

const HEAD: [Line; 14] = [
    ("title", Text, "名称 · name"),
    ("why", Text, "依据:文件、法规 · basis of the procedure and of all its forms"),
    ("extends", Text, "继承的流程 · the procedure it inherits from"),
    ("drop", Names, "去掉继承来的项,如 action.withdraw · what is not inherited"),
    ("asker", Words(askers), "谁提出 · who asks"),
    ("hides", Names, "可选 anonymous、confidential · what the asker may choose"),
    ("sensitive", Flag, "只有指定岗位能看 · seen by named posts only"),
    ("verdict", Text, "谁说了算:asker、none、ballot ID · who says that it is solved"),
    ("promise", Text, "承诺期限 · the date the asker sees"),
    ("matters", Text, "事项目录 · catalogue of matters"),
    ("stages", Names, "公开环节,按顺序 · public stages in order"),
    ("limits", Table, "有名字的时限,事项可改 · named limits; a matter overrides any"),
    ("state", Table, "状态 · states by id"),
    ("action", Table, "动作 · actions by id; open opens"),
];

const STATE: [Line; 15] = [
    ("title", Text, "内部名称 · for staff"),
    ("stage", Text, "公开环节 · its stage"),
    ("shown", Text, "诉求人看到的话,不超过30字 · what the asker reads"),
    ("owner", Text, "责任岗位 WHO:desk@county、clerk@unit · the accountable post"),
    ("limit", Text, "时限:5 wd、handle、handle from STATE、until FIELD、parent · the clock"),
    ("late", Names, "到期时依次尝试的动作 · actions tried at expiry, the first possible one"),
    ("again", Text, "之后每隔多久再试 · time between later tries"),
    ("waits", Names, "等谁或等条件 · whom or what it waits for"),
    ("joined", Names, "最后一个子件办结时 · when the last child has ended"),
    ("ballot", Text, "进入时开始的表决 · the ballot that opens on entry"),
    ("passed", Names, "表决通过时 · when it carries"),
    ("failed", Names, "表决未通过时 · when it does not"),
    ("void", Names, "人数不足时 · when too few took part"),
    ("end", Words(ends), "结果 · the end it is"),
    ("then", Effects, "每次进入时 · at every entry"),
];

const ACTION: [Line; 18] = [
    ("title", Text, "做的人看到的名称 · for whoever does it"),
    ("from", Names, "在哪些状态可做,* 为所有未结状态 · states it is possible in"),
    ("to", Text, "去往的状态,不写则停留 · where it leads"),
    ("by", Names, "谁可以做,不写为责任岗位;clock 为时钟 · who may"),
    ("voice", Text, "代谁记录 · whose words are recorded when another hand writes"),
    ("asks", Names, "表单,? 为选填 · the form"),
    ("fill", Table, "预填:matter.unit、asker.contact、字段、字段.列 · what is known already"),
    ("at_most", Count, "最多几次 · bound"),
    ("per", Words(pers), "按件或按停留计数 · what the counter runs over"),
    ("after", Table, "其他动作做过几次之后 · only after others were done so often"),
    ("within", Text, "窗口:30 d、2 wd from STATE · window"),
    ("when", Text, "条件(CEL 子集) · guard"),
    ("says", Text, "条件不满足时告诉办理人的话 · what the doer is told where the guard is not met"),
    ("approval", Text, "审批:leader@county within 3 wd · takes effect when approved"),
    ("not_by", Names, "回避:做过这些的人不能做 · not whoever did these"),
    ("all", Flag, "会签:每一方各一次 · each of by once"),
    ("becomes", Text, "做的人成为这一方 · the doer becomes this party"),
    ("then", Effects, "做成时 · what it does besides"),
];

const ROLE: [Line; 4] = [
    ("title", Text, "岗位名称 · name"),
    ("of", Words(role_of), "属于地域还是单位 · of a place or an organisation"),
    ("levels", Names, "设在哪些层级 · levels it exists at"),
    ("voluntary", Flag, "志愿者,不能做责任岗位 · a volunteer never owns a case"),
];

const FIELD: [Line; 12] = [
    ("title", Text, "名称 · name"),
    ("type", Words(kinds), "类型 · type"),
    ("of", Text, "台账(record)或岗位(post) · register or role"),
    ("choices", Table, "选项:标识 = 名称 · choices"),
    ("min", Number, "最小值 · least"),
    ("max", Number, "最大值;日期写时长 · most; of dates a duration from now"),
    ("many", Flag, "可多个 · several"),
    ("sum", Flag, "每次累加 · each answer adds up"),
    ("public", Flag, "可公开 · may be shown to everybody"),
    ("seen_by", Names, "谁看原值 · who sees it unmasked"),
    ("why", Text, "为什么要问(人员必填) · why a person is asked for"),
    ("keep", Text, "保存多久 · how long it is kept"),
];

const REGISTER: [Line; 7] = [
    ("title", Text, "名称 · name"),
    ("why", Text, "依据 · basis"),
    ("fields", Names, "列 · columns"),
    ("key", Text, "主键列 · the column that tells rows apart"),
    ("fills", Text, "谁可手工填 · who fills it by hand"),
    ("source", Text, "谁是数据源头 · who owns the truth"),
    ("keep", Text, "保存多久 · how long a row is kept"),
];

const LEDGER: [Line; 4] = [
    ("title", Text, "名称 · name"),
    ("unit", Words(units), "单位 · what is counted"),
    ("account", Table, "账户:{ of, min, max } · accounts"),
    ("expires", Text, "多久失效 · how long it counts"),
];

const GATHERING: [Line; 12] = [
    ("kind", Words(gatherings), "种类 · kind"),
    ("title", Text, "名称 · name"),
    ("who", Names, "请谁参加 · who is invited"),
    ("asks", Names, "纪要表单 · form of its minutes"),
    ("agenda", Table, "议题:{ of, where } · cases it talks about"),
    ("voters", Text, "谁投票:households@estate 或岗位 · who votes"),
    ("choices", Names, "选项 · choices"),
    ("yes", Names, "算赞成的选项 · choices that count as yes"),
    ("weigh", Names, "计票方式:one · one voter, one vote"),
    ("quorum", Text, "参加比例:>= 2/3 called · how many must take part"),
    ("passes", Text, "通过比例:> 1/2 cast · how many must say yes"),
    ("secret", Flag, "无记名 · choices are shown to nobody"),
];

const CYCLE: [Line; 4] = [
    ("title", Text, "名称 · name"),
    ("every", Words(everies), "周期 · period"),
    ("on", Text, "何时:19:30、fri、wd 1、day 25、12-01 · when within it"),
    ("then", Effects, "打开办件、召集会议 · opens and holds"),
];

const BOARD: [Line; 3] = [
    ("title", Text, "名称 · name"),
    ("who", Text, "谁能看:public、岗位、层级 · who may read it"),
    ("keep", Text, "保留多久 · how long things stay"),
];

fn askers() -> Vec<&'static str> {
    vec!["resident", "post", "unit", "parent", "none"]
}
fn pers() -> Vec<&'static str> {
    vec!["case", "stay"]
}
fn role_of() -> Vec<&'static str> {
    vec!["place", "org"]
}
fn ends() -> Vec<&'static str> {
    End::ALL.map(End::as_str).to_vec()
}
fn kinds() -> Vec<&'static str> {
    Kind::WORDS.map(|(word, _)| word).to_vec()
}
fn units() -> Vec<&'static str> {
    Unit::WORDS.map(|(word, _)| word).to_vec()
}
fn gatherings() -> Vec<&'static str> {
    GatheringKind::WORDS.map(|(word, _)| word).to_vec()
}
fn everies() -> Vec<&'static str> {
    Every::WORDS.map(|(word, _)| word).to_vec()
}

/// The schema of a kind of file; `None` for a kind there is not.
pub fn schema(file: &str) -> Option<Value> {
    let mut whole = match file {
        "pack" => table(&PACK),
        "procedure" => procedure(),
        "roles" => by_id(&ROLE),
        "fields" => by_id(&FIELD),
        "registers" => by_id(&REGISTER),
        "ledgers" => {
            let mut ledger = table(&LEDGER);
            let of = AccountOf::WORDS.map(|(word, _)| word);
            let number = json!({ "type": "number" });
            let account = json!({ "type": "object", "additionalProperties": false, "properties":
                { "of": { "enum": of }, "min": number, "max": number } });
            put(&mut ledger, "account", json!({ "additionalProperties": account }));
            wrapped(&ledger)
        }
        "gatherings" => by_id(&GATHERING),
        "cycles" => by_id(&CYCLE),
        "boards" => by_id(&BOARD),
        _ => return None,
    };
    if let Some(map) = whole.as_object_mut() {
        let id = "https://json-schema.org/draft/2020-12/schema";
        map.insert("$schema".to_owned(), id.into());
    }
    Some(whole)
}

/// What a key of a kind of table is called in Chinese; procedures, states and actions stand under
/// `procedures`, `state` and `action`.
pub(crate) fn label(table: &str, key: &str) -> Option<&'static str> {
    let lines: &[Line] = match table {
        "" => &PACK,
        "procedures" => &HEAD,
        "state" => &STATE,
        "action" => &ACTION,
        "roles" => &ROLE,
        "fields" => &FIELD,
        "registers" => &REGISTER,
        "ledgers" => &LEDGER,
        "gatherings" => &GATHERING,
        "cycles" => &CYCLE,
        "boards" => &BOARD,
        _ => return None,
    };
    let (_, _, about) = lines.iter().find(|line| line.0 == key)?;
    about.split([' ', ':', ',', ';', '(']).next()
}

fn procedure() -> Value {
    let mut whole = table(&HEAD);
    put(&mut whole, "state", by_id(&STATE));
    put(&mut whole, "action", by_id(&ACTION));
    put(&mut whole, "limits", json!({ "additionalProperties": { "type": "string" } }));
    whole
}

/// Lays more over a key's schema.
fn put(whole: &mut Value, key: &str, more: Value) {
    let slot = whole.pointer_mut(&format!("/properties/{key}")).and_then(Value::as_object_mut);
    if let (Some(slot), Value::Object(more)) = (slot, more) {
        slot.extend(more);
    }
}

fn by_id(lines: &[Line]) -> Value {
    wrapped(&table(lines))
}

/// A table whose keys are ids.
fn wrapped(each: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": false,
        "patternProperties": { "^[a-z][a-z0-9_]*$": each } })
}

fn table(lines: &[Line]) -> Value {
    let one = |(key, takes, about): &Line| {
        let mut schema = of(*takes);
        schema.insert("description".to_owned(), (*about).into());
        ((*key).to_owned(), Value::Object(schema))
    };
    let properties: Map<String, Value> = lines.iter().map(one).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn of(takes: Takes) -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let schema = match takes {
        Text => text(),
        Flag => json!({ "type": "boolean" }),
        Count => json!({ "type": "integer", "minimum": 1, "maximum": 1000 }),
        Names => json!({ "anyOf": [text(), { "type": "array", "items": text() }] }),
        Number => json!({ "anyOf": [{ "type": "number" }, text()] }),
        Table => json!({ "type": ["object", "array"] }),
        Effects => json!({ "type": "array", "items": { "type": "object" } }),
        Words(words) => json!({ "enum": words() }),
    };
    schema.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::keys_of;

    #[test]
    fn an_editor_knows_the_keys_the_reader_knows() {
        let lists: [(&str, &[Line]); 10] = [
            ("procedure", &HEAD),
            ("state", &STATE),
            ("action", &ACTION),
            ("role", &ROLE),
            ("field", &FIELD),
            ("register", &REGISTER),
            ("ledger", &LEDGER),
            ("gathering", &GATHERING),
            ("cycle", &CYCLE),
            ("board", &BOARD),
        ];
        for (of, lines) in lists {
            let mut known = keys_of(of);
            let mut told: Vec<&str> = lines.iter().map(|line| line.0).collect();
            known.sort_unstable();
            told.sort_unstable();
            assert_eq!(told, known, "{of}");
        }
    }

    #[test]
    fn every_file_has_a_schema() {
        for file in FILES {
            let schema = schema(file).unwrap();
            assert_eq!(schema["type"], "object", "{file}");
        }
        assert_eq!(schema("stories"), None);
    }
}
