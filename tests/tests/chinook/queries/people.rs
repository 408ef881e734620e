//! Employees and customers: a table that refers to itself, and paths of up to five joins.

use nuages::prelude::*;

use super::Checked;
use super::models::*;
use crate::sql::same;

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

    let boss = Employee::objects().filter(|e| e.reports_to.is_null()).values(|e| e.id).all(db).await?;
    same(db, boss, "SELECT employee_id FROM employee WHERE reports_to IS NULL").await?;

    let bosses =
        Employee::objects().filter(|e| e.reports().is_not_null()).distinct().values(|e| e.id).all(db).await?;
    same(
        db,
        bosses,
        "SELECT employee_id FROM employee WHERE employee_id IN (SELECT reports_to FROM employee)",
    )
    .await?;

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
        vec![i64::try_from(without_invoice)?],
        "SELECT COUNT(*) FROM customer c WHERE NOT EXISTS (SELECT 1 FROM invoice i WHERE i.customer_id = c.customer_id)",
    )
    .await?;

    let fans = Customer::objects()
        .filter(|c| c.invoices().lines().track.album.artist.name.eq("AC/DC"))
        .distinct()
        .values(|c| c.id)
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
        .values(|c| c.id)
        .all(db)
        .await?;
    same(
        db,
        others,
        "SELECT customer_id FROM customer WHERE customer_id NOT IN (SELECT i.customer_id FROM invoice i \
         JOIN invoice_line l ON l.invoice_id = i.invoice_id JOIN track t ON t.track_id = l.track_id \
         JOIN genre g ON g.genre_id = t.genre_id WHERE g.name = 'Latin')",
    )
    .await
}

/// Customers by their own columns, and by what they spent.
pub(crate) async fn customer_columns(db: &Db) -> Checked {
    let accents = Customer::objects()
        .filter(|c| c.city.eq("São Paulo"))
        .values(|c| (c.id, c.last_name))
        .all(db)
        .await?;
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
    same(db, private, "SELECT customer_id, state FROM customer WHERE company IS NULL AND state IS NOT NULL")
        .await?;

    let per_rep =
        Customer::objects().values(|c| c.support_rep.last_name).annotate(|c| c.id.count()).all(db).await?;
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
