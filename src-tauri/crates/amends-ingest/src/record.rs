//! One row of any format: its cells side by side in one string.

/// What a cell was in a typed format.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Text, or a cell of an untyped format.
    Text,
    /// A number; its text is the shortest that gives it back.
    Number(f64),
    /// A number shown as percent; its text is the share of one.
    Percent,
    /// A date cell; its text is `yyyy-mm-dd hh:mm:ss`, without the time where the cell has none.
    Date,
}

/// Something noticed while the row was cut into cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    pub stray_quote: bool,
    pub unbalanced_quote: bool,
    pub bad_bytes: bool,
    pub cut_off: bool,
    pub too_many_columns: bool,
}

/// A row, reused from one to the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// As a spreadsheet counts, from 1.
    pub row: u32,
    pub flags: Flags,
    text: String,
    ends: Vec<usize>,
    kinds: Vec<(u32, Kind)>,
}

impl Record {
    pub(crate) fn clear(&mut self, row: u32) {
        self.row = row;
        self.flags = Flags::default();
        self.text.clear();
        self.ends.clear();
        self.kinds.clear();
    }

    /// Adds to the cell being built.
    pub(crate) fn add(&mut self, part: &str) {
        self.text.push_str(part);
    }

    /// Closes the cell being built.
    pub(crate) fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }

    pub(crate) fn push(&mut self, cell: &str) {
        self.add(cell);
        self.end_cell();
    }

    /// Marks the cell last closed.
    pub(crate) fn mark(&mut self, kind: Kind) {
        if kind != Kind::Text {
            self.kinds.push((self.ends.len().saturating_sub(1) as u32, kind));
        }
    }

    /// Drops what was added since the last closed cell.
    pub(crate) fn restart_cell(&mut self) {
        self.text.truncate(self.ends.last().copied().unwrap_or(0));
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, index: usize) -> &str {
        let Some(end) = self.ends.get(index) else {
            return "";
        };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..*end]
    }

    pub(crate) fn kind(&self, index: usize) -> Kind {
        // Marked from left to right, so in order.
        let found = self
            .kinds
            .binary_search_by_key(&(index as u32), |(column, _)| *column);
        found.map_or(Kind::Text, |place| self.kinds[place].1)
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.get(i))
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text
            .bytes()
            .all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
            || self.text.trim().is_empty()
    }

    /// Bytes held by its cells.
    pub(crate) fn size(&self) -> usize {
        self.text.len()
    }
}
