//! Fields that several models share.

use nuages::prelude::*;

use super::{Author, Status};

/// When a row was made and changed.
#[derive(Fields, Clone, Debug, PartialEq)]
pub struct Stamps {
    /// Set when the row is made.
    #[field(auto_now_add)]
    pub created: DateTime,
    /// Set at each save.
    #[field(auto_now)]
    pub changed: DateTime,
}

/// Where something lies: fields that a new row must say, a relation and a default.
#[derive(Fields, Clone, Debug, PartialEq)]
pub struct Spot {
    /// The town.
    #[field(max_length = 60, index, validators(no_blank))]
    pub town: String,
    /// The street and number.
    #[field(max_length = 60, default = "", blank)]
    pub street: String,
    /// Exact.
    #[field(max_digits = 8, decimal_places = 5)]
    pub latitude: Decimal,
    /// Whose idea it was.
    #[field(on_delete = SetNull)]
    pub found_by: Option<ForeignKey<Author>>,
    /// How far it is.
    #[field(default = Status::Draft)]
    pub state: Status,
}

fn no_blank(town: &str) -> Result<(), String> {
    if town.starts_with(' ') { Err("A town begins with a letter.".into()) } else { Ok(()) }
}

/// A house, with two groups.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(ordering(-spot.latitude, name), display = "{name}", index(spot.state, -name))]
#[admin(list_display(name, spot.town, stamps.created), list_filter(spot.state), search_fields(spot.town))]
pub struct House {
    /// The key.
    pub id: i64,
    /// When.
    #[field(flatten)]
    pub stamps: Stamps,
    /// The name.
    #[field(max_length = 40)]
    pub name: String,
    /// Where.
    #[field(flatten, required)]
    pub spot: Spot,
    /// The storeys.
    pub storeys: i32,
}

/// A tower, with one of them.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{id}", default_related_name = towers)]
pub struct Tower {
    /// When.
    #[field(flatten)]
    pub stamps: Stamps,
    /// The key.
    pub id: i64,
    /// The house below.
    #[field(on_delete = Cascade)]
    pub house: ForeignKey<House>,
}
