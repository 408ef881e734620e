//! Two people edit one row: nobody overwrites what the other saved.

use nuages::prelude::*;

use crate::stage::{book, each, hidden, reviews, superuser};

#[tokio::test]
async fn a_field_that_both_changed_is_asked_about() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let mut left = book(db, "A drawer").await?;
        let path = format!("/admin/nuages_tests/book/{}/", left.id);
        let page = client.get(&path).await?;
        let version = hidden(&page, "_version");
        let was = hidden(&page, "_was").replace("&#34;", "\"");
        left.change(db, |b| b.price = dec!(11.11)).await?;
        let author = left.author.key().to_string();
        let fields = |version: &str, price: &str| {
            [
                ("title", "A drawer"),
                ("author", &author),
                ("price", price),
                ("status", "draft"),
                ("in_stock", "on"),
                ("_version", version),
                ("_was", &was),
                ("_save", "1"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let post = fields(&version, "9.99");
        let post: Vec<(&str, &str)> =
            post.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = client.post(&path, &post).await?;
        assert_eq!(page.status(), 409, "{}", page.text());
        assert!(page.contains("11.11") && page.contains("9.99") && page.contains("Save merge"));
        assert!(page.contains("<td>1.00</td>"), "what it was: {}", page.text());
        assert_eq!(book(db, "A drawer").await?.price, dec!(11.11), "nothing is overwritten");
        let version = hidden(&page, "_version");
        let post = fields(&version, "9.99");
        let post: Vec<(&str, &str)> =
            post.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(client.post(&path, &post).await?.status(), 303);
        assert_eq!(book(db, "A drawer").await?.price, dec!(9.99));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn fields_that_one_of_them_changed_are_merged() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let mut left = book(db, "A drawer").await?;
        let path = format!("/admin/nuages_tests/book/{}/", left.id);
        let version = hidden(&client.get(&path).await?, "_version");
        left.change(db, |b| b.price = dec!(11.11)).await?;
        let author = left.author.key().to_string();
        let fields = [
            ("title", "A box"),
            ("author", &*author),
            ("price", "1.00"),
            ("status", "draft"),
            ("in_stock", "on"),
            ("_version", &version),
            ("_save", "1"),
        ];
        let answer = client.post(&path, &fields).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        assert_eq!(book(db, "A box").await?.price, dec!(11.11));
        Ok(())
    })
    .await;
}

/// A form that does not say what it was loaded with could have been loaded with anything.
#[tokio::test]
async fn a_form_that_says_nothing_of_what_it_was_loaded_with_overwrites_nothing() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let mut left = book(db, "A drawer").await?;
        let path = format!("/admin/nuages_tests/book/{}/", left.id);
        let version = hidden(&client.get(&path).await?, "_version");
        left.change(db, |b| b.price = dec!(11.11)).await?;
        let author = left.author.key().to_string();
        let own = [
            ("title", "A drawer"),
            ("author", &*author),
            ("price", "1.00"),
            ("status", "draft"),
            ("in_stock", "on"),
        ];
        let cut = version.rsplit_once('.').unwrap().0.to_owned();
        let swapped: String = version.chars().map(|c| if c == '.' { '.' } else { '0' }).collect();
        for version in [None, Some(""), Some("nonsense"), Some(&*cut), Some(&*swapped)] {
            let mut fields = own.to_vec();
            fields.extend(version.map(|version| ("_version", version)));
            let page = client.post(&path, &fields).await?;
            assert_eq!(page.status(), 409, "{version:?}: {}", page.text());
            assert!(page.contains("11.11") && page.contains("1.00"), "{}", page.text());
            assert_eq!(book(db, "A drawer").await?.price, dec!(11.11), "{version:?}");
        }
        // Nor is it forgotten by a mistake on the way.
        let mut wrong = own.to_vec();
        wrong[2].1 = "much";
        let page = client.post(&path, &wrong).await?;
        assert_eq!(page.status(), 409, "{}", page.text());
        // A form that says the same as the row has nothing to ask.
        let mut same = own.to_vec();
        same[2].1 = "11.11";
        assert_eq!(client.post(&path, &same).await?.status(), 303);
        Ok(())
    })
    .await;
}

/// The same of the rows of an inline.
#[tokio::test]
async fn a_row_of_an_inline_without_its_version_is_not_written() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let left = book(db, "The Left Hand of Darkness").await?;
        let path = format!("/admin/nuages_tests/book/{}/", left.id);
        let page = client.get(&path).await?;
        let (version, key) = (hidden(&page, "_version"), hidden(&page, "review-book-0-_key"));
        let author = left.author.key().to_string();
        let mut fields = vec![
            ("title", "The Left Hand of Darkness"),
            ("author", &*author),
            ("price", "12.50"),
            ("status", "draft"),
            ("published", "1969-03-01"),
            ("_version", &*version),
            ("review-book-TOTAL", "1"),
            ("review-book-0-_key", &*key),
            ("review-book-0-stars", "1"),
            ("review-book-0-text", ""),
        ];
        let page = client.post(&path, &fields).await?;
        assert_eq!(page.status(), 422, "{}", page.text());
        assert!(page.contains("Somebody else changed this row meanwhile"), "{}", page.text());
        assert_eq!(reviews(db).await?.iter().map(|review| review.stars).collect::<Vec<_>>(), [4, 5]);
        let page = client.get(&path).await?;
        let row = hidden(&page, "review-book-0-_version");
        fields.push(("review-book-0-_version", &*row));
        assert_eq!(client.post(&path, &fields).await?.status(), 303);
        assert_eq!(reviews(db).await?.iter().map(|review| review.stars).collect::<Vec<_>>(), [1, 5]);
        Ok(())
    })
    .await;
}
