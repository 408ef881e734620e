//! Receivers of signals run on every path that writes, in its transaction: an error of theirs takes it back.

use nuages::prelude::*;
use nuages::query::{ManyAction, ManyChange, ManyRelation};
use nuages::receiver;

/// Told of by every signal.
#[derive(Model, Clone, Debug)]
#[model(app_label = "signal", display = "{text}")]
pub struct Note {
    pub id: i64,
    #[field(max_length = 40)]
    pub text: String,
    #[field(default = 1)]
    pub count: i32,
    #[field(max_digits = 8, decimal_places = 2, default = dec!(1.00))]
    pub price: Decimal,
    #[field(related_name = notes)]
    pub labels: ManyToMany<Label>,
}

#[derive(Model, Clone, Debug)]
#[model(app_label = "signal", display = "{word}")]
pub struct Label {
    pub id: i64,
    #[field(max_length = 40)]
    pub word: String,
}

/// Goes with its note.
#[derive(Model, Clone, Debug)]
#[model(app_label = "signal", display = "{number}")]
pub struct Page {
    pub id: i64,
    pub number: i32,
    #[field(on_delete = Cascade, related_name = pages)]
    pub note: ForeignKey<Note>,
}

/// Goes with its page, two steps from the note.
#[derive(Model, Clone, Debug)]
#[model(app_label = "signal", display = "{number}")]
pub struct Line {
    pub id: i64,
    pub number: i32,
    #[field(on_delete = Cascade, related_name = lines)]
    pub page: ForeignKey<Page>,
}

/// Its key is a word that can be changed.
#[derive(Model, Clone, Debug)]
#[model(app_label = "signal", display = "{code}")]
pub struct Coded {
    #[field(primary_key, max_length = 20)]
    pub code: String,
    #[field(default = 0)]
    pub count: i32,
}

/// What receivers wrote.
#[derive(Model, Clone, Debug)]
#[model(app_label = "signal", display = "{text}")]
pub struct Trace {
    pub id: i64,
    #[field(max_length = 80)]
    pub text: String,
}

/// Writes what was heard; a note called `refuse <signal>` is refused there.
pub(crate) async fn heard(db: &Db, signal: &str, what: &str) -> Result<()> {
    NewTrace { text: format!("{signal} {what}") }.create(db).await?;
    if what.ends_with(&format!("refuse {signal}")) {
        return Err(Error::other("a receiver refuses"));
    }
    Ok(())
}

fn written(note: &Note, created: bool) -> String {
    let word = if created { "new" } else { "old" };
    format!("{word} {} {} {}", note.count, note.price, note.text)
}

#[receiver(pre_save)]
async fn saving(db: &Db, note: &Note, created: bool) -> Result<()> {
    heard(db, "pre_save", &written(note, created)).await
}

#[receiver(post_save)]
async fn saved(db: &Db, note: &Note, created: bool) -> Result<()> {
    heard(db, "post_save", &written(note, created)).await
}

#[receiver(pre_delete)]
async fn going(db: &Db, note: &Note) -> Result<()> {
    heard(db, "pre_delete", &note.text).await
}

#[receiver(post_delete)]
async fn gone(db: &Db, note: &Note) -> Result<()> {
    heard(db, "post_delete", &note.text).await
}

#[receiver(pre_delete, post_delete)]
async fn page_deleted(db: &Db, page: &Page) -> Result<()> {
    let there = Page::objects().filter(|p| p.id.eq(page.id)).exists(db).await?;
    let word = if there { "going" } else { "gone" };
    heard(db, word, &format!("page {}", page.number)).await?;
    if page.number == 13 { Err(Error::other("a receiver refuses")) } else { Ok(()) }
}

#[receiver(post_delete)]
async fn line_deleted(db: &Db, line: &Line) -> Result<()> {
    heard(db, "gone", &format!("line {}", line.number)).await
}

#[receiver(m2m_changed)]
async fn labelled(db: &Db, note: &Note, change: &ManyChange) -> Result<()> {
    let words = Label::objects().filter(|l| l.id.is_in(keys(change)));
    let mut words = words.order_by(|l| l.word).values(|l| l.word).all(db).await?.join("+");
    let there = note.labels.objects().count(db).await?;
    if change.reverse {
        words.push_str(" from there");
    }
    heard(db, &format!("{:?}", change.action), &format!("{} {words} ({there})", note.text)).await?;
    if note.text == "stubborn" && change.action == ManyAction::PostRemove {
        return Err(Error::other("a receiver refuses"));
    }
    Ok(())
}

fn keys(change: &ManyChange) -> Vec<i64> {
    change
        .keys
        .iter()
        .filter_map(|key| if let nuages::value::Value::Int(key) = key { Some(*key) } else { None })
        .collect()
}

#[receiver(pre_save, post_save)]
async fn coded(db: &Db, row: &Coded, created: bool) -> Result<()> {
    heard(db, if created { "new" } else { "old" }, &format!("{} {}", row.code, row.count)).await
}

pub(crate) async fn each(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    nuages::test::on_each_database(async |db| {
        let models = [Note::schema, Label::schema, Page::schema, Line::schema, Coded::schema, Trace::schema];
        nuages_tests::tables::create(&db, &models).await?;
        test(db).await
    })
    .await
}

/// What was heard since the last time.
pub(crate) async fn traces(db: &Db) -> Result<Vec<String>> {
    let all = Trace::objects().order_by(|t| t.id).values(|t| t.text).all(db).await?;
    Trace::objects().delete(db).await?;
    Ok(all)
}

pub(crate) fn note(text: &str) -> NewNote {
    NewNote { text: text.into() }
}

#[tokio::test]
async fn a_saved_row_is_told_of_before_and_after() -> Result<()> {
    each(async |db| {
        let mut one = note("one").create(&db).await?;
        assert_eq!(traces(&db).await?, ["pre_save new 1 1.00 one", "post_save new 1 1.00 one"]);
        one.text = "two".into();
        one.save(&db).await?;
        assert_eq!(traces(&db).await?, ["pre_save old 1 1.00 two", "post_save old 1 1.00 two"]);
        one.count = 7;
        one.text = "never written".into();
        one.save_only(&db, |n| n.count).await?;
        assert_eq!(traces(&db).await?, ["pre_save old 7 1.00 two", "post_save old 7 1.00 two"]);
        one.change(&db, |n| n.count = 8).await?;
        assert_eq!(traces(&db).await?, ["pre_save old 8 1.00 two", "post_save old 8 1.00 two"]);
        one.change(&db, |_| ()).await?;
        assert_eq!(traces(&db).await?, Vec::<String>::new(), "nothing was written");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_rows_are_told_of_one_by_one() -> Result<()> {
    each(async |db| {
        Note::objects().bulk_create(&db, [note("a"), note("b")]).await?;
        assert_eq!(
            traces(&db).await?,
            [
                "pre_save new 1 1.00 a",
                "post_save new 1 1.00 a",
                "pre_save new 1 1.00 b",
                "post_save new 1 1.00 b"
            ]
        );
        // An expression is shown with its result, before it is written.
        let all = Note::objects().filter(|n| n.text.is_in(["a", "b"]));
        let count =
            all.update(&db, |n| (n.count.set(n.count + 5), n.price.set(n.price * dec!(0.333)))).await?;
        assert_eq!(count, 2);
        let mut told = traces(&db).await?;
        told.sort();
        assert_eq!(
            told,
            [
                "post_save old 6 0.33 a",
                "post_save old 6 0.33 b",
                "pre_save old 6 0.33 a",
                "pre_save old 6 0.33 b"
            ]
        );
        let (row, created) = Note::objects().filter(|n| n.text.eq("c")).get_or_create(&db, note("c")).await?;
        assert!(created && row.text == "c");
        Note::objects().filter(|n| n.text.eq("c")).get_or_create(&db, note("c")).await?;
        assert_eq!(traces(&db).await?, ["pre_save new 1 1.00 c", "post_save new 1 1.00 c"]);
        Note::objects()
            .filter(|n| n.text.eq("c"))
            .update_or_create(&db, note("c"), |n| n.count.set(3))
            .await?;
        assert_eq!(traces(&db).await?, ["pre_save old 3 1.00 c", "post_save old 3 1.00 c"]);
        let deleted = Note::objects().filter(|n| n.text.ne("c")).delete(&db).await?;
        assert_eq!(deleted.total, 2);
        let mut told = traces(&db).await?;
        told.sort();
        assert_eq!(told, ["post_delete a", "post_delete b", "pre_delete a", "pre_delete b"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn more_rows_than_fit_into_a_statement() -> Result<()> {
    each(async |db| {
        Note::objects().bulk_create(&db, (0..1050).map(|n| note(&format!("n{n}")))).await?;
        traces(&db).await?;
        assert_eq!(Note::objects().update(&db, |n| n.count.set(n.count + 1)).await?, 1050);
        let told = traces(&db).await?;
        assert_eq!(told.len(), 2100);
        assert!(told.iter().all(|text| text.contains(" old 2 ")), "every row was told of as it became");
        Note::objects().delete(&db).await?;
        assert_eq!(traces(&db).await?.len(), 2100);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_row_whose_key_changes_is_told_of_by_the_new_one() -> Result<()> {
    each(async |db| {
        NewCoded { code: "old".into() }.create(&db).await?;
        traces(&db).await?;
        Coded::objects().update(&db, |c| (c.code.set("young"), c.count.set(c.count + 2))).await?;
        assert_eq!(traces(&db).await?, ["old young 2", "old young 2"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_goes_along_is_told_of_too() -> Result<()> {
    each(async |db| {
        let one = note("one").create(&db).await?;
        let page = NewPage { number: 4, note: (&one).into() }.create(&db).await?;
        NewLine { number: 40, page: (&page).into() }.create(&db).await?;
        traces(&db).await?;
        let deleted = one.delete(&db).await?;
        assert_eq!(deleted.total, 3, "{deleted:?}");
        let mut per_model = deleted.per_model;
        per_model.sort();
        assert_eq!(
            per_model,
            [("signal.Line".into(), 1), ("signal.Note".into(), 1), ("signal.Page".into(), 1)]
        );
        let told = traces(&db).await?;
        assert_eq!(
            told[..2].iter().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
            ["going page 4", "pre_delete one"].into()
        );
        assert_eq!(
            told[2..].iter().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
            ["gone line 40", "gone page 4", "post_delete one"].into()
        );

        // A receiver of a row that goes along keeps everything.
        let two = note("two").create(&db).await?;
        NewPage { number: 13, note: (&two).into() }.create(&db).await?;
        traces(&db).await?;
        assert!(two.delete(&db).await.is_err());
        assert_eq!((Note::objects().count(&db).await?, Page::objects().count(&db).await?), (1, 1));
        assert_eq!(traces(&db).await?, Vec::<String>::new(), "what receivers wrote is gone too");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_many_to_many_relation_tells_of_its_changes() -> Result<()> {
    each(async |db| {
        let one = note("one").create(&db).await?;
        let mut labels = Vec::new();
        for word in ["a", "b", "c"] {
            labels.push(NewLabel { word: word.into() }.create(&db).await?);
        }
        let [a, b, c] = &labels[..] else { unreachable!() };
        traces(&db).await?;
        one.labels.add_all(&db, [a, b]).await?;
        assert_eq!(traces(&db).await?, ["PreAdd one a+b (0)", "PostAdd one a+b (2)"]);
        one.labels.add(&db, a).await?;
        assert_eq!(traces(&db).await?, Vec::<String>::new(), "it is there already");
        one.labels.remove(&db, c).await?;
        assert_eq!(traces(&db).await?, Vec::<String>::new(), "it was not there");
        one.labels.set(&db, [b, c]).await?;
        assert_eq!(
            traces(&db).await?,
            ["PreRemove one a (2)", "PostRemove one a (1)", "PreAdd one c (1)", "PostAdd one c (2)"]
        );
        one.labels.clear(&db).await?;
        assert_eq!(traces(&db).await?, ["PreClear one b+c (2)", "PostClear one b+c (0)"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_change_from_the_other_end_tells_of_each_row() -> Result<()> {
    each(async |db| {
        let one = note("one").create(&db).await?;
        let two = note("two").create(&db).await?;
        let a = NewLabel { word: "a".into() }.create(&db).await?;
        traces(&db).await?;
        let notes = a.related(|l| l.notes());
        notes.add(&db, [&one, &two]).await?;
        let mut told = traces(&db).await?;
        told.sort();
        assert_eq!(
            told,
            [
                "PostAdd one a from there (1)",
                "PostAdd two a from there (1)",
                "PreAdd one a from there (0)",
                "PreAdd two a from there (0)"
            ]
        );
        notes.set(&db, [&two]).await?;
        assert_eq!(traces(&db).await?, ["PreRemove one a from there (1)", "PostRemove one a from there (0)"]);
        notes.remove(&db, [&two]).await?;
        assert_eq!(traces(&db).await?, ["PreRemove two a from there (1)", "PostRemove two a from there (0)"]);
        // The same without types, as the admin does it.
        let relation = ManyRelation {
            model: Note::schema(),
            index: 0,
            reverse: true,
            owner: nuages::value::Value::Int(a.id),
        };
        relation.add(&db, vec![nuages::value::Value::Int(one.id)]).await?;
        relation.clear(&db).await?;
        assert_eq!(
            traces(&db).await?,
            [
                "PreAdd one a from there (0)",
                "PostAdd one a from there (1)",
                "PreClear one a from there (1)",
                "PostClear one a from there (0)"
            ]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_error_of_a_receiver_takes_the_write_back() -> Result<()> {
    each(async |db| {
        let mut kept = note("kept").create(&db).await?;
        let a = NewLabel { word: "a".into() }.create(&db).await?;
        traces(&db).await?;
        let mut refused = 0;
        for signal in ["pre_save", "post_save"] {
            let text = format!("refuse {signal}");
            assert!(note(&text).create(&db).await.is_err());
            assert!(Note::objects().bulk_create(&db, [note("fine"), note(&text)]).await.is_err());
            let find = Note::objects().filter(|n| n.text.eq("absent"));
            assert!(find.get_or_create(&db, note(&text)).await.is_err());
            assert!(Note::objects().update(&db, |n| n.text.set(text.clone())).await.is_err());
            kept.text.clone_from(&text);
            assert!(kept.save(&db).await.is_err());
            kept.refresh(&db).await?;
            assert_eq!(kept.text, "kept");
            refused += 5;
        }
        assert_eq!(
            traces(&db).await?,
            Vec::<String>::new(),
            "what receivers wrote is gone too, {refused} times"
        );
        assert_eq!(Note::objects().count(&db).await?, 1);
        for signal in ["pre_delete", "post_delete"] {
            let row = note(&format!("refuse {signal}")).create(&db).await?;
            assert!(row.clone().delete(&db).await.is_err());
            assert!(Note::objects().delete(&db).await.is_err());
        }
        assert_eq!(Note::objects().count(&db).await?, 3);
        let stubborn = note("stubborn").create(&db).await?;
        stubborn.labels.add(&db, &a).await?;
        assert!(stubborn.labels.remove(&db, &a).await.is_err());
        assert!(stubborn.labels.set::<&Label>(&db, []).await.is_err());
        assert_eq!(stubborn.labels.objects().count(&db).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_that_are_there_already_are_told_of_as_changed() -> Result<()> {
    each(async |db| {
        NewCoded { code: "a".into() }.create(&db).await?;
        traces(&db).await?;
        let rows =
            |count: i32| ["a", "b"].map(|code| NewCoded { code: code.into() }.with(|c| c.count.set(count)));
        Coded::objects().bulk_create_with(&db, rows(5), |c| c.ignore_conflicts()).await?;
        assert_eq!(traces(&db).await?, ["new b 5", "new b 5"], "the other one stayed as it was");
        let update =
            Coded::objects().bulk_create_with(&db, rows(6), |c| c.update_conflicts(|c| c.code, |c| c.count));
        update.await?;
        assert_eq!(traces(&db).await?, ["old a 6", "old a 6", "old b 6", "old b 6"]);
        let mut all = Coded::objects().order_by(|c| c.code).all(&db).await?;
        for row in &mut all {
            row.count = 7;
        }
        assert_eq!(Coded::objects().bulk_update(&db, &all, |c| c.count).await?, 2);
        assert_eq!(traces(&db).await?, ["old a 7", "old a 7", "old b 7", "old b 7"]);
        let row = NewCoded { code: "a".into() }.with(|c| c.count.set(8));
        assert_eq!(row.upsert(&db, |c| c.code, |c| c.count).await?.count, 8);
        assert_eq!(traces(&db).await?, ["old a 8", "old a 8"]);
        Ok(())
    })
    .await
}
