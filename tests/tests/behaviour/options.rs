//! Versions of rows, addresses, sentences of one's own, rights of one's own.

use std::net::IpAddr;

use nuages::ErrorKind;
use nuages::auth::Permission;
use nuages::form::{FormData, FormState};
use nuages::model::Model as _;
use nuages::prelude::*;
use nuages_tests::models::*;

use crate::{each, each_site};

#[tokio::test]
async fn a_row_that_moved_on_is_not_overwritten() -> Result<()> {
    each(async |db| {
        let mut mine = NewAccount { owner: "Ada".into() }.create(&db).await?;
        assert_eq!(mine.version, 1);
        let mut yours = Account::objects().get(&db).await?;
        yours.balance = 5;
        yours.save(&db).await?;
        assert_eq!(yours.version, 2);
        mine.balance = 7;
        for error in [
            mine.save(&db).await.unwrap_err(),
            mine.save_only(&db, |a| a.balance).await.unwrap_err(),
            mine.change(&db, |a| a.balance = 8).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
        }
        assert_eq!(Account::objects().get(&db).await?, yours, "nothing was written");
        mine.refresh(&db).await?;
        mine.change(&db, |a| a.balance = 8).await?;
        mine.change(&db, |a| a.balance = 8).await?;
        assert_eq!((mine.balance, mine.version), (8, 3), "what is the same is no change");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_write_counts() -> Result<()> {
    each(async |db| {
        let mut mine = NewAccount { owner: "Ada".into() }.with(|a| a.version.set(9)).create(&db).await?;
        assert_eq!(mine.version, 1, "it begins at one");
        Account::objects().update(&db, |a| a.balance.set(a.balance + 1)).await?;
        assert_eq!(mine.save(&db).await.unwrap_err().kind(), ErrorKind::Conflict);
        Account::objects().update(&db, |a| a.version.set(1)).await?;
        assert_eq!(Account::objects().get(&db).await?.version, 3, "nobody sets it");
        mine.refresh(&db).await?;
        let gone = mine.clone();
        mine.delete(&db).await?;
        let mut gone = gone;
        assert_eq!(gone.save(&db).await.unwrap_err().kind(), ErrorKind::DoesNotExist);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_rows_count_on_together() -> Result<()> {
    each(async |db| {
        let new = (0..1_200).map(|at| NewAccount { owner: format!("{at:04}") });
        Account::objects().bulk_create(&db, new).await?;
        let mut rows = Account::objects().order_by(|a| a.id).all(&db).await?;
        rows.iter_mut().enumerate().for_each(|(at, row)| row.balance = i64::try_from(at).unwrap());
        rows[3].clone().delete(&db).await?;
        assert_eq!(Account::objects().bulk_update(&db, &rows, |a| a.balance).await?, 1_199, "one is gone");
        let after = Account::objects().order_by(|a| a.id).all(&db).await?;
        assert!(after.iter().all(|row| row.version == 2));
        assert_eq!(after[1_198].balance, 1_199);
        // What was read before has moved on now, and nothing of it is written.
        let error = Account::objects().bulk_update(&db, &rows, |a| a.balance).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
        let mut fresh = after.clone();
        fresh.iter_mut().for_each(|row| row.balance = -1);
        Account::objects().filter(|a| a.id.eq(fresh[1_100].id)).update(&db, |a| a.balance.set(5)).await?;
        let error = Account::objects().bulk_update(&db, &fresh, |a| a.balance).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "in the third chunk: {error}");
        assert_eq!(Account::objects().filter(|a| a.balance.eq(-1)).count(&db).await?, 0);
        // An upsert knows no version, and counts on.
        let upserted = NewAccount { owner: "0007".into() }
            .with(|a| a.balance.set(70))
            .upsert(&db, |a| a.owner, |a| a.balance)
            .await?;
        assert_eq!((upserted.balance, upserted.version), (70, 3));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_form_tells_it_in_the_fields_own_words() -> Result<()> {
    each(async |db| {
        NewAccount { owner: "Ada".into() }.create(&db).await?;
        for (body, text) in [("owner=", "Whose is it?"), ("owner=Ada", "That one has an account.")] {
            let mut form = FormState::for_model(Account::entry(), &["owner"]);
            form.bind(&FormData::from_urlencoded(body.as_bytes())?);
            assert!(form.save(&db).await?.is_none());
            let told: Vec<String> = form.errors_of("owner").iter().map(ToString::to_string).collect();
            assert_eq!(told, [text]);
        }
        let form = FormState::for_model(Account::entry(), &["version"]);
        assert!(!form.non_field_errors().is_empty(), "nobody types a version");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn addresses_come_back_as_they_were() -> Result<()> {
    each(async |db| {
        let all = ["127.0.0.1", "::1", "2001:db8::ff00:42:8329", "255.255.255.255", "::ffff:1.2.3.4"];
        for text in all {
            let address: IpAddr = text.parse()?;
            let new = NewVisitor { address }.with(|v| {
                (v.proxy.set(address), v.hops.set(u8::MAX), v.port.set(u16::MAX), v.bytes.set(u32::MAX))
            });
            let visitor = new.create(&db).await?;
            let found = Visitor::objects().filter(|v| v.address.eq(address)).get(&db).await?;
            assert_eq!((found.address, found.proxy), (address, Some(address)));
            assert_eq!(found, visitor);
            assert_eq!((found.hops, found.port, found.bytes), (u8::MAX, u16::MAX, u32::MAX));
        }
        let same: IpAddr = "2001:0db8:0000::ff00:0042:8329".parse()?;
        let error = NewVisitor { address: same }.create(&db).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Unique, Some("address")), "{error}");
        let longest: IpAddr = "1111:2222:3333:4444:5555:6666:7777:8888".parse()?;
        NewVisitor { address: longest }.create(&db).await?;
        assert!(Visitor::objects().filter(|v| v.proxy.is_null()).exists(&db).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rights_are_those_that_the_model_names() -> Result<()> {
    each_site(async |site| {
        let of = Permission::objects().filter(|p| p.app_label.eq("nuages_tests") & p.model.eq("account"));
        let rights =
            of.order_by(|p| p.codename.asc()).values(|p| (p.codename, p.name)).all(&site.db()).await?;
        let rights: Vec<(&str, &str)> = rights.iter().map(|(code, name)| (&**code, &**name)).collect();
        let all = [
            ("change_account", "Can change account"),
            ("close_account", "Can close an account"),
            ("view_account", "Can view account"),
        ];
        assert_eq!(rights, all);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_database_puts_in_what_nobody_says() -> Result<()> {
    each(async |db| {
        let made = NewMade { word: "a".into() }.create(&db).await?;
        assert_eq!((made.number, &*made.text, made.flag, made.spare), (7, "it's \\ \"so\"", true, Some(3)));
        assert_eq!(
            (made.price.to_string(), made.total.to_string(), made.next),
            ("1.50".into(), "10.50".into(), Some(4))
        );
        let age = seconds_ago(made.since);
        assert!(age.abs() < 90, "{age} seconds");
        let said =
            NewMade { word: "b".into() }.with(|m| (m.number.set(2), m.spare.set(None), m.text.set("")));
        let said = said.create(&db).await?;
        assert_eq!((said.number, &*said.text, said.spare, said.next), (2, "", None, None));
        let many =
            [NewMade { word: "c".into() }.draft(), NewMade { word: "d".into() }.with(|m| m.number.set(1))];
        Made::objects().bulk_create(&db, many).await?;
        let numbers = Made::objects().values(|m| (m.word, m.number, m.total)).all(&db).await?;
        let numbers: Vec<(&str, i32, Decimal)> =
            numbers.iter().map(|(word, number, total)| (&**word, *number, *total)).collect();
        assert_eq!(
            numbers,
            [("a", 7, dec!(10.50)), ("b", 2, dec!(3.00)), ("c", 7, dec!(10.50)), ("d", 1, dec!(1.50))]
        );
        Ok(())
    })
    .await
}

fn seconds_ago(since: DateTime) -> i64 {
    let now: DateTime = std::time::SystemTime::now().into();
    (now - since).num_seconds()
}

#[tokio::test]
async fn what_is_computed_follows_and_is_never_set() -> Result<()> {
    each(async |db| {
        let mut made = NewMade { word: "a".into() }.create(&db).await?;
        made.number = 10;
        made.total = dec!(999);
        made.save(&db).await?;
        assert_eq!(made.total, dec!(15.00), "saving reads it again");
        Made::objects().update(&db, |m| m.price.set(dec!(2))).await?;
        assert_eq!(Made::objects().filter(|m| m.total.eq(dec!(20))).count(&db).await?, 1);
        for error in [
            made.save_only(&db, |m| m.total).await.unwrap_err(),
            Made::objects().update(&db, |m| m.total.set(dec!(1))).await.unwrap_err(),
            NewMade { word: "b".into() }.with(|m| m.next.set(5)).create(&db).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::NotSupported, "{error}");
        }
        let form = FormState::for_model(Made::entry(), &["total"]);
        assert!(!form.non_field_errors().is_empty());
        let mut form = FormState::for_model(Made::entry(), &["word", "number"]);
        form.bind(&FormData::from_urlencoded(b"word=form&number=")?);
        assert!(form.save(&db).await?.is_some(), "{form:?}");
        assert_eq!(Made::objects().filter(|m| m.word.eq("form")).get(&db).await?.number, 7);
        Ok(())
    })
    .await
}
