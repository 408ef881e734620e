//! `dec!(12.50)` becomes `::nuages::__private::Decimal::from_parts(1250, 0, 0, false, 2)`, which is const.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Decimal;

pub(crate) fn decimal(decimal: &Decimal) -> TokenStream {
    let root = match &decimal.krate {
        Some(krate) => quote!(#krate),
        None => quote!(::nuages),
    };
    let part = |at: u32| {
        // 32 bits at a time; what is above them belongs to the next part.
        #[expect(clippy::cast_possible_truncation, reason = "the lowest 32 bits are meant")]
        let bits = (decimal.digits >> (32 * at)) as u32;
        bits
    };
    let (low, middle, high) = (part(0), part(1), part(2));
    let (negative, scale) = (decimal.negative, decimal.scale);
    quote!(#root::__private::Decimal::from_parts(#low, #middle, #high, #negative, #scale))
}
