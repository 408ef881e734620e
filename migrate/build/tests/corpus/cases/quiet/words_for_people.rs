use nuages::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(verbose_name = "volume", ordering(-title), display = "{title}")]
pub struct Book {
    pub id: i64,
    #[field(max_length = 100, label = "The title", help_text = "As printed")]
    pub title: String,
}

fn main() {}
