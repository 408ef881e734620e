//! What keeps a project from starting, because a receiver or the collector would never see what the database does.

use nuages::prelude::*;
use nuages::receiver;

use crate::signals::Label;

/// Its rows go unseen, and a receiver waits for them.
#[derive(Model, Clone, Debug)]
#[model(app_label = "unseen", display = "{id}")]
pub struct Watched {
    pub id: i64,
    #[field(on_delete = db::Cascade)]
    pub note: ForeignKey<Label>,
}

/// Hangs on rows that go unseen.
#[derive(Model, Clone, Debug)]
#[model(app_label = "unseen", display = "{id}")]
pub struct Below {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub watched: ForeignKey<Watched>,
}

#[receiver(pre_delete)]
async fn never_told(_db: &Db, _watched: &Watched) -> Result<()> {
    Ok(())
}

#[tokio::test]
async fn what_nobody_would_be_told_of_keeps_a_project_from_starting() -> Result<()> {
    let settings =
        nuages::settings::Settings::from_pairs([("ENV", "debug"), ("DATABASE_URL", "sqlite::memory:")])?;
    let project = Project::new(settings).app(App::new("unseen", "relations"));
    let error = project.build().await.err().map(|error| error.to_string()).unwrap_or_default();
    for part in [
        "a receiver waits for deletions of `unseen.Watched`, but `on_delete = db::Cascade` on `note`",
        "`unseen.Below.watched` says `Cascade`, but `on_delete = db::Cascade` on `unseen.Watched.note` lets the database \
         delete those rows unseen; write `on_delete = db::Cascade`",
    ] {
        assert!(error.contains(part), "{error}");
    }
    Ok(())
}
