//! What one asks a music store, in our queries and in plain SQL.
//!
//! The file is compiled twice: over the models of `legacy` (SQLite and MariaDB spell
//! their tables in PascalCase) and over those of `legacy-postgres` (snake case).

use nuages::prelude::*;

use super::models::*;
use crate::sql::same;

type Checked = nuages::Result<()>;

/// Tracks and what they are on: forward over nullable relations, one to two joins.
pub(crate) async fn tracks(db: &Db) -> Checked {
    let per_genre = Track::objects().values(|t| t.genre.name).annotate(|t| t.id.count()).all(db).await?;
    same(db, per_genre, "SELECT g.name, COUNT(*) FROM track t LEFT JOIN genre g ON g.genre_id = t.genre_id GROUP BY g.name")
        .await?;

    let per_medium = Track::objects()
        .values(|t| t.media_type.name)
        .annotate(|t| (t.unit_price.min(), t.unit_price.max(), t.milliseconds.avg()))
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
    .await?;

    let never_sold = Track::objects().filter(|t| t.invoice_lines().is_null()).values(|t| (t.id,)).all(db).await?;
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
    let long = Track::objects().filter(|t| t.milliseconds.gte(3_600_000)).values(|t| (t.id,)).all(db).await?;
    same(db, long, "SELECT track_id FROM track WHERE milliseconds >= 3600000").await?;

    let sized = Track::objects().filter(|t| t.bytes.range(5_000_000, 5_200_000)).values(|t| (t.id, t.bytes)).all(db).await?;
    same(db, sized, "SELECT track_id, bytes FROM track WHERE bytes BETWEEN 5000000 AND 5200000").await?;

    let love = Track::objects().filter(|t| t.name.icontains("love")).values(|t| (t.id,)).all(db).await?;
    same(db, love, "SELECT track_id FROM track WHERE LOWER(name) LIKE LOWER('%Love%')").await?;

    let the = Track::objects().filter(|t| t.name.startswith("The ")).values(|t| (t.id,)).all(db).await?;
    same(db, the, "SELECT track_id FROM track WHERE name LIKE 'The %'").await?;

    let young = Track::objects().filter(|t| t.composer.endswith("Young")).values(|t| (t.id,)).all(db).await?;
    same(db, young, "SELECT track_id FROM track WHERE composer LIKE '%Young'").await?;

    let not_young = Track::objects().exclude(|t| t.composer.endswith("Young")).values(|t| (t.id,)).all(db).await?;
    same(db, not_young, "SELECT track_id FROM track WHERE composer NOT LIKE '%Young' OR composer IS NULL").await?;

    let no_rock = Track::objects().exclude(|t| t.genre.name.eq("Rock")).values(|t| (t.id,)).all(db).await?;
    same(
        db,
        no_rock,
        "SELECT t.track_id FROM track t LEFT JOIN genre g ON g.genre_id = t.genre_id WHERE g.name <> 'Rock' OR g.name IS NULL",
    )
    .await?;

    let either = Track::objects()
        .filter(|t| (t.unit_price.gt(dec!(0.99)) & t.milliseconds.lt(1_300_000)) | t.composer.eq("U2"))
        .values(|t| (t.id,))
        .all(db)
        .await?;
    same(
        db,
        either,
        "SELECT track_id FROM track WHERE (unit_price > 0.99 AND milliseconds < 1300000) OR composer = 'U2'",
    )
    .await?;

    let neither = Track::objects().filter(|t| !(t.composer.is_null() | t.bytes.lt(9_000_000))).values(|t| (t.id,)).all(db).await?;
    same(db, neither, "SELECT track_id FROM track WHERE composer IS NOT NULL AND bytes >= 9000000").await?;

    let shout = Genre::objects().filter(|g| g.name.length().gt(10)).values(|g| (g.name.upper(), g.name.length())).all(db).await?;
    same(db, shout, "SELECT UPPER(name), CHARACTERS(name) FROM genre WHERE CHARACTERS(name) > 10").await
}

/// Albums and artists: reverse relations, one to four joins.
pub(crate) async fn albums(db: &Db) -> Checked {
    let longest = Album::objects().values(|a| a.id).annotate(|a| a.tracks().milliseconds.max()).all(db).await?;
    same(
        db,
        longest,
        "SELECT a.album_id, MAX(t.milliseconds) FROM album a LEFT JOIN track t ON t.album_id = a.album_id GROUP BY a.album_id",
    )
    .await?;

    let without = Artist::objects().filter(|a| a.albums().is_null()).values(|a| (a.id, a.name)).all(db).await?;
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
    .await?;

    let no_live = Artist::objects().exclude(|a| a.albums().title.contains("Live")).values(|a| (a.id,)).all(db).await?;
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
        .values(|a| (a.id,))
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
        .values(|a| (a.id,))
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
    let of_track = Playlist::objects().filter(|p| p.tracks.id.eq(1)).values(|p| (p.id, p.name)).all(db).await?;
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

    let lengths = Playlist::objects().values(|p| p.id).annotate(|p| (p.tracks.count(), p.tracks.milliseconds.sum())).all(db).await?;
    same(
        db,
        lengths,
        "SELECT p.playlist_id, COUNT(t.track_id), SUM(t.milliseconds) FROM playlist p \
         LEFT JOIN playlist_track x ON x.playlist_id = p.playlist_id LEFT JOIN track t ON t.track_id = x.track_id GROUP BY p.playlist_id",
    )
    .await?;

    let empty = Playlist::objects().filter(|p| p.tracks.is_null()).values(|p| (p.id,)).all(db).await?;
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
        .values(|p| (p.id,))
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
    let own = track.playlists().order_by(|p| p.id).values(|p| (p.id,)).all(db).await?;
    same(db, own, "SELECT playlist_id FROM playlist_track WHERE track_id = 1 ORDER BY playlist_id").await
}

/// Employees: the relation of a table to itself.
pub(crate) async fn employees(db: &Db) -> Checked {
    let managers = Employee::objects().values(|e| (e.last_name, e.reports_to.last_name)).all(db).await?;
    same(
        db,
        managers,
        "SELECT e.last_name, m.last_name FROM employee e LEFT JOIN employee m ON m.employee_id = e.reports_to",
    )
    .await?;

    let second = Employee::objects().values(|e| (e.id, e.reports_to.reports_to.last_name)).all(db).await?;
    same(
        db,
        second,
        "SELECT e.employee_id, s.last_name FROM employee e LEFT JOIN employee m ON m.employee_id = e.reports_to \
         LEFT JOIN employee s ON s.employee_id = m.reports_to",
    )
    .await?;

    let teams = Employee::objects().values(|e| e.id).annotate(|e| e.reports().count()).all(db).await?;
    same(
        db,
        teams,
        "SELECT m.employee_id, COUNT(e.employee_id) FROM employee m LEFT JOIN employee e ON e.reports_to = m.employee_id \
         GROUP BY m.employee_id",
    )
    .await?;

    let boss = Employee::objects().filter(|e| e.reports_to.is_null()).values(|e| (e.id,)).all(db).await?;
    same(db, boss, "SELECT employee_id FROM employee WHERE reports_to IS NULL").await?;

    let bosses = Employee::objects().filter(|e| e.reports().is_not_null()).distinct().values(|e| (e.id,)).all(db).await?;
    same(db, bosses, "SELECT employee_id FROM employee WHERE employee_id IN (SELECT reports_to FROM employee)").await?;

    let hired = Employee::objects()
        .filter(|e| e.hire_date.year().gte(2003))
        .order_by(|e| (e.hire_date, e.id))
        .values(|e| (e.id, e.hire_date))
        .all(db)
        .await?;
    same(
        db,
        hired,
        "SELECT employee_id, hire_date FROM employee WHERE YEAR(hire_date) >= 2003 ORDER BY hire_date, employee_id",
    )
    .await
}

/// Customers: conditions over up to five joins.
pub(crate) async fn customers(db: &Db) -> Checked {
    let without_invoice = Customer::objects().filter(|c| c.invoices().is_null()).count(db).await?;
    same(
        db,
        vec![(without_invoice as i64,)],
        "SELECT COUNT(*) FROM customer c WHERE NOT EXISTS (SELECT 1 FROM invoice i WHERE i.customer_id = c.customer_id)",
    )
    .await?;

    let fans = Customer::objects()
        .filter(|c| c.invoices().lines().track.album.artist.name.eq("AC/DC"))
        .distinct()
        .values(|c| (c.id,))
        .all(db)
        .await?;
    same(
        db,
        fans,
        "SELECT DISTINCT i.customer_id FROM invoice i JOIN invoice_line l ON l.invoice_id = i.invoice_id \
         JOIN track t ON t.track_id = l.track_id JOIN album a ON a.album_id = t.album_id \
         JOIN artist r ON r.artist_id = a.artist_id WHERE r.name = 'AC/DC'",
    )
    .await?;

    let others = Customer::objects()
        .exclude(|c| c.invoices().lines().track.genre.name.eq("Latin"))
        .values(|c| (c.id,))
        .all(db)
        .await?;
    same(
        db,
        others,
        "SELECT customer_id FROM customer WHERE customer_id NOT IN (SELECT i.customer_id FROM invoice i \
         JOIN invoice_line l ON l.invoice_id = i.invoice_id JOIN track t ON t.track_id = l.track_id \
         JOIN genre g ON g.genre_id = t.genre_id WHERE g.name = 'Latin')",
    )
    .await?;

    let accents = Customer::objects().filter(|c| c.city.eq("São Paulo")).values(|c| (c.id, c.last_name)).all(db).await?;
    same(db, accents, "SELECT customer_id, last_name FROM customer WHERE city = 'São Paulo'").await?;

    let north = Customer::objects()
        .filter(|c| c.country.is_in(["Norway", "Sweden", "Finland", "Denmark"]))
        .values(|c| (c.first_name, c.country))
        .all(db)
        .await?;
    same(db, north, "SELECT first_name, country FROM customer WHERE country IN ('Norway', 'Sweden', 'Finland', 'Denmark')")
        .await?;

    let private = Customer::objects()
        .filter(|c| c.company.is_null() & c.state.is_not_null())
        .values(|c| (c.id, c.state))
        .all(db)
        .await?;
    same(db, private, "SELECT customer_id, state FROM customer WHERE company IS NULL AND state IS NOT NULL").await?;

    let per_rep = Customer::objects().values(|c| c.support_rep.last_name).annotate(|c| c.id.count()).all(db).await?;
    same(
        db,
        per_rep,
        "SELECT e.last_name, COUNT(*) FROM customer c LEFT JOIN employee e ON e.employee_id = c.support_rep_id GROUP BY e.last_name",
    )
    .await?;

    let best = Customer::objects()
        .values(|c| (c.id, c.last_name))
        .annotate(|c| c.invoices().total.sum())
        .order_by(|c| (c.invoices().total.sum().desc(), c.id))
        .limit(10)
        .all(db)
        .await?;
    same(
        db,
        best,
        "SELECT c.customer_id, c.last_name, SUM(i.total) FROM customer c JOIN invoice i ON i.customer_id = c.customer_id \
         GROUP BY c.customer_id, c.last_name ORDER BY SUM(i.total) DESC, c.customer_id LIMIT 10",
    )
    .await
}

/// Invoices: money and dates.
pub(crate) async fn invoices(db: &Db) -> Checked {
    let per_country = Invoice::objects().values(|i| i.billing_country).annotate(|i| i.total.sum()).all(db).await?;
    same(db, per_country, "SELECT billing_country, SUM(total) FROM invoice GROUP BY billing_country").await?;

    let per_year = Invoice::objects()
        .values(|i| i.invoice_date.year())
        .annotate(|i| (i.total.sum(), i.id.count()))
        .all(db)
        .await?;
    same(db, per_year, "SELECT YEAR(invoice_date), SUM(total), COUNT(*) FROM invoice GROUP BY YEAR(invoice_date)").await?;

    let winter = Invoice::objects()
        .filter(|i| i.invoice_date.year().eq(2022) & i.invoice_date.month().is_in([1, 2]))
        .values(|i| (i.id, i.invoice_date))
        .all(db)
        .await?;
    same(
        db,
        winter,
        "SELECT invoice_id, invoice_date FROM invoice WHERE YEAR(invoice_date) = 2022 AND MONTH(invoice_date) IN (1, 2)",
    )
    .await?;

    let days = Invoice::objects()
        .filter(|i| i.invoice_date.date().range(day(2023, 3, 1), day(2023, 3, 31)))
        .order_by(|i| (i.invoice_date.desc(), i.id))
        .values(|i| (i.id, i.total))
        .all(db)
        .await?;
    same(
        db,
        days,
        "SELECT invoice_id, total FROM invoice WHERE invoice_date >= '2023-03-01' AND invoice_date < '2023-04-01' \
         ORDER BY invoice_date DESC, invoice_id",
    )
    .await?;

    let per_rep = Invoice::objects()
        .values(|i| i.customer.support_rep.last_name)
        .annotate(|i| (i.total.sum(), i.customer.id.count().distinct()))
        .all(db)
        .await?;
    same(
        db,
        per_rep,
        "SELECT e.last_name, SUM(i.total), COUNT(DISTINCT c.customer_id) FROM invoice i \
         JOIN customer c ON c.customer_id = i.customer_id LEFT JOIN employee e ON e.employee_id = c.support_rep_id GROUP BY e.last_name",
    )
    .await?;

    let countries = Invoice::objects().values(|i| (i.billing_country,)).distinct().all(db).await?;
    same(db, countries, "SELECT DISTINCT billing_country FROM invoice").await?;

    let large = Invoice::objects().filter(|i| i.total.gt(dec!(20))).values(|i| (i.id, i.total)).all(db).await?;
    same(db, large, "SELECT invoice_id, total FROM invoice WHERE total > 20").await
}

/// Lines: expressions, comparisons of columns across relations, subqueries.
pub(crate) async fn lines(db: &Db) -> Checked {
    let per_genre = InvoiceLine::objects()
        .values(|l| l.track.genre.name)
        .annotate(|l| (l.unit_price * l.quantity).sum())
        .all(db)
        .await?;
    same(
        db,
        per_genre,
        "SELECT g.name, SUM(l.unit_price * l.quantity) FROM invoice_line l JOIN track t ON t.track_id = l.track_id \
         LEFT JOIN genre g ON g.genre_id = t.genre_id GROUP BY g.name",
    )
    .await?;

    let same_price = InvoiceLine::objects()
        .filter(|l| l.unit_price.eq(l.track.unit_price) & l.unit_price.gt(dec!(1)))
        .values(|l| (l.id,))
        .all(db)
        .await?;
    same(
        db,
        same_price,
        "SELECT l.invoice_line_id FROM invoice_line l JOIN track t ON t.track_id = l.track_id \
         WHERE l.unit_price = t.unit_price AND l.unit_price > 1",
    )
    .await?;

    let queens = Album::objects().filter(|a| a.artist.name.eq("Queen"));
    let sold = InvoiceLine::objects().filter(|l| l.track.album.in_query(queens.clone())).values(|l| (l.id,)).all(db).await?;
    same(
        db,
        sold,
        "SELECT l.invoice_line_id FROM invoice_line l JOIN track t ON t.track_id = l.track_id WHERE t.album_id IN \
         (SELECT a.album_id FROM album a JOIN artist r ON r.artist_id = a.artist_id WHERE r.name = 'Queen')",
    )
    .await?;

    let countries = InvoiceLine::objects()
        .filter(|l| l.track.album.artist.name.eq("Queen"))
        .values(|l| l.invoice.customer.country)
        .annotate(|l| l.quantity.sum())
        .all(db)
        .await?;
    same(
        db,
        countries,
        "SELECT c.country, SUM(l.quantity) FROM invoice_line l JOIN invoice i ON i.invoice_id = l.invoice_id \
         JOIN customer c ON c.customer_id = i.customer_id JOIN track t ON t.track_id = l.track_id \
         JOIN album a ON a.album_id = t.album_id JOIN artist r ON r.artist_id = a.artist_id WHERE r.name = 'Queen' GROUP BY c.country",
    )
    .await
}

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

fn day(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd_opt(year, month, day).unwrap()
}
