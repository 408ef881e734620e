use nuages::prelude::*;

#[view(get, "/", permission = "shop.change_book", login_required)]
async fn index() -> String {
    String::new()
}

fn main() {}
