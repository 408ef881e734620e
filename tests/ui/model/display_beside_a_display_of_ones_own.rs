use nuages::prelude::*;

#[derive(Model)]
#[model(display = "{title}")]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
}

impl std::fmt::Display for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.title)
    }
}

fn main() {}
