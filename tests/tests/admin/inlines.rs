//! Rows of another model on the page of the row they refer to; actions of the project.

use nuages::prelude::*;
use nuages_admin::LogEntry;
use nuages_tests::forms::{edit, loaded};
use nuages_tests::models::{Book, NewReview, Review, Status};

use crate::stage::{book, each, hidden, logged_in, reviews, superuser, user};

const PREFIX: &str = "review-book";

/// The fields of a book's form as the page has them, with what is posted for the inline.
fn form(book: &Book, inline: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = [
        ("title", book.title.clone()),
        ("author", book.author.key().to_string()),
        ("price", book.price.to_string()),
        ("status", "draft".into()),
        ("in_stock", "on".into()),
        ("published", book.published.map(|day| day.to_string()).unwrap_or_default()),
        ("_continue", "1".into()),
    ];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
    own.chain(inline.iter().map(|(name, value)| (format!("{PREFIX}-{name}"), (*value).to_owned()))).collect()
}

fn fields(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn rows_are_added_changed_and_deleted_with_their_parent() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let left = book(db, "The Left Hand of Darkness").await?;
        let path = format!("/admin/nuages_tests/book/{}/", left.id);
        let page = client.get(&path).await?;
        assert_eq!(hidden(&page, "review-book-TOTAL"), "3", "two rows and an empty one");
        let keys: Vec<String> = reviews(db).await?.iter().map(|review| review.id.to_string()).collect();
        let post = form(
            &left,
            &[
                ("TOTAL", "4"),
                ("0-_key", &keys[0]),
                ("0-stars", "3"),
                ("0-text", "so so"),
                ("1-_key", &keys[1]),
                ("1-stars", "5"),
                ("1-_delete", "on"),
                ("2-_key", ""),
                ("2-stars", ""),
                ("2-text", ""),
                ("3-_key", ""),
                ("3-stars", "1"),
                ("3-text", "no"),
            ],
        );
        let answer = edit(&mut client, &path, &fields(&post)).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        let now: Vec<(i16, String)> =
            reviews(db).await?.into_iter().map(|review| (review.stars, review.text)).collect();
        assert_eq!(now, [(3, "so so".to_owned()), (1, "no".to_owned())]);
        let changes = LogEntry::objects().get(db).await?.changes.to_string();
        for part in ["so so", "5 stars", "1 stars"] {
            assert!(changes.contains(part), "{part}: {changes}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_mistake_in_one_row_saves_nothing_at_all() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let mut left = book(db, "The Left Hand of Darkness").await?;
        let path = format!("/admin/nuages_tests/book/{}/", left.id);
        left.price = dec!(99);
        let post = form(&left, &[("TOTAL", "1"), ("0-_key", ""), ("0-stars", "6"), ("0-text", "too many")]);
        let page = edit(&mut client, &path, &fields(&post)).await?;
        assert_eq!(page.status(), 422, "{}", page.text());
        assert!(
            page.contains("href=\"#id_review-book-0-stars\"") && page.contains("too many"),
            "{}",
            page.text()
        );
        assert_eq!(book(db, "The Left Hand of Darkness").await?.price, dec!(12.50));
        assert_eq!(LogEntry::objects().count(db).await?, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn mistakes_in_the_form_and_in_its_rows_are_told_together() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let left = book(db, "The Left Hand of Darkness").await?;
        let before = reviews(db).await?;
        let mut fields = form(&left, &[("TOTAL", "1"), ("INITIAL", "0"), ("0-stars", "many")]);
        fields.retain(|(name, _)| name != "title");
        let path = format!("/admin/nuages_tests/book/{}/", left.id);
        let answer = edit(&mut client, &path, &self::fields(&fields)).await?;
        assert_eq!(answer.status(), 422, "{}", answer.text());
        assert!(answer.contains("2 things need your attention"), "{}", answer.text());
        assert_eq!(reviews(db).await?, before);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn rows_of_other_parents_and_of_other_people_are_out_of_reach() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let drawer = book(db, "A drawer").await?;
        let path = format!("/admin/nuages_tests/book/{}/", drawer.id);
        let foreign = reviews(db).await?[0].id.to_string();
        let post =
            form(&drawer, &[("TOTAL", "1"), ("0-_key", &foreign), ("0-stars", "1"), ("0-_delete", "on")]);
        assert_eq!(edit(&mut client, &path, &fields(&post)).await?.status(), 303);
        let before: Vec<i16> = reviews(db).await?.iter().map(|review| review.stars).collect();
        assert_eq!(before, [4, 5]);

        user(
            db,
            "clerk",
            true,
            false,
            &["nuages_tests.change_book", "nuages_tests.view_review", "nuages_tests.view_author"],
        )
        .await?;
        let mut clerk = logged_in(site, "clerk").await?;
        let left = book(db, "The Left Hand of Darkness").await?;
        let path = format!("/admin/nuages_tests/book/{}/", left.id);
        assert!(clerk.get(&path).await?.contains("Reviews"));
        let post = form(
            &left,
            &[
                ("TOTAL", "2"),
                ("0-_key", &foreign),
                ("0-stars", "1"),
                ("0-_delete", "on"),
                ("1-_key", ""),
                ("1-stars", "1"),
            ],
        );
        let answer = edit(&mut clerk, &path, &fields(&post)).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        let after: Vec<i16> = reviews(db).await?.iter().map(|review| review.stars).collect();
        assert_eq!(after, before);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn without_script_another_row_is_asked_for() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let mut post = vec![
            ("title", "kept"),
            ("_addrow", PREFIX),
            ("review-book-TOTAL", "1"),
            ("review-book-0-_key", ""),
        ];
        post.push(("review-book-0-text", "kept too"));
        let page = client.post("/admin/nuages_tests/book/add", &post).await?;
        assert_eq!(page.status(), 200);
        assert_eq!(hidden(&page, "review-book-TOTAL"), "2");
        assert!(page.contains("kept too"));
        assert_eq!(Review::objects().count(db).await?, 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_action_runs_on_what_was_selected_and_is_written_down() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let drawer = book(db, "A drawer").await?;
        let list = "/admin/nuages_tests/book/";
        assert!(client.get(list).await?.contains("value=\"publish\""));
        let post = [("_action", "publish"), ("_selected", &*drawer.id.to_string())];
        assert_eq!(client.post(list, &post).await?.status(), 303);
        assert!(client.get(list).await?.contains("1 published."));
        assert_eq!(Book::objects().filter(|b| b.status.eq(Status::Published)).count(db).await?, 1);
        assert_eq!(LogEntry::objects().get(db).await?.source, "by the action Publish");
        user(db, "viewer", true, false, &["nuages_tests.view_book"]).await?;
        let mut viewer = logged_in(site, "viewer").await?;
        assert_eq!(viewer.post(list, &[("_action", "publish"), ("_all", "1")]).await?.status(), 403);
        assert_eq!(Book::objects().filter(|b| b.status.eq(Status::Published)).count(db).await?, 1);
        Ok(())
    })
    .await;
}

/// The keys of the rows that a page of the inline shows, and the address of the next one.
fn shown(page: &str) -> (Vec<String>, Option<String>) {
    let keys = page.split("-_key\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    let next = page.split("\">Next 20</a>").next().filter(|before| before.len() < page.len());
    let next = next
        .and_then(|before| before.rsplit("href=\"").next())
        .map(|url| url.split('#').next().unwrap().to_owned());
    (keys.filter(|key| !key.is_empty()).collect(), next)
}

#[tokio::test]
async fn many_rows_are_paged_and_each_of_them_can_be_saved() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let drawer = book(db, "A drawer").await?;
        let many = (0..201).map(|_| NewReview { book: (&drawer).into(), stars: 2 });
        Review::objects().bulk_create(db, many).await?;
        let path = format!("/admin/nuages_tests/book/{}/", drawer.id);
        let (mut seen, mut address, mut shown_last) = (Vec::new(), Some(String::new()), String::new());
        while let Some(next) = address {
            let page = client.get(&format!("{path}{next}")).await?;
            assert!(page.contains("<span class=\"muted\">201</span>"), "{}", page.text());
            let (keys, next) = shown(&page.text());
            assert!(keys.len() <= 20 && seen.len() <= 201, "{}", page.text());
            seen.extend(keys);
            (address, shown_last) = (next, page.text());
        }
        let mut unique = seen.clone();
        unique.sort();
        unique.dedup();
        assert_eq!((seen.len(), unique.len()), (201, 201));
        // The last row is changed and another one added, from the last page.
        let last = seen.last().unwrap();
        let inline =
            [("TOTAL", "2"), ("0-_key", &**last), ("0-stars", "5"), ("1-_key", ""), ("1-stars", "4")];
        let post = loaded(&shown_last, &fields(&form(&drawer, &inline)));
        let answer = client.post(&path, &fields(&post)).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        let of = async |stars: i16| {
            Review::objects().filter(|r| r.book.eq(&drawer) & r.stars.eq(stars)).count(db).await
        };
        assert_eq!((of(5).await?, of(4).await?, of(2).await?), (1, 1, 200));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn more_rows_than_a_form_takes_are_refused_and_not_dropped() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let mut drawer = book(db, "A drawer").await?;
        let path = format!("/admin/nuages_tests/book/{}/", drawer.id);
        drawer.price = dec!(77);
        for total in ["201", "many", "-1"] {
            let inline = [("TOTAL", total), ("200-_key", ""), ("200-stars", "5")];
            let page = edit(&mut client, &path, &fields(&form(&drawer, &inline))).await?;
            assert_eq!(page.status(), 422, "{total}: {}", page.text());
            assert!(page.contains("a form takes at most 200 rows"), "{}", page.text());
        }
        assert_eq!((reviews(db).await?.len(), book(db, "A drawer").await?.price), (2, dec!(1.00)));
        let inline = [("TOTAL", "200"), ("199-_key", ""), ("199-stars", "5")];
        assert_eq!(edit(&mut client, &path, &fields(&form(&drawer, &inline))).await?.status(), 303);
        assert_eq!((reviews(db).await?.len(), book(db, "A drawer").await?.price), (3, dec!(77)));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_into_a_row_that_is_gone_is_not_swallowed() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let left = book(db, "The Left Hand of Darkness").await?;
        let path = format!("/admin/nuages_tests/book/{}/", left.id);
        let page = client.get(&path).await?;
        let (key, version) = (hidden(&page, "review-book-0-_key"), hidden(&page, "review-book-0-_version"));
        let gone: i64 = key.parse().unwrap();
        Review::objects().filter(|r| r.id.eq(gone)).delete(db).await?;
        let row = |stars: &'static str, more: Option<(&'static str, &'static str)>| {
            let mut inline = vec![("TOTAL", "1"), ("0-_key", &*key), ("0-_version", &*version)];
            inline.extend([("0-stars", stars), ("0-text", "")]);
            inline.extend(more);
            form(&left, &inline)
        };
        let page = edit(&mut client, &path, &fields(&row("1", None))).await?;
        assert_eq!(page.status(), 422, "{}", page.text());
        assert!(page.contains("Somebody else deleted this row meanwhile"), "{}", page.text());
        assert_eq!(hidden(&page, "review-book-0-_key"), key, "what was typed is still there");
        // A row that nobody touched, or that was to go anyway, is no loss.
        for post in [row("4", None), row("1", Some(("0-_delete", "on")))] {
            let answer = edit(&mut client, &path, &fields(&post)).await?;
            assert_eq!(answer.status(), 303, "{}", answer.text());
        }
        assert_eq!(reviews(db).await?.len(), 1);
        Ok(())
    })
    .await;
}
