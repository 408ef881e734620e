//! The pages, with a browser that keeps cookies: logging in, out, and changing the password.

use crate::users;
use axum::Router;
use axum::routing::get;
use nuages::auth::{AuthSettings, Change, Login, MaybeLogin, Permit, ThrottleSettings, User, accounts};
use nuages::messages::Messages;
use nuages::prelude::ModelOperations;
use nuages::session::{Session, SessionToken};
use nuages::test::{Client, Server, TestDatabase, TestSite};
use nuages::{Db, Error, Page, Project, RequestContext, Result, Site};

/// A page that needs a login, one that does not, one that needs a permission.
pub(crate) fn pages() -> Router<Site> {
    Router::new()
        .route("/private", get(async |user: Login<User>| format!("private of {}", user.username)))
        .route(
            "/open",
            get(async |MaybeLogin(user): MaybeLogin<User>| user.map_or("nobody".into(), |u| u.username)),
        )
        .route("/groups", get(async |user: Permit<Change<nuages::auth::Group>>| user.name().to_owned()))
        .route("/count", get(count))
        .route("/fails", get(fails))
        .route("/queries", get(queries))
        .route("/message", get(async |messages: Messages| messages.success("hello")))
        .route("/shown", get(async || Page(Shown)))
        .route("/static", get(async || "nothing personal"))
}

/// How many statements it takes to know the user, and then what the user may do.
async fn queries(user: MaybeLogin<User>, context: RequestContext, session: Session) -> Result<String> {
    let known = context.db().query_count();
    drop((user, session));
    if let Some(user) = nuages::auth::get_user(&context).await? {
        for permission in ["auth.add_user", "auth.change_group", "shop.add_book"] {
            user.has_perm(context.db(), permission).await?;
        }
    }
    Ok(format!("{known} {}", context.db().query_count()))
}

async fn count(session: Session) -> Result<String> {
    let n: i64 = session.get("n")?.unwrap_or(0) + 1;
    session.set("n", n)?;
    Ok(n.to_string())
}

/// Counts and speaks, and then fails.
async fn fails(session: Session, messages: Messages) -> Result<()> {
    session.set("n", 100)?;
    messages.success("done");
    Err(Error::other("after all"))
}

#[derive(askama::Template)]
#[template(
    ext = "html",
    source = "{{ nuages::page::user()?.name }}:{% for m in nuages::page::messages()? %}{{ m.level }} {{ m.text }}{% endfor %}"
)]
struct Shown;

/// Runs a test with a site on every database.
async fn on_each_site(test: impl AsyncFn(TestSite) -> Result<()>) -> Result<()> {
    for server in Server::found().await? {
        let database = TestDatabase::create(server).await?;
        let settings = AuthSettings {
            hasher: users::hasher(),
            throttle: ThrottleSettings { account_and_peer: 3, ..ThrottleSettings::default() },
            ..AuthSettings::default()
        };
        let make = |project: Project| project.with(settings).mount("/accounts", accounts()).merge(pages());
        let site = TestSite::on(&database, make).await?;
        users::user(&site.db(), "ada").await?;
        let outcome = test(site).await;
        database.remove().await?;
        outcome.map_err(|error: Error| error.context(server.backend().title()))?;
    }
    Ok(())
}

const ADA: [(&str, &str); 2] = [("username", "ada"), ("password", "analytical engine")];

/// A browser in which ada is logged in.
async fn logged_in(site: &TestSite) -> Result<Client> {
    let mut client = site.client();
    assert_eq!(client.post("/accounts/login", &ADA).await?.redirect(), Some("/"));
    Ok(client)
}

fn token(client: &Client) -> Option<String> {
    client.cookie("sessionid").map(str::to_owned)
}

async fn rows(db: &Db, table: &str) -> Result<i64> {
    let row = db.fetch_optional(format!("SELECT count(*) FROM {table}").into()).await?;
    Ok(row.unwrap().i64(0)?.unwrap())
}

#[tokio::test]
async fn a_visitor_is_sent_to_the_login_page_and_back() -> Result<()> {
    on_each_site(async |site| {
        let mut client = site.client();
        let answer = client.get("/private?a=1&b=%2F").await?;
        assert_eq!(answer.status(), 303);
        let login = answer.redirect().unwrap().to_owned();
        assert_eq!(login, "/accounts/login?next=%2Fprivate%3Fa%3D1%26b%3D%252F");
        let page = client.get(&login).await?;
        assert!(page.contains(r#"name="next" value="/private?a=1&#38;b=%2F""#), "{}", page.text());
        assert!(
            page.contains(r#"autocomplete="current-password""#) && page.contains("<label for=\"username\">")
        );
        let next = [("next", "/private?a=1&b=%2F"), ADA[0], ADA[1]];
        assert_eq!(client.post("/accounts/login", &next).await?.redirect(), Some("/private?a=1&b=%2F"));
        assert_eq!(client.get("/private").await?.text(), "private of ada");
        assert_eq!(client.get("/open").await?.text(), "ada");
        assert_eq!(site.client().get("/open").await?.text(), "nobody");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_request_reads_the_user_once_and_the_permissions_once() -> Result<()> {
    on_each_site(async |site| {
        let mut client = logged_in(&site).await?;
        assert_eq!(client.get("/queries").await?.text(), "1 2");
        assert_eq!(site.client().get("/queries").await?.text(), "0 0");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() -> Result<()> {
    on_each_site(async |site| {
        for next in
            ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil"]
        {
            let answer = site.client().post("/accounts/login", &[("next", next), ADA[0], ADA[1]]).await?;
            assert_eq!(answer.redirect(), Some("/"), "{next:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn refusals_look_alike() -> Result<()> {
    on_each_site(async |site| {
        let mut texts = Vec::new();
        for name in ["ada", "nobody"] {
            let mut client = site.client();
            let answer = client.post("/accounts/login", &[("username", name), ("password", "wrong")]).await?;
            assert_eq!(answer.status(), 422);
            assert!(token(&client).is_none());
            let text = answer.text().replace(&format!("value=\"{name}\""), "");
            let lines = text.lines().filter(|line| !line.contains("csrf_token") && !line.contains("nonce="));
            texts.push(lines.collect::<Vec<_>>().join("\n"));
        }
        assert!(texts[0].contains("role=\"alert\"") && texts[0].contains("aria-invalid=\"true\""));
        assert_eq!(texts[0], texts[1]);
        assert_eq!(rows(&site.db(), "nuages_session").await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn guessing_is_stopped_before_the_password_is_looked_at() -> Result<()> {
    on_each_site(async |site| {
        let mut client = site.client();
        for _ in 0..3 {
            let wrong = [("username", "ada"), ("password", "wrong")];
            assert_eq!(client.post("/accounts/login", &wrong).await?.status(), 422);
        }
        let hasher = AuthSettings::of(site.site()).hasher.clone();
        let before = hasher.hashes_done();
        let answer = client.post("/accounts/login", &ADA).await?;
        assert_eq!((answer.status(), hasher.hashes_done()), (429, before));
        let wait: u64 = answer.header("retry-after").unwrap().parse()?;
        assert!((1..=900).contains(&wait) && answer.contains("Too many attempts"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn login_takes_a_csrf_token_and_logout_a_post() -> Result<()> {
    on_each_site(async |site| {
        let answer = site.client().without_csrf().post("/accounts/login", &ADA).await?;
        assert_eq!(answer.status(), 403);
        let mut client = logged_in(&site).await?;
        assert_eq!(client.get("/accounts/logout").await?.status(), 405);
        assert_eq!(client.get("/open").await?.text(), "ada");
        let forged = client.clone().without_csrf().post("/accounts/logout", &[]).await?;
        assert_eq!(forged.status(), 403);
        assert_eq!(client.post("/accounts/logout", &[]).await?.redirect(), Some("/accounts/login"));
        assert_eq!((token(&client), rows(&site.db(), "nuages_session").await?), (None, 0));
        assert_eq!(client.get("/open").await?.text(), "nobody");
        Ok(())
    })
    .await
}

/// Session fixation: the token from before the login is worth nothing after it.
#[tokio::test]
async fn login_changes_the_token_and_keeps_what_the_visitor_had() -> Result<()> {
    on_each_site(async |site| {
        let mut client = site.client();
        assert_eq!(client.get("/count").await?.text(), "1");
        let before = token(&client).unwrap();
        let form = client.csrf_token()?;
        client.post("/accounts/login", &ADA).await?;
        let after = token(&client).unwrap();
        assert_ne!(before, after);
        assert_eq!(client.get("/count").await?.text(), "2");

        let mut attacker = site.client();
        attacker.set_cookie("sessionid", &before);
        assert_eq!(attacker.get("/open").await?.text(), "nobody");
        // A form from before the login is of another session.
        let mut stale = client.clone().without_csrf();
        assert_eq!(stale.post("/accounts/logout", &[("csrf_token", &form)]).await?.status(), 403);

        // One that an attacker made up and planted is not taken over either.
        let planted = SessionToken::generate()?.expose();
        let mut victim = site.client();
        victim.set_cookie("sessionid", &planted);
        victim.post("/accounts/login", &ADA).await?;
        assert_ne!(token(&victim).unwrap(), planted);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_forged_cookie_is_nobody() -> Result<()> {
    on_each_site(async |site| {
        let real = token(&logged_in(&site).await?).unwrap();
        let digest = SessionToken::parse(&real).unwrap().digest();
        for forged in [digest, "A".repeat(43), "x".into(), real[1..].to_owned(), "A".repeat(4000)] {
            let mut client = site.client();
            client.set_cookie("sessionid", &forged);
            assert_eq!(client.get("/open").await?.text(), "nobody", "{forged}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn changing_the_password_keeps_this_session_and_ends_the_others() -> Result<()> {
    on_each_site(async |site| {
        let (mut here, mut there) = (logged_in(&site).await?, logged_in(&site).await?);
        let fields =
            |old, new, again| [("old_password", old), ("new_password1", new), ("new_password2", again)];
        let page = here.get("/accounts/password_change").await?;
        assert!(page.contains("at least 8 characters"));
        let answer = here.post("/accounts/password_change", &fields("wrong", "ada", "other")).await?;
        assert_eq!(answer.status(), 422);
        for text in ["entered incorrectly", "too short", "too similar to the username", "not the same"] {
            assert!(answer.contains(text), "{text}");
        }
        assert_eq!(there.get("/open").await?.text(), "ada", "nothing was changed yet");

        let before = token(&here);
        let good = fields("analytical engine", "difference engine 2", "difference engine 2");
        let answer = here.post("/accounts/password_change", &good).await?;
        assert_eq!(answer.redirect(), Some("/accounts/password_change/done"));
        assert_ne!(token(&here), before);
        assert_eq!(here.get("/accounts/password_change/done").await?.status(), 200);
        assert_eq!(rows(&site.db(), "nuages_session").await?, 1, "the others are gone, not only unusable");
        assert_eq!(there.get("/open").await?.text(), "nobody");
        let mut client = site.client();
        assert_eq!(client.post("/accounts/login", &ADA).await?.status(), 422);
        Ok(())
    })
    .await
}

/// The proof of the password alone ends a session, whoever changed the row.
#[tokio::test]
async fn a_session_does_not_outlive_password_activity_or_user() -> Result<()> {
    on_each_site(async |site| {
        let db = site.db();
        let stored = users::hasher().hash("something else").await?;
        for end in [("password", stored.into()), ("is_active", false.into())] {
            users::set(&db, "is_active", true).await?;
            let old = users::hasher().hash("analytical engine").await?;
            users::set(&db, "password", old).await?;
            let mut client = logged_in(&site).await?;
            users::set(&db, end.0, nuages::value::Value::clone(&end.1)).await?;
            assert_eq!(client.get("/open").await?.text(), "nobody", "{}", end.0);
            assert_eq!((token(&client), rows(&db, "nuages_session").await?), (None, 0));
        }
        users::set(&db, "is_active", true).await?;
        users::set(&db, "password", users::hasher().hash("analytical engine").await?).await?;
        let mut client = logged_in(&site).await?;
        db.execute("DELETE FROM auth_user".into()).await?;
        assert_eq!(client.get("/open").await?.text(), "nobody");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_permission_is_asked_for() -> Result<()> {
    on_each_site(async |site| {
        let mut client = site.client();
        assert_eq!(client.get("/groups").await?.redirect(), Some("/accounts/login?next=%2Fgroups"));
        let mut client = logged_in(&site).await?;
        assert_eq!(client.get("/groups").await?.status(), 403);
        // Given one by one: the permission was made after the migrations, as `post_migrate`.
        site.db()
            .execute_script(
                "INSERT INTO auth_user_user_permissions (user_id, permission_id) \
                SELECT u.id, p.id FROM auth_user u, auth_permission p WHERE p.codename = 'change_group'",
            )
            .await?;
        assert_eq!(client.get("/groups").await?.text(), "ada");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn pages_show_user_and_messages_and_personal_ones_are_not_kept() -> Result<()> {
    on_each_site(async |site| {
        let mut client = logged_in(&site).await?;
        client.get("/message").await?;
        let page = client.get("/shown").await?;
        assert_eq!(page.text(), "ada:success hello");
        assert!(page.header("cache-control").unwrap().contains("no-store"));
        assert!(page.header("vary").unwrap().to_lowercase().contains("cookie"));
        assert_eq!(client.get("/shown").await?.text(), "ada:");
        assert_eq!(client.get("/open").await?.text(), "ada", "reading messages ends nothing");
        // A visitor can get a message too, and keeps no session for it once it was read.
        let mut visitor = site.client();
        visitor.get("/message").await?;
        assert_eq!(visitor.get("/shown").await?.text(), ":success hello");
        assert_eq!(token(&visitor), None);
        assert_eq!(site.client().get("/static").await?.cookies(), []);
        Ok(())
    })
    .await
}

/// Where the child process of the next test finds its database.
const CHILD: &str = "NUAGES_TEST_CHILD_URL";

/// The password comes from the environment, which belongs to a process; so one is started for each.
#[tokio::test]
async fn a_superuser_is_made_from_the_environment() -> Result<()> {
    if let Ok(url) = std::env::var(CHILD) {
        return child(&url).await;
    }
    for server in Server::found().await? {
        let database = TestDatabase::create(server).await?;
        TestSite::on(&database, |project| project).await?;
        let db = database.session();
        assert!(!command(database.url(), "password1")?, "a weak password will not do");
        assert_eq!(rows(&db, "auth_user").await?, 0);
        assert!(command(database.url(), "analytical engine")?);
        assert!(!command(database.url(), "analytical engine")?, "the name is taken");
        let root = nuages::auth::authenticate(&db, "root", "analytical engine").await?.unwrap();
        assert!(root.superuser() && root.staff());
        assert_eq!(nuages::auth::downcast::<User>(&root).unwrap().email, "root@example.org");
        database.remove().await?;
    }
    Ok(())
}

/// Runs this test once more, as the program of a project.
fn command(url: &str, password: &str) -> Result<bool> {
    let program = std::process::Command::new(std::env::current_exe()?)
        .args(["accounts::a_superuser_is_made_from_the_environment", "--exact"])
        .env(CHILD, url)
        .env("NUAGES_SUPERUSER_USERNAME", "root")
        .env("NUAGES_SUPERUSER_EMAIL", "root@example.org")
        .env("NUAGES_SUPERUSER_PASSWORD", password)
        .output()?;
    Ok(program.status.success())
}

async fn child(url: &str) -> Result<()> {
    let settings =
        nuages::Settings::from_pairs([("ENV", "debug"), ("DATABASE_URL", url), ("HOSTS", "testserver")])?;
    Project::new(settings).run_with(["program", "createsuperuser", "--noinput"]).await
}

/// As in Django: an answer from 500 on saves no session and sets no cookie.
#[tokio::test]
async fn what_a_failed_request_did_to_its_session_is_not_saved() -> Result<()> {
    on_each_site(async |site| {
        let mut client = site.client();
        let failed = client.get("/fails").await?;
        assert_eq!((failed.status(), failed.cookies().is_empty()), (500, true));
        assert_eq!(rows(&site.db(), "nuages_session").await?, 0);
        assert_eq!(client.get("/count").await?.text(), "1");
        assert_eq!(client.get("/fails").await?.status(), 500);
        assert_eq!(client.get("/count").await?.text(), "2");
        assert!(!client.get("/shown").await?.contains("done"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_commands_make_and_change_users() -> Result<()> {
    on_each_site(async |site| {
        let missing = site.call("createsuperuser", &["--noinput"]).await.unwrap_err();
        assert!(missing.to_string().contains("--username, or set NUAGES_SUPERUSER_USERNAME"), "{missing}");
        // As in Django: nobody can log in until a password is set.
        site.call("createsuperuser", &["--noinput", "--username", "root"]).await?;
        let root = User::objects().filter(|u| u.username.eq("root")).get(&site.db()).await?;
        assert!(root.is_superuser && !nuages::auth::hash::is_usable(&root.password));
        logged_in(&site).await?;
        site.db().execute("UPDATE nuages_session SET expires = created".into()).await?;
        site.call("clearsessions", &[]).await?;
        assert_eq!(rows(&site.db(), "nuages_session").await?, 0);
        let unknown = site.call("changepassword", &["nobody"]).await.unwrap_err();
        assert!(unknown.to_string().contains("`nobody`"), "{unknown}");
        Ok(())
    })
    .await
}
