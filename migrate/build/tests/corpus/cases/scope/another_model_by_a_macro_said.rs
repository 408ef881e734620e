use nuages::prelude::*;

mod people {
    use nuages::prelude::*;

    #[derive(Model, Clone, Debug)]
    #[model(app_label = "people")]
    pub struct Author {
        pub id: i64,
    }
}

mod shop {
    use nuages::prelude::*;

    #[derive(Model, Clone, Debug)]
    pub struct Author {
        pub id: i64,
    }
}

use people::*;

macro_rules! import {
    ($($path:tt)*) => {
        use $($path)*;
    };
}

import!(shop::Author);

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = SetNull, to = "shop.Author")]
    pub author: Option<ForeignKey<Author>>,
}

fn main() {}
