//! Compares the models of the framework itself (users, sessions) with their migrations.

fn main() {
    nuages_build::run();
}
