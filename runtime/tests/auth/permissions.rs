//! What users may do, by themselves and by groups, in one statement.

use crate::{schema, users};
use nuages::auth::{
    Group, Permission, Permissions, User, UserEntry, create_permissions, find_user, permission_name,
};
use nuages::prelude::*;
use nuages::test::{assert_queries, on_each_database};
use nuages::{Model, Result};

async fn key_of(db: &Db, app: &str, codename: &str) -> Result<Permission> {
    Permission::objects().filter(|p| p.app_label.eq(app) & p.codename.eq(codename)).get(db).await
}

#[tokio::test]
async fn every_model_gets_its_four_permissions_once() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        let made = create_permissions(&db).await?;
        assert!(made >= 12 && made % 4 == 0, "{made}");
        assert_eq!(create_permissions(&db).await?, 0);
        let add = key_of(&db, "auth", "add_user").await?;
        assert_eq!((&*add.name, &*add.model), ("Can add user", "user"));
        db.execute("DELETE FROM auth_permission WHERE codename = 'view_group'".into()).await?;
        assert_eq!(create_permissions(&db).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn own_permissions_and_those_of_groups_come_in_one_statement() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        create_permissions(&db).await?;
        let ada = users::user(&db, "ada").await?;
        users::user(&db, "bob").await?;
        let ada = nuages::auth::downcast::<User>(&ada).unwrap().clone();

        let editors = nuages::auth::models::NewGroup { name: "editors".into() }.create(&db).await?;
        editors.permissions.add(&db, &key_of(&db, "auth", "change_group").await?).await?;
        ada.groups.add(&db, &editors).await?;
        ada.user_permissions.add(&db, &key_of(&db, "auth", "add_user").await?).await?;

        let found = assert_queries(&db, 1, Permissions::of(&db, &ada)).await?;
        assert!(found.has_perm("auth.add_user") && found.has_perm("auth.change_group"));
        assert!(!found.has_perm("auth.delete_user") && !found.has_perm("add_user"));
        assert!(found.has_perms(["auth.add_user", "auth.change_group"]));
        assert!(!found.has_perms(["auth.add_user", "auth.view_user"]));
        assert!(
            found.has_module_perms("auth")
                && !found.has_module_perms("shop")
                && !found.has_module_perms("aut")
        );
        assert_eq!(found.get_user_permissions().iter().collect::<Vec<_>>(), ["auth.add_user"]);
        assert_eq!(found.get_group_permissions().iter().collect::<Vec<_>>(), ["auth.change_group"]);
        assert_eq!(found.get_all_permissions().len(), 2);

        let bob = find_user(&db, UserEntry::of::<User>(), "bob").await?.unwrap();
        assert!(!Permissions::of(&db, &*bob).await?.has_module_perms("auth"), "nobody else's");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn superusers_have_all_and_inactive_users_none() -> Result<()> {
    on_each_database(async |db| {
        schema::create(&db).await?;
        users::user(&db, "ada").await?;
        users::set(&db, "is_superuser", true).await?;
        let of = async || -> Result<Permissions> {
            let user = find_user(&db, UserEntry::of::<User>(), "ada").await?.unwrap();
            assert_queries(&db, 0, Permissions::of(&db, &*user)).await
        };
        assert!(of().await?.has_perm("anything.at_all"));
        users::set(&db, "is_active", false).await?;
        let none = of().await?;
        assert!(!none.has_perm("anything.at_all") && !none.has_module_perms("anything"));
        assert!(!Permissions::none().has_perm("auth.add_user"));
        assert_eq!(permission_name(Group::schema(), "change"), "auth.change_group");
        Ok(())
    })
    .await
}
