//! Rights are nobody's to give who has not all of them: the state of the row decides, not the name of a column.

use nuages::prelude::*;

use nuages_tests::forms::edit;

use crate::stage::{each, logged_in, superuser, user};

#[tokio::test]
async fn a_superuser_who_was_switched_off_is_not_switched_on_by_a_clerk() {
    each(async |site, db| {
        user(db, "clerk", true, false, &["auth.view_user", "auth.change_user"]).await?;
        user(db, "boss", true, true, &[]).await?;
        let boss = nuages::auth::User::objects().filter(|u| u.username.eq("boss"));
        boss.clone().update(db, |u| u.is_active.set(false)).await?;
        let mut client = logged_in(site, "clerk").await?;
        let path = format!("/admin/auth/user/{}/", boss.clone().get(db).await?.id);
        let fields = [("username", "boss"), ("first_name", "B."), ("is_active", "on"), ("_save", "1")];
        let answer = edit(&mut client, &path, &fields).await?;
        assert_eq!(answer.status(), 403, "{}", answer.text());
        let now = boss.clone().get(db).await?;
        assert!(!now.is_active && now.first_name.is_empty());
        let answer = edit(&mut client, &path, &fields[..2]).await?;
        assert_eq!(answer.status(), 303, "{}", answer.text());
        let now = boss.clone().get(db).await?;
        assert_eq!(now.first_name, "B.");
        // Nor does the clerk wait with a password until somebody else switches it on.
        let fields = [("username", "boss"), ("password", "another pass phrase"), ("_save", "1")];
        assert_eq!(edit(&mut client, &path, &fields).await?.status(), 303);
        assert_eq!(boss.get(db).await?.password, now.password);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_may_change_users_takes_no_superusers_rights_away() {
    each(async |site, db| {
        let rights = ["auth.view_user", "auth.change_user", "auth.delete_user", "auth.change_group"];
        user(db, "clerk", true, false, &rights).await?;
        user(db, "boss", true, true, &[]).await?;
        let boss = async || nuages::auth::User::objects().filter(|u| u.username.eq("boss")).get(db).await;
        let mut client = logged_in(site, "clerk").await?;
        let path = format!("/admin/auth/user/{}/", boss().await?.id);
        // The page says that there is nothing to save, and nothing is saved by whom that does not keep.
        let page = client.get(&path).await?;
        assert!(page.contains("You may look at this, and not change it."), "{}", page.text());
        let all = [("username", "boss"), ("is_active", "on"), ("is_staff", "on"), ("is_superuser", "on")];
        for without in ["is_active", "is_staff", "is_superuser"] {
            let mut fields: Vec<_> = all.into_iter().filter(|(name, _)| *name != without).collect();
            fields.push(("_save", "1"));
            assert_eq!(client.post(&path, &fields).await?.status(), 403, "{without}");
        }
        let now = boss().await?;
        assert!(now.is_active && now.is_staff && now.is_superuser);
        // Another superuser may, as in Django.
        let mut chief = superuser(site, db).await?;
        let fields = [("username", "boss"), ("is_active", "on"), ("is_staff", "on"), ("_save", "1")];
        assert_eq!(edit(&mut chief, &path, &fields).await?.status(), 303);
        let now = boss().await?;
        assert!(now.is_active && now.is_staff && !now.is_superuser);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn guessing_the_old_password_is_bounded() {
    each(async |site, db| {
        user(db, "clerk", true, false, &[]).await?;
        let mut client = logged_in(site, "clerk").await?;
        let mut fields =
            [("old", "guessed"), ("new", "another pass phrase"), ("again", "another pass phrase")];
        let mut said = Vec::new();
        for _ in 0..40 {
            let page = client.post("/admin/password/", &fields).await?;
            assert_eq!(page.status(), 422, "{}", page.text());
            said.push(page.contains("Too many attempts"));
        }
        assert!(!said[0] && said[39], "{said:?}");
        fields[0].1 = crate::stage::PASSWORD;
        let page = client.post("/admin/password/", &fields).await?;
        assert!(page.status() == 422 && page.contains("Too many attempts"), "{}", page.text());
        Ok(())
    })
    .await;
}
