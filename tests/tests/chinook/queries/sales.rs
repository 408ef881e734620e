//! Invoices and their lines: money, dates, expressions and subqueries.

use nuages::prelude::*;

use super::Checked;
use super::models::*;
use crate::sql::same;

/// Invoices: money and dates.
pub(crate) async fn invoices(db: &Db) -> Checked {
    let per_country =
        Invoice::objects().values(|i| i.billing_country).annotate(|i| i.total.sum()).all(db).await?;
    same(db, per_country, "SELECT billing_country, SUM(total) FROM invoice GROUP BY billing_country").await?;

    let per_year = Invoice::objects()
        .values(|i| i.invoice_date.year())
        .annotate(|i| i.total.sum())
        .annotate(|i| i.id.count())
        .all(db)
        .await?;
    same(
        db,
        per_year,
        "SELECT YEAR(invoice_date), SUM(total), COUNT(*) FROM invoice GROUP BY YEAR(invoice_date)",
    )
    .await?;

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
    .await
}

/// Invoices of a month, by representative, and by size.
pub(crate) async fn invoice_days(db: &Db) -> Checked {
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
        .annotate(|i| i.total.sum())
        .annotate(|i| i.customer.id.count().distinct())
        .all(db)
        .await?;
    same(
        db,
        per_rep,
        "SELECT e.last_name, SUM(i.total), COUNT(DISTINCT c.customer_id) FROM invoice i \
         JOIN customer c ON c.customer_id = i.customer_id LEFT JOIN employee e ON e.employee_id = c.support_rep_id GROUP BY e.last_name",
    )
    .await?;

    let countries = Invoice::objects().values(|i| i.billing_country).distinct().all(db).await?;
    same(db, countries, "SELECT DISTINCT billing_country FROM invoice").await?;

    let large =
        Invoice::objects().filter(|i| i.total.gt(dec!(20))).values(|i| (i.id, i.total)).all(db).await?;
    same(db, large, "SELECT invoice_id, total FROM invoice WHERE total > 20").await
}

/// Lines: expressions, comparisons of columns across relations, subqueries.
pub(crate) async fn lines(db: &Db) -> Checked {
    let per_genre = InvoiceLine::objects()
        .values(|l| l.track.genre.name)
        .annotate(|l| (l.unit_price * dec!(2)).sum())
        .all(db)
        .await?;
    same(
        db,
        per_genre,
        "SELECT g.name, SUM(l.unit_price * 2) FROM invoice_line l JOIN track t ON t.track_id = l.track_id \
         LEFT JOIN genre g ON g.genre_id = t.genre_id GROUP BY g.name",
    )
    .await?;

    let same_price = InvoiceLine::objects()
        .filter(|l| l.unit_price.eq(l.track.unit_price) & l.unit_price.gt(dec!(1)))
        .values(|l| l.id)
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
    let sold = InvoiceLine::objects()
        .filter(|l| l.track.album.in_query(queens.clone()))
        .values(|l| l.id)
        .all(db)
        .await?;
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

fn day(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd_opt(year, month, day).unwrap()
}
