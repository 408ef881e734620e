//! Tracks: lookups, and what a track belongs to.

use nuages::prelude::*;

use super::Checked;
use super::models::*;
use crate::sql::same;

/// Tracks and what they are on: forward over nullable relations, one to two joins.
pub(crate) async fn tracks(db: &Db) -> Checked {
    let per_genre = Track::objects().values(|t| t.genre.name).annotate(|t| t.id.count()).all(db).await?;
    same(
        db,
        per_genre,
        "SELECT g.name, COUNT(*) FROM track t LEFT JOIN genre g ON g.genre_id = t.genre_id GROUP BY g.name",
    )
    .await?;

    let per_medium = Track::objects()
        .values(|t| t.media_type.name)
        .annotate(|t| t.unit_price.min())
        .annotate(|t| t.unit_price.max())
        .annotate(|t| t.milliseconds.avg())
        .all(db)
        .await?;
    same(
        db,
        per_medium,
        "SELECT m.name, MIN(t.unit_price), MAX(t.unit_price), CAST(AVG(t.milliseconds) AS DOUBLE) FROM track t \
         JOIN media_type m ON m.media_type_id = t.media_type_id GROUP BY m.name",
    )
    .await?;

    let of_artist = Track::objects()
        .filter(|t| t.album.artist.name.eq("AC/DC"))
        .order_by(|t| (t.album.title, t.name))
        .values(|t| (t.name, t.album.title))
        .all(db)
        .await?;
    same(
        db,
        of_artist,
        "SELECT t.name, a.title FROM track t JOIN album a ON a.album_id = t.album_id \
         JOIN artist r ON r.artist_id = a.artist_id WHERE r.name = 'AC/DC' ORDER BY a.title, t.name",
    )
    .await
}

/// Tracks nobody bought, and a page in the order of a relation.
pub(crate) async fn track_pages(db: &Db) -> Checked {
    let never_sold =
        Track::objects().filter(|t| t.invoice_lines().is_null()).values(|t| t.id).all(db).await?;
    same(
        db,
        never_sold,
        "SELECT t.track_id FROM track t WHERE NOT EXISTS (SELECT 1 FROM invoice_line l WHERE l.track_id = t.track_id)",
    )
    .await?;

    let page = Track::objects()
        .order_by(|t| (t.album.artist.name, t.album.title, t.id.desc()))
        .offset(100)
        .limit(20)
        .values(|t| (t.id, t.album.artist.name))
        .all(db)
        .await?;
    same(
        db,
        page,
        "SELECT t.track_id, r.name FROM track t LEFT JOIN album a ON a.album_id = t.album_id \
         LEFT JOIN artist r ON r.artist_id = a.artist_id ORDER BY r.name, a.title, t.track_id DESC LIMIT 20 OFFSET 100",
    )
    .await
}

/// Lookups on the columns of a track, and their negation.
pub(crate) async fn lookups(db: &Db) -> Checked {
    let long = Track::objects().filter(|t| t.milliseconds.gte(3_600_000)).values(|t| t.id).all(db).await?;
    same(db, long, "SELECT track_id FROM track WHERE milliseconds >= 3600000").await?;

    let sized = Track::objects()
        .filter(|t| t.bytes.range(5_000_000, 5_200_000))
        .values(|t| (t.id, t.bytes))
        .all(db)
        .await?;
    same(db, sized, "SELECT track_id, bytes FROM track WHERE bytes BETWEEN 5000000 AND 5200000").await?;

    let love = Track::objects().filter(|t| t.name.icontains("love")).values(|t| t.id).all(db).await?;
    same(db, love, "SELECT track_id FROM track WHERE LOWER(name) LIKE LOWER('%Love%')").await?;

    let the = Track::objects().filter(|t| t.name.startswith("The ")).values(|t| t.id).all(db).await?;
    same(db, the, "SELECT track_id FROM track WHERE name LIKE 'The %'").await?;

    let young = Track::objects().filter(|t| t.composer.endswith("Young")).values(|t| t.id).all(db).await?;
    same(db, young, "SELECT track_id FROM track WHERE composer LIKE '%Young'").await
}

/// Negation keeps the rows that Django keeps, and the functions of text.
pub(crate) async fn negations(db: &Db) -> Checked {
    let not_young =
        Track::objects().exclude(|t| t.composer.endswith("Young")).values(|t| t.id).all(db).await?;
    same(db, not_young, "SELECT track_id FROM track WHERE composer NOT LIKE '%Young' OR composer IS NULL")
        .await?;

    let no_rock = Track::objects().exclude(|t| t.genre.name.eq("Rock")).values(|t| t.id).all(db).await?;
    same(
        db,
        no_rock,
        "SELECT t.track_id FROM track t LEFT JOIN genre g ON g.genre_id = t.genre_id WHERE g.name <> 'Rock' OR g.name IS NULL",
    )
    .await?;

    let either = Track::objects()
        .filter(|t| (t.unit_price.gt(dec!(0.99)) & t.milliseconds.lt(1_300_000)) | t.composer.eq("U2"))
        .values(|t| t.id)
        .all(db)
        .await?;
    same(
        db,
        either,
        "SELECT track_id FROM track WHERE (unit_price > 0.99 AND milliseconds < 1300000) OR composer = 'U2'",
    )
    .await?;

    let neither = Track::objects()
        .filter(|t| !(t.composer.is_null() | t.bytes.lt(9_000_000)))
        .values(|t| t.id)
        .all(db)
        .await?;
    same(db, neither, "SELECT track_id FROM track WHERE composer IS NOT NULL AND bytes >= 9000000").await?;

    let shout = Genre::objects()
        .filter(|g| g.name.length().gt(10))
        .values(|g| (g.name.upper(), g.name.length()))
        .all(db)
        .await?;
    same(db, shout, "SELECT UPPER(name), CHARACTERS(name) FROM genre WHERE CHARACTERS(name) > 10").await
}
