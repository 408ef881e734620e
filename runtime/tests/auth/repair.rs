//! The button on the developer's page that applies migrations.

use crate::accounts::pages;
use nuages::auth::accounts;
use nuages::test::{Client, Server, TestDatabase};
use nuages::{Project, Result};

/// In debug the page of an error offers to apply what is not applied; nobody else can press its button.
#[tokio::test]
async fn the_developers_page_applies_migrations_and_only_in_debug() -> Result<()> {
    for server in Server::found().await? {
        let database = TestDatabase::create(server).await?;
        let build = async |environment: &str| {
            let settings = nuages::Settings::from_pairs([
                ("ENV", environment),
                ("DATABASE_URL", database.url()),
                ("HOSTS", "testserver"),
                ("SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"),
                ("ALLOW_HTTP_COOKIES", "true"),
            ])?;
            let project = Project::new(settings).database(database.database().clone()).merge(pages());
            let server = project.mount("/accounts", accounts()).build().await?;
            Result::<_>::Ok(Client::of(server).with_header("accept", "text/html"))
        };
        let login = [("username", "ada"), ("password", "analytical engine")];
        let button = "/__nuages__/repair/migrate?next=%2F";
        let mut production = build("production").await?;
        let failed = production.post("/accounts/login", &login).await?;
        assert_eq!((failed.status(), failed.contains("migrat")), (500, false), "{}", failed.text());
        assert_eq!(production.post(button, &[]).await?.status(), 404);

        let mut client = build("debug").await?;
        let failed = client.post("/accounts/login", &login).await?;
        assert_eq!(failed.status(), 500);
        let action = format!("action=\"{button}\"");
        for part in [&*action, "auth.0001", "Apply them now", "cargo run -- migrate", "name=\"csrf_token\""] {
            assert!(failed.contains(part), "{part} is missing in {}", failed.text());
        }
        assert_eq!(client.clone().without_csrf().post(button, &[]).await?.status(), 403);
        assert_eq!(client.get(button).await?.status(), 405);
        assert_eq!(client.post("/__nuages__/repair/nothing", &[]).await?.status(), 404);
        assert_eq!(client.post("/accounts/login", &login).await?.status(), 500, "nothing was applied so far");
        let done = client.post(button, &[]).await?;
        assert_eq!((done.status(), done.redirect()), (303, Some("/")), "{}", done.text());
        assert_eq!(client.post("/accounts/login", &login).await?.status(), 422);
        database.remove().await?;
    }
    Ok(())
}
