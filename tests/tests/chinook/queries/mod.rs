//! What one asks a music store, in our queries and in plain SQL.
//!
//! The folder is compiled twice: over the models of `legacy` (SQLite and MariaDB spell
//! their tables in PascalCase) and over those of `legacy-postgres` (snake case).

mod albums;
mod people;
mod related;
mod sales;
mod tracks;

use nuages::prelude::*;

use super::models;

type Checked = nuages::Result<()>;

/// Runs all of them.
pub(crate) async fn all(db: &Db) -> Checked {
    tracks::tracks(db).await?;
    tracks::track_pages(db).await?;
    tracks::lookups(db).await?;
    tracks::negations(db).await?;
    albums::albums(db).await?;
    albums::album_conditions(db).await?;
    albums::playlists(db).await?;
    albums::playlist_conditions(db).await?;
    people::employees(db).await?;
    people::customers(db).await?;
    people::customer_columns(db).await?;
    sales::invoices(db).await?;
    sales::invoice_days(db).await?;
    sales::lines(db).await?;
    related::related(db).await?;
    Ok(())
}
