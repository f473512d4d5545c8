//! Charts as SVG, drawn here so that nothing runs in the browser. Each stands beside a table with the same numbers; what is
//! not told has no bar and no point.

/// The width of every chart, in its own units; a screen of 320 pixels shows about one for one.
const WIDTH: f64 = 320.0;
/// A bar with the line of its label above it.
const ROW: f64 = 34.0;
/// The longest bar leaves room for its number.
const LONGEST: f64 = 250.0;
/// Labels that are longer are cut; the table beside has them in full.
const LABEL: usize = 46;
/// The height in which points lie, and what is above and below.
const PLOT: f64 = 110.0;
const ABOVE: f64 = 22.0;
const BELOW: f64 = 24.0;

/// A number to be drawn.
pub(super) struct Drawn {
    /// What it is of.
    pub label: String,
    /// How large; nothing when it is not told.
    pub value: Option<u64>,
    /// As it is shown.
    pub shown: String,
}

/// A bar.
pub(super) struct Bar {
    pub label: String,
    pub label_y: String,
    pub bar_y: String,
    pub width: String,
    pub shown: String,
    pub shown_x: String,
    pub shown_y: String,
}

/// Bars below each other.
pub(super) struct Bars {
    pub height: String,
    pub bars: Vec<Bar>,
}

/// A point of a line.
pub(super) struct Point {
    pub x: String,
    pub y: String,
    pub shown: String,
    pub shown_y: String,
    pub label: String,
    pub told: bool,
}

/// A line from month to month.
pub(super) struct Line {
    pub height: String,
    pub label_y: String,
    /// The points of each stretch without a gap.
    pub stretches: Vec<String>,
    pub points: Vec<Point>,
}

impl Bars {
    pub(super) fn of(drawn: &[Drawn]) -> Self {
        let most = largest(drawn);
        let rows = drawn.iter().enumerate().map(|(place, one)| {
            let top = ROW * place as f64;
            let width = LONGEST * share(one.value, most);
            Bar {
                label: cut(&one.label),
                label_y: number(top + 12.0),
                bar_y: number(top + 17.0),
                width: number(width),
                shown: one.shown.clone(),
                shown_x: number(width + 5.0),
                shown_y: number(top + 27.0),
            }
        });
        Self {
            height: number(ROW * drawn.len() as f64),
            bars: rows.collect(),
        }
    }
}

impl Line {
    pub(super) fn of(drawn: &[Drawn]) -> Self {
        let most = largest(drawn);
        let step = WIDTH / drawn.len().max(1) as f64;
        let (mut stretches, mut stretch) = (Vec::new(), String::new());
        let mut points = Vec::new();
        for (place, one) in drawn.iter().enumerate() {
            let x = number(step * (place as f64 + 0.5));
            let y = ABOVE + PLOT * (1.0 - share(one.value, most));
            if one.value.is_some() {
                if !stretch.is_empty() {
                    stretch.push(' ');
                }
                stretch.push_str(&format!("{x},{}", number(y)));
            } else if !stretch.is_empty() {
                stretches.push(std::mem::take(&mut stretch));
            }
            points.push(Point {
                x,
                y: number(y),
                shown: one.shown.clone(),
                shown_y: number(y - 7.0),
                label: one.label.clone(),
                told: one.value.is_some(),
            });
        }
        stretches.extend(Some(stretch).filter(|stretch| !stretch.is_empty()));
        Self {
            height: number(ABOVE + PLOT + BELOW),
            label_y: number(ABOVE + PLOT + 18.0),
            stretches,
            points,
        }
    }
}

fn largest(drawn: &[Drawn]) -> u64 {
    let values = drawn.iter().filter_map(|one| one.value);
    values.max().unwrap_or(0)
}

fn share(value: Option<u64>, most: u64) -> f64 {
    match (value, most) {
        (None, _) | (_, 0) => 0.0,
        (Some(value), most) => value as f64 / most as f64,
    }
}

/// A coordinate with one decimal, and none when it is none.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.trim_end_matches(".0").to_owned()
}

fn cut(label: &str) -> String {
    if label.chars().count() <= LABEL {
        return label.to_owned();
    }
    let kept: String = label.chars().take(LABEL - 1).collect();
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[Option<u64>]) -> Vec<Drawn> {
        let one = |value: &Option<u64>| Drawn {
            label: "a".repeat(60),
            value: *value,
            shown: value.map_or("<5".to_owned(), |value| value.to_string()),
        };
        values.iter().map(one).collect()
    }

    #[test]
    fn bars_are_as_long_as_their_numbers_and_what_is_not_told_has_none() {
        let bars = Bars::of(&drawn(&[Some(50), Some(100), None, Some(0)]));
        let widths: Vec<&str> = bars.bars.iter().map(|bar| bar.width.as_str()).collect();
        assert_eq!(widths, ["125", "250", "0", "0"]);
        assert_eq!(bars.height, "136");
        assert_eq!(bars.bars[0].label.chars().count(), LABEL);
        assert!(Bars::of(&drawn(&[Some(0)])).bars[0].width == "0");
    }

    #[test]
    fn a_line_has_a_gap_where_nothing_is_told() {
        let line = Line::of(&drawn(&[Some(10), Some(5), None, Some(10)]));
        assert_eq!(line.stretches, ["40,22 120,77", "280,22"]);
        assert_eq!(line.points.len(), 4);
        assert!(!line.points[2].told && line.points[2].shown == "<5");
    }
}
