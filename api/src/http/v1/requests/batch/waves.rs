//! Which rows of a batch are filed side by side: those whose answers do not depend on each other. What is stored first is
//! chance; the order of the rows is not.

use std::collections::HashSet;

use crate::app::requests::Tie;

/// The rows of a batch that are not filed yet.
pub(super) struct Waves {
    ties: Vec<Vec<Tie>>,
    left: Vec<usize>,
    /// Ties that bind nobody any more.
    ended: HashSet<Tie>,
}

impl Waves {
    /// All rows, with what ties each to the ones before it.
    pub(super) fn of(ties: Vec<Vec<Tie>>) -> Self {
        Self {
            left: (0..ties.len()).collect(),
            ties,
            ended: HashSet::new(),
        }
    }

    /// The rows that can be filed now, by their places: those that are tied to no row before them. None once all were given.
    pub(super) fn next(&mut self) -> Vec<usize> {
        let mut held: HashSet<&Tie> = HashSet::new();
        let (mut now, mut later) = (Vec::new(), Vec::new());
        for row in self.left.drain(..) {
            let ties = self.ties.get(row).into_iter().flatten();
            let mut free = true;
            for tie in ties.filter(|tie| !self.ended.contains(*tie)) {
                free &= held.insert(tie);
            }
            if free { now.push(row) } else { later.push(row) }
        }
        self.left = later;
        now
    }

    /// A row was filed, and not refused.
    pub(super) fn filed(&mut self, row: usize) {
        let ties = self.ties.get(row).into_iter().flatten();
        let ended = ties.filter(|tie| tie.ends_with_one());
        self.ended.extend(ended.cloned());
    }
}

#[cfg(test)]
mod tests {
    use takedown_core::history::Digest;

    use super::*;

    fn reference(name: &str) -> Tie {
        Tie::Reference(name.to_owned())
    }

    fn order(platform: &str) -> Tie {
        Tie::FirstOrder {
            instrument: "eu-tco-order".to_owned(),
            platform: platform.to_owned(),
        }
    }

    fn item(name: &str) -> Tie {
        Tie::Item(Digest::of(name))
    }

    #[test]
    fn rows_with_one_reference_or_one_item_take_turns() {
        let mut waves = Waves::of(vec![
            vec![reference("A")],
            vec![reference("B"), item("x")],
            vec![reference("A")],
            vec![],
            vec![reference("A"), item("x")],
            vec![item("x")],
        ]);
        for wave in [vec![0, 1, 3], vec![2], vec![4], vec![5], vec![]] {
            let given = waves.next();
            given.iter().for_each(|row| waves.filed(*row));
            assert_eq!(given, wave);
        }
    }

    #[test]
    fn first_orders_take_turns_until_one_is_filed() {
        let both = vec![order("p"), order("q")];
        let ties = vec![
            vec![order("p")],
            vec![order("p")],
            both,
            vec![order("q")],
            vec![order("p")],
            vec![order("r")],
        ];
        let mut waves = Waves::of(ties);
        assert_eq!(waves.next(), [0, 5]);
        // Refused: the next one is the first order, if it is filed.
        assert_eq!(waves.next(), [1]);
        waves.filed(1);
        assert_eq!(waves.next(), [2, 4], "the other platform still waits");
        waves.filed(2);
        assert_eq!(waves.next(), [3]);
        assert_eq!(waves.next(), [0; 0]);
    }
}
