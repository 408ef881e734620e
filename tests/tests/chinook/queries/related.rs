//! Rows loaded with what belongs to them.

use nuages::prelude::*;

use super::Checked;
use super::models::*;
use crate::sql::same;

/// Rows with what belongs to them: joined and prefetched, compared as flat rows.
pub(crate) async fn related(db: &Db) -> Checked {
    let pairs = Album::objects().select_related(|a| a.artist).all(db).await?;
    let pairs = pairs.into_iter().map(|(album, artist)| (album.title, artist.name)).collect();
    same(db, pairs, "SELECT a.title, r.name FROM album a JOIN artist r ON r.artist_id = a.artist_id").await?;

    let reps = Customer::objects().select_related(|c| c.support_rep).all(db).await?;
    let reps = reps.into_iter().map(|(customer, rep)| (customer.id, rep.map(|rep| rep.last_name))).collect();
    same(
        db,
        reps,
        "SELECT c.customer_id, e.last_name FROM customer c LEFT JOIN employee e ON e.employee_id = c.support_rep_id",
    )
    .await?;

    let artists = Artist::objects().prefetch_related(|a| a.albums()).all(db).await?;
    let flat = artists
        .into_iter()
        .flat_map(|(artist, albums)| albums.into_iter().map(move |album| (artist.id, album.id)))
        .collect();
    same(db, flat, "SELECT artist_id, album_id FROM album").await?;

    let playlists = Playlist::objects().prefetch_related(|p| p.tracks).all(db).await?;
    let flat = playlists
        .into_iter()
        .flat_map(|(playlist, tracks)| tracks.into_iter().map(move |track| (playlist.id, track.id)))
        .collect();
    same(db, flat, "SELECT playlist_id, track_id FROM playlist_track").await
}
