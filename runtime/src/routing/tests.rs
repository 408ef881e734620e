//! Routes against each other.

use crate::routing::{MethodRouter, Methods, Route, RouteTable};
use crate::site::App;
use axum::http::Method;

const fn route(name: &'static str, pattern: &'static str, methods: Methods) -> Route {
    Route::new(name, "shop::views", pattern, methods, MethodRouter::new).at("src/views.rs", 7)
}

static HOME: Route = route("home", "/", Methods::GET);
static BOOK: Route = route("book", "/books/{id}", Methods::GET);
static EDIT: Route = route("edit", "/books/{pk}", Methods::POST);
static PAGE: Route = route("page", "/books/{pk}/pages/{n}", Methods::GET);
static NEW: Route = route("new", "/books/new", Methods::GET);
static TWIN: Route = route("twin", "/books/{other}", Methods::GET.or(Methods::PUT));

fn apps() -> [App; 1] {
    [App::new("shop", "shop")]
}

fn table(routes: &[&'static Route]) -> RouteTable {
    RouteTable::of(&apps(), routes.iter().copied()).unwrap()
}

#[test]
fn two_views_of_one_address_are_named_with_both_places() {
    let error = RouteTable::of(&apps(), [&BOOK, &TWIN].into_iter()).unwrap_err().to_string();
    assert!(error.contains("`book` (GET /books/{id}, src/views.rs:7)"), "{error}");
    assert!(error.contains("`twin` (GET, PUT /books/{other}, src/views.rs:7)"), "{error}");
}

#[test]
fn a_view_of_an_app_that_is_not_listed_is_refused() {
    let error = RouteTable::of(&[], [&HOME].into_iter()).unwrap_err().to_string();
    assert!(error.contains("`.app(shop::app())`"), "{error}");
}

#[test]
fn names_of_parameters_may_differ() {
    // The router panics on two names in one place; this must not.
    let _ = table(&[&BOOK, &EDIT, &PAGE, &NEW]).router();
}

#[test]
fn a_literal_goes_before_a_parameter() {
    let table = table(&[&HOME, &BOOK, &EDIT, &NEW]);
    let name = |method: &Method, path| table.find(method, path).map(|entry| entry.route.name());
    assert_eq!(name(&Method::GET, "/books/new"), Some("new"));
    assert_eq!(name(&Method::GET, "/books/7"), Some("book"));
    assert_eq!(name(&Method::POST, "/books/7"), Some("edit"));
    assert_eq!(name(&Method::HEAD, "/"), Some("home"));
    assert_eq!(name(&Method::PUT, "/"), None);
}

#[test]
fn a_slash_too_many_or_too_few_is_mended_inside_the_site_only() {
    let table = table(&[&HOME, &BOOK]);
    assert_eq!(table.slash_redirect("/books/7/"), Some("/books/7".to_owned()));
    assert_eq!(table.slash_redirect("/books/7"), None);
    assert_eq!(table.slash_redirect("//books/7/"), None);
    assert_eq!(table.slash_redirect("/\\books/7/"), None);
    assert_eq!(table.slash_redirect("/"), None);
}

#[test]
fn an_app_has_one_address_and_its_urls_follow() {
    static ITEM: Route = Route::new("item", "stock", "/items/{id}", Methods::GET, MethodRouter::new);
    static INDEX: Route = Route::new("index", "stock", "/", Methods::GET, MethodRouter::new);
    let at = |prefix| [App::new("stock", "stock").at(prefix)];
    let table = RouteTable::of(&at("/stock"), [&ITEM, &INDEX].into_iter()).unwrap();
    assert_eq!(ITEM.url(|url| url.push::<i64>(7)), "/stock/items/7");
    assert_eq!(INDEX.url(|_| {}), "/stock/");
    assert_eq!(table.find(&Method::GET, "/stock/items/7").map(|entry| entry.route.name()), Some("item"));
    assert_eq!(table.slash_redirect("/stock"), Some("/stock/".to_owned()));
    let error = RouteTable::of(&at("/other"), [&ITEM].into_iter()).unwrap_err().to_string();
    assert!(error.contains("listed at `/other` and at `/stock`"), "{error}");
}
