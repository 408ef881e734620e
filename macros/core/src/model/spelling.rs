//! What the build can tell from the spelling of a type. The compiler proves it afterwards.

use nuages_schema::ColumnKind;
use syn::punctuated::Punctuated;
use syn::{Attribute, PathArguments, Token, Type};

use crate::model::shape::plain;

/// The kind of column of a type that Nuages stores itself, by its last name; `None` for any other.
#[must_use]
pub fn kind_of(ty: &Type) -> Option<ColumnKind> {
    let Type::Path(path) = plain(ty) else { return None };
    let last = path.path.segments.last()?;
    if let PathArguments::AngleBracketed(_) = &last.arguments {
        return generic_kind(ty);
    }
    Some(match last.ident.to_string().as_str() {
        "bool" => ColumnKind::Bool,
        "i16" | "u8" => ColumnKind::SmallInt,
        "i32" | "u16" => ColumnKind::Integer,
        "i64" | "u32" => ColumnKind::BigInt,
        "f32" => ColumnKind::Real,
        "f64" => ColumnKind::Double,
        "Decimal" => ColumnKind::Decimal,
        "String" | "IpAddr" | "File" | "Image" => ColumnKind::Text,
        "Date" | "NaiveDate" => ColumnKind::Date,
        "Time" | "NaiveTime" => ColumnKind::Time,
        "DateTime" => ColumnKind::DateTime,
        "Duration" | "TimeDelta" => ColumnKind::Duration,
        "Uuid" => ColumnKind::Uuid,
        "Json" => ColumnKind::Json,
        _ => return None,
    })
}

/// The most characters that values of a type have, where the type itself tells.
#[must_use]
pub fn length_of(ty: &Type) -> Option<u32> {
    /// The longest address, an IPv6 one in full.
    const ADDRESS: u32 = 39;
    /// The name of a stored file.
    const FILE: u32 = 255;
    let Type::Path(path) = plain(ty) else { return None };
    match path.path.segments.last()?.ident.to_string().as_str() {
        "IpAddr" => Some(ADDRESS),
        "File" | "Image" => Some(FILE),
        _ => None,
    }
}

/// `Vec<u8>`, `DateTime<Utc>`
fn generic_kind(ty: &Type) -> Option<ColumnKind> {
    let spelled = quote::quote!(#ty).to_string().replace(' ', "");
    let last = spelled.rsplit("::").next().unwrap_or_default();
    match last {
        "Vec<u8>" => Some(ColumnKind::Binary),
        "DateTime<Utc>" => Some(ColumnKind::DateTime),
        // Files in a storage with a name.
        _ if matches!(spelled.split('<').next()?.rsplit("::").next()?, "File" | "Image") => {
            Some(ColumnKind::Text)
        }
        _ if spelled.contains("DateTime<") && spelled.ends_with("Utc>") => Some(ColumnKind::DateTime),
        _ => None,
    }
}

/// Whether the attributes hold `#[derive(…)]` with this name, alone or at the end of a path.
#[must_use]
pub fn derives(attrs: &[Attribute], name: &str) -> bool {
    attrs.iter().filter(|attr| attr.path().is_ident("derive")).any(|attr| {
        let paths = attr.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated);
        paths.is_ok_and(|paths| {
            paths.iter().any(|path| path.segments.last().is_some_and(|last| last.ident == name))
        })
    })
}
