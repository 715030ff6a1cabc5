//! Invented people: names by the weight of their surnames, telephones from a segment that calls
//! nobody.

use super::dice::Dice;
use super::recipe::{Names, Phone};

/// Gives invented people their names and numbers.
pub(super) struct Registry<'a> {
    names: &'a Names,
    dice: Dice,
    phones: usize,
}

impl<'a> Registry<'a> {
    /// Begins with the first number of the segment.
    pub fn new(names: &'a Names, seed: u64) -> Self {
        Self { names, dice: Dice::of(seed, "names", 0), phones: 0 }
    }

    /// Another name; two people may share one.
    pub fn name(&mut self) -> String {
        let Names { surnames, given, .. } = self.names;
        let surname = self.dice.weighted(surnames.weights.values().map(|it| f64::from(*it)));
        let surname = surnames.weights.keys().nth(surname).map_or("", String::as_str);
        let mut name = surname.to_owned();
        if self.dice.chance(given.two) {
            name.extend(self.dice.pick(&given.first).map(String::as_str));
            name.extend(self.dice.pick(&given.second).map(String::as_str));
        } else {
            name.extend(self.dice.pick(&given.one).map(String::as_str));
        }
        name
    }

    /// The next number, never given before.
    pub fn phone(&mut self) -> String {
        self.phones += 1;
        number(&self.names.phone, self.phones)
    }
}

/// The `n`-th number of the segment, first the main prefix, then the others.
fn number(phone: &Phone, n: usize) -> String {
    let each = 10_usize.pow(phone.digits);
    let prefixes = std::iter::once(&phone.prefix).chain(&phone.more);
    let prefix = prefixes.cycle().nth(n / each).unwrap_or(&phone.prefix);
    format!("{prefix}{:0width$}", n % each, width = phone.digits as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_in_the_next_prefix() {
        let phone = Phone { prefix: "1900000".into(), digits: 4, more: vec!["1900001".into()] };
        assert_eq!(number(&phone, 1), "19000000001");
        assert_eq!(number(&phone, 10_000), "19000010000");
    }
}
