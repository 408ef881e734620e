//! What the tests stand on: the library, with people who may do this or that.

use nuages::auth::{AuthSettings, NewAccount, hash::PasswordHasher};
use nuages::prelude::*;
use nuages::test::{Client, TestResponse, TestSite, on_each_site};
use nuages::{Db, Project, Result};
use nuages_admin::Admin;
use nuages_tests::models::{Author, Book, NewAuthor, NewBook, NewReview, NewTag, Review, Tag};

// Linked, so that projects follow their migrations.
use nuages_migrate as _;

pub(crate) const PASSWORD: &str = "swing that violin";

/// Cheap, so that tests are quick; what is tested is not the time.
fn hasher() -> PasswordHasher {
    PasswordHasher::separate(4).with_costs(64, 1, 1).unwrap()
}

fn project(project: Project) -> Project {
    project_with(project, nuages_admin::site())
}

/// The library with an admin of one's own.
pub(crate) fn project_with(project: Project, admin: Admin) -> Project {
    let settings = AuthSettings { hasher: hasher(), ..AuthSettings::default() };
    project.app(nuages_tests::app()).with(settings).mount("/admin", admin)
}

/// Runs a test on every database, with a small library in it.
pub(crate) async fn each(test: impl AsyncFn(&TestSite, &Db) -> Result<()>) {
    let run = on_each_site(project, async |site| {
        let db = site.db();
        shelf(&db).await?;
        test(&site, &db).await
    });
    if let Err(error) = run.await {
        panic!("{error:?}");
    }
}

/// Three authors, four books, two tags, two reviews.
pub(crate) async fn shelf(db: &Db) -> Result<()> {
    let author = async |name: &str| NewAuthor { name: name.into() }.create(db).await;
    let (le_guin, calvino) = (author("Ursula K. Le Guin").await?, author("Italo Calvino").await?);
    author("Nobody").await?;
    let book = async |title: &str, author: &Author, price: &str, published: Option<&str>| {
        let published: Option<Date> = published.map(|day| day.parse().unwrap());
        NewBook { title: title.into(), author: author.into(), price: price.parse().unwrap() }
            .with(|b| b.published.set(published))
            .create(db)
            .await
    };
    let left = book("The Left Hand of Darkness", &le_guin, "12.50", Some("1969-03-01")).await?;
    book("The Dispossessed", &le_guin, "9.99", Some("1974-05-01")).await?;
    book("Invisible Cities", &calvino, "7.00", Some("1972-11-02")).await?;
    book("A drawer", &calvino, "1.00", None).await?;
    for name in ["fiction", "travel"] {
        let tag = NewTag { name: name.into() }.create(db).await?;
        left.tags.add(db, &tag).await?;
    }
    for stars in [4, 5] {
        NewReview { book: (&left).into(), stars }.create(db).await?;
    }
    Ok(())
}

/// A user with these permissions, such as `tests.view_book`.
pub(crate) async fn user(
    db: &Db,
    name: &str,
    staff: bool,
    superuser: bool,
    permissions: &[&str],
) -> Result<()> {
    let account = NewAccount {
        name: name.into(),
        password: Some(PASSWORD.into()),
        is_staff: staff,
        is_superuser: superuser,
        ..NewAccount::default()
    };
    account.create(db, &hasher()).await?;
    let user = nuages::auth::User::objects().filter(|u| u.username.eq(name)).get(db).await?;
    for permission in permissions {
        let (app, code) = permission.split_once('.').unwrap();
        let found = nuages::auth::Permission::objects()
            .filter(|p| p.app_label.eq(app) & p.codename.eq(code))
            .get(db)
            .await?;
        user.user_permissions.add(db, &found).await?;
    }
    Ok(())
}

/// A browser in which this user is logged in.
pub(crate) async fn logged_in(site: &TestSite, name: &str) -> Result<Client> {
    let mut client = site.client();
    let answer = client.post("/admin/login/", &[("username", name), ("password", PASSWORD)]).await?;
    assert_eq!(answer.redirect(), Some("/admin/"), "{name}: {}", answer.text());
    Ok(client)
}

/// A browser of a superuser called `django`.
pub(crate) async fn superuser(site: &TestSite, db: &Db) -> Result<Client> {
    user(db, "django", true, true, &[]).await?;
    logged_in(site, "django").await
}

pub(crate) async fn book(db: &Db, title: &str) -> Result<Book> {
    Book::objects().filter(|b| b.title.eq(title)).get(db).await
}

pub(crate) async fn author(db: &Db, name: &str) -> Result<Author> {
    Author::objects().filter(|a| a.name.eq(name)).get(db).await
}

pub(crate) async fn tags_of(db: &Db, book: &Book) -> Result<Vec<Tag>> {
    book.tags.objects().all(db).await
}

pub(crate) async fn reviews(db: &Db) -> Result<Vec<Review>> {
    Review::objects().all(db).await
}

/// The value of the hidden field of this name in a page.
pub(crate) fn hidden(page: &TestResponse, name: &str) -> String {
    let text = page.text();
    let start = format!("name=\"{name}\" value=\"");
    let at = text.find(&start).unwrap_or_else(|| panic!("no field {name} in {text}")) + start.len();
    text[at..].split('"').next().unwrap().to_owned()
}

/// The labels of the rows of a list, in order.
pub(crate) fn rows(page: &TestResponse) -> Vec<String> {
    page.text()
        .split("aria-label=\"Select ")
        .skip(1)
        .filter(|rest| !rest.starts_with("all on this page"))
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// Looks at the page that asks whether a row is to be deleted, and says yes.
pub(crate) async fn delete(client: &mut Client, path: &str) -> Result<TestResponse> {
    let plan = hidden(&client.get(path).await?, "_plan");
    client.post(path, &[("_confirm", "1"), ("_plan", &plan)]).await
}
