#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::log::{
    Plan,
    fixture::{leaf, leaves, range, reader},
    peaks,
};

fn tile(level: u8, index: u64, width: u16) -> Tile {
    Tile {
        level,
        index,
        width,
    }
}

#[test]
fn the_examples_of_the_specification() {
    assert_eq!(tile(0, 1_234_067, 256).to_string(), "tile/0/x001/x234/067");
    assert_eq!("tile/0/x001/x234/067".parse(), Ok(tile(0, 1_234_067, 256)));
    // A tree of 70,000: 273 full tiles of level 0 and one of 112, one full of level 1 and one of 17, one of 1.
    let all = touched(0, 70_000);
    let level = |level: u8| all.iter().filter(move |tile| tile.level == level).copied();
    assert_eq!(level(0).filter(|tile| !tile.is_partial()).count(), 273);
    assert_eq!(level(0).last(), Some(tile(0, 273, 112)));
    assert_eq!(
        level(1).collect::<Vec<_>>(),
        [tile(1, 0, 256), tile(1, 1, 17)]
    );
    assert_eq!(level(2).collect::<Vec<_>>(), [tile(2, 0, 1)]);
    assert_eq!(all.len(), 277);
    assert_eq!(touched(0, 256), [tile(0, 0, 256), tile(1, 0, 1)]);
    assert_eq!(touched(255, 256), touched(0, 256));
    assert_eq!(touched(256, 257), [tile(0, 1, 1)]);
    assert_eq!(touched(7, 7), []);
    assert_eq!(edge(256), [tile(1, 0, 1)]);
    assert_eq!(
        edge(70_000),
        [tile(0, 273, 112), tile(1, 1, 17), tile(2, 0, 1)]
    );
    assert_eq!(edge(0), []);
}

#[test]
fn a_wrong_path_is_refused_by_what_is_wrong() {
    let form = |path: &str| Err(PathError::Form(path.to_owned()));
    let index = |part: &str, wanted| {
        Err(PathError::Index {
            part: part.to_owned(),
            wanted,
        })
    };
    let last = "its last part is three digits, such as 067";
    let inner = "each part but the last is an x and three digits, such as x001";
    for (path, wanted) in [
        ("", form("")),
        ("/tile/0/000", form("/tile/0/000")),
        ("tile/0", form("tile/0")),
        ("tile/data/000", Err(PathError::Level("data".to_owned()))),
        ("tile/entries/000", Err(PathError::Entries)),
        ("tile/64/000", Err(PathError::Level("64".to_owned()))),
        ("tile/00/000", Err(PathError::Level("00".to_owned()))),
        ("tile/+1/000", Err(PathError::Level("+1".to_owned()))),
        ("tile/0/", index("", last)),
        ("tile/0/67", index("67", last)),
        ("tile/0/0067", index("0067", last)),
        ("tile/0/x067", index("x067", last)),
        ("tile/0/001/067", index("001", inner)),
        ("tile/0/x01/067", index("x01", inner)),
        ("tile/0/x001/067/", index("067", inner)),
        ("tile/0/../067", index("..", inner)),
        ("tile/0/x000/067", Err(PathError::LeadingZeroes)),
        (
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            Err(PathError::TooLarge),
        ),
        ("tile/0/067.p/0", Err(PathError::Width("0".to_owned()))),
        ("tile/0/067.p/256", Err(PathError::Width("256".to_owned()))),
        ("tile/0/067.p/01", Err(PathError::Width("01".to_owned()))),
        ("tile/0/067.p/", Err(PathError::Width(String::new()))),
        ("tile/0/067.p", index("067.p", last)),
    ] {
        assert_eq!(path.parse::<Tile>(), wanted, "{path}");
    }
    let far = "tile/63/x018/x446/x744/x073/x709/x551/615.p/255";
    assert_eq!(far.parse(), Ok(tile(63, u64::MAX, 255)));
    assert_eq!(tile(63, u64::MAX, 255).to_string(), far);
}

#[test]
fn the_bytes_of_a_tile_are_as_many_as_its_path_says() {
    let hashes = leaves(3);
    let bytes = Tile::bytes(&hashes);
    assert_eq!(bytes.len(), 96);
    assert_eq!(tile(0, 0, 3).hashes(&bytes), Ok(hashes));
    let wrong = tile(0, 5, 4).hashes(&bytes).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "96 bytes are not the 4 hashes of tile/0/005.p/4, which have 128"
    );
}

#[test]
fn a_missing_tile_is_named() {
    let tiles = Tiles::default();
    let node = Node { level: 9, index: 3 };
    let missing = tiles.read(node).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "the hash of subtree 3 of level 9 is in none of the tiles that were loaded"
    );
    assert!(grow(&tiles, 3, &leaves(1)).is_err());
    let beyond = Node {
        level: 63,
        index: u64::MAX,
    };
    assert!(tiles.read(beyond).is_err());
    assert_eq!(Tile::of(beyond, 7), None);
}

/// Grows a tree step by step, keeping its tiles as a store would.
fn grown(steps: &[u64]) -> (Tiles, u64) {
    let mut tiles = Tiles::default();
    let mut size = 0;
    for step in steps {
        let new: Vec<Hash> = (size..size + step).map(|index| leaf(0, index)).collect();
        // Only the border of the tree is there, as in a sequencer that loads no more.
        let mut border = Tiles::default();
        for tile in edge(size) {
            let known = tiles.get(tile.level(), tile.index());
            border.insert(
                tile.level(),
                tile.index(),
                known[..usize::from(tile.width())].to_vec(),
            );
        }
        let changed = grow(&border, size, &new).unwrap();
        assert_eq!(
            changed.iter().map(|(tile, _)| *tile).collect::<Vec<_>>(),
            touched(size, size + step)
        );
        for (tile, hashes) in changed {
            assert_eq!(hashes.len(), usize::from(tile.width()));
            tiles.insert(tile.level(), tile.index(), hashes);
        }
        size += step;
    }
    (tiles, size)
}

#[test]
fn three_levels_of_tiles_give_the_same_hashes_as_the_leaves() {
    let (tiles, size) = grown(&[1, 254, 1, 65_279, 1, 1, 700]);
    let leaves = leaves(size);
    assert_eq!(size, 66_237);
    let read = |node| tiles.read(node);
    assert_eq!(
        Plan::root(size).unwrap().read(read).unwrap(),
        [range(&leaves).root()]
    );
    for (old, index) in [
        (1, 0),
        (255, 255),
        (256, 70),
        (65_536, 65_535),
        (66_000, 66_236),
    ] {
        for plan in [
            Plan::inclusion(index, size).unwrap(),
            Plan::consistency(old, size).unwrap(),
        ] {
            assert_eq!(
                plan.read(read).unwrap(),
                plan.read(reader(&leaves)).unwrap()
            );
            let needed = needed(plan.nodes(), size);
            assert!(needed.len() <= 6, "{needed:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn only_the_needed_tiles_are_needed(steps in prop::collection::vec(1_u64..400, 1..8), at in any::<prop::sample::Index>()) {
        let (tiles, size) = grown(&steps);
        let leaves = leaves(size);
        let index = u64::try_from(at.index(usize::try_from(size).unwrap())).unwrap();
        for plan in [
            Plan::root(size).unwrap(),
            Plan::inclusion(index, size).unwrap(),
            Plan::consistency(index, size).unwrap(),
        ] {
            let mut loaded = Tiles::default();
            for tile in needed(plan.nodes(), size) {
                let bytes = Tile::bytes(&tiles.get(tile.level(), tile.index())[..usize::from(tile.width())]);
                loaded.insert(tile.level(), tile.index(), tile.hashes(&bytes).unwrap());
            }
            prop_assert_eq!(plan.read(|node| loaded.read(node)).unwrap(), plan.read(reader(&leaves)).unwrap());
        }
        let of_peaks: Vec<Hash> = peaks(size).into_iter().map(|node| tiles.read(node).unwrap()).collect();
        let whole = range(&leaves);
        prop_assert_eq!(of_peaks.as_slice(), whole.peaks());
    }

    #[test]
    fn paths_there_and_back(level in 0_u8..=63, index in any::<u64>(), width in 1_u16..=256) {
        let tile = tile(level, index, width);
        prop_assert_eq!(tile.to_string().parse(), Ok(tile));
    }

    #[test]
    fn a_path_that_is_read_is_the_one_that_is_written(path in "(tile/)?[0-9]{1,2}/(x?[0-9]{2,4}/?){0,3}(\\.p/?[0-9]{0,3})?") {
        if let Ok(tile) = path.parse::<Tile>() {
            prop_assert_eq!(tile.to_string(), path);
        }
    }
}
