//! Reads the arguments of `app!(…)`.

use nuages_schema::Backend;
use proc_macro2::TokenStream;
use syn::{Ident, LitStr, Path};

use crate::attr::item::comma_list;
use crate::attr::model::only;
use crate::attr::{Options, Set};
use crate::error::Collector;
use crate::symbol::app as words;

/// What `app!(…)` said.
#[derive(Clone, Debug)]
pub struct AppAttr {
    /// The label, if not the package's name.
    pub label: Option<Set<LitStr>>,
    /// The databases that every model of the app may live on; `None` is all.
    pub only: Option<Set<Vec<(Ident, Backend)>>>,
    /// Models whose removal is agreed to.
    pub drops: Vec<Ident>,
    /// Models that another app has now, by their paths there.
    pub moved: Vec<Path>,
    /// The path of the runtime crate, if it is not `::nuages`.
    pub krate: Option<Path>,
}

impl AppAttr {
    pub(crate) fn read(tokens: TokenStream, errors: &Collector) -> Self {
        let mut options = Options::of_tokens(tokens, &words::PLACE, errors);
        Self {
            label: options.text(words::LABEL),
            only: only(&mut options, words::ONLY),
            drops: options.lists(words::DROP, comma_list).into_iter().flat_map(|set| set.value).collect(),
            moved: options.lists(words::MOVED, comma_list).into_iter().flat_map(|set| set.value).collect(),
            krate: options.path(words::CRATE).map(|set| set.value),
        }
    }
}
