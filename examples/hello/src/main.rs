//! An example of Nuages: hello.

fn main() {}
