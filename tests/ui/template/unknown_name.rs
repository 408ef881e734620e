use askama::Template;

#[derive(Template)]
#[template(source = "{{ titel }}", ext = "html")]
pub struct Detail {
    pub title: String,
}

fn main() {}
