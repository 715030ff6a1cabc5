//! Short messages: what they tell the asker, and how far one has come.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$what:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$what])* $variant,)+
        }

        impl $name {
            /// The word by which it is kept and told.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// What a word names.
            pub fn parse(word: &str) -> Option<Self> {
                [$(Self::$variant),+].into_iter().find(|it| it.as_str() == word)
            }
        }
    };
}

words! {
    /// What an asker is told by a short message.
    MessageKind {
        /// The request was taken in.
        Accepted = "accepted",
        /// It waits for the asker.
        Paused = "paused",
        /// It is answered: is it solved?
        Answered = "answered",
        /// It is worked on again.
        Reopened = "reopened",
    }
}

words! {
    /// How far a short message has come.
    Delivery {
        /// It will be tried, or tried again.
        Waiting = "waiting",
        /// The gateway has taken it.
        Sent = "sent",
        /// It was given up.
        Failed = "failed",
        /// Something newer was told instead.
        Overtaken = "overtaken",
        /// There was no number to send it to any more.
        Void = "void",
    }
}
