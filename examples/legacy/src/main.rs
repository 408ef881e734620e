//! An example of Nuages: legacy.

fn main() {}
