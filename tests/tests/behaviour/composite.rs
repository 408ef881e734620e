//! Keys of several columns: written, found, ordered, paged and deleted by all parts together.

use futures_util::TryStreamExt;
use nuages::prelude::*;
use nuages_migrate::inspect::{Inspection, inspect};
use nuages_tests::models::*;

use crate::each;

/// Two purchases, with three lines and one.
async fn bought(db: &Db) -> Result<(Purchase, Purchase)> {
    let anna = NewPurchase { buyer: "Anna".into() }.create(db).await?;
    let boris = NewPurchase { buyer: "Boris".into() }.create(db).await?;
    for (purchase, position, article) in
        [(&anna, 1, "tea"), (&anna, 2, "milk"), (&anna, 3, "bread"), (&boris, 1, "soap")]
    {
        line(purchase, position, article).create(db).await?;
    }
    Ok((anna, boris))
}

fn line(purchase: &Purchase, position: i32, article: &str) -> NewLine {
    NewLine { purchase: purchase.into(), position, article: article.into() }
}

async fn articles(query: QuerySet<Line>, db: &Db) -> Result<Vec<String>> {
    let lines = query.order_by(|l| l.pk()).all(db).await?;
    Ok(lines.into_iter().map(|line| line.article).collect())
}

#[tokio::test]
async fn rows_are_written_by_all_parts_of_their_key() -> Result<()> {
    each(async |db| {
        let (anna, boris) = bought(&db).await?;
        let mut milk = Line::objects().get_by_key(&db, (anna.id, 2)).await?;
        assert_eq!((milk.key(), milk.article.as_str()), ((anna.id, 2), "milk"));
        milk.pieces = 4;
        milk.save(&db).await?;
        milk.article = "oat milk".into();
        milk.save_only(&db, |l| l.article).await?;
        milk.change(&db, |l| l.pieces += 1).await?;
        let again = Line::objects().get_by_key(&db, (anna.id, 2)).await?;
        assert_eq!((again.article.as_str(), again.pieces), ("oat milk", 5));
        assert_eq!(
            articles(Line::objects().filter(|l| l.pieces.eq(1)), &db).await?,
            ["tea", "bread", "soap"]
        );

        let double = line(&anna, 2, "eggs").create(&db).await.unwrap_err();
        assert!(double.is_unique(), "{double}");
        let gone = Line::objects().get_by_key(&db, (boris.id, 2)).await.unwrap_err();
        assert!(gone.is_does_not_exist(), "{gone}");

        let stale = again.clone();
        assert_eq!(again.delete(&db).await?.total, 1);
        assert_eq!(articles(Line::objects(), &db).await?, ["tea", "bread", "soap"]);
        let mut stale = stale;
        assert!(stale.save(&db).await.unwrap_err().is_does_not_exist());
        assert!(stale.refresh(&db).await.unwrap_err().is_does_not_exist());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn conditions_take_the_key_as_a_whole() -> Result<()> {
    each(async |db| {
        let (anna, boris) = bought(&db).await?;
        let found = |query: QuerySet<Line>| articles(query, &db);
        let all = Line::objects;
        assert_eq!(found(all().filter(|l| l.pk().eq((anna.id, 3)))).await?, ["bread"]);
        assert_eq!(found(all().exclude(|l| l.pk().eq((anna.id, 3)))).await?, ["tea", "milk", "soap"]);
        assert_eq!(found(all().filter(|l| l.pk().ne((anna.id, 3)))).await?, ["tea", "milk", "soap"]);
        let keys = [(anna.id, 1), (boris.id, 1), (boris.id, 2)];
        assert_eq!(found(all().filter(|l| l.pk().is_in(keys))).await?, ["tea", "soap"]);
        assert_eq!(found(all().exclude(|l| l.pk().is_in(keys))).await?, ["milk", "bread"]);
        let one = [(anna.id, 2)];
        assert_eq!(found(all().filter(|l| l.pk().is_in(one))).await?, ["milk"]);
        let none: [(i64, i32); 0] = [];
        assert_eq!(found(all().filter(|l| l.pk().is_in(none))).await?, [""; 0]);
        let many = (0..70_000).map(|at| (anna.id, at));
        assert_eq!(found(all().filter(|l| l.pk().is_in(many))).await?, ["tea", "milk", "bread"]);
        let first = all().filter(|l| l.position.eq(1)).values(|l| l.pk());
        assert_eq!(found(all().filter(|l| l.pk().in_query(first))).await?, ["tea", "soap"]);
        // The other way over the key of one column, and from the other end.
        let buyers = Purchase::objects().filter(|p| p.lines().pk().eq((boris.id, 1))).all(&db).await?;
        assert_eq!(buyers, [boris.clone()]);
        assert_eq!(Purchase::objects().filter(|p| p.pk().eq(anna.id)).get(&db).await?, anna);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn orders_values_and_counts_go_by_the_key() -> Result<()> {
    each(async |db| {
        let (anna, boris) = bought(&db).await?;
        let keys = Line::objects().order_by(|l| l.pk().desc()).values(|l| l.pk()).all(&db).await?;
        assert_eq!(keys, [(boris.id, 1), (anna.id, 3), (anna.id, 2), (anna.id, 1)]);
        let rows = Line::objects().order_by(|l| l.pk()).values(|l| (l.pk(), l.article)).first(&db).await?;
        assert_eq!(rows, Some(((anna.id, 1), "tea".to_owned())));
        assert_eq!(Line::objects().first(&db).await?.unwrap().article, "tea");
        assert_eq!(Line::objects().last(&db).await?.unwrap().article, "soap");
        assert_eq!(Line::objects().filter(|l| l.pk().is_in([(anna.id, 1)])).count(&db).await?, 1);
        let milk = Line::objects().get_by_key(&db, (anna.id, 2)).await?;
        assert!(Line::objects().filter(|l| l.article.eq("milk")).contains(&db, &milk).await?);
        assert!(!Line::objects().order_by(|l| l.pk()).limit(1).contains(&db, &milk).await?);
        let bulk = Line::objects().in_bulk(&db, [(anna.id, 1), (anna.id, 9)]).await?;
        assert_eq!(bulk.keys().copied().collect::<Vec<_>>(), [(anna.id, 1)]);
        let counts = Purchase::objects().annotate(|p| p.lines().count()).all(&db).await?;
        assert_eq!(counts.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [3, 1]);
        let pieces = Line::objects().order_by(|l| l.pk()).limit(3);
        assert_eq!(pieces.aggregate(&db, |l| l.pieces.sum()).await?, Some(3));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn queries_write_and_delete_rows_over_relations() -> Result<()> {
    each(async |db| {
        let (anna, boris) = bought(&db).await?;
        let of_anna = || Line::objects().filter(|l| l.purchase.buyer.eq("Anna"));
        assert_eq!(of_anna().update(&db, |l| l.pieces.set(l.pieces + l.position)).await?, 3);
        let cut = of_anna().order_by(|l| l.pk().desc()).limit(1);
        assert_eq!(cut.update(&db, |l| (l.pieces.set(l.position * 10), l.article.set("rolls"))).await?, 1);
        let pieces = Line::objects().order_by(|l| l.pk()).values(|l| l.pieces).all(&db).await?;
        assert_eq!(pieces, [2, 3, 30, 1]);
        // A part of the key is written like any other column, and the whole key too.
        let moved = Line::objects().filter(|l| l.pk().eq((boris.id, 1)));
        assert_eq!(moved.update(&db, |l| l.pk().set((boris.id, 7))).await?, 1);
        assert_eq!(Line::objects().get_by_key(&db, (boris.id, 7)).await?.article, "soap");
        assert_eq!(of_anna().filter(|l| l.position.gt(1)).delete(&db).await?.total, 2);
        assert_eq!(articles(Line::objects(), &db).await?, ["tea", "soap"]);
        assert_eq!(anna.delete(&db).await?.total, 2, "the purchase and its line");
        assert_eq!(articles(Line::objects(), &db).await?, ["soap"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_rows_are_written_at_once() -> Result<()> {
    each(async |db| {
        let anna = NewPurchase { buyer: "Anna".into() }.create(&db).await?;
        let new = (1..=250).map(|position| line(&anna, position, "pin"));
        Line::objects().bulk_create(&db, new).await?;
        let mut lines = Line::objects().order_by(|l| l.pk()).all(&db).await?;
        assert_eq!(lines.len(), 250);
        lines.iter_mut().for_each(|line| line.pieces = line.position * 2);
        assert_eq!(Line::objects().bulk_update(&db, &lines, |l| (l.position, l.pieces)).await?, 250);
        let there = Line::objects().filter(|l| l.pieces.eq(l.position * 2)).count(&db).await?;
        assert_eq!(there, 250);

        let again = || [line(&anna, 250, "needle"), line(&anna, 251, "needle")];
        Line::objects().bulk_create_with(&db, again(), |c| c.ignore_conflicts()).await?;
        assert_eq!(articles(Line::objects().filter(|l| l.article.eq("needle")), &db).await?.len(), 1);
        Line::objects()
            .bulk_create_with(&db, again(), |c| c.update_conflicts(|l| l.pk(), |l| l.article))
            .await?;
        assert_eq!(articles(Line::objects().filter(|l| l.article.eq("needle")), &db).await?.len(), 2);
        let kept = line(&anna, 250, "thread").draft().upsert(&db, |l| l.pk(), |l| l.article).await?;
        assert_eq!((kept.key(), kept.article.as_str(), kept.pieces), ((anna.id, 250), "thread", 500));
        let (found, made) = Line::objects()
            .filter(|l| l.pk().eq((anna.id, 251)))
            .update_or_create(&db, line(&anna, 251, "x"), |l| l.pieces.set(9))
            .await?;
        assert_eq!((made, found.pieces, found.article.as_str()), (false, 9, "needle"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn streams_and_pages_go_on_behind_the_last_key() -> Result<()> {
    each(async |db| {
        let (anna, _) = bought(&db).await?;
        Line::objects().bulk_create(&db, (4..=2500).map(|at| line(&anna, at, "pin"))).await?;
        let all = Line::objects().order_by(|l| l.pk()).values(|l| l.pk()).all(&db).await?;
        let streamed: Vec<Line> = Line::objects().stream(&db).try_collect().await?;
        assert_eq!(streamed.iter().map(Line::key).collect::<Vec<_>>(), all);
        let by_article: Vec<Line> = Line::objects().order_by(|l| l.article).stream(&db).try_collect().await?;
        assert_eq!(by_article.len(), all.len());
        let first = Line::objects().order_by(|l| l.article).page_after(&db, 2000, None).await?;
        let next = first.next.clone().unwrap();
        let second = Line::objects().order_by(|l| l.article).page_after(&db, 2000, Some(&next)).await?;
        let mut keys: Vec<_> = first.rows.iter().chain(&second.rows).map(Line::key).collect();
        keys.sort_unstable();
        assert_eq!(keys, all);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn parts_may_be_texts_and_days() -> Result<()> {
    each(async |db| {
        let day = |day: &str| day.parse::<Date>().unwrap();
        let key = |language: &str, word: &str| (language.to_owned(), word.to_owned(), day("1900-01-01"));
        for (language, word) in [("de", "Wolke"), ("fr", "nuage"), ("fr", "O'~,\\\"ho"), ("fr", "Nuage")] {
            NewWord { language: language.into(), word: word.into(), since: day("1900-01-01") }
                .create(&db)
                .await?;
        }
        let odd = Word::objects().get_by_key(&db, key("fr", "O'~,\\\"ho")).await?;
        assert_eq!(odd.key(), key("fr", "O'~,\\\"ho"));
        let wanted = [key("fr", "nuage"), key("de", "nuage"), key("de", "Wolke")];
        let found = Word::objects().filter(|w| w.pk().is_in(wanted)).order_by(|w| w.pk()).all(&db).await?;
        assert_eq!(found.iter().map(|word| &*word.word).collect::<Vec<_>>(), ["Wolke", "nuage"]);
        let many = (0..300).map(|at| key("fr", &format!("nuage{at}"))).chain([key("fr", "Nuage")]);
        let found = Word::objects().filter(|w| w.pk().is_in(many)).all(&db).await?;
        assert_eq!(found.iter().map(|word| &*word.word).collect::<Vec<_>>(), ["Nuage"]);
        let nul = Word::objects().filter(|w| w.pk().is_in([key("fr", "a\0b"), key("fr", "nuage")]));
        assert_eq!(nul.count(&db).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_join_model_may_have_the_key_of_both_ends() -> Result<()> {
    each(async |db| {
        let (anna, boris) = bought(&db).await?;
        let [food, soap] = ["food", "soap"].map(|name| NewTag { name: name.into() });
        let (food, soap) = (food.create(&db).await?, soap.create(&db).await?);
        anna.labels.add_with::<Label, _>(&db, &food, |l| l.by.set("Carla")).await?;
        anna.labels.add(&db, &food).await?;
        boris.labels.set(&db, [&food, &soap]).await?;
        assert_eq!(Label::objects().get_by_key(&db, (anna.id, food.id)).await?.by, "Carla");
        let labelled = Purchase::objects().filter(|p| p.labels.name.eq("soap")).all(&db).await?;
        assert_eq!(labelled.iter().map(|p| p.id).collect::<Vec<_>>(), [boris.id]);
        let with = Purchase::objects().prefetch_related(|p| p.labels).all(&db).await?;
        assert_eq!(with.iter().map(|(_, tags)| tags.len()).collect::<Vec<_>>(), [1, 2]);
        let mine = Purchase::objects().prefetch_related(|p| p.label_rows()).all(&db).await?;
        let keys: Vec<_> = mine.iter().flat_map(|(_, rows)| rows.iter().map(Label::key)).collect();
        assert_eq!(keys, [(anna.id, food.id), (boris.id, food.id), (boris.id, soap.id)]);
        boris.labels.remove(&db, &food).await?;
        assert_eq!(food.delete(&db).await?.per_model.len(), 2, "the tag and its label");
        let left = Label::objects().select_related(|l| l.tag).all(&db).await?;
        assert_eq!(
            left.iter().map(|(l, tag)| (l.key(), &*tag.name)).collect::<Vec<_>>(),
            [((boris.id, soap.id), "soap")]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn inspectdb_prints_the_whole_key() -> Result<()> {
    each(async |db| {
        let tables = ["nuages_tests_line", "nuages_tests_purchase", "nuages_tests_word"];
        let tables = tables.map(str::to_owned).to_vec();
        let inspection = Inspection { app: "store".into(), managed: true, tables };
        let printed = inspect(&db, &inspection).await?;
        for key in ["primary_key(purchase, position)", "primary_key(language, word, since)"] {
            assert!(printed.contains(key), "{printed}");
        }
        Ok(())
    })
    .await
}
