//! Putting a project together, and what is refused.

use crate::client::get;
use crate::site::{Greeting, app, project, settings};
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
    let text = refusal(Project::new(settings(&[])).app(only)).await;
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
