//! Groups of fields: written, read, asked about and shown like fields of the model itself.

use nuages::form::{FormData, FormState, NewValidation};
use nuages::model::Model as _;
use nuages::prelude::*;
use nuages_tests::models::*;

use crate::each;
use crate::shelf::shelf;

fn house(name: &str, town: &str, latitude: Decimal) -> NewHouse {
    let spot = NewSpot { town: town.into(), latitude };
    NewHouse { name: name.into(), storeys: 2, spot }
}

#[tokio::test]
async fn a_group_is_columns_of_the_table() -> Result<()> {
    each(async |db| {
        let names: Vec<&str> = House::schema().fields.iter().map(|field| field.name).collect();
        let own = ["id", "name", "storeys", "created", "changed"];
        assert_eq!(names, [&own[..], &["town", "street", "latitude", "found_by", "state"]].concat());
        let house = house("Hill", "Bath", dec!(51.38)).create(&db).await?;
        assert_eq!((&*house.spot.town, &*house.spot.street, house.spot.state), ("Bath", "", Status::Draft));
        assert_eq!(house.spot.latitude.to_string(), "51.38000");
        let again = House::objects().get(&db).await?;
        assert_eq!(again, house);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn queries_name_its_fields_behind_it() -> Result<()> {
    each(async |db| {
        let shelf = shelf(&db).await?;
        let north = house("Hill", "Leith", dec!(55.97))
            .with(|h| h.spot.found_by.set(&shelf.mary))
            .create(&db)
            .await?;
        let south = house("Dale", "Bath", dec!(51.38)).create(&db).await?;
        let tower = NewTower { house: (&north).into() }.create(&db).await?;
        assert_eq!(
            House::objects().all(&db).await?,
            [north.clone(), south.clone()],
            "ordered by the group's field"
        );
        let found = House::objects()
            .filter(|h| h.spot.town.startswith("B") & h.stamps.created.lte(south.stamps.created));
        assert_eq!(found.all(&db).await?, [south.clone()]);
        let by =
            House::objects().filter(|h| h.spot.found_by.name.eq(shelf.mary.name.as_str())).all(&db).await?;
        assert_eq!(by, [north.clone()]);
        let over = Tower::objects().filter(|t| t.house.spot.latitude.gt(dec!(55))).all(&db).await?;
        assert_eq!(over, [tower.clone()]);
        assert_eq!(north.towers().all(&db).await?, [tower], "named by `default_related_name`");
        let rows = House::objects().select_related(|h| h.spot.found_by).all(&db).await?;
        assert_eq!(rows[0].1.as_ref(), Some(&shelf.mary));
        let towns = House::objects().order_by(|h| h.spot.town.asc()).values(|h| h.spot.town).all(&db).await?;
        assert_eq!(towns, ["Bath", "Leith"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn writes_reach_it() -> Result<()> {
    each(async |db| {
        let mut house = house("Hill", "Bath", dec!(51.38)).create(&db).await?;
        let (created, changed) = (house.stamps.created, house.stamps.changed);
        house.spot.street = "Gay Street".into();
        house.save(&db).await?;
        assert!(house.stamps.changed > changed && house.stamps.created == created);
        house.change(&db, |house| house.spot.state = Status::Published).await?;
        House::objects().update(&db, |h| h.spot.town.set("Wells")).await?;
        let again = House::objects().get(&db).await?;
        assert_eq!(
            (&*again.spot.street, &*again.spot.town, again.spot.state),
            ("Gay Street", "Wells", Status::Published)
        );
        house.spot.town = "York".into();
        house.save_only(&db, |h| h.spot.town).await?;
        assert_eq!(House::objects().get(&db).await?.spot.town, "York");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn forms_and_validators_know_it() -> Result<()> {
    each(async |db| {
        let error = house("Hill", " Bath", dec!(1)).full_clean(&db).await.unwrap_err();
        assert_eq!(error.field(), Some("town"), "{error}");
        let data = FormData::from_urlencoded(b"name=Hill&storeys=3&town=Bath&latitude=51.4&state=draft")?;
        let mut form =
            FormState::for_model(House::entry(), &["name", "storeys", "town", "latitude", "state"]);
        form.bind(&data);
        assert!(form.save(&db).await?.is_some(), "{form:?}");
        let house = House::objects().get(&db).await?;
        assert_eq!((house.storeys, &*house.spot.town, house.spot.state), (3, "Bath", Status::Draft));
        Ok(())
    })
    .await
}
