//! Effects: one verb each.

use super::guards::{GuardNames, compile};
use super::keys::Keys;
use super::tree::{Mark, Node};
use super::words::{Vocabulary, value};
use crate::check::{Check, Found};
use crate::definition::{Each, Effect, Holder};
use crate::guard::Guard;

/// What reading effects needs beside them.
#[derive(Clone, Copy)]
pub(super) struct Effects<'a> {
    pub words: &'a Vocabulary,
    pub found: &'a Found,
    /// Ids of all procedures.
    pub ids: &'a [&'a str],
}

const VALUES: &str = "1 · \"…\" · $FIELD · $FIELD.COLUMN · $each · \"1 y\" · \"day 25\"";

impl Effects<'_> {
    /// The effects of a `then`.
    pub fn read(&self, keys: &Keys<'_>) -> Vec<Effect> {
        keys.tables("then").iter().filter_map(|node| self.one(node)).collect()
    }

    fn one(&self, node: &Node) -> Option<Effect> {
        let verb = node.table()?.keys().next()?.as_str();
        let keys = |known: &[&str]| Keys::new(node, known, self.found);
        match verb {
            "notify" => Some(Effect::Notify(self.words.whose(&keys(&["notify"]), "notify"))),
            "open" => self.opening(node),
            "release" => Some(Effect::Release(self.procedure(&keys(&["release"]), "release")?)),
            "extend" => Some(Effect::Extend(keys(&["extend"]).text("extend")?.to_owned())),
            "book" => self.booking(&keys(&["book", "from", "to", "amount"])),
            "publish" => self.publishing(&keys(&["publish", "show", "for"])),
            "hold" => self.holding(&keys(&["hold", "each", "at"])),
            "write" => self.writing(&keys(&["write", "row", "set"])),
            "appoint" => {
                let keys = keys(&["appoint", "at"]);
                let (person, post) = (keys.text("appoint")?, self.required(&keys, "at")?);
                Some(Effect::Appoint { person: person.to_owned(), post })
            }
            "dismiss" => Some(Effect::Dismiss(keys(&["dismiss"]).text("dismiss")?.to_owned())),
            _ => {
                self.found.add(Check::UnknownKey, node.at, &[verb]);
                None
            }
        }
    }

    fn opening(&self, node: &Node) -> Option<Effect> {
        let known = ["open", "each", "where", "for", "at", "as", "with"];
        let keys = Keys::new(node, &known, self.found);
        let asker = self.words.whose(&keys, "for").into_iter().next();
        let each = self.each(&keys);
        let only = match (keys.text("where"), &each) {
            (Some(text), Some(Each::Register(register))) => {
                self.guard(text, register, keys.mark("where"))
            }
            (Some(_), _) => {
                self.found.add(Check::EffectType, keys.mark("where"), &["where"]);
                None
            }
            (None, _) => None,
        };
        let level = keys.text("at").map(str::to_owned);
        if let Some(level) = level.as_ref().filter(|it| !self.words.is_level(it)) {
            self.found.add(Check::UnknownRef, keys.mark("at"), &[level]);
        }
        Some(Effect::Open {
            procedure: self.procedure(&keys, "open")?,
            each,
            only,
            asker,
            level,
            child: keys.word("as", &[("child", true), ("link", false)]).unwrap_or(true),
            with: keys.map("with", VALUES, value),
        })
    }

    /// A guard over the rows of a register.
    fn guard(&self, text: &str, register: &str, at: Mark) -> Option<Guard> {
        let names = GuardNames::rows(self.words, register);
        compile(text, &names, at, self.found)
    }

    fn each(&self, keys: &Keys<'_>) -> Option<Each> {
        let text = keys.text("each")?;
        if self.words.fields.contains_key(text) {
            return Some(Each::Field(text.to_owned()));
        }
        if self.words.registers.contains_key(text) {
            return Some(Each::Register(text.to_owned()));
        }
        match self.words.who(text).ok().filter(|_| text.contains('@')) {
            Some(who) => Some(Each::Role(who)),
            None => {
                self.found.add(Check::UnknownRef, keys.mark("each"), &[text]);
                None
            }
        }
    }

    fn procedure(&self, keys: &Keys<'_>, key: &str) -> Option<String> {
        let id = keys.text(key)?;
        self.known(keys, key, self.ids.contains(&id))
    }

    /// A name that must be known; it is kept either way, for what is read after it.
    fn known(&self, keys: &Keys<'_>, key: &str, known: bool) -> Option<String> {
        let name = self.required(keys, key)?;
        if !known {
            self.found.add(Check::UnknownRef, keys.mark(key), &[&name]);
        }
        Some(name)
    }

    fn required(&self, keys: &Keys<'_>, key: &str) -> Option<String> {
        if !keys.has(key) {
            self.found.add(Check::MissingKey, keys.at, &[key]);
        }
        keys.text(key).map(str::to_owned)
    }

    fn booking(&self, keys: &Keys<'_>) -> Option<Effect> {
        let id = keys.text("book")?;
        let ledger = self.known(keys, "book", self.words.ledgers.contains_key(id))?;
        let (from, to) = (self.holder(keys, &ledger, "from")?, self.holder(keys, &ledger, "to")?);
        Some(Effect::Book { ledger, from, to, amount: self.required(keys, "amount")? })
    }

    fn holder(&self, keys: &Keys<'_>, ledger: &str, key: &str) -> Option<Holder> {
        let text = self.required(keys, key)?;
        let (account, party) =
            text.split_once('@').map_or((text.as_str(), None), |(a, p)| (a, Some(p)));
        let known =
            self.words.ledgers.get(ledger).is_none_or(|it| it.accounts.contains_key(account));
        if !known {
            self.found.add(Check::UnknownRef, keys.mark(key), &[account]);
        }
        let party = match party.map(|it| self.words.holder(it)) {
            Some(Err(part)) => {
                self.found.add(Check::UnknownRef, keys.mark(key), &[&part]);
                None
            }
            party => party.and_then(Result::ok),
        };
        Some(Holder { account: account.to_owned(), party })
    }

    fn publishing(&self, keys: &Keys<'_>) -> Option<Effect> {
        let id = keys.text("publish")?;
        let board = self.known(keys, "publish", self.words.boards.contains_key(id))?;
        if !keys.has("show") {
            self.found.add(Check::MissingKey, keys.at, &["show"]);
        }
        for (field, at) in keys.names("show") {
            if !self.words.fields.contains_key(field) {
                self.found.add(Check::UnknownRef, at, &[field]);
            }
        }
        Some(Effect::Publish {
            board,
            show: keys.strings("show"),
            lasts: keys.parsed("for", "\"5 d\""),
        })
    }

    fn holding(&self, keys: &Keys<'_>) -> Option<Effect> {
        let id = keys.text("hold")?;
        let gathering = self.known(keys, "hold", self.words.gatherings.contains_key(id))?;
        let at = keys.text("at").map(str::to_owned);
        Some(Effect::Hold { gathering, each: self.each(keys), at })
    }

    fn writing(&self, keys: &Keys<'_>) -> Option<Effect> {
        let id = keys.text("write")?;
        let register = self.known(keys, "write", self.words.registers.contains_key(id))?;
        if !keys.has("set") {
            self.found.add(Check::MissingKey, keys.at, &["set"]);
        }
        let row = keys.text("row").map(str::to_owned);
        Some(Effect::Write { register, row, set: keys.map("set", VALUES, value) })
    }
}
