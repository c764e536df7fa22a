//! Text search: our own index of character bigrams (docs/adr/0006), because the databases' own full-text search
//! finds nothing for two-character Chinese words. A row holds one bigram's review numbers, delta-packed.

use crate::{Result, ReviewRow, Store, Tx};
use std::collections::HashMap;

/// Bigrams of a text as index keys: lower case, full-width folded, runs of white space as one separator.
/// A text's last character is paired with a separator, so that single characters can be found too.
pub fn bigrams(text: &str) -> Vec<i64> {
    let mut previous = None;
    let mut keys = Vec::with_capacity(text.len() / 2);
    for c in folded(text).chain(std::iter::once(' ')) {
        if let Some(first) = previous
            && first != ' '
        {
            keys.push(key(first, c));
        }
        previous = Some(c);
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

const fn key(first: char, second: char) -> i64 {
    ((first as i64) << 21) | second as i64
}

/// The characters that are compared: lower case, half-width, white space as one blank.
fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut blank = true;
    text.chars().filter_map(move |c| {
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            _ => c,
        };
        let c = if c.is_whitespace() {
            ' '
        } else {
            c.to_lowercase().next().unwrap_or(c)
        };
        if c == ' ' {
            if blank {
                return None;
            }
            blank = true;
        } else {
            blank = false;
        }
        Some(c)
    })
}

/// Bigrams of many reviews, gathered before they are written in one block.
#[derive(Default)]
pub struct Grams {
    map: HashMap<i64, (i64, Vec<u8>)>,
    last: i64,
}

impl Grams {
    /// Adds a review. Numbers must come in rising order.
    pub fn add(&mut self, number: i64, text: &str) {
        self.last = number;
        for gram in bigrams(text) {
            let (last, packed) = self.map.entry(gram).or_default();
            pack(number - *last, packed);
            *last = number;
        }
    }

    /// Nothing was added.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// The highest number added.
    pub fn last(&self) -> i64 {
        self.last
    }
}

/// Seven bits a byte, the highest bit says that more follow.
fn pack(mut gap: i64, into: &mut Vec<u8>) {
    while gap >= 0x80 {
        into.push((gap & 0x7f) as u8 | 0x80);
        gap >>= 7;
    }
    into.push(gap as u8);
}

fn unpack(packed: &[u8], into: &mut Vec<i64>) {
    let (mut number, mut gap, mut shift) = (0i64, 0i64, 0);
    for byte in packed {
        gap |= i64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            number += gap;
            into.push(number);
            (gap, shift) = (0, 0);
        }
    }
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Numbers of reviews, in rising order.
    pub numbers: Vec<i64>,
    /// All bigrams being there does not mean that they follow each other: each of these reviews must still be
    /// checked for these words. So many were found that a list checks only the rows it comes to.
    pub containing: Option<String>,
}

/// Up to this many reviews are checked at once, and written out in a query, so that the planner sees how few they are
/// and uses the index. Of more than this many, a list counts no further.
pub const FEW: usize = 1_000;

/// The texts of a review `r` that are searched, as one.
macro_rules! searched_text {
    () => {
        "(r.body || ' ' || coalesce(r.title, '') || ' ' || coalesce(r.product, '') || ' ' || coalesce(r.author, '') || ' ' || coalesce(r.order_id, '') || ' ' || r.shop)"
    };
}
pub(crate) use searched_text;

impl ReviewRow {
    /// The texts of this review that are searched, as one: what `searched_text!` makes of its row.
    pub fn searched(&self) -> String {
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            &self.body,
            &or_empty(&self.title),
            &or_empty(&self.product),
            &or_empty(&self.author),
            &or_empty(&self.order_id),
            &self.shop,
        ]
        .map(String::as_str)
        .join(" ")
    }
}

/// Pushes `$column is one of the found numbers`. Many are a string of bytes, one for each number of their range, which
/// both databases look into faster than they search a list.
macro_rules! push_found {
    ($query:expr, $column:expr, $found:expr) => {{
        let numbers: &[i64] = &$found.numbers;
        match (numbers.first(), numbers.last()) {
            (Some(&first), Some(&last)) if numbers.len() > crate::search::FEW => {
                let mut bytes = vec![0u8; usize::try_from(last - first).unwrap_or(0) + 1];
                for number in numbers {
                    if let Some(byte) = usize::try_from(number - first)
                        .ok()
                        .and_then(|at| bytes.get_mut(at))
                    {
                        *byte = 1;
                    }
                }
                // The plus keeps the planner from reading the whole range by its index and sorting it.
                $query
                    .push("+")
                    .push($column)
                    .push(" between ")
                    .push_bind(first)
                    .push(" and ")
                    .push_bind(last);
                $query
                    .push(" and substr(")
                    .push_bind(bytes)
                    .push(", cast(")
                    .push($column)
                    .push(" - ")
                    .push_bind(first - 1);
                $query.push(" as integer), 1) = ").push_bind(vec![1u8]);
            }
            (Some(_), Some(_)) => {
                let list: Vec<String> = numbers.iter().map(i64::to_string).collect();
                $query.push($column).push(" in (").push(list.join(",")).push(")");
            }
            _ => {
                $query.push("false");
            }
        }
    }};
}
pub(crate) use push_found;

impl Store {
    /// The reviews whose text contains `words`; none for words without characters.
    ///
    /// Words of one or two characters are answered by the index alone; longer ones are checked against the text.
    pub async fn search(&self, words: &str) -> Result<Option<Found>> {
        let needle: Vec<char> = folded(words.trim()).collect();
        if needle.is_empty() {
            return Ok(None);
        }
        let exact = |numbers| {
            Ok(Some(Found {
                numbers,
                containing: None,
            }))
        };
        if needle.len() == 1 {
            return exact(
                self.numbers_in(key(needle[0], '\0'), key(needle[0], char::MAX))
                    .await?,
            );
        }
        let mut found: Option<Vec<i64>> = None;
        let mut grams: Vec<i64> = needle
            .windows(2)
            .filter(|pair| pair[0] != ' ')
            .map(|pair| key(pair[0], pair[1]))
            .collect();
        grams.sort_unstable();
        grams.dedup();
        for gram in grams {
            let numbers = self.numbers_in(gram, gram).await?;
            found = Some(match found {
                None => numbers,
                Some(before) => intersect(&before, &numbers),
            });
            if found.as_ref().is_some_and(Vec::is_empty) {
                return exact(Vec::new());
            }
        }
        let found = found.unwrap_or_default();
        if needle.len() == 2 {
            return exact(found);
        }
        // Words without letter case or width can be compared by the database itself.
        let is_plain = needle
            .iter()
            .all(|c| *c as u32 >= 0x2e80 && !('\u{ff00}'..='\u{ffef}').contains(c));
        let needle: String = needle.into_iter().collect();
        if is_plain && found.len() > FEW {
            return Ok(Some(Found {
                numbers: found,
                containing: Some(needle),
            }));
        }
        exact(self.keep_containing(found, &needle).await?)
    }

    async fn numbers_in(&self, low: i64, high: i64) -> Result<Vec<i64>> {
        let blocks: Vec<Vec<u8>> = on_read!(self, Database, pool => {
            sqlx::query_scalar("select numbers from gram where gram >= $1 and gram <= $2 order by gram, block")
                .bind(low).bind(high).fetch_all(pool).await?
        });
        let mut numbers = Vec::new();
        for packed in blocks {
            unpack(&packed, &mut numbers);
        }
        // Blocks of changed reviews repeat numbers of earlier ones.
        if !numbers.is_sorted_by(|a, b| a < b) {
            numbers.sort_unstable();
            numbers.dedup();
        }
        Ok(numbers)
    }

    /// Those whose text really contains the words.
    async fn keep_containing(&self, numbers: Vec<i64>, needle: &str) -> Result<Vec<i64>> {
        let mut kept = Vec::new();
        for chunk in numbers.chunks(FEW) {
            let list: Vec<String> = chunk.iter().map(i64::to_string).collect();
            let texts: Vec<(i64, String)> = on_read!(self, Database, pool => {
                let mut query = sqlx::QueryBuilder::<Database>::new(
                    concat!("select r.number, ", searched_text!(), " from review r where r.number in ("));
                query.push(list.join(",")).push(") order by r.number");
                query.build_query_as().persistent(false).fetch_all(pool).await?
            });
            kept.extend(
                texts
                    .into_iter()
                    .filter(|(_, text)| folded(text).collect::<String>().contains(needle))
                    .map(|(number, _)| number),
            );
        }
        Ok(kept)
    }
}

impl Tx {
    /// Writes gathered bigrams as one block.
    pub async fn add_grams(&mut self, grams: Grams) -> Result<()> {
        let block = self.take_numbers("gram_block", 1).await?;
        let mut rows: Vec<(i64, Vec<u8>)> = grams
            .map
            .into_iter()
            .map(|(gram, (_, packed))| (gram, packed))
            .collect();
        // In key order the B-tree is filled from left to right instead of at random.
        rows.sort_unstable_by_key(|(gram, _)| *gram);
        insert_many!(self, "gram (gram, block, numbers)", rows, |b, row| {
            b.push_bind(row.0).push_bind(block).push_bind(&row.1);
        });
        Ok(())
    }
}

fn intersect(a: &[i64], b: &[i64]) -> Vec<i64> {
    let (mut i, mut j, mut both) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                both.push(a[i]);
                i += 1;
                j += 1;
            }
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers_come_back() {
        let mut grams = Grams::default();
        for number in [5, 6, 300, 70_000] {
            grams.add(number, "差评");
        }
        let (_, packed) = &grams.map[&key('差', '评')];
        let mut numbers = Vec::new();
        unpack(packed, &mut numbers);
        assert_eq!(numbers, [5, 6, 300, 70_000]);
    }

    #[test]
    fn width_case_and_blanks_do_not_matter() {
        assert_eq!(bigrams("ＡＢ  c"), bigrams("ab c"));
    }
}
