//! A function with `#[receiver(post_save)]`: told of each row of a model.

use proc_macro2::TokenStream;
use syn::{FnArg, ItemFn, Path, Type};

use crate::attr::Options;
use crate::error::{Collector, Errors};
use crate::symbol::{Word, receiver as words};

/// A checked receiver.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// The function as the user wrote it.
    pub function: ItemFn,
    /// When it runs.
    pub signals: Vec<Signal>,
    /// The model whose rows it is told of.
    pub model: Type,
    /// What its arguments are, in order.
    pub told: Vec<Told>,
    /// The path of the runtime crate, if it is not `::nuages`.
    pub krate: Option<Path>,
}

/// When a receiver runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal(Word);

/// What an argument of a receiver is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The database session.
    Db,
    /// The row.
    Row,
    /// Whether the row is new.
    Created,
    /// What changed in a many-to-many relation.
    Change,
}

const SIGNALS: [(Word, &str); 5] = [
    (words::PRE_SAVE, "PreSave"),
    (words::POST_SAVE, "PostSave"),
    (words::PRE_DELETE, "PreDelete"),
    (words::POST_DELETE, "PostDelete"),
    (words::M2M_CHANGED, "ManyToManyChanged"),
];

impl Signal {
    /// The name of the runtime's variant.
    #[must_use]
    pub fn variant(self) -> &'static str {
        SIGNALS.iter().find(|(word, _)| *word == self.0).map_or("PostSave", |(_, variant)| variant)
    }

    /// What a receiver of this signal may ask for beside the row.
    fn third(self) -> Option<Told> {
        match self.0 {
            words::PRE_SAVE | words::POST_SAVE => Some(Told::Created),
            words::M2M_CHANGED => Some(Told::Change),
            _ => None,
        }
    }

    fn usage(self) -> &'static str {
        match self.third() {
            Some(Told::Created) => {
                "async fn saved(db: &Db, book: &Book, created: bool) -> nuages::Result<()>"
            }
            Some(Told::Change) => {
                "async fn changed(db: &Db, book: &Book, change: &ManyChange) -> nuages::Result<()>"
            }
            _ => "async fn deleted(db: &Db, book: &Book) -> nuages::Result<()>",
        }
    }
}

impl Receiver {
    /// Reads and checks a function and the arguments of its attribute.
    ///
    /// # Errors
    /// Everything that is wrong with them, each at its own token.
    pub fn from_item(tokens: TokenStream, function: ItemFn) -> Result<Self, Errors> {
        let errors = Collector::new();
        let mut options = Options::of_tokens(tokens, &words::PLACE, &errors);
        let signals: Vec<Signal> =
            SIGNALS.iter().filter_map(|(word, _)| options.flag(*word).map(|_| Signal(*word))).collect();
        let krate = options.path(words::CRATE).map(|set| set.value);
        if signals.is_empty() && errors.is_empty() {
            errors.at(&function.sig.ident, "say which signal: `#[receiver(post_save)]`, or `pre_save`, `pre_delete`, `post_delete`, `m2m_changed`");
        }
        let third = signals.first().and_then(|signal| signal.third());
        let model = model_of(&function);
        let told: Vec<Told> = [Some(Told::Db), Some(Told::Row), third]
            .into_iter()
            .flatten()
            .take(function.sig.inputs.len())
            .collect();
        let fits =
            function.sig.asyncness.is_some() && function.sig.inputs.len() == told.len() && model.is_some();
        if !fits && errors.is_empty() {
            let usage = signals.first().map_or(Signal(words::POST_SAVE), |signal| *signal).usage();
            errors.at(&function.sig, format_args!("a receiver is written `{usage}`"));
        }
        if signals.iter().any(|signal| signal.third() != third) && told.len() > 2 {
            errors.at(
                &function.sig,
                "these signals tell different things beside the row; write a function for each",
            );
        }
        let model = model.unwrap_or_else(|| Type::Verbatim(quote::quote!(())));
        errors.finish(Self { function, signals, model, told, krate })
    }
}

/// `Book` of the second argument `book: &Book`.
fn model_of(function: &ItemFn) -> Option<Type> {
    let FnArg::Typed(second) = function.sig.inputs.get(1)? else { return None };
    match &*second.ty {
        Type::Reference(reference) => Some((*reference.elem).clone()),
        _ => None,
    }
}
