//! A whole site in one file: a model, a page, the admin.

use askama::Template;
use nuages::prelude::*;
use nuages_migrate as _;

nuages::app!();

#[derive(Model, Clone, Debug)]
#[model(ordering(-created), display = "{name}")]
#[admin(list_display(name, created))]
struct Greeting {
    id: i64,
    #[field(max_length = 80)]
    name: String,
    #[field(auto_now_add)]
    created: DateTime,
}

#[derive(Form)]
#[form(model = Greeting)]
struct GreetingForm {
    name: String,
}

#[derive(Template)]
#[template(
    source = "<!doctype html><html lang=\"en\"><title>Hello</title><h1>Hello</h1>\
              <ul>{% for greeting in greetings %}<li>{{ greeting.name }}</li>{% endfor %}</ul>\
              <form method=\"post\">{{ form }}<button>Say hello</button></form>",
    ext = "html"
)]
struct Hello {
    greetings: Vec<Greeting>,
    form: Form<GreetingForm>,
}

#[view(get, "/")]
async fn hello(db: Db) -> Result<Page<Hello>> {
    page(&db, GreetingForm::new()).await
}

#[view(post, "/")]
async fn say_hello(db: Db, form: Form<GreetingForm>) -> Result<Result<Redirect, Page<Hello>>> {
    match form.into_data() {
        Ok(GreetingForm { name }) => {
            NewGreeting { name }.create(&db).await?;
            Ok(Ok(redirect(hello::url())))
        }
        Err(form) => page(&db, form).await.map(Err),
    }
}

async fn page(db: &Db, form: Form<GreetingForm>) -> Result<Page<Hello>> {
    Ok(Page(Hello { greetings: Greeting::objects().limit(20).all(db).await?, form }))
}

#[tokio::main]
async fn main() -> nuages::Result<()> {
    Project::from_env()?.app(app()).mount("/admin", nuages_admin::site()).run().await
}
