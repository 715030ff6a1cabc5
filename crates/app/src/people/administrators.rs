//! The three administrators (三员分立): no person is two of them, and each is appointed and dismissed
//! by another of the three, never by oneself. All other posts are the system administrator's.

use crate::{Error, Result, Work};
use jiff::civil::Date;
use model::PersonId;
use model::access::{ADMINISTRATORS, Operation, Standing};

/// Refuses an appointment or dismissal that is not the actor's to make.
pub(super) fn check_actor(
    work: &Work,
    operation: Operation,
    role: &str,
    person: PersonId,
) -> Result<()> {
    work.may(operation)?;
    let own = match work.standing() {
        Standing::System => return Ok(()),
        Standing::SystemAdmin => "system_admin",
        Standing::SecurityAdmin => "security_admin",
        Standing::AuditAdmin => "audit_admin",
        _ => return Err(Error::Forbidden { operation }),
    };
    let about_administrator = ADMINISTRATORS.contains(&role);
    if !about_administrator && own != "system_admin" {
        return Err(Error::Forbidden { operation });
    }
    if about_administrator && (role == own || work.actor.person() == Some(person)) {
        return Err(Error::rule(
            "by_another",
            "三员须由另一名管理员任免,不能任免本岗或本人",
            "each of the three administrators is appointed by another of them, never by oneself",
        ));
    }
    Ok(())
}

/// Refuses to make one person two of the three, now or later.
pub(super) fn check_exclusive(work: &Work, role: &str, person: PersonId, from: Date) -> Result<()> {
    if !ADMINISTRATORS.contains(&role) {
        return Ok(());
    }
    let network = &work.shelf.network;
    let is_other = |day: Date| {
        let held = network.posts_of(person, day);
        let mut roles = held.iter().filter_map(|id| network.post(*id)).map(|it| it.role.as_str());
        roles.any(|it| it != role && ADMINISTRATORS.contains(&it))
    };
    let year = from.series(jiff::Span::new().days(1)).take(366);
    if year.chain([Date::MAX]).any(is_other) {
        return Err(exclusive());
    }
    Ok(())
}

/// The refusal of one person in two of the three posts.
pub(super) fn exclusive() -> Error {
    Error::rule(
        "exclusive",
        "系统、安全、审计管理员不能由同一人担任",
        "no person may be two of the three administrators",
    )
}
