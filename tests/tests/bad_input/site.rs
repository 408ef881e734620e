//! A small site that takes every kind of input, and the log that must stay quiet.

use std::io::Write;
use std::sync::{Mutex, Once, PoisonError};

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use nuages::auth::{AuthSettings, NewAccount, Permission, User, accounts, hash::PasswordHasher};
use nuages::form::FormData;
use nuages::prelude::*;
use nuages::test::{Client, TestSite, on_each_site};
use nuages::{Project, Result};
use nuages_migrate as _;
use nuages_tests::models::{Author, Book, NewAuthor, NewBook, NewTag, Status};

/// What a visitor writes about a book.
#[derive(Form)]
#[form(model = Book)]
pub(crate) struct BookForm {
    pub(crate) title: String,
    pub(crate) author: ForeignKey<Author>,
    pub(crate) price: Decimal,
    pub(crate) status: Status,
    pub(crate) published: Option<Date>,
    pub(crate) tags: Many<i64>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = "<html><ul>{% for book in books %}<li title=\"{{ book.title }}\">{{ book.title }}</li>{% endfor %}</ul>\
              <form method=\"post\">{{ form }}</form></html>"
)]
struct Shelf {
    books: Vec<Book>,
    form: Form<BookForm>,
}

#[derive(serde::Deserialize)]
struct Wanted {
    #[serde(default)]
    q: String,
}

#[view(get, "/books")]
async fn books(db: Db, wanted: axum::extract::Query<Wanted>) -> Result<Page<Shelf>> {
    let books = Book::objects().filter(|b| b.title.icontains(&*wanted.q)).all(&db).await?;
    Ok(Page(Shelf { books, form: Form::blank(&db).await? }))
}

#[view(post, "/books", permission = "nuages_tests.add_book")]
async fn add_book(db: Db, mut form: Form<BookForm>) -> Result<Response> {
    match form.save(&db).await? {
        Some(book) => Ok(redirect(format!("/books/{}", book.id)).into_response()),
        None => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(Shelf { books: Vec::new(), form })).into_response())
        }
    }
}

#[view(get, "/books/{id}")]
async fn book(db: Db, id: i64) -> Result<String> {
    Ok(Book::objects().filter(|b| b.id.eq(id)).get(&db).await?.title)
}

#[view(post, "/books/{id}/delete", permission = "nuages_tests.delete_book")]
async fn delete_book(db: Db, id: i64, _csrf: Csrf) -> Result<Redirect> {
    Book::objects().filter(|b| b.id.eq(id)).get(&db).await?.delete(&db).await?;
    Ok(redirect("/books"))
}

#[view(get, "/named/{name}")]
async fn named(db: Db, name: String) -> Result<String> {
    Ok(Author::objects().filter(|a| a.name.eq(name)).get(&db).await?.name)
}

#[view(get, "/days/{day}")]
async fn day(db: Db, day: Date) -> Result<String> {
    Ok(Book::objects().filter(|b| b.published.eq(day)).count(&db).await?.to_string())
}

#[view(get, "/small/{number}")]
async fn small(db: Db, number: i16) -> Result<String> {
    Ok(nuages_tests::models::Review::objects().filter(|r| r.stars.eq(number)).count(&db).await?.to_string())
}

#[view(post, "/upload")]
async fn upload(data: FormData) -> String {
    let file = data.file("file").map(|file| format!("{} of {} bytes", file.name, file.content.len()));
    file.unwrap_or_else(|| format!("text {:?}", data.get("file").unwrap_or_default()))
}

#[derive(serde::Deserialize)]
struct Order {
    title: String,
    copies: u8,
}

#[view(post, "/orders", csrf_exempt = "programs send orders, with a key of their own")]
async fn order(order: axum::Json<Order>) -> String {
    format!("{} × {}", order.copies, order.title)
}

fn project(project: Project) -> Project {
    let own = App::new("bad_input", "bad_input")
        .with_static(nuages::static_dir!("$CARGO_MANIFEST_DIR/tests/bad_input/static"));
    let settings = AuthSettings { hasher: hasher(), ..AuthSettings::default() };
    project.app(nuages_tests::app()).app(own).with(settings).mount("/accounts", accounts())
}

/// Cheap, so that tests are quick.
fn hasher() -> PasswordHasher {
    PasswordHasher::separate(4).with_costs(64, 1, 1).unwrap()
}

/// Runs a test on every database; in it stands one author with one book, and one tag.
pub(crate) async fn each(test: impl AsyncFn(&TestSite, &Db) -> Result<()>) {
    listen();
    let run = on_each_site(project, async |site| {
        let db = site.db();
        let author = NewAuthor { name: "Ursula K. Le Guin".into() }.create(&db).await?;
        NewBook { title: "The Dispossessed".into(), author: (&author).into(), price: dec!(9.99) }
            .create(&db)
            .await?;
        NewTag { name: "fiction".into() }.create(&db).await?;
        test(&site, &db).await?;
        assert_eq!(
            site.client().get("/books/1").await?.text(),
            "The Dispossessed",
            "what was there is there, and the site answers"
        );
        Ok(())
    });
    if let Err(error) = run.await {
        panic!("{error:?}");
    }
    assert_eq!(heard(), "", "nobody is to be woken for what a client sent");
}

/// A browser in which somebody with these permissions is logged in.
pub(crate) async fn logged_in(site: &TestSite, db: &Db, permissions: &[&str]) -> Result<Client> {
    let account =
        NewAccount { name: "reader".into(), password: Some("a b c d e f".into()), ..NewAccount::default() };
    account.create(db, &hasher()).await?;
    let user = User::objects().filter(|u| u.username.eq("reader")).get(db).await?;
    for permission in permissions {
        let found = Permission::objects()
            .filter(|p| p.app_label.eq("nuages_tests") & p.codename.eq(*permission))
            .get(db)
            .await?;
        user.user_permissions.add(db, &found).await?;
    }
    let mut client = site.client();
    client.login(&user).await?;
    Ok(client)
}

/// The fields of a book that is in order, with some of them replaced.
pub(crate) fn fields<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![("title", "Orsinia"), ("author", "1"), ("price", "5"), ("status", "draft")];
    for (name, text) in changes {
        all.retain(|(known, _)| known != name);
        all.push((name, text));
    }
    all
}

/// What was logged at `warn` or above.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Begins to listen to the log, once.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // As the log of a project: what PostgreSQL notes by the way is not in it.
        let log = tracing_subscriber::fmt().with_env_filter("warn,sqlx::postgres::notice=error");
        log.with_ansi(false).with_writer(|| Sink).init();
    });
}

/// What was heard.
pub(crate) fn heard() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}
