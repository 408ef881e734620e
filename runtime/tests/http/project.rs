//! Putting a project together, and what is refused.

use crate::client::get;
use crate::site::{Counter, Greeting, app, project, settings};
use nuages::Project;
use nuages::prelude::*;

async fn refusal(project: Project) -> String {
    project.build().await.map(drop).unwrap_err().to_string()
}

#[tokio::test]
async fn views_take_what_the_project_was_given() -> Result<()> {
    let server = project().with(Greeting("hello")).build().await?;
    assert_eq!(get(&server, "/greeting").await.text, "hello");
    let text = get(&project().build().await?, "/greeting").await.text;
    assert!(text.contains("write `Project::with(…)` in main"), "{text}");
    Ok(())
}

#[tokio::test]
async fn a_state_is_given_to_views_and_plain_handlers_and_its_value_is_asked_for() -> Result<()> {
    use axum::extract::State;
    let own = axum::Router::new()
        .route("/plain", axum::routing::get(async |State(n): State<Counter>| n.0.to_string()));
    let server = project().merge(own).build().await?;
    assert_eq!(
        (get(&server, "/counter").await.text, get(&server, "/plain").await.text),
        ("42".into(), "41".into())
    );
    let text = refusal(Project::new(settings(&[])).app(app())).await;
    assert!(text.contains("Counter)` in `http::site` has no value; write `.with(…)` in main"), "{text}");
    Ok(())
}

/// A database that nobody can reach, and what a command over it answers.
async fn unreachable(command: &str) -> Result<()> {
    let settings = settings(&[("DATABASE_URL", "postgres://nobody@127.0.0.1:9/none")]);
    let needs = Command::new("needs", "", async |_| Ok(()));
    let offline = Command::new("offline", "", async |context| {
        assert_eq!(context.site.database().backend(), nuages::backend::Backend::Postgres);
        Ok(())
    });
    let project = Project::new(settings).app(app()).with(Counter(0));
    project.command(needs).command(offline.offline()).run_with(["shop", command]).await
}

#[tokio::test]
async fn commands_that_need_no_database_connect_to_none() -> Result<()> {
    for command in ["check", "routes", "offline"] {
        unreachable(command).await?;
    }
    let refused = unreachable("needs").await.unwrap_err();
    assert!(refused.to_string().contains("the database cannot be reached"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn unsafe_settings_keep_commands_from_nothing_and_check_lists_them() -> Result<()> {
    let pairs = [("ENV", "production"), ("DATABASE_URL", "sqlite::memory:")];
    let project = |more: &[(&'static str, &'static str)]| {
        let settings = nuages::Settings::from_pairs(pairs.iter().chain(more).copied()).unwrap();
        Project::new(settings).app(app()).with(Counter(0))
    };
    let sign = Command::new("sign", "", async |context: CommandContext| {
        // A key that nobody else knows, not the empty one.
        let own = context.site.keyring().signer("test").sign("a");
        assert_ne!(own, nuages::signing::Keyring::new("").signer("test").sign("a"));
        Ok(())
    });
    project(&[]).command(sign).run_with(["shop", "sign"]).await?;
    for words in [["shop", "check"].as_slice(), &["shop", "check", "--deploy"]] {
        let text = project(&[]).run_with(words).await.unwrap_err().to_string();
        assert!(text.contains("nuages.settings.E001") && text.contains("NUAGES_HOSTS"), "{text}");
    }
    // A debug run is safe for debugging; what it would be in production is asked for.
    project(&[("ENV", "debug")]).run_with(["shop", "check"]).await?;
    let text = project(&[("ENV", "debug")]).run_with(["shop", "check", "--deploy"]).await.unwrap_err();
    assert!(text.to_string().contains("SECRET_KEY"), "{text}");
    let safe = Project::new(crate::site::production(&[])).app(app()).with(Counter(0));
    safe.run_with(["shop", "check", "--deploy"]).await
}

#[tokio::test]
async fn an_app_that_is_linked_must_be_listed() {
    let text = refusal(Project::new(settings(&[]))).await;
    assert!(text.contains("the view `home` (") && text.contains("`.app(http::app())`"), "{text}");
}

#[tokio::test]
async fn two_apps_of_one_label_are_refused() {
    let text = refusal(project().app(app())).await;
    assert!(text.contains("the app `shop` is listed twice"), "{text}");
    let text = refusal(project().app(App::new("shop", "other"))).await;
    assert!(text.contains("`http` and `other` have one label, `shop`"), "{text}");
}

#[tokio::test]
async fn an_app_for_another_database_is_refused() {
    let only = app().with_only(&[nuages::backend::Backend::Postgres]);
    let text = refusal(Project::new(settings(&[])).app(only).with(Counter(0))).await;
    assert!(
        text.contains("DATABASE_URL names SQLite") && text.contains("`shop` is for PostgreSQL only"),
        "{text}"
    );
}

#[tokio::test]
async fn unsafe_settings_keep_production_from_starting() {
    let unsafe_settings = nuages::Settings::from_pairs([("ENV", "production")]).unwrap();
    let text = refusal(Project::new(unsafe_settings).app(app())).await;
    for word in ["SECRET_KEY", "NUAGES_HOSTS", "DATABASE_URL", "NUAGES_HSTS_SECONDS"] {
        assert!(text.contains(word), "{word} is missing in {text}");
    }
}

#[tokio::test]
async fn commands_run_with_the_site_and_their_arguments() -> Result<()> {
    async fn count(context: CommandContext) -> Result<()> {
        assert_eq!(context.text("name"), Some("dune"));
        assert_eq!(context.site.apps()[0].label(), "shop");
        Err(Error::other("the command ran"))
    }
    let command = Command::new("count", "Counts", count).arg(nuages::clap::Arg::new("name"));
    let error = project().command(command.clone()).run_with(["shop", "count", "dune"]).await.unwrap_err();
    assert_eq!(error.to_string(), "the command ran");
    let twice = project().command(command.clone()).command(command).run_with(["shop", "count"]).await;
    assert_eq!(twice.unwrap_err().to_string(), "there are two commands `count`");
    project().run_with(["shop", "check"]).await?;
    project().run_with(["shop", "routes"]).await
}

#[tokio::test]
async fn serve_answers_on_the_address_it_was_given() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let bind = free.to_string();
    let serving = tokio::spawn(async move { project().run_with(["shop", "serve", "--bind", &bind]).await });
    let mut answer = String::new();
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        if let Ok(mut stream) = tokio::net::TcpStream::connect(free).await {
            let request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            tokio::io::AsyncWriteExt::write_all(&mut stream, request).await.unwrap();
            answer = crate::client::read(&mut stream, std::time::Duration::from_secs(2)).await;
            break;
        }
    }
    assert!(answer.ends_with("home"), "{answer}");
    let taken = project().run_with(["shop", "serve", "--bind", &free.to_string()]).await.unwrap_err();
    assert!(taken.to_string().contains("name another address with --bind"), "{taken}");
    serving.abort();
}
