//! An example of Nuages: bookshop.

fn main() {}
