//! The chain that sightings and the requests that follow them make.

use std::collections::{HashMap, HashSet, VecDeque};

use thiserror::Error;

use crate::id::{RequestId, SightingId};

/// One step of the chain: a sighting after one request, followed by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// After which request it was seen.
    pub from: RequestId,
    /// What was seen.
    pub sighting: SightingId,
    /// Which request follows it.
    pub to: RequestId,
}

/// A link that would make the chain lead back to where it began. What moved cannot have been there before it moved, so
/// one of the links is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "a chain of sightings never leads back to where it began, and this one would: {}",
    shown(path)
)]
pub struct Closed {
    /// From the request that is to follow, by the links that stand, to the request that the sighting was seen after.
    pub path: Vec<RequestId>,
}

fn shown(path: &[RequestId]) -> String {
    let mut steps: Vec<String> = path.iter().map(ToString::to_string).collect();
    steps.extend(steps.first().cloned());
    steps.join(" → ")
}

/// Whether a sighting after `from` may be followed by `to`. `before` are the links that lead to `from`, over any number of
/// steps and in any order; others do no harm.
///
/// # Errors
/// [`Closed`] with the shortest way from `to` to `from`.
pub fn check_open(from: RequestId, to: RequestId, before: &[Link]) -> Result<(), Closed> {
    let mut into: HashMap<RequestId, Vec<RequestId>> = HashMap::new();
    for link in before {
        into.entry(link.to).or_default().push(link.from);
    }
    // Backwards from `from`, each request with the one it was reached from.
    let mut seen = HashSet::from([from]);
    let mut next: HashMap<RequestId, RequestId> = HashMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(request) = queue.pop_front() {
        if request == to {
            let steps = std::iter::successors(Some(to), |step| next.get(step).copied());
            return Err(Closed {
                path: steps.collect(),
            });
        }
        for earlier in into.get(&request).into_iter().flatten() {
            if seen.insert(*earlier) {
                next.insert(*earlier, request);
                queue.push_back(*earlier);
            }
        }
    }
    Ok(())
}
