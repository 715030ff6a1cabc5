//! Which problem each error of the use cases is. A refusal is an answer and is never logged; a
//! failure is logged here, once, and never explained to a client.

use crate::language::Words;
use crate::problem::{FieldProblem, Problem};
use app::{DbError, Error, Refusal, StoreError};
use axum::http::StatusCode;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            // What may not be known is not found either.
            Error::NotFound { .. } => Self::not_found(),
            Error::Refused(refusal) => refused(&refusal),
            Error::Invalid(problems) => Self::fields(problems.into_iter().map(field).collect()),
            Error::Rule { code, chinese, english } => {
                Self::new(status_of_rule(code), code, Words { chinese, english })
            }
            Error::Unauthenticated => {
                let words = ("请先登录", "log in first");
                Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", words)
            }
            Error::Forbidden { .. } => {
                let words = ("当前岗位无权办理", "not for the post you act in");
                Self::new(StatusCode::FORBIDDEN, "forbidden", words)
            }
            Error::Conflict { expected, found } => conflict(expected, found),
            Error::KeyReused => {
                let words = (
                    "这个 Idempotency-Key 已用于另一个请求",
                    "this Idempotency-Key was used for another request",
                );
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", words)
            }
            Error::TooMany { retry_after } => {
                Self::wait(StatusCode::TOO_MANY_REQUESTS, "too_many", retry_after.max(1))
            }
            Error::Stale | Error::NoNumbers { .. } => busy(),
            Error::Store(StoreError::Db(error)) => failed(&error),
            Error::Store(other) => logged(&other),
            Error::Internal(_) => logged(&error),
        }
    }
}

fn field(problem: app::FieldProblem) -> FieldProblem {
    let app::FieldProblem { field, code, chinese, english } = problem;
    FieldProblem { field, code: code.into(), detail: Words { chinese, english } }
}

/// Rules of the program are conflicts with what is, but for those about who one is and where.
fn status_of_rule(code: &str) -> StatusCode {
    match code {
        "wrong_credentials" | "wrong_code" | "wrong_claim_code" | "wrong_display_code"
        | "totp_required" | "wechat_code" | "wechat_ticket" => StatusCode::UNAUTHORIZED,
        "change_password" | "set_totp" | "post_not_held" | "no_post" | "own_account"
        | "other_place" | "by_another" | "wechat_risky" | "not_yours" => StatusCode::FORBIDDEN,
        "outside" => StatusCode::NOT_FOUND,
        "not_connected" => StatusCode::BAD_GATEWAY,
        "no_messenger" | "not_sent" | "no_pack" | "wechat_busy" | "wechat_unavailable" => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        _ => StatusCode::CONFLICT,
    }
}

fn refused(refusal: &Refusal) -> Problem {
    let status = match refusal {
        Refusal::UnknownAction { .. } => StatusCode::NOT_FOUND,
        Refusal::UnknownProcedure { .. }
        | Refusal::UnknownMatter { .. }
        | Refusal::Form(_)
        | Refusal::HidingNotOffered => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::NotYours | Refusal::DidBefore { .. } => StatusCode::FORBIDDEN,
        Refusal::Ended
        | Refusal::WrongState { .. }
        | Refusal::Exhausted { .. }
        | Refusal::TooEarly { .. }
        | Refusal::WindowClosed { .. }
        | Refusal::Guard { .. }
        | Refusal::ApprovalPending { .. }
        | Refusal::ChildrenOpen { .. }
        | Refusal::Nobody { .. } => StatusCode::CONFLICT,
    };
    let words = Words { chinese: refusal.chinese(), english: refusal.english() };
    let fields = match refusal {
        Refusal::Form(problems) => problems.iter().cloned().map(field).collect(),
        _ => Vec::new(),
    };
    Problem { fields, ..Problem::new(status, refusal.code(), words) }
}

fn conflict(expected: i64, found: i64) -> Problem {
    let words = Words {
        chinese: format!("办件已有新变化(版本 {found}),请刷新后再办"),
        english: format!("changed meanwhile: revision {found}, not {expected}; read it again"),
    };
    Problem::new(StatusCode::PRECONDITION_FAILED, "stale", words)
}

fn busy() -> Problem {
    Problem::wait(StatusCode::SERVICE_UNAVAILABLE, "busy", 1)
}

fn failed(error: &DbError) -> Problem {
    match error {
        DbError::Busy { retry_after_ms } => {
            let seconds = i64::try_from(retry_after_ms.div_ceil(1_000)).unwrap_or(1);
            Problem::wait(StatusCode::SERVICE_UNAVAILABLE, "busy", seconds.max(1))
        }
        DbError::Unavailable { in_doubt } => unavailable(*in_doubt),
        DbError::Unique { .. } | DbError::ForeignKey => {
            let words = ("与已有的登记冲突", "in conflict with what is registered already");
            Problem::new(StatusCode::CONFLICT, "conflict", words)
        }
        DbError::Refused(said) => Problem::new(StatusCode::CONFLICT, "refused", (&**said, &**said)),
        DbError::ReadOnly => {
            let words = ("本系统目前只读", "open for reading only at present");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "read_only", words)
        }
        other => logged(other),
    }
}

fn unavailable(in_doubt: bool) -> Problem {
    let words = match in_doubt {
        true => (
            "数据库暂时不可用,结果不明;请用同一 Idempotency-Key 重试",
            "the database is not available, outcome unknown; repeat with the same Idempotency-Key",
        ),
        false => {
            ("数据库暂时不可用,未作任何改动", "the database is not available; nothing was done")
        }
    };
    let status = StatusCode::SERVICE_UNAVAILABLE;
    Problem { retry_after: Some(2), ..Problem::new(status, "unavailable", words) }
}

fn logged(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "a use case failed");
    Problem::internal()
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::DbError;

    #[test]
    fn a_failure_is_not_explained_to_clients() {
        let problem = Problem::from(Error::Internal("secret words".into()));
        assert_eq!((problem.status.as_u16(), &*problem.code), (500, "internal"));
        assert!(!problem.detail.english.contains("secret"));
    }

    #[test]
    fn whoever_should_come_again_is_told_when() {
        let of = |error: DbError| Problem::from(Error::from(error));
        let busy = of(DbError::Busy { retry_after_ms: 1_500 });
        assert_eq!((busy.status.as_u16(), busy.retry_after), (503, Some(2)));
        let doubt = of(DbError::Unavailable { in_doubt: true });
        assert!(doubt.detail.english.contains("Idempotency-Key"));
        assert!(doubt.retry_after.is_some());
        let waits = Problem::from(Error::TooMany { retry_after: 30 });
        assert_eq!((waits.status.as_u16(), waits.retry_after), (429, Some(30)));
    }

    #[test]
    fn a_stale_revision_and_a_reused_key_are_told_apart() {
        let stale = Problem::from(Error::Conflict { expected: 1, found: 2 });
        assert_eq!((stale.status.as_u16(), &*stale.code), (412, "stale"));
        let reused = Problem::from(Error::KeyReused);
        assert_eq!((reused.status.as_u16(), &*reused.code), (422, "key_reused"));
    }
}
