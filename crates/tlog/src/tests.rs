//! Promises of the whole crate, against published vectors and an independent implementation.
mod signing;
mod tree;
