//! Constraints over several fields, which a form and `full_clean` know before the database does.

use nuages::prelude::*;

/// A room that is let.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    display = "{room}",
    check(name = "stay_ends_after_it_begins", "leaves > arrives", message = "Leave after you arrive."),
    check(name = "stay_room_is_known", "room IN ('red', 'blue') OR note = 'red'"),
    check(name = "stay_price_is_exact", "price * nights = total"),
    unique(fields(room, arrives), message = "The room is taken on that day.")
)]
pub struct Stay {
    /// The key.
    pub id: i64,
    /// The room.
    #[field(max_length = 20)]
    pub room: String,
    /// The first day.
    pub arrives: Date,
    /// The last day.
    pub leaves: Option<Date>,
    /// The nights.
    #[field(default = 1)]
    pub nights: i32,
    /// Of one night.
    #[field(max_digits = 8, decimal_places = 2)]
    pub price: Decimal,
    /// Of all nights; no form shows it.
    #[field(max_digits = 10, decimal_places = 2, editable = false)]
    pub total: Decimal,
    /// What there is to say.
    #[field(max_length = 20, default = "", blank)]
    pub note: String,
}
