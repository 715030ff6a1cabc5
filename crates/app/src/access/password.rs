//! Passwords: which are good enough, and their Argon2id hashes. Hashing never happens inside a
//! command: it would hold up the writer.

use crate::{Error, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use method::decide::FieldProblem;
use std::collections::BTreeSet;
use tokio::sync::Semaphore;

/// Fewest characters of a password.
pub const LEAST: usize = 10;
/// Most characters: enough for any sentence, too few to keep the hash busy.
pub const MOST: usize = 128;

/// So many hashes at once: each takes 19 MB and a core.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Verified where there is no account, so that a guess at a name costs the same time.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IG5vd2hlcmU\
                      $Y4KzzIgUErd7/K7tAmABwA2eMCXmbCD25+kvB5hRRio";

/// Words and runs that a guesser tries first, in lower case.
const WEAK: [&str; 26] = [
    "password",
    "passwd",
    "admin",
    "administrator",
    "root",
    "welcome",
    "letmein",
    "qwerty",
    "qwer",
    "asdf",
    "zxcv",
    "1qaz",
    "2wsx",
    "3edc",
    "iloveyou",
    "woaini",
    "jinlin",
    "abcd",
    "abc",
    "test",
    "123456",
    "1234",
    "123",
    "888888",
    "666666",
    "5201314",
];

/// What must be left of a password when its weak words are taken out.
const STRONG_REST: usize = 6;

/// How much work a hash of a password is, to whoever logs in and to whoever guesses.
#[derive(Clone, Copy, Debug)]
pub struct Hashing {
    kib: u32,
    passes: u32,
}

impl Hashing {
    /// OWASP's least for Argon2id: 19 MiB, two passes, one lane.
    pub const SAFE: Self = Self { kib: 19_456, passes: 2 };
    /// As little as Argon2id allows: for the invented accounts of tests and stories, which log in by
    /// the thousand.
    pub const LEAST: Self = Self { kib: 8, passes: 1 };

    fn hasher(self) -> Result<Argon2<'static>> {
        let params = Params::new(self.kib, self.passes, 1, None).map_err(Error::internal)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// The Argon2id hash of a password, in PHC form.
#[derive(Clone)]
pub struct Hashed(String);

impl Hashed {
    /// The text that is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hashes a password with a salt drawn by the caller.
pub async fn hash(password: &str, salt: [u8; 16], work: Hashing) -> Result<Hashed> {
    let password = password.to_owned();
    apart(move || {
        let hashed = work.hasher()?.hash_password_with_salt(password.as_bytes(), &salt);
        Ok(Hashed(hashed.map_err(Error::internal)?.to_string()))
    })
    .await
}

/// Whether a password has this hash, by the work that the hash tells of; without a hash it takes as
/// long as the safe work and is false.
pub async fn verify(password: &str, hashed: Option<String>) -> Result<bool> {
    let password = password.to_owned();
    apart(move || {
        let known = hashed.is_some();
        let hashed = hashed.unwrap_or_else(|| NOBODY.to_owned());
        let hashed = PasswordHash::new(&hashed).map_err(Error::internal)?;
        Ok(Hashing::SAFE.hasher()?.verify_password(password.as_bytes(), &hashed).is_ok() && known)
    })
    .await
}

/// Runs on a thread for blocking work, a few at a time.
async fn apart<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = HASHING.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(f).await.map_err(Error::internal)?
}

/// Refuses a password that is too weak for this account, with all reasons.
pub fn check(password: &str, account: &str) -> Result<()> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let rules = [
        (length < LEAST, "too_short", "密码至少10位", "at least 10 characters"),
        (length > MOST, "too_long", "密码最多128位", "at most 128 characters"),
        (
            classes(password) < 3,
            "too_plain",
            "大写字母、小写字母、数字、符号至少要有三种",
            "use three of: capitals, small letters, digits, other signs",
        ),
        (
            !account.is_empty() && lower.contains(&account.to_lowercase()),
            "has_account_name",
            "密码不能包含账号名",
            "the password must not contain the account's name",
        ),
        (is_weak(&lower), "too_common", "这个密码太常见,请换一个", "too easily guessed"),
    ];
    let problems: Vec<_> = rules
        .into_iter()
        .filter(|(broken, ..)| *broken)
        .map(|(_, code, chinese, english)| FieldProblem {
            field: "password".to_owned(),
            code,
            chinese: chinese.to_owned(),
            english: english.to_owned(),
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn classes(password: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [
        char::is_uppercase,
        char::is_lowercase,
        |c| c.is_ascii_digit(),
        |c| !c.is_uppercase() && !c.is_lowercase() && !c.is_ascii_digit(),
    ];
    kinds.into_iter().filter(|kind| password.chars().any(kind)).count()
}

/// Few different characters, or little besides words that are tried first (`P@ssw0rd123!`).
fn is_weak(lower: &str) -> bool {
    let plain: String = lower.chars().map(unmasked).collect();
    let different = lower.chars().collect::<BTreeSet<_>>().len();
    different < 5 || [lower, &plain].into_iter().any(|it| rest(it) < STRONG_REST)
}

fn rest(lower: &str) -> usize {
    let left = WEAK.iter().fold(lower.to_owned(), |left, word| left.replace(word, ""));
    left.chars().count()
}

/// The letter that a sign is usually written for.
fn unmasked(sign: char) -> char {
    match sign {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn codes(password: &str) -> Vec<&'static str> {
        match check(password, "zhang.san") {
            Ok(()) => Vec::new(),
            Err(Error::Invalid(problems)) => problems.iter().map(|it| it.code).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[rstest]
    #[case("Tr1angle-moss", &[])]
    #[case("春风又绿江南岸2026Ab", &[])]
    #[case("Ab1-short", &["too_short"])]
    #[case("allsmallletters", &["too_plain"])]
    #[case("Zhang.San-2931x", &["has_account_name"])]
    #[case("P@ssw0rd123!", &["too_common"])]
    #[case("Admin@2026", &["too_common"])]
    #[case("1Qaz2Wsx3Edc", &["too_common"])]
    #[case("Aa1Aa1Aa1Aa1", &["too_common"])]
    #[case("", &["too_short", "too_plain", "too_common"])]
    fn a_password_is_refused_with_every_reason(#[case] password: &str, #[case] expected: &[&str]) {
        assert_eq!(codes(password), expected);
    }

    #[test]
    fn a_password_of_a_thousand_signs_is_refused() {
        assert!(codes(&"Ab1-xyzuvw".repeat(100)).contains(&"too_long"));
    }

    #[tokio::test]
    async fn only_the_password_itself_has_its_hash() {
        let hashed = hash("Tr1angle-moss", [7; 16], Hashing::SAFE).await.unwrap();
        assert!(hashed.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let kept = Some(hashed.as_str().to_owned());
        assert!(verify("Tr1angle-moss", kept.clone()).await.unwrap());
        assert!(!verify("tr1angle-moss", kept).await.unwrap());
    }

    #[tokio::test]
    async fn where_there_is_no_account_the_same_work_is_done_and_refused() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let real = hash("Tr1angle-moss", [7; 16], Hashing::SAFE).await.unwrap();
        let real = PasswordHash::new(real.as_str()).unwrap();
        assert_eq!(nobody.params.to_string(), real.params.to_string());
        assert_eq!(nobody.hash.unwrap().len(), real.hash.unwrap().len());
        assert!(!verify("nobody", None).await.unwrap());
    }
}
