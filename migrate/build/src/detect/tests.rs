//! What the autodetector finds, pair by pair.

use nuages_schema::ColumnKind;

use super::*;
use crate::state::{CheckState, ColumnType, FieldState, IndexState, ManyToManyState, UniqueState};

fn model(name: &str, fields: &[FieldState]) -> ModelState {
    let mut model = ModelState::new(name, &nuages_schema::default_table("shop", name));
    model.fields.push(FieldState::auto_key("id"));
    model.fields.extend_from_slice(fields);
    model
}

fn text(name: &str) -> FieldState {
    FieldState::new(name, ColumnType::text(100))
}

fn int(name: &str) -> FieldState {
    FieldState::new(name, ColumnType::plain(ColumnKind::Integer))
}

fn key(name: &str, to: &str) -> FieldState {
    FieldState::new(name, ColumnType::key(ModelRef::new("shop", to)))
}

fn relation(model: &str, name: &str, to: &str) -> ManyToManyState {
    ManyToManyState {
        name: name.into(),
        to: ModelRef::new("shop", to),
        table: format!("shop_{}_{name}", model.to_lowercase()),
        from_column: format!("{}_id", model.to_lowercase()),
        to_column: format!("{}_id", to.to_lowercase()),
        through: None,
    }
}

fn sealed(models: &[ModelState]) -> ProjectState {
    let mut state = ProjectState::new();
    models.iter().for_each(|model| state.insert("shop", model.clone()));
    state
}

fn declared(models: impl IntoIterator<Item = DeclaredModel>) -> Declared {
    Declared { app: "shop".into(), models: models.into_iter().collect(), ..Declared::default() }
}

fn plain(models: &[ModelState]) -> Declared {
    declared(models.iter().cloned().map(DeclaredModel::new))
}

fn with_intent(model: ModelState, field: &str, intent: Intent) -> DeclaredModel {
    let mut model = DeclaredModel::new(model);
    model.intents.insert(field.into(), intent);
    model
}

/// The operations in words, with nothing else found.
fn operations(old: &[ModelState], new: &Declared) -> Vec<String> {
    let found = detect(&sealed(old), new);
    assert_eq!(found.findings, [], "no findings expected");
    assert_eq!(found.spent, [], "nothing spent expected");
    found.operations.iter().map(Operation::describe).collect()
}

/// The only finding's text.
fn finding(old: &[ModelState], new: &Declared) -> (Place, String) {
    let mut found = detect(&sealed(old), new);
    assert_eq!(found.findings.len(), 1, "{:?}", found.findings);
    let finding = found.findings.remove(0);
    (finding.place, finding.text)
}

fn spent(old: &[ModelState], new: &Declared) -> String {
    let mut found = detect(&sealed(old), new);
    assert_eq!((found.findings.len(), found.spent.len(), found.operations.len()), (0, 1, 0), "{found:?}");
    found.spent.remove(0).text
}

#[test]
fn no_change_is_no_operation() {
    let book = model("Book", &[text("title"), key("author", "Author")]);
    let models = [book, model("Author", &[text("name")])];
    assert_eq!(operations(&models, &plain(&models)), [""; 0]);
}

#[test]
fn the_order_of_fields_is_no_change() {
    let old = model("Book", &[text("a"), text("b")]);
    let new = model("Book", &[text("b"), text("a")]);
    assert_eq!(operations(&[old], &plain(&[new])), [""; 0]);
}

#[test]
fn new_models_come_after_those_they_refer_to() {
    let mut book = model("Book", &[key("author", "Writer")]);
    book.many_to_many.push(relation("Book", "tags", "Tag"));
    let models = [book, model("Writer", &[]), model("Tag", &[])];
    assert_eq!(
        operations(&[], &plain(&models)),
        ["create model Writer", "create model Book", "create model Tag", "add relation tags to Book"]
    );
}

#[test]
fn a_circle_of_keys_is_split() {
    let mut a = model("A", &[key("b", "B")]);
    a.uniques.push(UniqueState { name: None, fields: vec!["b".into()], ..UniqueState::default() });
    let models = [a, model("B", &[key("a", "A"), key("own", "B")])];
    assert_eq!(operations(&[], &plain(&models)), ["create model B", "create model A", "add field a to B"]);
}

#[test]
fn a_rename_is_only_what_was_declared() {
    let old = [model("Book", &[text("title")]), model("Review", &[key("book", "Book")])];
    let mut volume = DeclaredModel::new(model("Volume", &[text("name")]));
    volume.was = Some("Book".into());
    volume.intents.insert("name".into(), Intent { was: Some("title".into()), ..Intent::default() });
    let review = DeclaredModel::new(model("Review", &[key("book", "Volume")]));
    assert_eq!(
        operations(&old, &declared([volume, review])),
        ["rename model Book to Volume", "rename field title of Volume to name"]
    );
}

#[test]
fn a_rename_carries_indexes_uniques_and_checks() {
    let shape = |name: &str| {
        let mut model = model("Book", &[int(name)]);
        model.indexes.push(IndexState {
            name: None,
            fields: vec![format!("-{name}")],
            ..IndexState::default()
        });
        model.uniques.push(UniqueState {
            name: None,
            fields: vec![name.into(), "id".into()],
            ..UniqueState::default()
        });
        model.checks.push(CheckState { name: "positive".into(), sql: format!("\"{name}\" > 0") });
        model
    };
    let intent = Intent { was: Some("price".into()), ..Intent::default() };
    let new = declared([with_intent(shape("cost"), "cost", intent)]);
    assert_eq!(operations(&[shape("price")], &new), ["rename field price of Book to cost"]);
}

#[test]
fn an_undeclared_rename_is_told_both_ways_out() {
    let (place, text) = finding(&[model("Book", &[])], &plain(&[model("Volume", &[])]));
    assert_eq!(place, Place::App);
    assert_eq!(
        text,
        "model `Book` is gone, and its table may hold rows: write `nuages::app!(drop(Book))` to drop it, \
         `#[model(was = \"Book\")]` on the model that it has become, or `nuages::app!(moved(other_app::Book))` if another \
         app has it now"
    );
}

#[test]
fn a_field_goes_only_with_consent() {
    let old = [model("Book", &[text("title")])];
    let (place, text) = finding(&old, &plain(&[model("Book", &[])]));
    assert_eq!(place, Place::Model("Book".into()));
    assert_eq!(
        text,
        "field `title` is gone, and its column may hold values: write `#[model(drop(title))]` to drop it, or \
         `#[field(was = \"title\")]` on the field that it has become"
    );
    let mut agreed = DeclaredModel::new(model("Book", &[]));
    agreed.drops.push("title".into());
    assert_eq!(operations(&old, &declared([agreed])), ["remove field title from Book"]);
}

#[test]
fn models_that_go_together_go_in_order() {
    let old = [model("A", &[key("b", "B")]), model("B", &[key("a", "A")]), model("C", &[key("a", "A")])];
    let new = Declared { drops: vec!["A".into(), "B".into(), "C".into()], ..declared([]) };
    assert_eq!(
        operations(&old, &new),
        ["delete model C", "remove field a from B", "delete model A", "delete model B"]
    );
}

#[test]
fn a_new_column_needs_a_value_for_old_rows() {
    let old = [model("Book", &[])];
    let (place, text) = finding(&old, &plain(&[model("Book", &[int("pages")])]));
    assert_eq!(place, Place::Field("Book".into(), "pages".into()));
    assert_eq!(
        text,
        "`pages` is new and not NULL, so rows that are there already need a value: write `#[field(backfill = …)]` \
         with a literal or `sql(\"…\")`, give it a literal `default`, or make it `Option<…>`"
    );
    let intent = Intent { default: Some(Literal::Int(0)), ..Intent::default() };
    let found =
        detect(&sealed(&old), &declared([with_intent(model("Book", &[int("pages")]), "pages", intent)]));
    assert!(matches!(
        &found.operations[..],
        [Operation::AddField { backfill: Some(Backfill::Value(Literal::Int(0))), .. }]
    ));
}

#[test]
fn null_to_not_null_needs_a_value_too() {
    let old = [model("Book", &[FieldState { nullable: true, ..int("pages") }])];
    let new = model("Book", &[int("pages")]);
    let (_, text) = finding(&old, &plain(std::slice::from_ref(&new)));
    assert!(text.contains("could be NULL and now cannot"), "{text}");
    let intent = Intent { backfill: Some(Backfill::Value(Literal::Int(0))), ..Intent::default() };
    assert_eq!(
        operations(&old, &declared([with_intent(new, "pages", intent)])),
        ["alter field pages of Book"]
    );
}

#[test]
fn what_may_lose_values_needs_consent() {
    let decimal = |digits, places| FieldState::new("x", ColumnType::decimal(digits, places));
    let long = FieldState::new("x", ColumnType::plain(ColumnKind::Text));
    let big = FieldState::new("x", ColumnType::plain(ColumnKind::BigInt));
    let cases = [
        (
            text("x"),
            FieldState::new("x", ColumnType::text(50)),
            "takes at most 50 characters and no longer 100",
        ),
        (long, text("x"), "takes at most 100 characters and had no limit"),
        (big, int("x"), "is integer and no longer big_int"),
        (decimal(8, 2), decimal(8, 3), "has fewer digits before the point"),
        (decimal(8, 2), decimal(8, 1), "has fewer digits after the point"),
        (
            key("x", "A"),
            FieldState { column: "x_id".into(), ..int("x") },
            "is integer and no longer a key of `shop.A`",
        ),
    ];
    for (old, new, why) in cases {
        let a = model("A", &[]);
        let before = [model("Book", &[old]), a.clone()];
        let after = model("Book", &[new]);
        let (_, told) = finding(&before, &plain(&[after.clone(), a.clone()]));
        assert_eq!(
            told,
            format!(
                "`x` {why}, which values that are there already may not survive: write `#[field(narrow)]` to agree, \
                 or add a new field and copy in a data step"
            )
        );
        let agreed = with_intent(after, "x", Intent { narrow: true, ..Intent::default() });
        assert_eq!(
            operations(&before, &declared([agreed, DeclaredModel::new(a)])),
            ["alter field x of Book"]
        );
    }
}

#[test]
fn what_holds_every_old_value_needs_none() {
    let old = [model("Book", &[text("x"), int("y"), FieldState::new("z", ColumnType::decimal(8, 2))])];
    let new = [model(
        "Book",
        &[
            FieldState::new("x", ColumnType::plain(ColumnKind::Text)),
            FieldState { nullable: true, ..FieldState::new("y", ColumnType::plain(ColumnKind::BigInt)) },
            FieldState::new("z", ColumnType::decimal(10, 2)),
        ],
    )];
    assert_eq!(operations(&old, &plain(&new)).len(), 3);
}

#[test]
fn what_is_done_is_told_and_approves_nothing() {
    let book = || model("Book", &[int("pages")]);
    let old = [book()];
    let intent = |intent| declared([with_intent(book(), "pages", intent)]);
    let was = intent(Intent { was: Some("leaves".into()), ..Intent::default() });
    assert_eq!(
        spent(&old, &was),
        "`was = \"leaves\"` is done: the rename is in a sealed migration; delete it"
    );
    let backfill = intent(Intent { backfill: Some(Backfill::Value(Literal::Int(0))), ..Intent::default() });
    assert!(spent(&old, &backfill).starts_with("`backfill` is done"));
    let narrow = intent(Intent { narrow: true, ..Intent::default() });
    assert!(spent(&old, &narrow).starts_with("`narrow` is done"));
    let mut drop = DeclaredModel::new(book());
    drop.drops.push("leaves".into());
    assert!(spent(&old, &declared([drop])).starts_with("`drop(leaves)` is done"));
    let model = Declared { drops: vec!["Old".into()], ..plain(&[book()]) };
    assert!(spent(&old, &model).starts_with("`drop(Old)` is done"));
}

#[test]
fn a_rename_of_what_never_was_names_what_there_is() {
    let intent = Intent { was: Some("titel".into()), ..Intent::default() };
    let new = declared([with_intent(model("Book", &[text("name")]), "name", intent)]);
    let found = detect(&sealed(&[model("Book", &[text("title")])]), &new);
    assert_eq!(
        found.findings[0].text,
        "`was = \"titel\"`: the recorded migrations have no field `titel`; they have `id`, `title`"
    );
}

#[test]
fn a_join_table_is_never_emptied_without_consent() {
    let with = |to: &str| {
        let mut book = model("Book", &[]);
        book.many_to_many.push(relation("Book", "tags", to));
        book
    };
    let others = [model("Tag", &[]), model("Label", &[])];
    let before = [&[with("Tag")][..], &others].concat();
    let after = [&[with("Label")][..], &others].concat();
    let (_, told) = finding(&before, &plain(&after));
    assert!(told.starts_with("`tags` has another join table"), "{told}");
    let gone = [&[model("Book", &[])][..], &others].concat();
    let (_, told) = finding(&before, &plain(&gone));
    assert!(told.contains("#[model(drop(tags))]"), "{told}");
}

#[test]
fn the_key_stays() {
    let mut new = model("Book", &[]);
    new.fields[0] = FieldState { primary_key: true, ..text("isbn") };
    let found = detect(&sealed(&[model("Book", &[])]), &plain(&[new]));
    assert!(found.findings[0].text.contains("a table keeps its key"), "{:?}", found.findings);
}

#[test]
fn a_wider_key_is_altered() {
    let old = FieldState { data: ColumnType::plain(ColumnKind::Integer), ..FieldState::auto_key("id") };
    let mut before = model("Book", &[]);
    before.fields[0] = old;
    assert_eq!(operations(&[before], &plain(&[model("Book", &[])])), ["alter field id of Book"]);
}

#[test]
fn taking_operations_back_gives_the_state_before() {
    let old = [model("Book", &[text("title"), int("pages")]), model("Tag", &[])];
    let mut book = model("Volume", &[text("name"), FieldState { nullable: true, ..int("year") }]);
    book.many_to_many.push(relation("Volume", "tags", "Tag"));
    book.uniques.push(UniqueState {
        name: None,
        fields: vec!["name".into(), "year".into()],
        ..UniqueState::default()
    });
    let mut book = DeclaredModel::new(book);
    book.was = Some("Book".into());
    book.drops.push("pages".into());
    book.intents.insert("name".into(), Intent { was: Some("title".into()), ..Intent::default() });
    let new = declared([book, DeclaredModel::new(model("Tag", &[]))]);
    let found = detect(&sealed(&old), &new);
    assert_eq!(found.findings, []);
    let mut state = sealed(&old);
    let mut back = Vec::new();
    for operation in &found.operations {
        back.push(operation.reverse("shop", &state).unwrap());
        apply(&mut state, "shop", operation).unwrap();
    }
    for operation in back.into_iter().rev().flatten() {
        apply(&mut state, "shop", &operation).unwrap();
    }
    for model in &old {
        assert!(state.model(&ModelRef::new("shop", &model.name)).unwrap().same(model));
    }
}

/// The budget is for the build profile of build scripts, which is this one.
#[test]
fn a_thousand_models_are_compared_in_no_time() {
    let models: Vec<ModelState> = (0..1000)
        .map(|at| {
            let mut fields: Vec<FieldState> = (0..8).map(|field| text(&format!("field_{field}"))).collect();
            fields.push(key("next", &format!("M{:04}", (at + 1) % 1000)));
            model(&format!("M{at:04}"), &fields)
        })
        .collect();
    let (state, same) = (sealed(&models), plain(&models));
    let start = std::time::Instant::now();
    assert_eq!(detect(&state, &same).operations, []);
    let unchanged = start.elapsed();
    let start = std::time::Instant::now();
    assert!(detect(&ProjectState::new(), &same).operations.len() > 1000);
    println!("1,000 models: no change {unchanged:?}, all new {:?}", start.elapsed());
}
