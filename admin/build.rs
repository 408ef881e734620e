//! Compares the model of the history with its migrations.

fn main() {
    nuages_build::run();
}
