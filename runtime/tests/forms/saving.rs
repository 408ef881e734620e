//! Forms of models: what is checked, what is written, and which field a refusal belongs to.

use crate::models::*;
use nuages::form::{FormData, FormState, editable_fields};
use nuages::prelude::*;
use nuages::test::on_each_database;
use nuages::value::Value;

struct Shelf {
    ada: Author,
    ben: Author,
    tags: Vec<Tag>,
}

async fn shelf(db: &Db) -> Result<Shelf> {
    tables(db).await?;
    let ada = NewAuthor { name: "Ada".into() }.create(db).await?;
    let ben = NewAuthor { name: "Ben".into() }.create(db).await?;
    let mut tags = Vec::new();
    for name in ["new", "old", "odd"] {
        tags.push(NewTag { name: name.into() }.create(db).await?);
    }
    Ok(Shelf { ada, ben, tags })
}

fn data(pairs: &[(&str, String)]) -> FormData {
    pairs.iter().map(|(name, text)| (*name, text.clone())).collect()
}

/// What a browser sends for a valid book.
fn book(shelf: &Shelf, title: &str) -> Vec<(&'static str, String)> {
    vec![
        ("title", title.to_owned()),
        ("author", shelf.ada.id.to_string()),
        ("price", "12.50".to_owned()),
        ("status", "published".to_owned()),
        ("isbn", String::new()),
        ("read", "true".to_owned()),
        ("published", "2026-02-28T12:30".to_owned()),
        ("notes", "a\r\nb".to_owned()),
        ("tags", shelf.tags[0].id.to_string()),
        ("tags", shelf.tags[2].id.to_string()),
    ]
}

fn with(mut pairs: Vec<(&'static str, String)>, name: &str, text: &str) -> FormData {
    for pair in pairs.iter_mut().filter(|pair| pair.0 == name) {
        text.clone_into(&mut pair.1);
    }
    data(&pairs)
}

fn bound(data: &FormData) -> Form<BookForm> {
    BookForm::new().zone(nuages::form::Zone::from_minutes(60)).bind(data)
}

#[tokio::test]
async fn a_valid_form_makes_a_row_and_its_relations() -> Result<()> {
    on_each_database(async |db| {
        let shelf = shelf(&db).await?;
        let mut form = bound(&data(&book(&shelf, "Dune")));
        assert!(form.is_valid(), "{form:?}");
        let saved = form.save(&db).await?.expect("valid");
        assert_eq!(
            (saved.title.as_str(), saved.author.key(), saved.price),
            ("Dune", &shelf.ada.id, dec!(12.50))
        );
        assert_eq!((saved.read, saved.isbn.as_deref(), saved.notes.as_str()), (Some(true), None, "a\nb"));
        assert_eq!(saved.published, Some("2026-02-28T11:30:00Z".parse()?));
        let tags = saved.tags.objects().order_by(|t| t.id).all(&db).await?;
        assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["new", "odd"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_existing_row_gets_what_changed_and_nothing_else() -> Result<()> {
    on_each_database(async |db| {
        let shelf = shelf(&db).await?;
        let saved = bound(&data(&book(&shelf, "Dune"))).save(&db).await?.expect("valid");
        // Somebody else changes another column meanwhile.
        Book::objects().filter(|b| b.id.eq(saved.id)).update(&db, |b| b.isbn.set("978")).await?;
        let changes = with(book(&shelf, "Dune"), "price", "9.9");
        let mut form = bound(&changes).instance(&saved);
        assert_eq!(form.changed_data().collect::<Vec<_>>(), ["price", "tags"]);
        let after = form.save(&db).await?.expect("valid");
        assert_eq!((after.price, after.isbn.as_deref()), (dec!(9.90), Some("978")));
        // The relations were there already, so nothing is written for them.
        let mut again = bound(&changes).instance(&after);
        again.full_clean(&db).await?;
        assert_eq!(again.changed_data().collect::<Vec<_>>(), ["isbn"]);
        assert_eq!(Book::objects().count(&db).await?, 1);
        // A row that is gone is not made again.
        after.clone().delete(&db).await?;
        let error = bound(&data(&book(&shelf, "Dune 2"))).instance(&after).save(&db).await.unwrap_err();
        assert!(error.is_does_not_exist());
        assert_eq!(Book::objects().count(&db).await?, 0);
        Ok(())
    })
    .await
}

/// The errors of a form that must not be saved.
async fn refused(db: &Db, mut form: Form<BookForm>) -> Result<Vec<String>> {
    let before = Book::objects().count(db).await?;
    assert!(form.save(db).await?.is_none(), "saved");
    assert_eq!(Book::objects().count(db).await?, before);
    let fields = form
        .fields()
        .iter()
        .flat_map(|field| field.errors().iter().map(move |error| format!("{}: {error}", field.field.name)));
    Ok(form.non_field_errors().iter().map(|error| format!("*: {error}")).chain(fields).collect())
}

#[tokio::test]
async fn each_rule_is_told_at_its_field() -> Result<()> {
    on_each_database(async |db| {
        let shelf = shelf(&db).await?;
        let mut first = book(&shelf, "Dune");
        first[4].1 = "978".to_owned();
        bound(&data(&first)).save(&db).await?.expect("valid");
        let (missing, nobody) = ((shelf.tags[2].id + 50).to_string(), (shelf.ben.id + 50).to_string());
        let cases = [
            ("title", "", "title: Fill in this field."),
            ("title", "LOUD", "title: Do not shout."),
            ("title", &"x".repeat(31), "title: Write at most 30 characters (this has 31)."),
            ("title", "Dune", "*: Another book has this author and title already."),
            ("author", "", "author: Choose one."),
            ("author", "x", "author: Choose one of the values that are offered."),
            ("author", &nobody, "author: This author does not exist, or not any more."),
            ("price", "-1", "price: Enter a number of at least 0."),
            ("price", "1.001", "price: Write at most 2 digits after the point."),
            ("price", "10000", "price: Write at most 4 digits before the point."),
            ("status", "lost", "status: Choose one of the values that are offered."),
            ("status", "draft", "published: A draft was never published."),
            ("isbn", "978", "isbn: Another book has this isbn already."),
            ("published", "yesterday", "published: Enter a valid date and time."),
            ("tags", &missing, "tags: This tag does not exist, or not any more."),
        ];
        for (name, text, wanted) in cases {
            let title = if name == "title" { "" } else { "Another" };
            let errors = refused(&db, bound(&with(book(&shelf, title), name, text))).await?;
            assert_eq!(errors, [wanted], "{name} = {text}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_only_the_database_knows_is_told_at_its_field_too() -> Result<()> {
    on_each_database(async |db| {
        let shelf = shelf(&db).await?;
        bound(&with(book(&shelf, "Dune"), "isbn", "978")).save(&db).await?.expect("valid");
        let errors = refused(&db, bound(&with(book(&shelf, "Dear"), "price", "501"))).await?;
        assert_eq!(errors, ["price: This breaks the rule “price is fair”."]);
        // Another process was quicker than our checks.
        let violation = async |columns: &[(&str, Value)]| {
            let mut values = vec![
                (1, Value::from("Quick")),
                (2, Value::Int(shelf.ada.id)),
                (3, Value::Decimal(dec!(1))),
                (4, Value::from("draft")),
                (8, Value::from("")),
            ];
            for (name, value) in columns {
                let index = Book::schema().position(name).unwrap();
                values.retain(|(known, _)| *known != index);
                values.push((index, value.clone()));
            }
            let error = db
                .atomic(async |db| nuages::query::insert_row(&db, Book::entry(), values).await)
                .await
                .unwrap_err();
            let mut form = bound(&data(&book(&shelf, "Quick")));
            form.add_violation(error)?;
            let names: Vec<String> = form
                .fields()
                .iter()
                .filter(|f| !f.errors().is_empty())
                .map(|f| f.field.name.to_string())
                .collect();
            nuages::Result::<(Vec<String>, usize)>::Ok((names, form.non_field_errors().len()))
        };
        assert_eq!(violation(&[("isbn", Value::from("978"))]).await?, (vec!["isbn".to_owned()], 0));
        assert_eq!(violation(&[("title", Value::from("Dune"))]).await?, (Vec::new(), 1));
        let unknown = violation(&[("author", Value::Int(shelf.ben.id + 50))]).await?;
        // SQLite does not say which key it was.
        let wanted = if db.backend() == nuages::backend::Backend::Sqlite {
            (Vec::new(), 1)
        } else {
            (vec!["author".to_owned()], 0)
        };
        assert_eq!(unknown, wanted);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn hostile_text_is_stored_as_it_is_and_shown_escaped() -> Result<()> {
    on_each_database(async |db| {
        let shelf = shelf(&db).await?;
        for text in ["<b>'\"&%_\\</b>", "'; DROP TABLE x;--", "{{ one }}\u{202e}"] {
            let saved = bound(&with(book(&shelf, ""), "title", text)).save(&db).await?.expect("valid");
            assert_eq!(saved.title, text);
            let html = Form::<BookForm>::of(&db, &saved).await?.render(None).to_string();
            assert!(!html.contains("<b>") && !html.contains('\''), "{html}");
        }
        let errors = refused(&db, bound(&with(book(&shelf, "x"), "notes", "a\0b"))).await?;
        assert_eq!(errors, ["notes: Null characters are not allowed."]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn lists_are_bounded_and_keep_what_is_chosen() -> Result<()> {
    on_each_database(async |db| {
        let shelf = shelf(&db).await?;
        let mut form = FormState::for_model(Book::entry(), &["author", "tags"])
            .initial("author", Value::Int(shelf.ben.id));
        form.load_choices_up_to(&db, 1).await?;
        let author = form.bound_field("author").unwrap();
        let labels: Vec<String> = author.options().into_iter().map(|option| option.label).collect();
        assert_eq!(labels, ["Ada", "Ben"]);
        assert!(author.options()[1].selected);
        form.load_choices_up_to(&db, 0).await?;
        assert_eq!(form.bound_field("author").unwrap().options().len(), 1);
        assert!(form.bound_field("tags").unwrap().options().is_empty());
        Ok(())
    })
    .await
}

#[test]
fn fields_follow_from_the_schema() {
    let names = editable_fields(Book::entry());
    assert_eq!(names, ["title", "author", "price", "status", "isbn", "read", "published", "notes", "tags"]);
    let form = FormState::for_model(Book::entry(), &["id", "titel", "price"]);
    assert_eq!(
        form.non_field_errors(),
        [
            "the form cannot have the field `id` of Book: the database makes it",
            "Book has no field `titel` that a form can have"
        ]
    );
    let html = BookForm::new().render(None).to_string();
    for part in [
        "name=\"title\" value=\"\" maxlength=\"30\" required",
        "step=\"0.01\"",
        "<option value=\"draft\" selected>Draft</option>",
        "<option value=\"false\">No</option>",
        "type=\"datetime-local\"",
        "Time zone: UTC",
        "<label for=\"id_tags\">Subjects</label>",
        "<textarea id=\"id_notes\" name=\"notes\" rows=\"6\">",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

async fn titles(db: &Db) -> Result<Vec<String>> {
    Book::objects().order_by(|b| b.id).values(|b| b.title).all(db).await
}

/// Several people take the same number at the same moment.
#[tokio::test]
async fn of_a_crowd_one_is_saved_and_the_others_are_told() -> Result<()> {
    on_each_database(async |db| {
        let shelf = shelf(&db).await?;
        let sessions: Vec<Db> = (0..3).map(|_| db.detached()).collect();
        let saves = sessions.iter().enumerate().map(|(at, db)| {
            let sent = with(book(&shelf, &format!("Book {at}")), "isbn", "978");
            async move {
                let mut form = bound(&sent);
                let saved = form.save(db).await?.is_some();
                let told = form.errors_of("isbn") == ["Another book has this isbn already."];
                assert!(saved != told, "{form:?}");
                nuages::Result::<bool>::Ok(saved)
            }
        });
        let saved = futures_util::future::try_join_all(saves).await?;
        assert_eq!(saved.iter().filter(|saved| **saved).count(), 1);
        assert_eq!(Book::objects().count(&db).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_of_a_parent_are_changed_together_or_not_at_all() -> Result<()> {
    use nuages::form::{FormSetOptions, InlineFormSet};
    on_each_database(async |db| {
        let shelf = shelf(&db).await?;
        let mut keys = Vec::new();
        for title in ["One", "Two"] {
            keys.push(bound(&data(&book(&shelf, title))).save(&db).await?.expect("valid").id.to_string());
        }
        let parent = Value::Int(shelf.ada.id);
        let options = FormSetOptions { can_delete: true, ..FormSetOptions::default() };
        let load = || {
            InlineFormSet::load(
                &db,
                Book::entry(),
                "author",
                Some(&parent),
                &["title", "price", "status"],
                options,
            )
        };
        assert_eq!(load().await?.set().management()[0], ("book-TOTAL_FORMS".to_owned(), 3));
        // The second row comes first: rows are known by their keys. The first goes, a third comes.
        let mut sent = vec![
            ("book-TOTAL_FORMS", "3"),
            ("book-INITIAL_FORMS", "2"),
            ("book-0-KEY", &keys[1]),
            ("book-0-title", "Two!"),
            ("book-0-price", "1"),
            ("book-0-status", "draft"),
            ("book-1-KEY", &keys[0]),
            ("book-1-DELETE", "on"),
            ("book-2-title", "Two!"),
            ("book-2-price", "2"),
            ("book-2-status", "draft"),
        ];
        let mut set = load().await?;
        set.bind(&sent.iter().copied().collect());
        assert!(!set.save(&db, &parent).await?);
        let errors = set.set().forms()[2].form.errors_of("title");
        assert_eq!(errors, ["Another book has this author and title already."]);
        assert_eq!(titles(&db).await?, ["One", "Two"]);
        sent.push(("book-2-title", "Three"));
        let mut set = load().await?;
        set.bind(&sent.iter().copied().collect());
        assert!(set.save(&db, &parent).await?, "{set:?}");
        assert_eq!(titles(&db).await?, ["Two!", "Three"]);
        // A row of another parent cannot be reached, nor one that is gone.
        let other = Value::Int(shelf.ben.id);
        let mut set =
            InlineFormSet::load(&db, Book::entry(), "author", Some(&other), &["title"], options).await?;
        set.bind(&sent.iter().copied().collect());
        assert!(!set.save(&db, &other).await?);
        assert_eq!(set.set().forms()[0].form.non_field_errors(), ["This row is not there any more."]);
        assert_eq!(titles(&db).await?, ["Two!", "Three"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn values_in_memory_are_checked_on_request() -> Result<()> {
    use nuages::form::{ModelValidation, NewValidation};
    on_each_database(async |db| {
        let shelf = shelf(&db).await?;
        let new = |title: &str, author: i64, price: Decimal| NewBook {
            title: title.into(),
            author: ForeignKey::to(author),
            price,
        };
        new("Fine", shelf.ada.id, dec!(1)).full_clean(&db).await?;
        let mut book = new("Fine", shelf.ada.id, dec!(1)).create(&db).await?;
        book.full_clean(&db).await?;
        let cases = [
            (new("Fine", shelf.ada.id, dec!(1)), None, "Another book has this author and title already."),
            (new("", shelf.ada.id, dec!(1)), Some("title"), "title: Fill in this field."),
            (new("LOUD", shelf.ada.id, dec!(1)), Some("title"), "title: Do not shout."),
            (
                new("X", shelf.ben.id + 9, dec!(1)),
                Some("author"),
                "author: This author does not exist, or not any more.",
            ),
            (new("X", shelf.ben.id, dec!(-1)), Some("price"), "price: Enter a number of at least 0."),
        ];
        for (new, field, text) in cases {
            let error = new.full_clean(&db).await.unwrap_err();
            assert!(error.is_validation());
            assert_eq!((error.field(), error.to_string().as_str()), (field, text));
        }
        book.title = "a\0".into();
        assert_eq!(
            book.full_clean(&db).await.unwrap_err().to_string(),
            "title: Null characters are not allowed."
        );
        Ok(())
    })
    .await
}
