//! The project under test, and its views.

use askama::Template;
use axum::extract::State;
use nuages::prelude::*;
use nuages::routing::{PathRest, Slug};
use nuages::settings::Settings;
use nuages::test::{Server as TestServer, TestDatabase};
use nuages::{Database, DatabaseSettings, Project, Server};
use std::time::Duration;

/// The app that this crate is.
pub fn app() -> App {
    App::new("shop", "http").with_static(nuages::static_dir!("$CARGO_MANIFEST_DIR/tests/http/static"))
}

/// A debug project on a database in memory.
pub fn project() -> Project {
    Project::new(settings(&[])).app(app()).with(Counter(41))
}

/// Settings of a debug run, and more.
pub fn settings(more: &[(&'static str, &'static str)]) -> Settings {
    let base = [("ENV", "debug"), ("DATABASE_URL", "sqlite::memory:")];
    Settings::from_pairs(base.iter().chain(more).copied()).unwrap()
}

/// Settings of a production run for `example.org`, and more.
pub fn production(more: &[(&'static str, &'static str)]) -> Settings {
    let base = [
        ("ENV", "production"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"),
        ("HOSTS", "example.org"),
        ("HSTS_SECONDS", "31536000"),
    ];
    Settings::from_pairs(base.iter().chain(more).copied()).unwrap()
}

/// A project on a file, where two requests are in each other's way, with little patience.
pub async fn impatient() -> Result<(Server, TestDatabase)> {
    let file = TestDatabase::create(&TestServer::sqlite()).await?;
    let patience = Duration::from_millis(150);
    let database = DatabaseSettings {
        acquire_timeout: patience,
        busy_timeout: patience,
        ..DatabaseSettings::new(file.url())
    };
    let database = Database::connect(&database).await?;
    Ok((project().database(database).build().await?, file))
}

#[view(get, "/")]
async fn home() -> &'static str {
    "home"
}

#[view(get, "/books/{id}")]
pub async fn book(id: i64) -> String {
    format!("book {id}")
}

#[view(get, "/books/{slug}/by-slug/{page}")]
pub async fn by_slug(slug: Slug, page: u8) -> String {
    format!("{slug} {page}")
}

#[view(get, "/files/{*path}")]
async fn files(path: PathRest) -> String {
    path.to_string()
}

#[view(get, "/names/{name}")]
pub async fn name(name: String) -> String {
    name
}

#[view(post, "/books")]
async fn create(_csrf: Csrf) -> &'static str {
    "created"
}

#[view(post, "/hook", csrf_exempt = "signed by the sender")]
async fn hook(body: String) -> String {
    body
}

#[view(post, "/upload", csrf_exempt = "a test of bodies")]
async fn upload(body: axum::body::Bytes) -> String {
    body.len().to_string()
}

#[view(get, "/panic")]
async fn panics() -> &'static str {
    panic!("the view fell over a {}", "secret-detail")
}

#[view(get, "/broken")]
async fn broken() -> Result<&'static str> {
    Err(Error::other("secret-detail").context("the shelf is broken"))
}

#[view(get, "/gone")]
async fn gone() -> Result<&'static str> {
    Err(Error::new(ErrorKind::DoesNotExist, "no book matches"))
}

#[view(get, "/forbidden")]
async fn forbidden() -> Result<&'static str> {
    Err(Error::new(ErrorKind::PermissionDenied, "secret-detail"))
}

#[view(get, "/slow")]
async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_millis(400)).await;
    "slow"
}

/// Holds the writer for a while.
#[view(get, "/hold")]
async fn hold(db: Db) -> Result<&'static str> {
    db.atomic(async |db| {
        db.fetch(nuages::backend::Statement::new("SELECT 1", Vec::new())).await?;
        tokio::time::sleep(Duration::from_millis(600)).await;
        Ok(())
    })
    .await?;
    Ok("held")
}

#[view(get, "/sql")]
async fn sql(db: Db) -> Result<&'static str> {
    db.fetch(nuages::backend::Statement::new("SELECT 41 + 1", Vec::new())).await?;
    db.fetch(nuages::backend::Statement::new("SELECT * FROM missing_table", Vec::new())).await?;
    Ok("not reached")
}

#[view(get, "/large")]
async fn large() -> String {
    "a long text ".repeat(1000)
}

#[view(get, "/away")]
async fn away() -> Redirect {
    redirect("//evil.example")
}

/// A state of the router.
#[derive(Clone)]
pub struct Counter(pub i32);

nuages::state!(Counter);

#[view(get, "/counter")]
async fn counter(State(counter): State<Counter>) -> String {
    (counter.0 + 1).to_string()
}

#[derive(Clone)]
pub struct Greeting(pub &'static str);

#[view(get, "/greeting")]
async fn greeting(greeting: Provided<Greeting>) -> &'static str {
    greeting.0.0
}

#[derive(Template)]
#[template(
    source = "<html><form>{{ nuages::page::csrf()? }}</form><script nonce=\"{{ nuages::page::nonce()? }}\"></script>\
              {{ title }}</html>",
    ext = "html"
)]
pub struct FormPage {
    pub title: &'static str,
}

#[view(get, "/form")]
async fn form() -> Page<FormPage> {
    Page(FormPage { title: "<b>Books</b>" })
}

#[derive(Template)]
#[template(
    source = "{% let user = nuages::page::user()? %}{% if user.is_authenticated %}{{ user.name }}{% else %}visitor{% endif %}\
              {% for message in nuages::page::messages()? %} [{{ message.level }}: {{ message.text }}]{% endfor %}",
    ext = "html"
)]
struct Greeter;

#[view(get, "/me")]
async fn me() -> Page<Greeter> {
    Page(Greeter)
}

#[derive(Template)]
#[template(source = "{{ nuages::page::static_url(\"missing.css\")? }}", ext = "html")]
struct NoFile;

#[view(get, "/no-file")]
async fn no_file() -> Page<NoFile> {
    Page(NoFile)
}

#[derive(Template)]
#[template(source = "{{ nuages::page::static_url(\"css/site.css\")? }}", ext = "html")]
struct Styled;

#[view(get, "/styled")]
async fn styled() -> Page<Styled> {
    Page(Styled)
}
