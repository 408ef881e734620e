//! What relations say beside their columns: whom they offer, what a key becomes, who is joined back.

use nuages::form::{FormData, FormState};
use nuages::path::Root;
use nuages::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "rules", ordering(id), display = "{name}")]
pub struct Member {
    pub id: i64,
    #[field(max_length = 40)]
    pub name: String,
    #[field(default = true)]
    pub active: bool,
    #[field(symmetrical)]
    pub friends: ManyToMany<Member>,
    #[field(related_name = followers)]
    pub follows: ManyToMany<Member>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "rules", ordering(id), display = "{name}")]
pub struct Team {
    pub id: i64,
    #[field(max_length = 40)]
    pub name: String,
    #[field(through = Role, through_fields(team, player), related_name = teams)]
    pub players: ManyToMany<Member>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "rules", ordering(id), display = "{id}")]
pub struct Role {
    pub id: i64,
    #[field(on_delete = Cascade)]
    pub inviter: Option<ForeignKey<Member>>,
    /// The first keys to both ends are others, and this one has a column of another name.
    #[field(on_delete = Cascade, db_column = "member_number")]
    pub player: ForeignKey<Member>,
    #[field(on_delete = SetNull)]
    pub rival: Option<ForeignKey<Team>>,
    #[field(on_delete = Cascade)]
    pub team: ForeignKey<Team>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(app_label = "rules", ordering(id), display = "{text}")]
pub struct Note {
    pub id: i64,
    #[field(max_length = 40)]
    pub text: String,
    #[field(on_delete = Set(1))]
    pub writer: ForeignKey<Member>,
    #[field(on_delete = SetWith(nobody))]
    pub reader: ForeignKey<Member>,
    #[field(on_delete = Set(ForeignKey::to(FIRST)))]
    pub checker: Option<ForeignKey<Member>>,
    #[field(on_delete = DoNothing, db_constraint = false)]
    pub last_seen_by: Option<ForeignKey<Member>>,
    #[field(on_delete = SetNull, limit_choices_to = |m| m.active.eq(true) & m.name.ne("Root"))]
    pub owner: Option<ForeignKey<Member>>,
    #[field(limit_choices_to = with_active_friends)]
    pub readers: ManyToMany<Member>,
}

const FIRST: i64 = 1;

/// The member that notes of nobody belong to, made when it is first needed.
async fn nobody(db: &Db) -> Result<ForeignKey<Member>> {
    let new = NewMember { name: "Nobody".into() };
    let (member, _) = Member::objects().filter(|m| m.name.eq("Nobody")).get_or_create(db, new).await?;
    Ok((&member).into())
}

/// A condition over a relation to many, which may find a member several times.
fn with_active_friends(m: &MemberFields<Root<Member>>) -> nuages::expr::Q<Member> {
    m.friends.active.eq(true)
}

async fn each(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    nuages::test::on_each_database(async |db| {
        nuages_tests::tables::create(&db, &[Member::schema, Team::schema, Role::schema, Note::schema])
            .await?;
        test(db).await
    })
    .await
}

async fn members<const N: usize>(db: &Db, names: [&str; N]) -> Result<[Member; N]> {
    let mut made = Vec::new();
    for name in names {
        made.push(NewMember { name: name.into() }.create(db).await?);
    }
    Ok(made.try_into().unwrap())
}

async fn note(db: &Db, member: &Member) -> Result<Note> {
    NewNote { text: "hello".into(), writer: member.into(), reader: member.into() }
        .with(|n| (n.checker.set(member), n.last_seen_by.set(member)))
        .create(db)
        .await
}

async fn again(db: &Db, note: &Note) -> Result<Note> {
    Note::objects().filter(|n| n.id.eq(note.id)).get(db).await
}

#[tokio::test]
async fn a_key_is_set_to_what_the_relation_says() -> Result<()> {
    each(async |db| {
        let [root, ann, bob] = members(&db, ["Root", "Ann", "Bob"]).await?;
        assert_eq!(root.id, FIRST);
        let (of_ann, of_bob) = (note(&db, &ann).await?, note(&db, &bob).await?);
        let deleted = ann.clone().delete(&db).await?;
        assert_eq!(deleted.per_model, [("rules.Member".to_owned(), 1)]);
        let nobody = Member::objects().filter(|m| m.name.eq("Nobody")).get(&db).await?;
        let after = again(&db, &of_ann).await?;
        assert_eq!(after.writer, (&root).into());
        assert_eq!(after.reader, (&nobody).into());
        assert_eq!(after.checker, Some((&root).into()));
        assert_eq!(after.last_seen_by, Some(ForeignKey::to(ann.id)), "nobody watches this one");
        assert_eq!(again(&db, &of_bob).await?, of_bob);
        // The function finds the row that it made before.
        bob.delete(&db).await?;
        assert_eq!(again(&db, &of_bob).await?.reader, (&nobody).into());
        assert_eq!(Member::objects().count(&db).await?, 2);
        // What they would be set to is what goes: nothing is deleted.
        let refused = root.delete(&db).await.expect_err("the notes are set to it");
        assert!(refused.is_foreign_key() && refused.to_string().contains("`writer`"), "{refused}");
        assert_eq!(Member::objects().count(&db).await?, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_symmetrical_relation_holds_both_ways() -> Result<()> {
    each(async |db| {
        let [ann, bob, cat] = members(&db, ["Ann", "Bob", "Cat"]).await?;
        let friends = async |of: &Member| of.friends.objects().values(|m| m.name).all(&db).await;
        ann.friends.add_all(&db, [&bob, &cat, &ann]).await?;
        bob.friends.add(&db, &ann).await?;
        assert_eq!(friends(&ann).await?, ["Ann", "Bob", "Cat"]);
        assert_eq!((friends(&bob).await?, friends(&cat).await?), (vec!["Ann".into()], vec!["Ann".into()]));
        let joined: Vec<(i64, i64)> =
            db.raw("SELECT from_member_id, to_member_id FROM rules_member_friends", ()).await?;
        assert_eq!(joined.len(), 5, "each pair once in each direction, and one with itself");
        bob.friends.set(&db, [&cat]).await?;
        assert_eq!(
            (friends(&ann).await?, friends(&bob).await?),
            (vec!["Ann".into(), "Cat".into()], vec!["Cat".into()])
        );
        let of_cat = cat.related(|m| m.friends);
        of_cat.remove(&db, [&bob]).await?;
        assert!(friends(&bob).await?.is_empty());
        ann.friends.clear(&db).await?;
        assert!(friends(&ann).await?.is_empty() && friends(&cat).await?.is_empty());
        ann.friends.add(&db, &cat).await?;
        ann.clone().delete(&db).await?;
        assert!(friends(&cat).await?.is_empty());
        // The other relation of the same model to itself goes one way.
        bob.follows.add(&db, &cat).await?;
        assert_eq!(cat.follows.objects().count(&db).await?, 0);
        assert_eq!(cat.followers().get(&db).await?, bob);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn through_fields_say_which_keys_are_meant() -> Result<()> {
    each(async |db| {
        let [ann, bob] = members(&db, ["Ann", "Bob"]).await?;
        let team = NewTeam { name: "Red".into() }.create(&db).await?;
        team.players.add_with::<Role, _>(&db, &bob, |r| r.inviter.set(&ann)).await?;
        let role = Role::objects().get(&db).await?;
        assert_eq!((role.player, role.inviter, role.rival), ((&bob).into(), Some((&ann).into()), None));
        assert_eq!(team.players.objects().get(&db).await?, bob);
        assert_eq!(bob.teams().get(&db).await?, team);
        assert_eq!(Team::objects().filter(|t| t.players.name.eq("Ann")).count(&db).await?, 0);
        let prefetched = Team::objects().prefetch_related(|t| t.players).all(&db).await?;
        assert_eq!(prefetched, [(team, vec![bob])]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_form_offers_what_the_relation_is_limited_to() -> Result<()> {
    each(async |db| {
        let [root, ann, bob, cat] = members(&db, ["Root", "Ann", "Bob", "Cat"]).await?;
        Member::objects().filter(|m| m.name.eq("Cat")).update(&db, |m| m.active.set(false)).await?;
        ann.friends.add_all(&db, [&bob, &root, &cat]).await?;
        let names = ["text", "writer", "reader", "owner", "readers"];
        let offered = async |form: &mut FormState, name: &str| {
            form.load_choices(&db).await?;
            let field = form.bound_field(name).expect("a field of the form");
            let choices = field.field.choices.as_ref().expect("choices").iter();
            Result::<Vec<String>>::Ok(choices.map(|choice| choice.label.to_string()).collect())
        };
        let mut form = FormState::for_model(Note::entry(), &names);
        assert_eq!(offered(&mut form, "writer").await?, ["Root", "Ann", "Bob", "Cat"]);
        assert_eq!(offered(&mut form, "owner").await?, ["Ann", "Bob"]);
        // Ann has two active friends and is offered once.
        assert_eq!(offered(&mut form, "readers").await?, ["Root", "Ann", "Bob", "Cat"]);
        bob.friends.clear(&db).await?;
        assert_eq!(offered(&mut form, "readers").await?, ["Root", "Ann", "Cat"]);
        let ids = [&root, &ann, &bob, &cat].map(|member| member.id.to_string());
        let [root_id, ann_id, bob_id, cat_id] = ids.each_ref().map(String::as_str);
        let sent = |owner: &str, readers: &[&str]| {
            let mut pairs = vec![("text", "hi"), ("writer", root_id), ("reader", root_id), ("owner", owner)];
            pairs.extend(readers.iter().map(|reader| ("readers", *reader)));
            pairs.into_iter().collect::<FormData>()
        };
        for (owner, readers, valid) in [
            (ann_id, vec![ann_id, cat_id], true),
            (cat_id, vec![], false),
            (root_id, vec![], false),
            ("", vec![bob_id, ann_id], false),
            ("", vec![], true),
        ] {
            let mut form = FormState::for_model(Note::entry(), &names);
            form.bind(&sent(owner, &readers));
            assert_eq!(form.full_clean(&db).await?, valid, "{owner} {readers:?}");
        }
        // What was chosen before it was taken from the offer may stay, and is shown.
        let saved = NewNote { text: "hi".into(), writer: (&root).into(), reader: (&root).into() }
            .with(|n| n.owner.set(&cat))
            .create(&db)
            .await?;
        saved.readers.add(&db, &bob).await?;
        let row = Note::objects().filter(|n| n.id.eq(saved.id)).into_select();
        let row = nuages::admin::rows::fetch(&db, &row).await?.remove(0);
        let mut form = FormState::for_model(Note::entry(), &names).instance(&row)?;
        assert_eq!(offered(&mut form, "owner").await?, ["Ann", "Bob", "Cat"]);
        form.bind(&sent(cat_id, &[bob_id, ann_id]));
        assert!(form.full_clean(&db).await?, "{form:?}");
        Ok(())
    })
    .await
}
