//! Ledgers (账): accounts with what they have, and bookings.

use super::CaseRef;
use crate::auth::Caller;
use crate::extract::{Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::effects as act;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::EntryId;
use model::access::Operation;
use model::effects::Account;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_ledgers))
        .routes(routes!(list_accounts))
        .routes(routes!(list_bookings))
}

/// A ledger.
#[derive(Serialize, ToSchema)]
struct Ledger {
    /// Its id.
    #[schema(example = "hours")]
    id: String,
    /// Its title.
    #[schema(example = "志愿时长")]
    title: String,
    /// What is counted: `half_hour`, `fen`, `point` or `piece`.
    #[schema(example = "half_hour")]
    unit: String,
    /// Its accounts.
    accounts: Vec<LedgerAccount>,
}

/// An account that a ledger has.
#[derive(Serialize, ToSchema)]
struct LedgerAccount {
    /// Its name.
    #[schema(example = "volunteer")]
    account: String,
    /// Who has one: `person`, `org`, `place`, `case`, or the county (`pack`).
    #[schema(example = "person")]
    of: String,
}

impl From<act::LedgerView> for Ledger {
    fn from(it: act::LedgerView) -> Self {
        let act::LedgerView { id, title, unit, accounts } = it;
        let accounts = accounts.into_iter().map(|(account, of)| LedgerAccount { account, of });
        Self { id, title, unit, accounts: accounts.collect() }
    }
}

/// Whose account.
#[derive(Serialize, ToSchema)]
struct AccountHolder {
    /// Account of the ledger.
    #[schema(example = "volunteer")]
    account: String,
    /// The person, organisation, place or case; none for an account of the county.
    holder: Option<Uuid>,
    /// What it is called: a person's name is masked, a case's is its number; empty where the caller
    /// may not know it.
    #[schema(example = "林**")]
    name: String,
}

impl From<act::HolderView> for AccountHolder {
    fn from(it: act::HolderView) -> Self {
        Self { account: it.account, holder: it.holder, name: it.name }
    }
}

/// An account with what it has.
#[derive(Serialize, ToSchema)]
struct Balance {
    /// Whose.
    #[serde(flatten)]
    of: AccountHolder,
    /// In the ledger's unit; below zero where more left than came.
    #[schema(example = 12)]
    balance: i64,
    /// When it changed last.
    changed_at: Timestamp,
}

/// A page of accounts, by name and holder.
#[derive(Serialize, ToSchema)]
struct Balances {
    /// The accounts.
    items: Vec<Balance>,
    /// `after` of the next page; none on the last.
    next: Option<String>,
}

/// Which accounts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AccountsOf {
    /// Only those behind this one: `next` of the page before.
    after: Option<String>,
    /// At most so many, 20 when unsaid, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// The ledgers of the pack.
#[utoipa::path(get, path = "/ledgers", tag = "ledgers", responses((status = OK, body = [Ledger])))]
async fn list_ledgers(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Vec<Ledger>>, Problem> {
    let found = api
        .look((&caller, Operation::ListLedgers), (), |tx, work, ()| {
            Box::pin(act::list_ledgers(tx, work))
        })
        .await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// Accounts of a ledger with what they have.
#[utoipa::path(get, path = "/ledgers/{ledger}/accounts", tag = "ledgers",
    operation_id = "list_ledgers.accounts",
    params(("ledger" = String, Path, description = "The ledger", example = "hours"), AccountsOf),
    responses((status = OK, body = Balances)))]
async fn list_accounts(
    State(api): State<Api>,
    caller: Caller,
    Segments(ledger): Segments<String>,
    Params(AccountsOf { after, limit }): Params<AccountsOf>,
) -> Result<Json<Balances>, Problem> {
    let after = after.map(|it| read_account(&it)).transpose()?;
    let query = act::AccountQuery { ledger, after, limit };
    let found = api
        .look((&caller, Operation::ListLedgers), query, |tx, work, query| {
            Box::pin(act::list_accounts(tx, work, query))
        })
        .await?;
    let balance =
        |it: act::AccountView| Balance { of: it.of.into(), balance: it.balance, changed_at: it.at };
    let items = found.items.into_iter().map(balance).collect();
    Ok(Json(Balances { items, next: found.next.as_ref().map(write_account) }))
}

/// An account as one word: its name, and its holder where it has one.
fn write_account(it: &Account) -> String {
    match it.holder {
        Some(holder) => format!("{}:{holder}", it.account),
        None => it.account.clone(),
    }
}

fn read_account(word: &str) -> Result<Account, Problem> {
    let (account, holder) = word.split_once(':').map_or((word, None), |(it, of)| (it, Some(of)));
    let holder = holder.map(str::parse).transpose().map_err(|_| {
        let words = ("翻页位置有误,请从头查看", "no such place in the list; begin anew");
        Problem::unreadable("query", words)
    })?;
    Ok(Account { account: account.to_owned(), holder })
}

/// A booking.
#[derive(Serialize, ToSchema)]
struct Booking {
    /// The entry of the journal that made it.
    id: Uuid,
    /// Whence.
    from: AccountHolder,
    /// Whither.
    to: AccountHolder,
    /// In the ledger's unit.
    #[schema(example = 3)]
    amount: i64,
    /// The case by which it was booked.
    case: CaseRef,
    /// When.
    at: Timestamp,
}

impl From<act::BookingView> for Booking {
    fn from(it: act::BookingView) -> Self {
        Self {
            id: it.id.0,
            from: it.from.into(),
            to: it.to.into(),
            amount: it.amount,
            case: it.case.into(),
            at: it.at,
        }
    }
}

/// A page of bookings, the newest first.
#[derive(Serialize, ToSchema)]
struct Bookings {
    /// The bookings.
    items: Vec<Booking>,
    /// `after` of the next page; none on the last.
    next: Option<Uuid>,
}

/// Which bookings.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct BookingsOf {
    /// Only into and out of this account.
    #[param(example = "volunteer")]
    account: Option<String>,
    /// Whose account; none for one of the county.
    holder: Option<Uuid>,
    /// Only those made before this one: `next` of the page before.
    after: Option<Uuid>,
    /// At most so many, 20 when unsaid, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// Bookings of a ledger, or of one of its accounts, the newest first.
#[utoipa::path(get, path = "/ledgers/{ledger}/bookings", tag = "ledgers",
    operation_id = "list_ledgers.bookings",
    params(("ledger" = String, Path, description = "The ledger", example = "hours"), BookingsOf),
    responses((status = OK, body = Bookings)))]
async fn list_bookings(
    State(api): State<Api>,
    caller: Caller,
    Segments(ledger): Segments<String>,
    Params(BookingsOf { account, holder, after, limit }): Params<BookingsOf>,
) -> Result<Json<Bookings>, Problem> {
    let account = account.map(|account| Account { account, holder });
    let query = act::BookingQuery { ledger, account, after: after.map(EntryId), limit };
    let found = api
        .look((&caller, Operation::ListLedgers), query, |tx, work, query| {
            Box::pin(act::list_bookings(tx, work, query))
        })
        .await?;
    let items = found.items.into_iter().map(Into::into).collect();
    Ok(Json(Bookings { items, next: found.next.map(|it| it.0) }))
}
