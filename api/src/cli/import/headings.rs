//! Which column holds what: found by the headings of the list.

use super::convert::text;
use super::mapping::{Mapping, Member, folded};
use super::table::SheetRow;

/// Where the columns are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The place of each column of the mapping, from 0.
    pub(super) places: Vec<(Member, usize)>,
    /// What was noticed besides, to be told.
    pub(super) remarks: Vec<String>,
}

/// Why a row is not the one with the headings, or not a clear one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotFound {
    /// It lacks these.
    Missing(Vec<String>),
    /// It has all, but these more than once: which column is meant cannot be known.
    Twice(Vec<String>),
}

/// Looks for the headings of the mapping in a row.
pub(super) fn headings(mapping: &Mapping, row: &SheetRow) -> Result<Found, NotFound> {
    let there: Vec<String> = row
        .cells
        .iter()
        .map(|cell| folded(&text(cell).unwrap_or_default()))
        .collect();
    let standing = |heading: &str| -> Vec<usize> {
        let places = there.iter().enumerate();
        let here = places.filter(|(_, cell)| cell.as_str() == heading);
        here.map(|(place, _)| place).collect()
    };
    let (mut places, mut missing, mut twice) = (Vec::new(), Vec::new(), Vec::new());
    for (member, heading) in &mapping.columns {
        match standing(&folded(heading)).as_slice() {
            [] => missing.push(heading.clone()),
            [place] => places.push((*member, *place)),
            several => twice.push(format!("{heading:?} in {}", columns(several))),
        }
    }
    if !missing.is_empty() {
        return Err(NotFound::Missing(missing));
    }
    if !twice.is_empty() {
        return Err(NotFound::Twice(twice));
    }
    let mut remarks = Vec::new();
    for (place, heading) in there.iter().enumerate() {
        let several = standing(heading);
        if heading.is_empty() || several.len() < 2 || several.first() != Some(&place) {
            continue;
        }
        remarks.push(format!(
            "the heading {heading:?} stands in {}; none of them is read, since the mapping names none",
            columns(&several)
        ));
    }
    Ok(Found { places, remarks })
}

/// "the columns B, D and AA"
fn columns(places: &[usize]) -> String {
    let letters: Vec<String> = places.iter().map(|place| letters(*place)).collect();
    match letters.as_slice() {
        [most @ .., last] if !most.is_empty() => {
            format!("the columns {} and {last}", most.join(", "))
        }
        one => format!("the column {}", one.concat()),
    }
}

/// The name of a column as spreadsheets write it: A to Z, then AA.
fn letters(place: usize) -> String {
    let mut left = place + 1;
    let mut name = Vec::new();
    while left > 0 {
        left -= 1;
        name.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    name.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::{columns, letters};

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        let named = [0, 25, 26, 51, 52, 701, 702].map(letters);
        assert_eq!(named, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
        assert_eq!(columns(&[1, 3, 26]), "the columns B, D and AA");
    }
}
