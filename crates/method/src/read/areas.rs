//! Registers, ledgers, gatherings, boards: what procedures may name beside themselves. Cycles and
//! figures, which name procedures, are read last, in `rounds`.

use super::keys::Keys;
use super::pack::stored;
use super::tree::Node;
use super::words::Vocabulary;
use crate::check::{Check, Found};
use crate::definition::{
    Account, AccountOf, Ballot, Board, Called, Gathering, GatheringKind, Kind, Ledger, Named,
    Register, Share, Unit,
};

pub(super) const REGISTER: [&str; 7] = ["title", "why", "fields", "key", "fills", "source", "keep"];

pub(super) fn registers(node: &Node, words: &Vocabulary, found: &Found) -> Named<Register> {
    let one = |(id, node): (&str, &Node)| {
        let keys = Keys::new(node, &REGISTER, found);
        for key in ["why", "fields", "key"].into_iter().filter(|key| !keys.has(key)) {
            found.add(Check::MissingKey, node.at, &[key]);
        }
        for (field, at) in keys.names("fields") {
            match words.fields.get(field).map(|it| it.kind) {
                None => found.add(Check::UnknownRef, at, &[field]),
                // A row outlives the case whose files these are.
                Some(Kind::Photo | Kind::File | Kind::Point) => {
                    found.add(Check::EffectType, at, &[field]);
                }
                Some(_) => {}
            }
        }
        let fields = keys.strings("fields");
        let key = keys.text("key").unwrap_or_default().to_owned();
        if keys.has("key") && !fields.contains(&key) {
            found.add(Check::UnknownRef, keys.mark("key"), &[&key]);
        }
        // The key stands in the journal in words.
        let spoken = words.fields.get(&key).filter(|it| it.kind == Kind::Text);
        if spoken.is_some_and(|it| !it.public) {
            found.add(Check::KeyPrivate, keys.mark("key"), &[&key]);
        }
        let register = Register {
            title: keys.title(),
            why: keys.text("why").unwrap_or_default().to_owned(),
            fields,
            key,
            fills: words.whose(&keys, "fills").into_iter().next(),
            source: keys.text("source").map(str::to_owned),
            keep: keys.parsed("keep", "\"3 y\""),
        };
        (id.to_owned(), register)
    };
    Keys::open(node, found).entries().map(one).collect()
}

pub(super) const LEDGER: [&str; 4] = ["title", "unit", "account", "expires"];

pub(super) fn ledgers(node: &Node, found: &Found) -> Named<Ledger> {
    let one = |(id, node): (&str, &Node)| {
        let keys = Keys::new(node, &LEDGER, found);
        for key in ["unit", "account"].into_iter().filter(|key| !keys.has(key)) {
            found.add(Check::MissingKey, node.at, &[key]);
        }
        let unit = keys.word("unit", &Unit::WORDS).unwrap_or(Unit::Piece);
        let accounts = keys.get("account").map(|node| accounts(node, unit, found));
        let ledger = Ledger {
            title: keys.title(),
            unit,
            accounts: accounts.unwrap_or_default(),
            expires: keys.parsed("expires", "\"1 y\""),
        };
        (id.to_owned(), ledger)
    };
    Keys::open(node, found).entries().map(one).collect()
}

fn accounts(node: &Node, unit: Unit, found: &Found) -> Named<Account> {
    let kind = match unit {
        Unit::HalfHour => Kind::Hours,
        Unit::Fen => Kind::Money,
        Unit::Point | Unit::Piece => Kind::Int,
    };
    let one = |(id, node): (&str, &Node)| {
        let keys = Keys::new(node, &["of", "min", "max"], found);
        let bound = |key| {
            let node = keys.get(key)?;
            let bound = stored(node, kind);
            if bound.is_none() {
                found.add(Check::WrongType, node.at, &[key, "0 · 0.5 · 100"]);
            }
            bound
        };
        if !keys.has("of") {
            found.add(Check::MissingKey, node.at, &["of"]);
        }
        let of = keys.word("of", &AccountOf::WORDS).unwrap_or(AccountOf::Pack);
        (id.to_owned(), Account { of, min: bound("min"), max: bound("max") })
    };
    Keys::open(node, found).entries().map(one).collect()
}

pub(super) const GATHERING: [&str; 12] = [
    "kind", "title", "who", "asks", "agenda", "voters", "choices", "yes", "weigh", "quorum",
    "passes", "secret",
];

/// Gatherings without their agendas, whose guards need procedures.
pub(super) fn gatherings(node: &Node, words: &Vocabulary, found: &Found) -> Named<Gathering> {
    let one = |(id, node): (&str, &Node)| {
        let keys = Keys::new(node, &GATHERING, found);
        if !keys.has("kind") {
            found.add(Check::MissingKey, node.at, &["kind"]);
        }
        let kind = keys.word("kind", &GatheringKind::WORDS).unwrap_or(GatheringKind::Meeting);
        let ballot = (kind == GatheringKind::Ballot).then(|| ballot(&keys, words)).flatten();
        let gathering = Gathering {
            kind,
            title: keys.title(),
            who: called(&keys, "who", words),
            asks: super::act::asks(&keys, words, found),
            agenda: None,
            ballot,
        };
        (id.to_owned(), gathering)
    };
    Keys::open(node, found).entries().map(one).collect()
}

/// Posts, or `households@LEVEL`.
fn called(keys: &Keys<'_>, key: &str, words: &Vocabulary) -> Vec<Called> {
    let mut all = Vec::new();
    for (text, at) in keys.names(key) {
        let level = text.strip_prefix("households@");
        match (level, words.who(text)) {
            (Some(level), _) if words.levels.iter().any(|it| it.id == level) => {
                all.push(Called::Households(level.to_owned()));
            }
            (None, Ok(who)) => all.push(Called::Who(who)),
            _ => keys.found.add(Check::UnknownRef, at, &[text]),
        }
    }
    all
}

fn ballot(keys: &Keys<'_>, words: &Vocabulary) -> Option<Ballot> {
    for key in ["voters", "quorum", "passes"].into_iter().filter(|key| !keys.has(key)) {
        keys.found.add(Check::MissingKey, keys.at, &[key]);
    }
    for (weight, at) in keys.names("weigh").into_iter().filter(|(it, _)| *it != "one") {
        keys.found.add(Check::AreaNotBuilt, at, &[weight]);
    }
    let mut choices = keys.strings("choices");
    if choices.is_empty() {
        choices = ["同意", "反对", "弃权"].map(str::to_owned).to_vec();
    }
    let position = |(text, at): (&str, _)| {
        let found = choices.iter().position(|it| it == text);
        if found.is_none() {
            keys.found.add(Check::BallotSense, at, &[text]);
        }
        found
    };
    let yes: Vec<usize> = keys.names("yes").into_iter().filter_map(position).collect();
    let yes = if keys.has("yes") { yes } else { vec![0] };
    if yes.len() >= choices.len() {
        keys.found.add(Check::BallotSense, keys.mark("yes"), &["yes"]);
    }
    let share = |key| keys.parsed::<Share>(key, "\">= 2/3 called\" · \"> 1/2 cast\"");
    let (quorum, passes) = (share("quorum"), share("passes"));
    let secret = !keys.has("secret") || keys.flag("secret");
    let voters = called(keys, "voters", words).into_iter().next();
    Some(Ballot { voters: voters?, choices, yes, quorum: quorum?, passes: passes?, secret })
}

pub(super) const BOARD: [&str; 3] = ["title", "who", "keep"];

pub(super) fn boards(node: &Node, words: &Vocabulary, found: &Found) -> Named<Board> {
    let one = |(id, node): (&str, &Node)| {
        let keys = Keys::new(node, &BOARD, found);
        let who = keys.text("who").unwrap_or("public");
        let level = words.levels.iter().any(|it| it.id == who);
        if who != "public" && !level && words.who(who).is_err() {
            found.add(Check::UnknownRef, keys.mark("who"), &[who]);
        }
        let board = Board {
            title: keys.title(),
            public: who == "public",
            keep: keys.parsed("keep", "\"1 y\""),
        };
        (id.to_owned(), board)
    };
    Keys::open(node, found).entries().map(one).collect()
}
