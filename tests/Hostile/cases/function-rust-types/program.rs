use std::collections::HashMap;
pub fn f<'a>(counts: HashMap<String, i32>, name: Option<String>, flag: bool, sign: char, rows: &'a [Vec<String>], word: &str) -> HashMap<String, Vec<(i32, f64)>> {
    let mut made: HashMap<String, Vec<(i32, f64)>> = counts.into_iter().map(|(k, v)| (k, vec![(v, v as f64 / 2.0)])).collect();
    if name.is_none() && flag { made.insert(format!("{}{}{}", sign, rows[0][0], word), vec![]); }
    made
}
fn main() {}
