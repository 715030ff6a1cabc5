//! Seeded chance for planning, and dividing a whole by shares. Ids and salts of the journal are the
//! county's own chance, not this one's.

use fastrand::Rng;

/// Chance that falls the same way for the same seed.
#[derive(Clone, Debug)]
pub(super) struct Dice(Rng);

impl Dice {
    /// The dice of one subject: another subject's throws do not change its own.
    pub fn of(seed: u64, subject: &str, number: usize) -> Self {
        // FNV-1a, so that neighbouring seeds and numbers fall differently.
        let number = u64::try_from(number).unwrap_or_default();
        let bytes =
            seed.to_le_bytes().into_iter().chain(subject.bytes()).chain(number.to_le_bytes());
        let fold = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(Rng::with_seed(bytes.fold(0xcbf2_9ce4_8422_2325, fold)))
    }

    /// True in this share of throws.
    pub fn chance(&mut self, share: f64) -> bool {
        self.0.f64() < share
    }

    /// A number from `least` to `most`, those in the middle more often.
    pub fn between(&mut self, [least, most]: [f64; 2]) -> f64 {
        least + (most - least) * f64::midpoint(self.0.f64(), self.0.f64())
    }

    /// A number below `n`; 0 below 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { self.0.usize(..n) }
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// The position of one of these weights, each as often as it is heavy.
    pub fn weighted(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut left = self.0.f64() * weights.clone().sum::<f64>();
        let passed = |weight: &f64| {
            left -= weight;
            left >= 0.0
        };
        let count = weights.clone().count();
        weights.take_while(passed).count().min(count.saturating_sub(1))
    }

    /// Thirty-two bytes, to draw ids from.
    pub fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.fill(&mut bytes);
        bytes
    }

    /// Another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        self.0.shuffle(list);
    }
}

/// Divides `total` by weights so that the parts add up to it (the largest remainders get the rest).
pub(super) fn apportion(total: usize, weights: &[f64]) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    let exact = weights.iter().map(|weight| weight / sum * total as f64);
    let exact: Vec<f64> = exact.map(|it| if it.is_finite() { it } else { 0.0 }).collect();
    let mut parts: Vec<usize> = exact.iter().map(|it| it.floor() as usize).collect();
    let mut order: Vec<(usize, f64)> = exact.iter().map(|it| it.fract()).enumerate().collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let rest = total.saturating_sub(parts.iter().sum());
    for (position, _) in order.into_iter().take(rest) {
        if let Some(part) = parts.get_mut(position) {
            *part += 1;
        }
    }
    parts
}

/// Divides `total` into `n` parts that differ by at most one.
pub(super) fn evenly(total: usize, n: usize) -> impl Iterator<Item = usize> {
    let n = n.max(1);
    (0..n).map(move |at| (at + 1) * total / n - at * total / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_subject_falls_the_same_way_and_another_does_not() {
        let throws = |subject, number| {
            let mut dice = Dice::of(7, subject, number);
            (0..8).map(|_| dice.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(throws("a", 1), throws("a", 1));
        assert_ne!(throws("a", 1), throws("a", 2));
        assert_ne!(throws("a", 1), throws("b", 1));
    }

    #[test]
    fn parts_add_up_whatever_the_shares() {
        assert_eq!(apportion(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(apportion(13_880, &[0.962, 0.031, 0.007]), [13_353, 430, 97]);
        assert_eq!(apportion(5, &[0.0, 0.0, 1.0]), [0, 0, 5]);
        assert_eq!(evenly(970, 110).sum::<usize>(), 970);
        assert!(evenly(970, 185).all(|part| part == 5 || part == 6));
    }

    #[test]
    fn a_weight_of_nothing_is_never_thrown() {
        let mut dice = Dice::of(1, "weights", 0);
        let thrown = (0..500).map(|_| dice.weighted([0.0, 3.0, 0.0, 1.0].into_iter()));
        let mut counts = [0; 4];
        thrown.for_each(|it| counts[it] += 1);
        assert_eq!((counts[0], counts[2]), (0, 0));
        assert!(counts[1] > counts[3] && counts[3] > 50, "{counts:?}");
    }
}
