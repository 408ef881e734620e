//! What to look at when a database cannot be opened. The password of its URL is never told.

use nuages_schema::Backend;

/// Where the database should be, and the likely reason why it cannot be opened.
pub(super) fn describe(backend: Backend, url: &str, error: &str) -> String {
    let place = Place::of(url);
    match backend {
        Backend::Sqlite => {
            format!("cannot open the SQLite database `{}`: {}", place.database, file(place.database))
        }
        _ => {
            let Place { user, host, database } = place;
            let fix = server(backend, &place, error);
            let user = if user.is_empty() { String::new() } else { format!(" as `{user}`") };
            format!("cannot connect to {} at `{host}`, database `{database}`{user}{fix}", backend.title())
        }
    }
}

/// A file that cannot be opened.
fn file(path: &str) -> &'static str {
    match std::path::Path::new(path).parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            "its folder is not there, so make it or change DATABASE_URL"
        }
        _ => "may this user read and write the file and its folder?",
    }
}

/// By what the servers and the system say; in another language there is no advice.
fn server(backend: Backend, place: &Place<'_>, error: &str) -> String {
    let error = error.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| error.contains(word));
    let database = place.database;
    if says(&["connection refused", "timed out", "lookup address", "no such file"]) {
        "; is the server running there, and does DATABASE_URL name its host and port?".to_owned()
    } else if says(&[
        "password authentication failed",
        "access denied",
        "no password supplied",
        "ident auth",
        "peer auth",
    ]) {
        "; look at the user and the password in DATABASE_URL".to_owned()
    } else if says(&["unknown database", "does not exist"]) && !says(&["role"]) {
        match backend {
            Backend::Postgres => format!("; make it with `createdb {database}`"),
            _ => format!("; make it with `CREATE DATABASE {database}`"),
        }
    } else {
        String::new()
    }
}

/// The parts of a URL that may be shown.
struct Place<'a> {
    user: &'a str,
    host: &'a str,
    database: &'a str,
}

impl<'a> Place<'a> {
    /// `postgres://user:password@host:port/database?options`, or `sqlite:path`.
    fn of(url: &'a str) -> Self {
        let url = url.split('?').next().unwrap_or_default();
        let rest = url.split_once(':').map_or("", |(_, rest)| rest);
        let Some(rest) = rest.strip_prefix("//").filter(|_| !url.starts_with("sqlite:")) else {
            return Self { user: "", host: "", database: rest.trim_start_matches("//") };
        };
        // A password may hold an `@` that nobody encoded.
        let (login, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        let (host, database) = place.split_once('/').unwrap_or((place, ""));
        Self { user: login.split(':').next().unwrap_or_default(), host, database }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_told_and_the_password_is_not() {
        let text = describe(
            Backend::Postgres,
            "postgres://ada:s3:cr@et@db.example:5433/shop?sslmode=require",
            "password authentication failed for user \"ada\"",
        );
        assert_eq!(
            text,
            "cannot connect to PostgreSQL at `db.example:5433`, database `shop` as `ada`; \
             look at the user and the password in DATABASE_URL"
        );
        let text =
            describe(Backend::Mysql, "mysql://root@localhost/shop", "1049 (42000): Unknown database 'shop'");
        assert!(text.ends_with("make it with `CREATE DATABASE shop`"), "{text}");
        let text =
            describe(Backend::Postgres, "postgres://localhost/shop", "Connection refused (os error 111)");
        assert!(text.contains("is the server running there"), "{text}");
    }

    #[test]
    fn a_file_says_which_and_why() {
        let text =
            describe(Backend::Sqlite, "sqlite:/no/such/folder/db.sqlite3", "unable to open database file");
        assert!(text.contains("`/no/such/folder/db.sqlite3`: its folder is not there"), "{text}");
        let text = describe(Backend::Sqlite, "sqlite://db.sqlite3?mode=ro", "unable to open database file");
        assert!(text.contains("`db.sqlite3`: may this user read and write"), "{text}");
    }
}
