//! Keys of several columns.

use nuages::prelude::*;

use super::Tag;

/// What somebody bought at once.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(ordering(id), display = "{buyer}")]
#[admin(inlines(Line))]
pub struct Purchase {
    /// The key.
    pub id: i64,
    /// Who bought.
    #[field(max_length = 40)]
    pub buyer: String,
    /// Words for finding it, through a model with a key of both ends.
    #[field(through = Label, related_name = purchases)]
    pub labels: ManyToMany<Tag>,
}

/// A word on a purchase: each pair once, which is the key.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(primary_key(purchase, tag))]
pub struct Label {
    /// What is labelled.
    #[field(on_delete = Cascade, related_name = label_rows)]
    pub purchase: ForeignKey<Purchase>,
    /// With what.
    #[field(on_delete = Cascade)]
    pub tag: ForeignKey<Tag>,
    /// Who said so.
    #[field(max_length = 40, default = "")]
    pub by: String,
}

/// A line of a purchase: its key is the purchase and the place on it.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(primary_key(purchase, position), display = "{article}")]
#[admin(list_display(purchase, position, article, pieces), search_fields(article), actions(doubled))]
pub struct Line {
    /// What it belongs to.
    #[field(on_delete = Cascade, related_name = lines)]
    pub purchase: ForeignKey<Purchase>,
    /// Which line it is, from 1.
    pub position: i32,
    /// What was bought.
    #[field(max_length = 40)]
    pub article: String,
    /// How many of it.
    #[field(default = 1)]
    pub pieces: i32,
    /// When the line was last written.
    #[field(auto_now)]
    pub changed: DateTime,
}

/// An action on the rows that are selected.
async fn doubled(request: nuages::admin::ActionRequest) -> Result<String> {
    let lines = request.objects::<Line>();
    let count = lines.update(&request.db, |l| l.pieces.set(l.pieces * 2)).await?;
    Ok(format!("{count} doubled."))
}

/// A word of a language: two texts, which may hold every character, and a day.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(primary_key(language, word, since), ordering(-word))]
pub struct Word {
    /// The language.
    #[field(max_length = 20)]
    pub language: String,
    /// The word.
    #[field(max_length = 40)]
    pub word: String,
    /// Since when it has been in use.
    pub since: Date,
    /// What it means.
    pub meaning: Option<String>,
}
