//! What the connected server can do.

use nuages_schema::Backend;

/// What the connected server can do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// `INSERT … RETURNING`.
    pub returning: bool,
    /// `UPDATE … RETURNING`. (`DELETE … RETURNING` is there on MariaDB too.)
    pub returning_changes: bool,
    /// The server is MariaDB.
    pub mariadb: bool,
    /// The server's version: major, minor, patch.
    pub version: (u32, u32, u32),
    /// `SELECT … FOR UPDATE`. SQLite has no row locks; there a transaction holds the whole database.
    pub for_update: bool,
    /// `FOR UPDATE SKIP LOCKED` and `NOWAIT`.
    pub skip_locked: bool,
    /// `SELECT DISTINCT ON (…)`.
    pub distinct_on: bool,
    /// Changes of the schema belong to transactions.
    pub ddl_transactional: bool,
    /// The most placeholders in one statement.
    pub max_parameters: usize,
    /// `ORDER BY … NULLS FIRST`.
    pub nulls_first_last: bool,
    /// `SQRT`, `LN` and the like. SQLite has them only when it was compiled with them.
    pub maths: bool,
}

impl Capabilities {
    /// What a server that calls itself this version can do.
    pub(super) fn of(backend: Backend, version_text: &str) -> Self {
        let mariadb = backend == Backend::Mysql && version_text.to_ascii_lowercase().contains("mariadb");
        let version = version_of(version_text);
        let mysql = backend == Backend::Mysql;
        Self {
            returning: !mysql || (mariadb && version >= (10, 5, 0)),
            returning_changes: !mysql,
            mariadb,
            version,
            for_update: backend != Backend::Sqlite,
            skip_locked: match backend {
                Backend::Sqlite => false,
                Backend::Postgres => true,
                Backend::Mysql => version >= if mariadb { (10, 6, 0) } else { (8, 0, 1) },
            },
            distinct_on: backend == Backend::Postgres,
            ddl_transactional: !mysql,
            max_parameters: if backend == Backend::Sqlite { 32_766 } else { 65_535 },
            nulls_first_last: !mysql,
            maths: backend != Backend::Sqlite,
        }
    }
}

/// `10.11.6-MariaDB-…` is (10, 11, 6); `15.4 (Debian …)` is (15, 4, 0). Old MariaDB servers put `5.5.5-` in front.
fn version_of(text: &str) -> (u32, u32, u32) {
    let text = text.strip_prefix("5.5.5-").unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let mut parts = text[..end].split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_told_apart() {
        let maria = Capabilities::of(Backend::Mysql, "5.5.5-10.11.6-MariaDB-0+deb12u1");
        assert_eq!((maria.mariadb, maria.version, maria.returning), (true, (10, 11, 6), true));
        let mysql = Capabilities::of(Backend::Mysql, "8.0.36");
        assert_eq!((mysql.mariadb, mysql.returning, mysql.skip_locked), (false, false, true));
        assert_eq!(Capabilities::of(Backend::Postgres, "15.4 (Debian 15.4-1)").version, (15, 4, 0));
        assert_eq!(Capabilities::of(Backend::Sqlite, "3.50.4").max_parameters, 32_766);
    }
}
