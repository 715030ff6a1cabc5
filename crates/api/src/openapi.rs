//! The document: its head, and what holds for every operation, so that no handler repeats it.

use crate::problem::ProblemBody;
use model::access::{Operation, Standing};
use utoipa::openapi::path::{
    HttpMethod, Operation as Path, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem,
    Ref, RefOr, Required, ResponseBuilder, Type,
};
use utoipa::{PartialSchema, ToSchema};

const ABOUT: &str = "The network of grids of one county, its requests and the proof of what became \
of them.

Log in for a token (`Authorization: Bearer`); browsers may use the cookie, with `Origin` on every \
write. Staff act as exactly one post: `Jinlin-Post` (or `?as=`), else the first one they hold. \
`Jinlin-Claim` is the way back to a case opened without a log-in.

Errors are `application/problem+json` (RFC 9457) with a stable `code`, a `detail` in the language of \
`Accept-Language` (Chinese, unless English is preferred) and one of `problems` for each wrong field. \
What may not be known is 404.

`Idempotency-Key` makes any POST safe to repeat for 30 days; only log-ins, codes, passwords, second \
factors and looks behind masks are never kept to be answered again. Acts answer the `entry` of the journal; a \
read with `?seen=ENTRY` waits until that entry is sealed.";

pub(crate) fn head() -> OpenApi {
    let license = LicenseBuilder::new().name("Apache-2.0 OR MulanPSL-2.0").build();
    let info = InfoBuilder::new()
        .title("Jinlin 近邻")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(license));
    OpenApiBuilder::new().info(info.build()).build()
}

/// Adds to every operation what holds for all.
pub(crate) fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let ours = path.starts_with("/api/v1");
        for (method, operation) in operations(item) {
            problem(operation);
            if ours {
                parameters(&method, operation);
                security(operation);
            }
        }
    }
    let components = document.components.get_or_insert_default();
    let mut schemas = vec![(ProblemBody::name().into_owned(), ProblemBody::schema())];
    ProblemBody::schemas(&mut schemas);
    components.schemas.extend(schemas);
    let common = COMMON.iter().map(|(name, place, _, about)| {
        ((*name).to_owned(), parameter(name, place.clone(), about).into())
    });
    components.parameters.extend(common);
    let key = |value| SecurityScheme::ApiKey(value);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    let schemes = [
        ("bearer", SecurityScheme::Http(bearer)),
        ("cookie", key(ApiKey::Cookie(ApiKeyValue::new("jinlin")))),
        ("claim", key(ApiKey::Header(ApiKeyValue::new("Jinlin-Claim")))),
    ];
    let schemes = schemes.map(|(name, scheme)| (name.to_owned(), RefOr::T(scheme)));
    components.security_schemes.extend(schemes);
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Path)> {
    let all = [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Delete, &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn problem(operation: &mut Path) {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let response = ResponseBuilder::new()
        .description("What is wrong and what to do about it")
        .content("application/problem+json", content)
        .build();
    operation.responses.responses.insert("default".to_owned(), RefOr::T(response));
}

/// Parameters of every operation, every POST, every GET.
const COMMON: [(&str, ParameterIn, Option<HttpMethod>, &str); 3] = [
    (
        "Jinlin-Post",
        ParameterIn::Header,
        None,
        "The post to act as; the first one held, when unsaid",
    ),
    (
        "Idempotency-Key",
        ParameterIn::Header,
        Some(HttpMethod::Post),
        "Makes the request safe to repeat for 30 days",
    ),
    (
        "seen",
        ParameterIn::Query,
        Some(HttpMethod::Get),
        "Wait until this entry is sealed, two seconds at most",
    ),
];

fn parameters(method: &HttpMethod, operation: &mut Path) {
    let common = COMMON.iter().filter(|it| it.2.as_ref().is_none_or(|it| it == method));
    let common = common.map(|it| Ref::new(format!("#/components/parameters/{}", it.0)));
    let common = common.map(RefOr::Ref);
    operation.parameters.get_or_insert_default().extend(common);
}

fn parameter(name: &str, place: ParameterIn, about: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

/// Who may ask at all is said by the catalogue of operations.
fn security(operation: &mut Path) {
    let id = operation.operation_id.as_deref().and_then(operation_of);
    let admits = |standing| id.is_some_and(|it| it.admits(standing));
    let none: [&str; 0] = [];
    let mut ways = Vec::new();
    if admits(Standing::Visitor) {
        ways.push(SecurityRequirement::default());
    }
    if admits(Standing::Claimant) {
        ways.push(SecurityRequirement::new("claim", none));
    }
    ways.extend(["bearer", "cookie"].map(|name| SecurityRequirement::new(name, none)));
    operation.security = Some(ways);
}

/// The operation of the catalogue that an operation id names: `WORD` or `WORD.variant`.
pub fn operation_of(id: &str) -> Option<Operation> {
    let word = id.split('.').next().unwrap_or_default();
    Operation::ALL.iter().copied().find(|it| it.as_str() == word)
}
