//! A county's method as data: read a pack, report every problem in it, decide what a command does.
//! Pure: no I/O, no clock, no chance; files come as texts, time and posts as arguments.

pub mod burden;
pub mod check;
pub mod cycles;
pub mod decide;
pub mod definition;
pub mod diff;
pub mod draw;
pub mod guard;
pub mod read;
pub mod schema;
pub mod simulate;
pub mod tell;
