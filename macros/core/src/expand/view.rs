//! `#[view(get, "/books/{id}")] async fn book_detail(db: Db, id: i64)` leaves the function and adds:
//!
//! ```text
//! type __book_detail_0 = i64;
//! fn __book_detail() -> ::nuages::__private::MethodRouter {
//!     use ::nuages::__private as __n;
//!     __n::on(__n::Methods::GET, |mut __call: __n::Call| async move {
//!         let __0 = __call.part::<Db>().await?;
//!         let __1 = __call.arg::<i64>(0)?;
//!         let __answer: Result<Page<BookDetail>> = book_detail(__0, __1).await;
//!         __call.respond(__answer).await
//!     })
//! }
//! pub mod book_detail {
//!     pub static ROUTE: Route = Route::new("book_detail", super::…, "/books/{id}", Methods::GET, super::__book_detail);
//!     pub fn url(id: impl UrlArg<super::__book_detail_0>) -> String { ROUTE.url(|url| url.push(id)) }
//! }
//! ```
//!
//! The types stand in aliases beside the function, because inside the module
//! the user's names would mean something else.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, ReturnType, Type};

use super::private;
use crate::model::{Arg, View};

pub(crate) fn view(view: &View) -> TokenStream {
    let function = &view.function;
    let (aliases, handler, module) = (aliases(view), handler(view), module(view));
    quote!(#function #aliases #handler #module)
}

/// The types of the arguments in the path, in the order of the pattern.
fn path_args(view: &View) -> Vec<&Arg> {
    let named = |name: &str| {
        view.args.iter().find(|arg| arg.in_path && arg.ident.as_ref().is_some_and(|ident| ident == name))
    };
    view.pattern.names().filter_map(named).collect()
}

fn alias(view: &View, at: usize) -> Ident {
    format_ident!("__{}_{}", view.function.sig.ident, at)
}

fn handler_name(view: &View) -> Ident {
    format_ident!("__{}", view.function.sig.ident)
}

fn aliases(view: &View) -> TokenStream {
    let aliases = path_args(view).into_iter().enumerate().map(|(at, arg)| {
        let (alias, ty, vis) = (alias(view, at), &arg.ty, &view.function.vis);
        quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types, reason = "named after the view")]
            #vis type #alias = #ty;
        }
    });
    quote!(#(#aliases)*)
}

fn methods(view: &View) -> TokenStream {
    let names = view
        .options
        .methods
        .iter()
        .map(|method| Ident::new(&method.to_string().to_uppercase(), method.span()));
    let mut all = names.map(|name| quote!(__n::Methods::#name));
    let first = all.next().unwrap_or_else(|| quote!(__n::Methods::GET));
    quote!(#first #(.or(#all))*)
}

fn handler(view: &View) -> TokenStream {
    let private = private(view.options.krate.as_ref());
    let (name, function, methods) = (handler_name(view), &view.function.sig.ident, methods(view));
    let guard = guard(view);
    let values: Vec<Ident> = (0..view.args.len()).map(|at| format_ident!("__{at}")).collect();
    let reads = view.args.iter().enumerate().map(|(at, arg)| read(view, at, arg));
    let answer = answer(view);
    quote! {
        #[doc(hidden)]
        fn #name() -> #private::MethodRouter {
            use #private as __n;
            __n::on(#methods, |mut __call: __n::Call| async move {
                #guard
                #(let #values = #reads;)*
                let __answer #answer = #function(#(#values),*).await;
                __call.respond(__answer).await
            })
        }
    }
}

/// What is asked before the view is called.
fn guard(view: &View) -> TokenStream {
    match (&view.options.permission, &view.options.login_required) {
        (Some(permission), _) => {
            let permission = &permission.value;
            quote!(__n::require_permission(&__call, #permission).await?;)
        }
        (None, Some(_)) => quote!(__n::require_login(&__call).await?;),
        (None, None) => TokenStream::new(),
    }
}

/// How an argument is made. The type stands in the call, so a bound that it does not meet is told there.
fn read(view: &View, at: usize, arg: &Arg) -> TokenStream {
    let ty = &arg.ty;
    let span = ty.span();
    let in_path = path_args(view).iter().position(|other| std::ptr::eq(*other, arg));
    match in_path {
        Some(position) => quote_spanned!(span=> __call.arg::<#ty>(#position)?),
        None if at + 1 < view.args.len() => quote_spanned!(span=> __call.part::<#ty>().await?),
        None if view.needs_verified() => quote_spanned!(span=> __call.verified::<#ty, _>().await?),
        None => quote_spanned!(span=> __call.last::<#ty, _>().await?),
    }
}

/// The type of the answer, where it can be named.
fn answer(view: &View) -> TokenStream {
    match &view.function.sig.output {
        ReturnType::Type(_, ty) if !matches!(**ty, Type::ImplTrait(_)) => quote!(: #ty),
        _ => TokenStream::new(),
    }
}

fn module(view: &View) -> TokenStream {
    let private = private(view.options.krate.as_ref());
    let name = view.name();
    let vis = &view.function.vis;
    let (url, route) = (url(view, &private), route(view));
    let docs = format!("The route and the address of the view `{}`.", view.function.sig.ident);
    quote! {
        #[doc = #docs]
        #vis mod #name {
            use #private as __n;
            #route
            #url
            __n::inventory::submit! { &ROUTE as &'static __n::Route }
        }
    }
}

fn route(view: &View) -> TokenStream {
    let (name, handler, methods) = (view.name().to_string(), handler_name(view), methods(view));
    let pattern = &view.pattern.literal;
    let exempt = view.options.csrf_exempt.as_ref().map(|set| {
        let reason = &set.value;
        quote!(.csrf_exempt(#reason))
    });
    quote! {
        /// The route.
        pub static ROUTE: __n::Route = __n::Route::new(#name, ::core::module_path!(), #pattern, #methods, super::#handler)
            .at(::core::file!(), ::core::line!())
            #exempt;
    }
}

fn url(view: &View, private: &TokenStream) -> TokenStream {
    let args = path_args(view);
    let names: Vec<_> = args.iter().filter_map(|arg| arg.ident.as_ref()).collect();
    let types: Vec<_> = (0..args.len()).map(|at| alias(view, at)).collect();
    let url = if names.is_empty() { quote!(_) } else { quote!(__url) };
    quote! {
        /// The address with these arguments.
        #[allow(dead_code, reason = "not every address is asked for")]
        #[must_use]
        pub fn url(#(#names: impl #private::UrlArg<super::#types>),*) -> #private::String {
            ROUTE.url(|#url| { #(__url.push::<super::#types>(#names);)* })
        }
    }
}
