//! Which rows receivers are told of when several come together, and in what order the receivers are called.

use nuages::prelude::*;
use nuages::receiver;

use super::signals::{Label, LabelNotesPath as _, NewLabel, each, heard, note, traces};

/// A row may be joined with a million others: of those nobody asks who only adds one, or takes one away.
#[tokio::test]
async fn only_the_rows_that_are_added_are_asked_for() -> Result<()> {
    each(async |db| {
        let one = note("one").create(&db).await?;
        let words = (0..300).map(|n| NewLabel { word: format!("w{n}") });
        Label::objects().bulk_create(&db, words.map(New::draft)).await?;
        let labels = Label::objects().order_by(|l| l.id).all(&db).await?;
        let others =
            "INSERT INTO signal_note_labels (note_id, label_id) SELECT ?, id FROM signal_label WHERE id <> ?";
        db.run(others, (one.id, labels[0].id)).await?;
        traces(&db).await?;
        db.record_queries(true);
        let begun = db.queries().len();
        one.labels.add(&db, &labels[5]).await?;
        one.labels.add_all(&db, &labels[..2]).await?;
        one.labels.remove(&db, &labels[7]).await?;
        labels[8].related(|l| l.notes()).add(&db, [&one]).await?;
        let asked = db.queries().split_off(begun);
        db.record_queries(false);
        // How the keys are asked for; what receivers ask besides has joins.
        let keys = |sql: &str| {
            sql.starts_with("SELECT") && sql.contains("signal_note_labels") && !sql.contains("JOIN")
        };
        let keys: Vec<_> = asked.iter().filter(|query| keys(&query.sql)).collect();
        assert_eq!(keys.len(), 4, "{keys:?}");
        assert!(keys.iter().all(|query| query.sql.contains(" IN (") && query.args <= 3), "{keys:?}");
        let told = [
            "PreAdd one w0 (299)",
            "PostAdd one w0 (300)",
            "PreRemove one w7 (300)",
            "PostRemove one w7 (299)",
        ];
        assert_eq!(traces(&db).await?, told);
        Ok(())
    })
    .await
}

/// Two join the same rows at the same moment, from either end: one of them did it, and one tells of it.
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_second_tells_nothing() -> Result<()> {
    each(async |db| {
        let one = note("one").create(&db).await?;
        let a = NewLabel { word: "a".into() }.create(&db).await?;
        for _ in 0..15 {
            traces(&db).await?;
            let both: Vec<_> = (0..4)
                .map(|n| {
                    let (db, one, a) = (db.detached(), one.clone(), a.clone());
                    tokio::spawn(async move {
                        if n % 2 == 0 {
                            one.labels.add(&db, &a).await
                        } else {
                            a.related(|l| l.notes()).add(&db, [&one]).await
                        }
                    })
                })
                .collect();
            for task in both {
                task.await??;
            }
            let told = traces(&db).await?;
            assert_eq!(told.len(), 2, "one PreAdd and one PostAdd: {told:?}");
            one.labels.clear(&db).await?;
        }
        Ok(())
    })
    .await
}

/// Told by three functions, whose order is that of their names, not of the linker.
#[derive(Model, Clone, Debug)]
#[model(app_label = "signal", display = "{id}")]
pub struct Bell {
    pub id: i64,
}

#[receiver(post_save)]
async fn rung_by_c(db: &Db, _bell: &Bell) -> Result<()> {
    heard(db, "rung", "c").await
}

mod a_module {
    use super::{Bell, heard};
    use nuages::prelude::*;
    use nuages::receiver;

    #[receiver(post_save)]
    async fn rung_by_z(db: &Db, _bell: &Bell) -> Result<()> {
        heard(db, "rung", "z in a module").await
    }
}

#[receiver(post_save)]
async fn rung_by_a(db: &Db, _bell: &Bell) -> Result<()> {
    heard(db, "rung", "a").await
}

#[receiver(post_save)]
async fn rung_by_b(db: &Db, _bell: &Bell) -> Result<()> {
    heard(db, "rung", "b").await
}

#[tokio::test]
async fn receivers_run_in_the_order_of_their_names() -> Result<()> {
    each(async |db| {
        nuages_tests::tables::create(&db, &[Bell::schema]).await?;
        NewBell {}.create(&db).await?;
        assert_eq!(traces(&db).await?, ["rung a", "rung b", "rung c", "rung z in a module"]);
        Ok(())
    })
    .await
}
