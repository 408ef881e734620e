//! What happens to a row when the one it refers to is deleted: one model per rule.

use nuages::prelude::*;

/// What the others refer to.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{name}")]
pub struct Team {
    /// The key.
    pub id: i64,
    /// The name.
    #[field(max_length = 40)]
    pub name: String,
}

/// Goes with the team, and takes what belongs to it along.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{name}")]
pub struct Player {
    /// The key.
    pub id: i64,
    /// The name.
    #[field(max_length = 40)]
    pub name: String,
    /// Deleted with the team.
    #[field(on_delete = Cascade, related_name = players)]
    pub team: ForeignKey<Team>,
}

/// Belongs to a player: two steps from the team.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{minute}")]
pub struct Goal {
    /// The key.
    pub id: i64,
    /// When it fell.
    pub minute: i32,
    /// Deleted with the player.
    #[field(on_delete = Cascade, related_name = goals)]
    pub player: ForeignKey<Player>,
}

/// Keeps a team from being deleted.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{year}")]
pub struct Title {
    /// The key.
    pub id: i64,
    /// The year.
    pub year: i32,
    /// Never goes.
    #[field(on_delete = Protect, related_name = titles)]
    pub team: ForeignKey<Team>,
}

/// Forgets the team.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{name}")]
pub struct Fan {
    /// The key.
    pub id: i64,
    /// The name.
    #[field(max_length = 40)]
    pub name: String,
    /// Set to nothing.
    #[field(on_delete = SetNull, related_name = fans)]
    pub team: Option<ForeignKey<Team>>,
}

/// Deleted by the database itself.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{text}")]
pub struct Note {
    /// The key.
    pub id: i64,
    /// What it says.
    #[field(max_length = 80)]
    pub text: String,
    /// The rule stands in the schema.
    #[field(on_delete = db::Cascade, related_name = notes)]
    pub team: ForeignKey<Team>,
}

/// Told of by signals; see the suite's receivers.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(display = "{name}")]
pub struct Heard {
    /// The key.
    pub id: i64,
    /// What it is called.
    #[field(max_length = 40)]
    pub name: String,
    /// A number to change.
    #[field(default = 0)]
    pub count: i32,
    /// A relation whose changes are told of.
    #[field(related_name = heard)]
    pub tags: ManyToMany<super::Tag>,
}
