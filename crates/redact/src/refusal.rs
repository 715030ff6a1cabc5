//! Why bytes are not taken in.

/// Why bytes are not taken in; each has a code that clients know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither photo nor document nor sound of a kind we take.
    #[error("not a kind of file that is taken in")]
    Media,
    /// An Office file of the old kind, or one with a password: it cannot be looked into.
    #[error("an old or encrypted Office file")]
    OldOffice,
    /// More than so many bytes.
    #[error("larger than {most} bytes")]
    TooLarge {
        /// Most bytes of its kind.
        most: usize,
    },
    /// It would need more room than any real photo or document does.
    #[error("would grow too large when opened")]
    Bomb,
    /// It cannot be read to its end.
    #[error("broken or cut off")]
    Broken,
    /// It holds what acts by itself: macros, scripts, other files, links that load by themselves.
    #[error("holds macros, scripts or embedded files")]
    Active,
    /// It has a password.
    #[error("encrypted")]
    Encrypted,
    /// The program could not look for faces: a fault of ours, not of who sent it.
    #[error("faces could not be looked for")]
    Unseen,
    /// Something else stands before or after it in the same file.
    #[error("two files in one")]
    Mixed,
}

impl Refusal {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Media | Self::OldOffice => "media",
            Self::TooLarge { .. } => "too_large",
            Self::Bomb => "bomb",
            Self::Broken => "broken",
            Self::Active => "active",
            Self::Encrypted => "encrypted",
            Self::Mixed => "mixed",
            Self::Unseen => "unseen",
        }
    }
}
