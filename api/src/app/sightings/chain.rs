//! Where material came from before a request, and where it went after it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use takedown_core::id::RequestId;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::sighting::{Edge, EdgeKind, Fact, Graph, Node, NodeKind, SightingState};
use takedown_core::time::{At, rfc3339};

use super::view::{SightingView, platform, read_by, views, whose};
use crate::app::parties::{Platform, instant, parsed};
use crate::app::requests::{identifier, scope_of};
use crate::app::{Caller, Cx, Error};
use crate::store::Conn;
use crate::store::requests;
use crate::store::sightings::{self, SightingRow, StepRow};

/// How many sightings are shown of a chain.
pub const MOST: usize = 1_000;

/// Which way to walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To what was seen after the request, and so on.
    Forward,
    /// To what the request followed, and so on.
    Back,
    /// Either way; what others made of the same beginnings is not shown.
    Both,
}

/// A request of a chain.
#[derive(Debug, Clone)]
pub struct ChainRequest {
    /// Its reference, status and result.
    pub row: StepRow,
    /// Who is asked.
    pub platform: Arc<Platform>,
    /// When it was filed.
    pub filed_at: At,
}

/// A chain, walked from one request.
#[derive(Debug, Clone)]
pub struct ChainView {
    /// Where the walk began.
    pub request: RequestId,
    /// In the order in which they were filed.
    pub requests: Vec<ChainRequest>,
    /// In the order in which they were recorded.
    pub sightings: Vec<SightingView>,
    /// Whether that is all of it; else what is nearest.
    pub complete: bool,
}

/// Walks the chain of a request.
///
/// # Errors
/// [`Error::NotFound`] when there is no request that the caller may see.
pub async fn chain(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    direction: Direction,
) -> Result<ChainView, Error> {
    authorize(&caller.actor, Action::ReadChain, &Resource::Exchange)?;
    whose(caller)?;
    let scope = scope_of(&caller.actor)?;
    let id = identifier(id)?;
    let root = id.clone();
    let (walk, steps) = cx
        .store
        .read(move |conn| {
            let row = requests::find(conn, &scope, &root)?.ok_or(Error::NotFound)?;
            let walk = Walk::from(conn, &root, direction)?;
            let ids: Vec<String> = walk.requests.iter().cloned().collect();
            let steps = sightings::requests_of(conn, &row.agency_id, &ids)?;
            Ok::<_, Error>((walk, steps))
        })
        .await?;
    let rows: Vec<SightingRow> = walk.sightings.into_values().collect();
    let mut shown = Vec::with_capacity(steps.len());
    for row in steps {
        shown.push(ChainRequest {
            platform: platform(cx, &row.platform_id).await?,
            filed_at: instant(row.filed_at)?,
            row,
        });
    }
    let sightings = views(cx, &rows).await?;
    read_by(cx, caller, &sightings).await?;
    Ok(ChainView {
        request: parsed("request id", &id)?,
        requests: shown,
        sightings,
        complete: walk.complete,
    })
}

/// What a walk has come across.
struct Walk {
    requests: BTreeSet<String>,
    sightings: BTreeMap<String, SightingRow>,
    complete: bool,
}

impl Walk {
    fn from(conn: &mut Conn, root: &str, direction: Direction) -> Result<Self, Error> {
        let mut walk = Self {
            requests: BTreeSet::from([root.to_owned()]),
            sightings: BTreeMap::new(),
            complete: true,
        };
        if direction != Direction::Forward {
            walk.levels(root, |level, room| {
                let rows = sightings::before(conn, level, room)?;
                let next = |row: &SightingRow| Some(row.request_id.clone());
                Ok(rows.into_iter().map(|row| (next(&row), row)).collect())
            })?;
        }
        if direction != Direction::Back {
            walk.levels(root, |level, room| {
                let rows = sightings::after(conn, level, room)?;
                let next = |row: &SightingRow| {
                    let stands = row.retracted_at.is_none();
                    row.followed_by.clone().filter(|_| stands)
                };
                Ok(rows.into_iter().map(|row| (next(&row), row)).collect())
            })?;
        }
        Ok(walk)
    }

    /// From level to level, the nearest first, until nothing is left or there is no room.
    fn levels(
        &mut self,
        root: &str,
        mut step: impl FnMut(&[String], usize) -> Result<Vec<(Option<String>, SightingRow)>, Error>,
    ) -> Result<(), Error> {
        let mut seen = HashSet::from([root.to_owned()]);
        let mut level = vec![root.to_owned()];
        while !level.is_empty() {
            let room = MOST.saturating_sub(self.sightings.len());
            let mut rows = step(&level, room + 1)?;
            if rows.len() > room {
                rows.truncate(room);
                self.complete = false;
            }
            level.clear();
            for (next, row) in rows {
                if let Some(next) = next {
                    self.requests.insert(next.clone());
                    if seen.insert(next.clone()) {
                        level.push(next);
                    }
                }
                self.sightings.insert(row.id.clone(), row);
            }
            if !self.complete {
                break;
            }
        }
        Ok(())
    }
}

impl ChainView {
    /// What leads where. What was retracted leads to no request.
    #[must_use]
    pub fn edges(&self) -> Vec<Edge> {
        let edge = |from: String, to: String, kind| Edge { from, to, kind };
        let mut edges = Vec::new();
        for request in &self.requests {
            let (from, to) = (request.row.id.clone(), request.platform.id.to_string());
            edges.push(edge(from, to, EdgeKind::Asks));
        }
        for view in &self.sightings {
            let sighting = &view.sighting;
            let id = sighting.id.to_string();
            edges.push(edge(
                sighting.from.to_string(),
                id.clone(),
                EdgeKind::MovedTo,
            ));
            edges.push(edge(id.clone(), view.platform.id.to_string(), EdgeKind::On));
            if let (SightingState::Followed, Some(to)) = (sighting.state(), sighting.followed_by) {
                edges.push(edge(id, to.to_string(), EdgeKind::FollowedBy));
            }
        }
        edges
    }

    /// What is missing, in words.
    #[must_use]
    pub fn cut(&self) -> Option<String> {
        (!self.complete).then(|| {
            format!(
                "The chain has more than {MOST} sightings; these are the nearest to {}. Ask for one direction, or begin at \
                 another request.",
                self.request
            )
        })
    }

    /// As a graph whose labels nobody can click.
    #[must_use]
    pub fn graph(&self) -> Graph {
        let mut nodes = Vec::new();
        let mut platforms = BTreeMap::new();
        for request in &self.requests {
            platforms.insert(request.platform.id, &request.platform);
            nodes.push(Node {
                id: request.row.id.clone(),
                kind: NodeKind::Request,
                label: request.row.reference.clone(),
                facts: vec![
                    (Fact::At, rfc3339(request.filed_at)),
                    (Fact::State, request.row.status.clone()),
                ],
            });
        }
        for view in &self.sightings {
            platforms.insert(view.platform.id, &view.platform);
            let sighting = &view.sighting;
            nodes.push(Node {
                id: sighting.id.to_string(),
                kind: NodeKind::Sighting,
                label: view.locator.defanged(),
                facts: vec![
                    (Fact::At, rfc3339(view.seen_at)),
                    (Fact::State, sighting.state().to_string()),
                    (Fact::Confidence, sighting.confidence.to_string()),
                    (Fact::SeenAs, view.seen_as.to_string()),
                    (Fact::Moved, view.moved.to_string()),
                ],
            });
        }
        nodes.extend(platforms.into_iter().map(|(id, platform)| Node {
            id: id.to_string(),
            kind: NodeKind::Platform,
            // What came in by its host is called by it.
            label: platform.name.replace('.', "[.]"),
            facts: vec![(Fact::State, platform.standing.to_string())],
        }));
        let known: HashSet<&str> = nodes.iter().map(|node| node.id.as_str()).collect();
        let edges = self.edges().into_iter();
        let edges = edges
            .filter(|e| known.contains(e.from.as_str()) && known.contains(e.to.as_str()))
            .collect();
        Graph {
            nodes,
            edges,
            cut: self.cut(),
        }
    }
}
