//! The words of short messages: signed by the county, short enough for one message of seventy
//! characters where the names allow it, without a name or a word of anybody.

use super::gateway::Purpose;
use crate::access::CodeUse;
use jiff::Timestamp;
use model::messages::MessageKind;
use std::collections::BTreeMap;

/// The language of a county's messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    /// 中文.
    #[default]
    Chinese,
    /// English.
    English,
}

/// What a message is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// The county's name.
    pub county: String,
    /// The case's number.
    pub number: String,
    /// Title of the matter; none where that would betray what somebody asked to be hidden.
    pub matter: Option<String>,
    /// The date that counts: the promise, or until when the asker is waited for.
    pub by: Option<Timestamp>,
    /// Where to say whether it is solved.
    pub link: Option<String>,
}

impl Told {
    /// The text, and its parts for gateways that fill templates.
    pub fn text(
        &self,
        kind: MessageKind,
        tongue: Tongue,
    ) -> (String, BTreeMap<&'static str, String>) {
        let text = match tongue {
            Tongue::Chinese => format!("【{}】{}", self.county, self.chinese(kind)),
            Tongue::English => format!("[{}] {}", self.county, self.english(kind)),
        };
        let date = self.by.map(|at| day(at, tongue));
        let parts = [
            ("county", Some(self.county.clone())),
            ("number", Some(self.number.clone())),
            ("matter", self.matter.clone()),
            ("date", date),
            ("link", self.link.clone()),
        ];
        let parts = parts.into_iter().filter_map(|(name, part)| Some((name, part?)));
        (text, parts.collect())
    }

    fn chinese(&self, kind: MessageKind) -> String {
        let number = &self.number;
        let by = |words: &str| self.by.map(|at| format!(",{}前{words}", day(at, Tongue::Chinese)));
        let promised = by("答复").unwrap_or_default();
        match kind {
            MessageKind::Accepted => match &self.matter {
                Some(matter) => format!("您反映的“{matter}”已受理,编号{number}{promised}。"),
                None => format!("您的诉求已受理,编号{number}{promised}。"),
            },
            MessageKind::Paused => {
                let by = by("补充").unwrap_or_default();
                format!("您的诉求{number}需要您补充情况{by};等您期间不计办理时限。")
            }
            MessageKind::Answered => match &self.link {
                Some(link) => format!("诉求{number}已答复,解决了吗: {link}"),
                None => format!("您的诉求{number}已答复,请查看并告诉我们是否解决。"),
            },
            MessageKind::Reopened => format!("您的诉求{number}已重新办理{promised}。"),
        }
    }

    fn english(&self, kind: MessageKind) -> String {
        let number = &self.number;
        let by = |words: &str| self.by.map(|at| format!(", {words} {}", day(at, Tongue::English)));
        let promised = by("answer by").unwrap_or_default();
        match kind {
            MessageKind::Accepted => format!("Your request {number} was received{promised}."),
            MessageKind::Paused => {
                let by = by("please by").unwrap_or_default();
                format!("Your request {number} needs more from you{by}.")
            }
            MessageKind::Answered => match &self.link {
                Some(link) => format!("Request {number} is answered. Is it solved? {link}"),
                None => format!("Request {number} is answered. Please tell us if it is solved."),
            },
            MessageKind::Reopened => format!("Request {number} is worked on again{promised}."),
        }
    }
}

fn day(at: Timestamp, tongue: Tongue) -> String {
    let day = calendar::local_date(at);
    match tongue {
        Tongue::Chinese => format!("{}月{}日", day.month(), day.day()),
        Tongue::English => day.strftime("%d %b").to_string(),
    }
}

/// The words of a code and what it is for; good for so many minutes.
pub(crate) fn code_words((county, code): (&str, &str), to: CodeUse, minutes: i64) -> String {
    let to = match to {
        CodeUse::LogIn => "",
        CodeUse::NewPhone => "用于更换手机号,",
    };
    format!("【{county}】验证码{code},{to}{minutes}分钟内有效,请勿告诉他人。")
}

/// The template of a kind of message.
pub(super) fn purpose(kind: MessageKind) -> Purpose {
    Purpose::Notice(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [MessageKind; 4] =
        [MessageKind::Accepted, MessageKind::Paused, MessageKind::Answered, MessageKind::Reopened];

    fn told() -> Told {
        Told {
            county: "近邻县".to_owned(),
            number: "2026030200001".to_owned(),
            matter: Some("路灯不亮".to_owned()),
            by: Some("2026-03-09T18:00:00+08:00".parse().unwrap()),
            link: Some("https://jl.example.cn/lite/v/7K2QWMXR4P".to_owned()),
        }
    }

    #[test]
    fn every_message_is_signed_and_fits_into_one() {
        for kind in KINDS {
            let (text, parts) = told().text(kind, Tongue::Chinese);
            assert!(text.starts_with("【近邻县】"), "{text}");
            assert!(text.chars().count() <= 70, "{} {text}", text.chars().count());
            assert_eq!(parts["number"], "2026030200001");
        }
        let (text, _) = told().text(MessageKind::Accepted, Tongue::Chinese);
        assert_eq!(text, "【近邻县】您反映的“路灯不亮”已受理,编号2026030200001,3月9日前答复。");
    }

    #[test]
    fn english_is_english() {
        for kind in KINDS {
            let (text, _) = told().text(kind, Tongue::English);
            let county_apart = text.replace("[近邻县]", "");
            assert!(county_apart.is_ascii(), "{text}");
        }
    }

    #[test]
    fn without_a_matter_a_date_or_a_link_a_message_is_still_whole() {
        for kind in KINDS {
            let bare = Told { matter: None, by: None, link: None, ..told() };
            let (text, parts) = bare.text(kind, Tongue::Chinese);
            assert!(text.ends_with('。') && !text.contains("路灯"), "{text}");
            assert_eq!(parts.keys().copied().collect::<Vec<_>>(), ["county", "number"]);
        }
    }
}
