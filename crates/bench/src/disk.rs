//! The disk: how long it takes to make a few bytes safe. Printed beside every figure of writes, since
//! it bounds them all.

use crate::figure::Figure;
use crate::stopwatch::{Samples, now};
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

/// Writes `size` bytes over and over for `long` in `folder`, each made safe with fdatasync.
pub fn syncs(folder: &Path, size: usize, long: Duration) -> Result<Samples> {
    let path = folder.join(format!("fdatasync-{}", std::process::id()));
    let samples = sync_file(&path, size, long);
    fs::remove_file(&path).with_context(|| format!("{} is left behind", path.display()))?;
    samples
}

fn sync_file(path: &Path, size: usize, long: Duration) -> Result<Samples> {
    let mut file = File::create(path).with_context(|| path.display().to_string())?;
    // A file that has its blocks: what is measured is the flush, not the growth of the file.
    file.write_all(&vec![0; size])?;
    file.sync_all()?;
    let (bytes, mut samples) = (vec![7; size], Samples::default());
    let begun = now();
    while begun.elapsed() < long {
        let begun = now();
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&bytes)?;
        file.sync_data()?;
        samples.add(begun.elapsed());
    }
    Ok(samples)
}

/// The machine's fdatasync time now, to be printed beside a figure of writes.
pub fn beside(name: &str, folder: &Path) -> Result<Figure> {
    let samples = syncs(folder, 4_096, Duration::from_millis(500))?;
    Ok(Figure::times(format!("{name}: one fdatasync of 4 KiB"), &samples))
}
