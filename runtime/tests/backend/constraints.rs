//! Which constraint refused, as far as each database tells.

use nuages::{ErrorKind, Violation};

use super::*;

async fn tables(db: &Db) -> Result<()> {
    let text = if db.backend() == Backend::Mysql { "varchar(50)" } else { "text" };
    let engine = if db.backend() == Backend::Mysql { " ENGINE=InnoDB" } else { "" };
    db.execute_script(format!(
        "CREATE TABLE author (id integer PRIMARY KEY, name {text} NOT NULL, CONSTRAINT author_name_uniq UNIQUE (name)){engine};
         CREATE TABLE book (id integer PRIMARY KEY, title {text} NOT NULL, year integer NOT NULL, author_id integer NOT NULL,
           CONSTRAINT book_title_year_uniq UNIQUE (title, year),
           CONSTRAINT book_year_check CHECK (year > 0),
           CONSTRAINT book_author_fk FOREIGN KEY (author_id) REFERENCES author (id)){engine};
         INSERT INTO author VALUES (1, 'Herbert');
         INSERT INTO book VALUES (1, 'Dune', 1965, 1)"
    ))
    .await
}

async fn refused(db: &Db, sql: &str) -> Violation {
    let error = db.execute(sql.to_owned().into()).await.expect_err(sql);
    let violation = error.constraint().unwrap_or_else(|| panic!("{sql}: {error:?}")).clone();
    assert_eq!(error.kind(), violation.kind);
    violation
}

#[test]
fn every_violation_is_told_with_what_the_database_knows() {
    run(on_each_database(async |db| {
        tables(&db).await?;
        let sqlite = db.backend() == Backend::Sqlite;

        let unique = refused(&db, "INSERT INTO author VALUES (2, 'Herbert')").await;
        assert_eq!(unique.kind, ErrorKind::Unique);
        let by_name = unique.constraint.as_deref() == Some("author_name_uniq");
        assert!(by_name || unique.columns == ["name"], "{unique:?}");

        let two = refused(&db, "INSERT INTO book VALUES (2, 'Dune', 1965, 1)").await;
        assert!(
            two.constraint.as_deref() == Some("book_title_year_uniq") || two.columns == ["title", "year"],
            "{two:?}"
        );

        let key = refused(&db, "INSERT INTO author VALUES (1, 'Wells')").await;
        assert_eq!(key.kind, ErrorKind::Unique);

        let check = refused(&db, "INSERT INTO book VALUES (3, 'Old', -1, 1)").await;
        assert_eq!((check.kind, check.constraint.as_deref()), (ErrorKind::Check, Some("book_year_check")));

        let null = refused(&db, "INSERT INTO book VALUES (4, NULL, 1, 1)").await;
        assert_eq!((null.kind, null.columns), (ErrorKind::NotNull, vec!["title".to_owned()]));

        for sql in ["INSERT INTO book VALUES (5, 'X', 1, 99)", "DELETE FROM author WHERE id = 1"] {
            let foreign = refused(&db, sql).await;
            assert_eq!(foreign.kind, ErrorKind::ForeignKey);
            if !sqlite {
                assert_eq!(foreign.constraint.as_deref(), Some("book_author_fk"), "{foreign:?}");
                assert_eq!(foreign.table.as_deref(), Some("book"));
            }
        }
        assert_eq!(db.fetch("SELECT id FROM book".into()).await?.len(), 1);
        Ok(())
    }));
}

#[test]
fn other_errors_carry_the_statement_and_no_values() {
    run(on_each_database(async |db| {
        let bad = statement(&db, "SELECT nonsense FROM nowhere WHERE a = ?", vec!["secret".into()]);
        let error = db.fetch(bad).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Database);
        let text = format!("{error:?}");
        assert!(text.contains("SELECT nonsense FROM nowhere") && !text.contains("secret"), "{text}");
        Ok(())
    }));
}
