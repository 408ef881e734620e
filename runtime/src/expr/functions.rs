//! The functions of expressions that stand by themselves: `use nuages::functions::*;`
//!
//! What belongs to one column or expression is a method of it (`b.title.lower()`, `b.price.sum()`); here is the
//! rest: [`case`], [`exists`], [`subquery`], [`rank`] and so on.

pub use super::{
    case, coalesce, concat, count_rows, cume_dist, dense_rank, exists, first_value, greatest, json_array,
    json_object, lag, last_value, lead, least, now, nth_value, ntile, outer, part, percent_rank, random,
    rank, row_number, subquery, value,
};
