//! Rows whose key is several columns: lists, forms, deletion, history, inlines and actions name them by all parts.

use nuages::prelude::*;
use nuages_admin::LogEntry;
use nuages_tests::forms::edit;
use nuages_tests::models::{Line, NewLine, NewPurchase, NewWord, Purchase, Word};

use crate::stage::{each, hidden, superuser};

const LINES: &str = "/admin/nuages_tests/line/";
const WORDS: &str = "/admin/nuages_tests/word/";

async fn bought(db: &Db) -> Result<Purchase> {
    let purchase = NewPurchase { buyer: "Anna".into() }.create(db).await?;
    for (position, article) in [(1, "tea"), (2, "milk"), (3, "bread")] {
        NewLine { purchase: (&purchase).into(), position, article: article.into() }.create(db).await?;
    }
    Ok(purchase)
}

async fn pieces(db: &Db) -> Result<Vec<(i32, i32)>> {
    Line::objects().order_by(|l| l.pk()).values(|l| (l.position, l.pieces)).all(db).await
}

#[tokio::test]
async fn a_list_leads_to_forms_that_keep_the_key() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let purchase = bought(db).await?;
        let list = client.get(LINES).await?;
        let path = format!("{LINES}{}%2C2/", purchase.id);
        assert!(list.text().contains(&path), "{}", list.text());
        let page = client.get(&path).await?;
        assert_eq!(page.status(), 200, "{}", page.text());
        assert!(page.text().contains("milk"), "{}", page.text());
        assert!(!page.text().contains("name=\"position\""), "the key stays as it is");
        let answer = edit(&mut client, &path, &[("article", "oat milk"), ("pieces", "7")]).await?;
        assert_eq!(answer.redirect(), Some(LINES), "{}", answer.text());
        let line = Line::objects().get_by_key(db, (purchase.id, 2)).await?;
        assert_eq!((line.article.as_str(), line.pieces), ("oat milk", 7));
        let history = client.get(&format!("{path}history")).await?;
        assert!(history.text().contains("oat milk"), "{}", history.text());
        let entry = LogEntry::objects().get(db).await?;
        assert_eq!(entry.object_key, format!("{},2", purchase.id));
        for odd in ["x", "1", "1%2C2%2C3", "1%2C", "1%2Cx", "%2C"] {
            assert_eq!(client.get(&format!("{LINES}{odd}/")).await?.status(), 404, "{odd}");
        }
        let sorted = client.get(&format!("{LINES}?sort=-position&q=e")).await?;
        assert!(sorted.text().contains("bread"), "{}", sorted.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_new_row_says_its_whole_key_once() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let purchase = bought(db).await?.id.to_string();
        let add = format!("{LINES}add");
        let new = [("purchase", &*purchase), ("position", "4"), ("article", "jam"), ("pieces", "1")];
        let answer = client.post(&add, &new).await?;
        assert_eq!(answer.redirect(), Some(LINES), "{}", answer.text());
        let again = client.post(&add, &new).await?;
        assert_eq!(again.status(), 422, "{}", again.text());
        assert!(again.text().contains("already"), "{}", again.text());
        assert_eq!(Line::objects().count(db).await?, 4);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn rows_are_selected_and_deleted_by_all_parts() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let purchase = bought(db).await?.id;
        let list = client.get(LINES).await?;
        assert!(list.text().contains(&format!("value=\"{purchase},3\"")), "{}", list.text());
        let (one, three) = (format!("{purchase},1"), format!("{purchase},3"));
        let chosen = [("_action", "doubled"), ("_selected", &*one), ("_selected", &*three)];
        let answer = client.post(LINES, &chosen).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        assert_eq!(pieces(db).await?, [(1, 2), (2, 1), (3, 2)]);

        let path = format!("{LINES}{purchase}%2C3/delete");
        let page = client.get(&path).await?;
        assert!(page.text().contains("bread"), "{}", page.text());
        let plan = hidden(&page, "_plan");
        let answer = client.post(&path, &[("_plan", &*plan)]).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        assert_eq!(pieces(db).await?, [(1, 2), (2, 1)]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn inlines_of_such_rows_are_saved_with_their_parent() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let purchase = bought(db).await?;
        let path = format!("/admin/nuages_tests/purchase/{}/", purchase.id);
        let page = client.get(&path).await?;
        assert_eq!(hidden(&page, "line-purchase-TOTAL"), "4", "three rows and an empty one");
        let keys: Vec<String> = (1..=3).map(|position| format!("{},{position}", purchase.id)).collect();
        let post = [
            ("buyer", "Anna"),
            ("line-purchase-TOTAL", "4"),
            ("line-purchase-0-_key", &keys[0]),
            ("line-purchase-0-article", "green tea"),
            ("line-purchase-0-pieces", "5"),
            ("line-purchase-1-_key", &keys[1]),
            ("line-purchase-1-article", "milk"),
            ("line-purchase-1-pieces", "1"),
            ("line-purchase-1-_delete", "on"),
            ("line-purchase-2-_key", &keys[2]),
            ("line-purchase-2-article", "bread"),
            ("line-purchase-2-pieces", "1"),
            ("line-purchase-3-_key", ""),
            ("line-purchase-3-position", "9"),
            ("line-purchase-3-article", "jam"),
            ("line-purchase-3-pieces", "2"),
        ];
        let answer = edit(&mut client, &path, &post).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        assert_eq!(pieces(db).await?, [(1, 5), (3, 1), (9, 2)]);
        let page = client.get(&format!("{path}delete")).await?;
        assert!(page.text().contains("green tea"), "{}", page.text());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn parts_with_every_character_have_one_address() {
    each(async |site, db| {
        let mut client = superuser(site, db).await?;
        let since: Date = "1900-01-01".parse().unwrap();
        for (language, word) in [("a,b", "c"), ("a", "b,c"), ("a~1b", "c/?")] {
            NewWord { language: language.into(), word: word.into(), since }.create(db).await?;
        }
        for (at, (language, word)) in [("a,b", "c"), ("a", "b,c"), ("a~1b", "c/?")].into_iter().enumerate() {
            let text = nuages::value::joined_key([language, word, "1900-01-01"].map(str::to_owned));
            let text = text.replace('/', "%2F").replace('?', "%3F").replace(',', "%2C");
            let path = format!("{WORDS}{text}/");
            assert!(client.get(WORDS).await?.text().contains(&path), "{path}");
            let meaning = format!("number {at}");
            let answer = edit(&mut client, &path, &[("meaning", &*meaning)]).await?;
            assert_eq!(answer.redirect(), Some(WORDS), "{path}: {}", answer.text());
            let found = Word::objects().get_by_key(db, (language.to_owned(), word.to_owned(), since)).await?;
            assert_eq!(found.meaning, Some(meaning));
        }
        Ok(())
    })
    .await;
}
