//! How deep a JSON text nests, found without parsing it.

/// The one-based offset at which arrays and objects nest deeper than `limit`, if they do.
pub(super) fn too_deep(json: &[u8], limit: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_text = false;
    let mut escaped = false;
    for (offset, byte) in json.iter().enumerate() {
        if in_text {
            match (escaped, byte) {
                (true, _) => escaped = false,
                (false, b'\\') => escaped = true,
                (false, b'"') => in_text = false,
                (false, _) => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > limit {
                    return Some(offset + 1);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_nesting_and_not_text() {
        assert_eq!(too_deep(b"[[[]]]", 3), None);
        assert_eq!(too_deep(b"[[[[]]]]", 3), Some(4));
        assert_eq!(too_deep(br#"["[[[[[{{{{\"[[[", {"a": []}]"#, 3), None);
        assert_eq!(too_deep(b"[][][][][]", 1), None);
        assert_eq!(too_deep(b"]]]]]", 1), None);
    }
}
