//! Two people edit one row: nobody overwrites what the other saved.

use nuages::prelude::*;

use crate::stage::{book, each, hidden, superuser};

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
