//! Forms of models on every database, and forms over HTTP.
#![allow(dead_code, reason = "fields of forms that tests only send")]

mod models;
mod saving;
mod views;
mod web;
