//! Reviews in JSON: one document of any known shape, or one object a line. Objects become rows whose columns are
//! the paths inside them (`userInfo.nickName`).

use crate::{IngestError, headers, record::Record};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::{
    cell::Cell,
    collections::{BTreeSet, HashMap},
    fmt,
    io::{self, BufRead},
    ops::ControlFlow,
};

/// Values in one record, each 64 bytes of text counting as one more; a review has some dozens.
const MAX_NODES: u32 = 50_000;
/// Bytes of one string, which the parser must hold whole.
const MAX_STRING: usize = 2 << 20;
/// One element of a document can be as large as the document.
pub(crate) const MAX_JSON: u64 = 256 << 20;
/// Paths in one table.
const MAX_PATHS: usize = 512;
const STOPPED: &str = "\u{1}stopped";

/// Calls `each` with every object that could be a review.
fn each_object(
    text: impl BufRead,
    lines: bool,
    each: &mut dyn FnMut(Map<String, Value>) -> ControlFlow<()>,
) -> Result<(), IngestError> {
    let mut reader = serde_json::Deserializer::from_reader(StringLimit {
        inner: text,
        escaped: false,
        run: 0,
    });
    let mut stopped = false;
    let mut offer = |object: Map<String, Value>| {
        let flow = each(object);
        stopped |= flow.is_break();
        flow
    };
    let result = if lines {
        let mut stream = reader.into_iter::<Checked>();
        loop {
            match stream.next() {
                None => break Ok(()),
                Some(Ok(Checked(value))) => {
                    if emit(value, 0, &mut offer).is_break() {
                        break Ok(());
                    }
                }
                Some(Err(e)) => break Err(e),
            }
        }
    } else {
        Walk {
            depth: 0,
            each: &mut offer,
        }
        .deserialize(&mut reader)
    };
    match result {
        Err(_) if stopped => Ok(()),
        Err(e) if e.is_eof() => Err(IngestError::Truncated {
            detail: format!("JSON {}:{}", e.line(), e.column()),
        }),
        Err(e) if e.to_string().contains(TOO_BIG) => Err(IngestError::Suspicious {
            detail: TOO_BIG.into(),
        }),
        Err(e) => Err(IngestError::Damaged {
            detail: format!("JSON {}:{}", e.line(), e.column()),
        }),
        Ok(()) => Ok(()),
    }
}

/// Hands over an object, or the objects in the lists inside a wrapper such as one page of an API.
fn emit(
    value: Value,
    depth: u32,
    each: &mut dyn FnMut(Map<String, Value>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    match value {
        Value::Array(list) if depth < 6 => {
            for value in list {
                emit(value, depth + 1, each)?;
            }
            ControlFlow::Continue(())
        }
        Value::Object(object) => {
            if depth < 6 && object.values().any(holds_objects) && fields_of(&object) < 2 {
                for value in object.into_iter().map(|(_, v)| v) {
                    if holds_objects(&value) {
                        emit(value, depth + 1, each)?;
                    }
                }
                return ControlFlow::Continue(());
            }
            each(object)
        }
        _ => ControlFlow::Continue(()),
    }
}

fn holds_objects(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().any(Value::is_object),
        Value::Object(inner) => inner.values().any(holds_objects) || fields_of(inner) >= 2,
        _ => false,
    }
}

fn fields_of(object: &Map<String, Value>) -> usize {
    let fields: BTreeSet<_> = flatten(object)
        .iter()
        .filter_map(|(path, _)| headers::field_of(path))
        .map(|(f, _)| f)
        .collect();
    fields.len()
}

/// Goes down a document without holding it, and treats the elements of its lists as records.
struct Walk<'a> {
    depth: u32,
    each: &'a mut dyn FnMut(Map<String, Value>) -> ControlFlow<()>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        // `{"feed": {"entry": {…}}}`: the one review of a feed is not in a list.
        let mut own = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == "entry" || self.depth > 4 {
                let Checked(value) = map.next_value()?;
                if emit(value, 0, self.each).is_break() {
                    return Err(A::Error::custom(STOPPED));
                }
            } else if let Some(scalar) = map.next_value_seed(Inside {
                depth: self.depth + 1,
                each: &mut *self.each,
            })? && own.len() < MAX_PATHS
            {
                own.insert(key, scalar);
            }
        }
        if fields_of(&own) >= 2 && own.len() > 2 && (self.each)(own).is_break() {
            return Err(A::Error::custom(STOPPED));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(Checked(value)) = list.next_element()? {
            if emit(value, 0, self.each).is_break() {
                return Err(A::Error::custom(STOPPED));
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A value inside a wrapper object: lists and objects are walked, plain values come back.
struct Inside<'a> {
    depth: u32,
    each: &'a mut dyn FnMut(Map<String, Value>) -> ControlFlow<()>,
}

impl<'de> DeserializeSeed<'de> for Inside<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Inside<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Walk {
            depth: self.depth,
            each: self.each,
        }
        .visit_map(map)
        .map(|()| None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        Walk {
            depth: self.depth,
            each: self.each,
        }
        .visit_seq(list)
        .map(|()| None)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Self::Value, E> {
        Ok(Some(v.into()))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Self::Value, E> {
        Ok(Some(v.into()))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Self::Value, E> {
        Ok(Some(v.into()))
    }
    fn visit_f64<E>(self, v: f64) -> Result<Self::Value, E> {
        Ok(Some(v.into()))
    }
    fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
        Ok(Some(v.into()))
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

const TOO_BIG: &str = "one JSON record > 3 MB";

/// A value of bounded size: a small file must not become gigabytes of little numbers.
struct Checked(Value);

impl<'de> serde::Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let nodes = Cell::new(0);
        Node(&nodes).deserialize(deserializer).map(Checked)
    }
}

struct Node<'a>(&'a Cell<u32>);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.set(self.0.get() + 1);
        if self.0.get() > MAX_NODES {
            return Err(D::Error::custom(TOO_BIG));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut out = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(Node(self.0))?;
            out.insert(key, value);
        }
        Ok(Value::Object(out))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        while let Some(value) = list.next_element_seed(Node(self.0))? {
            out.push(value);
        }
        Ok(Value::Array(out))
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Value, E> {
        self.0.set(self.0.get().saturating_add((v.len() / 64) as u32));
        if self.0.get() > MAX_NODES {
            Err(E::custom(TOO_BIG))
        } else {
            Ok(v.into())
        }
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

/// Stops a document with a string too long to hold.
struct StringLimit<R> {
    inner: R,
    escaped: bool,
    run: usize,
}

impl<R: BufRead> io::Read for StringLimit<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(out)?;
        let mut rest = &out[..n];
        while !rest.is_empty() {
            if std::mem::take(&mut self.escaped) {
                self.run += 1;
                rest = &rest[1..];
                continue;
            }
            let end = memchr::memchr2(b'"', b'\\', rest);
            self.run += end.unwrap_or(rest.len());
            if self.run > MAX_STRING {
                return Err(io::Error::new(io::ErrorKind::InvalidData, TOO_BIG));
            }
            let Some(end) = end else { break };
            if rest[end] == b'"' {
                self.run = 0;
            } else {
                self.escaped = true;
            }
            rest = &rest[end + 1..];
        }
        Ok(n)
    }
}

/// The plain values of an object by path; equal paths inside a list are joined by commas.
fn flatten(object: &Map<String, Value>) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for (key, value) in object {
        flatten_into(key, value, 0, &mut out);
    }
    out
}

fn flatten_into(path: &str, value: &Value, depth: u32, out: &mut Vec<(String, String)>) {
    let room = out.len() < MAX_PATHS;
    let mut put = |text: String| match out.iter_mut().find(|(p, _)| p == path) {
        Some((_, so_far)) => {
            if !so_far.is_empty() && !text.is_empty() {
                so_far.push(',');
            }
            so_far.push_str(&text);
        }
        None if room => out.push((path.to_owned(), text)),
        None => {}
    };
    match value {
        Value::Null => put(String::new()),
        Value::Bool(b) => put(b.to_string()),
        Value::Number(n) => put(n.to_string()),
        Value::String(s) => put(s.clone()),
        Value::Array(list) if list.is_empty() || depth > 5 => put(String::new()),
        Value::Array(list) => {
            for value in list {
                flatten_into(path, value, depth + 1, out);
            }
        }
        Value::Object(inner) => {
            for (key, value) in inner {
                // `{"label": "…", "attributes": {…}}` is how the App Store's feed writes a plain text.
                let plain = key == "label";
                if inner.contains_key("label") && !plain {
                    continue;
                }
                let path = if plain {
                    path.to_owned()
                } else {
                    format!("{path}.{key}")
                };
                flatten_into(&path, value, depth + 1, out);
            }
        }
    }
}

/// The paths of the first records, in order of appearance.
pub(crate) fn paths(text: impl BufRead, lines: bool, look: usize) -> Result<Vec<String>, IngestError> {
    let mut paths: Vec<String> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut seen = 0;
    each_object(text, lines, &mut |object| {
        seen += 1;
        for (path, _) in flatten(&object) {
            if paths.len() < MAX_PATHS && known.insert(path.clone()) {
                paths.push(path);
            }
        }
        if seen < look {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    Ok(paths)
}

/// Calls `each` with every record as a row whose columns are `paths`.
pub(crate) fn each(
    text: impl BufRead,
    lines: bool,
    paths: &[String],
    each: &mut dyn FnMut(&Record) -> ControlFlow<()>,
) -> Result<(), IngestError> {
    let places: HashMap<&str, usize> = paths.iter().enumerate().map(|(i, p)| (p.as_str(), i)).collect();
    let mut record = Record::default();
    let mut row = 0u32;
    each_object(text, lines, &mut |object| {
        row = row.saturating_add(1);
        let flat = flatten(&object);
        // Older feeds begin with the app itself, which has no rating.
        if places.contains_key("im:rating") && !object.contains_key("im:rating") {
            return ControlFlow::Continue(());
        }
        let mut cells = vec![""; paths.len()];
        for (path, value) in &flat {
            if let Some(place) = places.get(path.as_str()) {
                cells[*place] = value;
            }
        }
        record.clear(row);
        cells.iter().for_each(|c| record.push(c));
        if record.is_blank() {
            ControlFlow::Continue(())
        } else {
            each(&record)
        }
    })
}
