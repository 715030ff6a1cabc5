//! Prints what indexing one request costs: `cargo run --release -p zhtext --example figures`.

use std::{hint::black_box, time::Instant};

use zhtext::{Query, Terms, fold, simhash, similarity};

const SENTENCE: &str = "凤山路12号楼下的烧烤店每晚营业到凌晨两点,油烟直排居民楼,";

fn main() {
    // A text in which nothing repeats is the dearest: shift every character of each copy.
    let shifted = |by: u32| SENTENCE.chars().filter_map(move |c| char::from_u32(c as u32 + by));
    let text: String = (0..20).flat_map(|i| shifted(i * 7)).take(200).collect();
    let other: String = text.chars().rev().collect();
    println!("text of {} characters, best of 500 batches", text.chars().count());
    measure("fold", || fold(&text));
    measure("simhash", || simhash(&text));
    measure("terms", || Terms::of(&text).fts5());
    measure("simhash + terms", || (simhash(&text), Terms::of(&text).fts5()));
    measure("similarity", || similarity(&text, &other));
    measure("query", || Query::of("楼下烧烤店油烟").map(|query| query.fts5()));
}

/// The best batch is the one that other programs disturbed least.
fn measure<T>(name: &str, work: impl Fn() -> T) {
    let best = (0..500).map(|_| batch(&work)).fold(f64::INFINITY, f64::min);
    println!("{name:16} {best:6.2} µs");
}

#[expect(clippy::disallowed_methods, reason = "an example that measures reads the clock")]
fn batch<T>(work: impl Fn() -> T) -> f64 {
    let start = Instant::now();
    (0..20).for_each(|_| drop(black_box(work())));
    start.elapsed().as_secs_f64() * 1e6 / 20.0
}
