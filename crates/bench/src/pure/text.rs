//! `text`: what indexing and comparing the text of one request costs.

use crate::figure::{Figure, Report};
use crate::requests::Requests;
use crate::stopwatch::{Samples, timed};
use anyhow::Result;
use std::hint::black_box;
use zhtext::{Query, Terms, simhash, similarity};

/// Measures it.
pub fn run(report: &mut Report) -> Result<()> {
    let mut requests = Requests::new(3)?;
    let texts: Vec<String> = (0..2_000).map(|_| requests.take().body).collect();
    let mut measure = |name: &str, work: &dyn Fn(&str)| {
        let mut samples = Samples::default();
        texts.iter().for_each(|text| samples.add(timed(|| work(text)).1));
        let micros = samples.hundredth(50).as_secs_f64() * 1e6;
        report.add(Figure::new(format!("text: {name}"), micros, "µs").with_times(&samples));
    };
    measure("search terms of a request", &|text| drop(black_box(Terms::of(text).fts5())));
    measure("fingerprint of a request", &|text| {
        black_box(simhash(text));
    });
    let other = requests.take().body;
    measure("likeness of two requests", &|text| {
        black_box(similarity(text, &other));
    });
    measure("a query", &|text| {
        let words: String = text.chars().take(8).collect();
        black_box(Query::of(&words).map(|query| query.fts5()));
    });
    Ok(())
}
