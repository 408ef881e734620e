//! Albums, artists and playlists: relations walked backwards, and the table between.

use nuages::prelude::*;

use super::Checked;
use super::models::*;
use crate::sql::same;

/// Albums and artists: reverse relations, one to four joins.
pub(crate) async fn albums(db: &Db) -> Checked {
    let longest =
        Album::objects().values(|a| a.id).annotate(|a| a.tracks().milliseconds.max()).all(db).await?;
    same(
        db,
        longest,
        "SELECT a.album_id, MAX(t.milliseconds) FROM album a LEFT JOIN track t ON t.album_id = a.album_id GROUP BY a.album_id",
    )
    .await?;

    let without =
        Artist::objects().filter(|a| a.albums().is_null()).values(|a| (a.id, a.name)).all(db).await?;
    same(
        db,
        without,
        "SELECT r.artist_id, r.name FROM artist r LEFT JOIN album a ON a.artist_id = r.artist_id WHERE a.album_id IS NULL",
    )
    .await?;

    let sizes = Artist::objects().values(|a| a.id).annotate(|a| a.albums().tracks().count()).all(db).await?;
    same(
        db,
        sizes,
        "SELECT r.artist_id, COUNT(t.track_id) FROM artist r LEFT JOIN album a ON a.artist_id = r.artist_id \
         LEFT JOIN track t ON t.album_id = a.album_id GROUP BY r.artist_id",
    )
    .await?;

    let earned = Artist::objects()
        .values(|a| a.id)
        .annotate(|a| a.albums().tracks().invoice_lines().unit_price.sum())
        .all(db)
        .await?;
    same(
        db,
        earned,
        "SELECT r.artist_id, SUM(l.unit_price) FROM artist r LEFT JOIN album a ON a.artist_id = r.artist_id \
         LEFT JOIN track t ON t.album_id = a.album_id LEFT JOIN invoice_line l ON l.track_id = t.track_id GROUP BY r.artist_id",
    )
    .await
}

/// Conditions on the tracks of an album: in one filter on one track, in two on any.
pub(crate) async fn album_conditions(db: &Db) -> Checked {
    let no_live =
        Artist::objects().exclude(|a| a.albums().title.contains("Live")).values(|a| a.id).all(db).await?;
    same(
        db,
        no_live,
        "SELECT r.artist_id FROM artist r WHERE NOT EXISTS \
         (SELECT 1 FROM album a WHERE a.artist_id = r.artist_id AND a.title LIKE '%Live%')",
    )
    .await?;

    let same_track = Album::objects()
        .filter(|a| a.tracks().milliseconds.gt(600_000) & a.tracks().genre.name.eq("Rock"))
        .distinct()
        .values(|a| a.id)
        .all(db)
        .await?;
    same(
        db,
        same_track,
        "SELECT DISTINCT a.album_id FROM album a JOIN track t ON t.album_id = a.album_id \
         JOIN genre g ON g.genre_id = t.genre_id WHERE t.milliseconds > 600000 AND g.name = 'Rock'",
    )
    .await?;

    let any_track = Album::objects()
        .filter(|a| a.tracks().milliseconds.gt(600_000))
        .filter(|a| a.tracks().genre.name.eq("Rock"))
        .distinct()
        .values(|a| a.id)
        .all(db)
        .await?;
    same(
        db,
        any_track,
        "SELECT a.album_id FROM album a WHERE EXISTS (SELECT 1 FROM track t WHERE t.album_id = a.album_id AND t.milliseconds > 600000) \
         AND EXISTS (SELECT 1 FROM track t JOIN genre g ON g.genre_id = t.genre_id WHERE t.album_id = a.album_id AND g.name = 'Rock')",
    )
    .await
}

/// Playlists: both ways over the table of two columns.
pub(crate) async fn playlists(db: &Db) -> Checked {
    let of_track =
        Playlist::objects().filter(|p| p.tracks.id.eq(1)).values(|p| (p.id, p.name)).all(db).await?;
    same(
        db,
        of_track,
        "SELECT p.playlist_id, p.name FROM playlist p JOIN playlist_track x ON x.playlist_id = p.playlist_id WHERE x.track_id = 1",
    )
    .await?;

    let grunge = Track::objects()
        .filter(|t| t.playlists().name.eq("Grunge"))
        .order_by(|t| t.name)
        .values(|t| (t.name, t.album.artist.name))
        .all(db)
        .await?;
    same(
        db,
        grunge,
        "SELECT t.name, r.name FROM track t JOIN playlist_track x ON x.track_id = t.track_id \
         JOIN playlist p ON p.playlist_id = x.playlist_id LEFT JOIN album a ON a.album_id = t.album_id \
         LEFT JOIN artist r ON r.artist_id = a.artist_id WHERE p.name = 'Grunge' ORDER BY t.name",
    )
    .await?;

    let lengths = Playlist::objects()
        .values(|p| p.id)
        .annotate(|p| p.tracks.count())
        .annotate(|p| p.tracks.milliseconds.sum())
        .all(db)
        .await?;
    same(
        db,
        lengths,
        "SELECT p.playlist_id, COUNT(t.track_id), SUM(t.milliseconds) FROM playlist p \
         LEFT JOIN playlist_track x ON x.playlist_id = p.playlist_id LEFT JOIN track t ON t.track_id = x.track_id GROUP BY p.playlist_id",
    )
    .await
}

/// Playlists without a track, with tracks of two artists, and those of one track.
pub(crate) async fn playlist_conditions(db: &Db) -> Checked {
    let empty = Playlist::objects().filter(|p| p.tracks.is_null()).values(|p| p.id).all(db).await?;
    same(
        db,
        empty,
        "SELECT playlist_id FROM playlist WHERE playlist_id NOT IN (SELECT playlist_id FROM playlist_track)",
    )
    .await?;

    let both = Playlist::objects()
        .filter(|p| p.tracks.album.artist.name.eq("Pearl Jam"))
        .filter(|p| p.tracks.album.artist.name.eq("Nirvana"))
        .distinct()
        .values(|p| p.id)
        .all(db)
        .await?;
    same(
        db,
        both,
        "SELECT x.playlist_id FROM playlist_track x JOIN track t ON t.track_id = x.track_id JOIN album a ON a.album_id = t.album_id \
         JOIN artist r ON r.artist_id = a.artist_id WHERE r.name IN ('Pearl Jam', 'Nirvana') \
         GROUP BY x.playlist_id HAVING COUNT(DISTINCT r.name) = 2",
    )
    .await?;

    let track = Track::objects().filter(|t| t.id.eq(1)).get(db).await?;
    let own = track.playlists().order_by(|p| p.id).values(|p| p.id).all(db).await?;
    same(db, own, "SELECT playlist_id FROM playlist_track WHERE track_id = 1 ORDER BY playlist_id").await
}
