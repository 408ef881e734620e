//! Compares the models with the migrations, and writes the pending one.

fn main() {
    nuages_build::run();
}
