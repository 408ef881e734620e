//! Paths: how a query gets from its model to a column of another, known to the compiler.
//!
//! A [`Path`] is a type; what it means at run time is a `const` linked list of
//! [`Hop`]s. Start at [`Root`] and [`Via`].

use std::marker::PhantomData;

use nuages_schema::ModelSchema;

use crate::field::Field;
use crate::model::Model;

/// Where a column stands, seen from the model that the query is about.
pub trait Path: Send + Sync + 'static {
    /// The model that the query is about.
    type Root: Model;
    /// Whether a value at the end may be missing although its column is not NULL.
    type Null: Nullness;
    /// The hops, last one first; none at the root.
    const HOPS: Option<&'static Hop>;
}

/// The model itself: no hop yet.
pub struct Root<M>(PhantomData<fn() -> M>);

impl<M: Model> Path for Root<M> {
    type Root = M;
    type Null = NotNull;
    const HOPS: Option<&'static Hop> = None;
}

/// One step further than `P`, through the relation `S`; `N` says whether the step may find nothing.
#[expect(clippy::type_complexity, reason = "a marker that owns nothing")]
pub struct Via<P, S, N>(PhantomData<fn() -> (P, S, N)>);

impl<P: Path, S: Step, N: Nullness> Via<P, S, N> {
    const HOP: Hop = Hop { before: P::HOPS, kind: S::KIND, model: S::declared_in, index: S::INDEX };
    const BACK: Hop = Hop { before: None, kind: S::KIND.back(), model: S::declared_in, index: S::INDEX };

    /// The last hop.
    #[must_use]
    pub const fn hop() -> &'static Hop {
        &Self::HOP
    }

    /// The last hop in the other direction, as the first of a path.
    #[must_use]
    pub const fn back() -> &'static Hop {
        &Self::BACK
    }
}

impl<P: Path, S: Step, N: Nullness> Path for Via<P, S, N> {
    type Root = P::Root;
    type Null = <P::Null as Nullness>::Or<N>;
    const HOPS: Option<&'static Hop> = Some(&Self::HOP);
}

/// Whether a value may be missing, as a type.
pub trait Nullness: Send + Sync + 'static {
    /// May be missing if one of the two may.
    type Or<N: Nullness>: Nullness;
    /// The type of a value of `T` at the end of such a path.
    type Of<T: Field>: Field;
    /// The same for a whole row.
    type Row<M: Model>: 'static;
}

/// Every hop finds a row.
pub struct NotNull;

/// A hop may find no row.
pub struct MayBeNull;

impl Nullness for NotNull {
    type Or<N: Nullness> = N;
    type Of<T: Field> = T;
    type Row<M: Model> = M;
}

impl Nullness for MayBeNull {
    type Or<N: Nullness> = Self;
    type Of<T: Field> = T::Optional;
    type Row<M: Model> = Option<M>;
}

/// Every hop of a path finds a row.
#[diagnostic::on_unimplemented(
    message = "a relation that may lead nowhere cannot be locked",
    label = "the relation may be NULL",
    note = "lock the rows at its end by a query of their own"
)]
pub trait AlwaysThere: Nullness {}
impl AlwaysThere for NotNull {}

/// One hop of a path at run time.
#[derive(Clone, Copy)]
pub struct Hop {
    /// The hops before it.
    pub before: Option<&'static Hop>,
    /// In which direction the relation is followed.
    pub kind: HopKind,
    /// The model that declares the relation.
    pub model: fn() -> &'static ModelSchema,
    /// The relation's position in that model: in `fields`, or in `many_to_many`.
    pub index: usize,
}

/// The direction of a hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HopKind {
    /// From the row with the foreign key to the row it refers to.
    Forward,
    /// From a row to the one row that refers to it.
    ReverseOne,
    /// From a row to the rows that refer to it.
    Reverse,
    /// Through a join table, from the model that declares the relation.
    ManyToMany,
    /// Through a join table, to the model that declares the relation.
    ManyToManyReverse,
}

impl HopKind {
    /// The other direction.
    #[must_use]
    pub const fn back(self) -> Self {
        match self {
            Self::Forward => Self::Reverse,
            Self::Reverse | Self::ReverseOne => Self::Forward,
            Self::ManyToMany => Self::ManyToManyReverse,
            Self::ManyToManyReverse => Self::ManyToMany,
        }
    }
}

impl Hop {
    /// The first hop of a path that is only known at run time, kept for the rest of the program.
    /// There are no more of them than relations.
    #[must_use]
    pub fn interned(kind: HopKind, model: fn() -> &'static ModelSchema, index: usize) -> &'static Self {
        static ALL: std::sync::Mutex<Vec<&'static Hop>> = std::sync::Mutex::new(Vec::new());
        let wanted = Self { before: None, kind, model, index };
        let mut all = ALL.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = all.iter().find(|hop| ***hop == wanted) {
            return known;
        }
        let hop: &'static Self = Box::leak(Box::new(wanted));
        all.push(hop);
        hop
    }

    /// The model at the end of the hop.
    #[must_use]
    pub fn target(&self) -> &'static ModelSchema {
        let declared = (self.model)();
        match self.kind {
            HopKind::Forward => match declared.fields[self.index].foreign {
                Some(foreign) => (foreign.target)(),
                // `Forward` is only made of foreign keys.
                None => declared,
            },
            HopKind::Reverse | HopKind::ReverseOne | HopKind::ManyToManyReverse => declared,
            HopKind::ManyToMany => (declared.many_to_many[self.index].target)(),
        }
    }

    /// Whether one row may lead to several.
    #[must_use]
    pub const fn is_to_many(&self) -> bool {
        matches!(self.kind, HopKind::Reverse | HopKind::ManyToMany | HopKind::ManyToManyReverse)
    }

    /// Whether the row before the hop may have no row after it.
    #[must_use]
    pub fn may_be_null(&self) -> bool {
        self.kind != HopKind::Forward || (self.model)().fields[self.index].nullable
    }

    /// Whether one row may have many at the end of this way.
    #[must_use]
    pub fn leads_to_many(&self) -> bool {
        let mut hop = self;
        while !hop.is_to_many() {
            match hop.before {
                Some(before) => hop = before,
                None => return false,
            }
        }
        true
    }

    /// The hops from the root to this one, first one first.
    #[must_use]
    pub fn chain(&'static self) -> Vec<&'static Hop> {
        let mut hops = vec![self];
        while let Some(before) = hops[hops.len() - 1].before {
            hops.push(before);
        }
        hops.reverse();
        hops
    }
}

impl PartialEq for Hop {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.index == other.index
            && (self.model)() == (other.model)()
            && self.before == other.before
    }
}

impl Eq for Hop {}

impl std::fmt::Debug for Hop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}({}#{})", self.kind, (self.model)().name, self.index)
    }
}

/// The position of a field in its model, as a type: the derive writes `At<Book, 2>`.
pub struct At<M, const INDEX: usize>(PhantomData<fn() -> M>);

/// A position in a model.
pub trait Key: Send + Sync + 'static {
    /// The model.
    type Model: Model;
    /// The position.
    const INDEX: usize;
}

impl<M: Model, const INDEX: usize> Key for At<M, INDEX> {
    type Model = M;
    const INDEX: usize = INDEX;
}

/// The position of a field in a group that begins at `K`, as a type: the derive writes `Offset<__K, 1>`.
pub struct Offset<K, const INDEX: usize>(PhantomData<fn() -> K>);

impl<K: Key, const INDEX: usize> Key for Offset<K, INDEX> {
    type Model = K::Model;
    const INDEX: usize = K::INDEX + INDEX;
}

/// A relation that a path can follow, as a type.
pub trait Step: Send + Sync + 'static {
    /// The model it leads to.
    type To: Model;
    /// The direction.
    const KIND: HopKind;
    /// The position of the relation in the model that declares it.
    const INDEX: usize;
    /// The model that declares it.
    fn declared_in() -> &'static ModelSchema;
}

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident = $kind:ident;)*) => {$(
        $(#[$doc])*
        pub struct $name<K, T>(PhantomData<fn() -> (K, T)>);

        impl<K: Key, T: Model> Step for $name<K, T> {
            type To = T;
            const KIND: HopKind = HopKind::$kind;
            const INDEX: usize = K::INDEX;
            fn declared_in() -> &'static ModelSchema {
                K::Model::schema()
            }
        }
    )*};
}

steps! {
    /// Follows the foreign key at `K` to `T`.
    Forward = Forward;
    /// Follows the foreign key at `K` backwards, to the rows of `T` that hold it.
    Reverse = Reverse;
    /// The same where at most one row holds it.
    ReverseOne = ReverseOne;
    /// Follows the many-to-many relation at `K` to `T`.
    ManyForward = ManyToMany;
    /// Follows the many-to-many relation at `K` backwards to `T`.
    ManyReverse = ManyToManyReverse;
}

/// The companion of a model: its fields, seen along a path.
pub trait Companion: Sized + 'static {
    /// The model whose fields these are.
    type Model: Model;
    /// The way to it.
    type Path: Path;
    /// All fields.
    const ALL: &'static Self;
}
