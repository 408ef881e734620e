//! The static that `#[view]` writes beside a function.

use super::{MethodRouter, UrlArg};
use axum::http::Method;
use axum::routing::MethodFilter;
use std::fmt;
use std::sync::OnceLock;

/// One view: its address, its methods, and how to call it.
///
/// `#[view(get, "/books/{id}")] async fn book_detail(db: Db, id: i64) -> …` becomes
///
/// ```text
/// fn __book_detail() -> MethodRouter {
///     on(Methods::GET, |mut call: Call| async move {
///         let db = call.part::<Db>().await?;
///         let id = call.arg::<i64>(0)?;
///         call.respond(book_detail(db, id).await).await
///     })
/// }
/// pub mod book_detail {
///     pub static ROUTE: Route = Route::new("book_detail", module_path!(), "/books/{id}", Methods::GET, super::__book_detail)
///         .at(file!(), line!());
///     pub fn url(id: impl UrlArg<i64>) -> String { ROUTE.url(|url| url.push::<i64>(id)) }
/// }
/// ```
pub struct Route {
    name: &'static str,
    module: &'static str,
    pattern: &'static str,
    methods: Methods,
    handler: fn() -> MethodRouter,
    file: &'static str,
    line: u32,
    csrf_exempt: Option<&'static str>,
    /// The app's address, known once a project has listed the app.
    prefix: OnceLock<String>,
}

inventory::collect!(&'static Route);

impl Route {
    /// A view's route.
    #[must_use]
    pub const fn new(
        name: &'static str,
        module: &'static str,
        pattern: &'static str,
        methods: Methods,
        handler: fn() -> MethodRouter,
    ) -> Self {
        Self {
            name,
            module,
            pattern,
            methods,
            handler,
            file: "",
            line: 0,
            csrf_exempt: None,
            prefix: OnceLock::new(),
        }
    }

    /// Where the view stands in the source.
    #[must_use]
    pub const fn at(mut self, file: &'static str, line: u32) -> Self {
        self.file = file;
        self.line = line;
        self
    }

    /// The view takes requests from other sites, for this reason.
    #[must_use]
    pub const fn csrf_exempt(mut self, reason: &'static str) -> Self {
        self.csrf_exempt = Some(reason);
        self
    }

    /// The view's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// `module_path!()` of the view.
    #[must_use]
    pub fn module(&self) -> &'static str {
        self.module
    }

    /// The pattern as it was written, without the app's address.
    #[must_use]
    pub fn pattern(&self) -> &'static str {
        self.pattern
    }

    /// The methods it answers.
    #[must_use]
    pub fn methods(&self) -> Methods {
        self.methods
    }

    /// File and line of the view.
    #[must_use]
    pub fn place(&self) -> (&'static str, u32) {
        (self.file, self.line)
    }

    /// Why it takes requests from other sites, if it does.
    #[must_use]
    pub fn csrf_exempt_reason(&self) -> Option<&'static str> {
        self.csrf_exempt
    }

    /// The address with these arguments, in the order of the pattern.
    pub fn url(&self, arguments: impl FnOnce(&mut Url<'_>)) -> String {
        let prefix = self.prefix.get().map_or("", String::as_str);
        let mut url = Url { out: prefix.to_owned(), rest: self.pattern };
        arguments(&mut url);
        url.finish()
    }

    pub(crate) fn method_router(&self) -> MethodRouter {
        (self.handler)()
    }

    /// Notes the app's address. Two projects of one program must agree on it.
    pub(crate) fn mount(&self, prefix: &str) -> Result<(), &str> {
        let known = self.prefix.get_or_init(|| prefix.to_owned());
        if known == prefix { Ok(()) } else { Err(known) }
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({}::{})", self.methods, self.pattern, self.module, self.name)
    }
}

/// An address being written: the pattern with arguments in the place of its parameters.
#[derive(Debug)]
pub struct Url<'a> {
    out: String,
    rest: &'a str,
}

impl Url<'_> {
    /// Puts an argument into the next parameter.
    pub fn push<T>(&mut self, argument: impl UrlArg<T>) {
        self.copy_literal();
        argument.push_to(&mut self.out);
    }

    /// Copies up to the next parameter and skips it.
    fn copy_literal(&mut self) {
        let (before, after) = self.rest.split_once('{').unwrap_or((self.rest, ""));
        self.out.push_str(before);
        self.rest = after.split_once('}').map_or("", |(_, after)| after);
    }

    fn finish(mut self) -> String {
        self.out.push_str(self.rest);
        self.out
    }
}

/// A set of request methods.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Methods(u8);

impl Methods {
    /// GET, which answers HEAD too.
    pub const GET: Self = Self(1);
    /// POST.
    pub const POST: Self = Self(2);
    /// PUT.
    pub const PUT: Self = Self(4);
    /// PATCH.
    pub const PATCH: Self = Self(8);
    /// DELETE.
    pub const DELETE: Self = Self(16);

    const NAMES: [(Self, &'static str, Method, MethodFilter); 5] = [
        (Self::GET, "GET", Method::GET, MethodFilter::GET),
        (Self::POST, "POST", Method::POST, MethodFilter::POST),
        (Self::PUT, "PUT", Method::PUT, MethodFilter::PUT),
        (Self::PATCH, "PATCH", Method::PATCH, MethodFilter::PATCH),
        (Self::DELETE, "DELETE", Method::DELETE, MethodFilter::DELETE),
    ];

    /// These and those.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any method is in both.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether a request with this method is answered.
    #[must_use]
    pub fn contains(self, method: &Method) -> bool {
        let wanted = if method == Method::HEAD { &Method::GET } else { method };
        Self::NAMES.iter().any(|(one, _, name, _)| name == wanted && self.overlaps(*one))
    }

    pub(crate) fn filter(self) -> Option<MethodFilter> {
        let own = Self::NAMES.iter().filter(|(one, ..)| self.overlaps(*one));
        own.map(|(.., filter)| *filter).reduce(MethodFilter::or)
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> =
            Self::NAMES.iter().filter(|(one, ..)| self.overlaps(*one)).map(|(_, name, ..)| *name).collect();
        f.write_str(&names.join(", "))
    }
}

impl fmt::Debug for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static BOOK: Route = Route::new("book", "shop", "/books/{id}/{*rest}", Methods::GET, MethodRouter::new);

    #[test]
    fn arguments_stand_in_the_place_of_parameters() {
        let url = BOOK.url(|url| {
            url.push::<i64>(7);
            url.push::<crate::routing::PathRest>(crate::routing::PathRest("a b/c".to_owned()));
        });
        assert_eq!(url, "/books/7/a%20b/c");
    }

    #[test]
    fn get_answers_head() {
        assert!(Methods::GET.contains(&Method::HEAD));
        assert!(!Methods::POST.contains(&Method::HEAD));
        assert!(!Methods::GET.or(Methods::POST).contains(&Method::PUT));
        assert_eq!(Methods::GET.or(Methods::DELETE).to_string(), "GET, DELETE");
    }
}
