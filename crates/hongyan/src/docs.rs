//! The description of the API: the document at `/api/openapi.json`, and a page for people at `/api/docs`.
//! Both come from the handlers' own annotations.

mod page;

use axum::{Router, http::header, routing};
use kit::Ctx;
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, License, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required,
    ResponseBuilder,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
    schema::Type,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    tag::TagBuilder,
};

use crate::{
    access::{Access, access},
    idempotency,
};

const TAGS: &[(&str, &str)] = &[
    ("session", "Setting up, signing in, one's own profile"),
    ("team", "People, API keys, the tenant's settings"),
    ("accounts", "Official accounts: binding, rights, callbacks, checks"),
    ("replies", "Automatic replies"),
    ("media", "Files for answers"),
    ("customers", "Customers and their timelines"),
    (
        "broadcasts",
        "What is said to many: all fans, those with a tag, a list; what WeChat takes, and what became of it",
    ),
    ("menus", "Menus below the chat: draft, publication, menus of some fans, taps"),
    ("tags", "Tags, and WeChat's tags beside them"),
    ("home", "The home page, search, the live stream"),
];

const ABOUT: &str = "The API of a Hongyan hub. JSON; ids are text, instants are milliseconds UTC. Lists come in pages: give `next_cursor` back as `cursor`. \
Errors are `application/problem+json`; translate by `code`. Sign in by cookie (and send `x-csrf-token` with everything but GET) or with an API key. \
A POST may carry an `Idempotency-Key`: repeated with it, it is done once.";

/// The document before the routes are in it.
pub fn preface() -> OpenApi {
    let mut components = Components::new();
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("hy_session"))));
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API key, `hy_…`, with the scopes that an operation names"))
        .build();
    components.add_security_scheme("api_key", SecurityScheme::Http(bearer));
    let info = InfoBuilder::new()
        .title("Hongyan")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(License::new("Apache-2.0")));
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .tags(Some(TAGS.iter().map(|(name, about)| TagBuilder::new().name(*name).description(Some(*about)).build())))
        .build()
}

/// Adds to every operation what they have in common: who may, how they are turned away, and the key under which a POST is
/// done once.
pub fn finish(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        if let Some(post) = item.post.as_mut().filter(|_| idempotency::is_taken(path)) {
            post.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
        }
        for operation in operations(item) {
            let Some(who) = operation.operation_id.as_deref().and_then(access) else { continue };
            operation.security = Some(requirements(who));
            if who == Access::Public {
                continue;
            }
            turned_away(operation, "401", "Nobody is signed in, or the key is unknown");
            turned_away(operation, "403", "This needs a right that the caller has not, or the CSRF token is missing");
        }
    }
    document
}

fn requirements(who: Access) -> Vec<SecurityRequirement> {
    let scopes: Vec<&str> = match who {
        Access::Needs(capability) => vec![capability.as_str()],
        Access::Public | Access::SignedIn | Access::Person => Vec::new(),
    };
    match who {
        Access::Public => Vec::new(),
        Access::Person => vec![SecurityRequirement::new("session", scopes)],
        _ => vec![SecurityRequirement::new("session", scopes.clone()), SecurityRequirement::new("api_key", scopes)],
    }
}

fn idempotency_key() -> Parameter {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(idempotency::LONGEST_KEY))
        .build();
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Chosen by the caller, visible ASCII. Within a day the same request with the same key is done once and answered the same; with another body it is refused: `idempotency_reused`.",
        ))
        .schema(Some(text))
        .build()
}

fn turned_away(operation: &mut Operation, status: &str, why: &str) {
    let content = ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build();
    let response = ResponseBuilder::new().description(why).content("application/problem+json", content).build();
    operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch]
        .into_iter()
        .filter_map(Option::as_mut)
}

/// The document as text, always in the same order.
pub fn text(document: &OpenApi) -> String {
    // By way of a value, whose maps are sorted.
    let value = serde_json::to_value(document).unwrap_or_default();
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

/// `/api/openapi.json` and `/api/docs`.
pub fn router(document: &OpenApi) -> Router<Ctx> {
    let json = text(document);
    let page = page::render(&serde_json::from_str(&json).unwrap_or_default());
    Router::new()
        .route(
            "/api/openapi.json",
            routing::get(async move || ([(header::CONTENT_TYPE, "application/json")], json.clone())),
        )
        .route("/api/docs", routing::get(async move || page::answer(&page)))
}
