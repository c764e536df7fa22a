//! The file of shipped weights: a magic word, a JSON header with everything small, the n-gram table,
//! the convolutional reader's tables, a checksum.

use crate::{
    filters::Filters,
    judge::Judge,
    ngrams::{Ngrams, take},
};
use serde::{Deserialize, Serialize};

const MAGIC: &[u8; 8] = b"AMENDS06";

/// Why a file of weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// Not a file of weights, or of another layout.
    #[error("not a file of weights of this program")]
    Foreign,
    /// Cut short or changed.
    #[error("the file of weights is damaged")]
    Damaged,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Header {
    /// When and from what the weights were fitted: a name that changes with them.
    pub version: String,
    pub judge: Judge,
}

/// FNV-1a over 8-byte words: fast enough to run at every start.
fn checksum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let h = words.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, w| {
        (h ^ u64::from_le_bytes(*w))
            .wrapping_mul(0x100_0000_01b3)
            .rotate_left(23)
    });
    rest.iter()
        .fold(h, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(feature = "train")]
pub(crate) fn write(header: &Header, ngrams: &Ngrams, filters: &Filters) -> Result<Vec<u8>, String> {
    let json = serde_json::to_vec(header).map_err(|e| e.to_string())?;
    let mut out = MAGIC.to_vec();
    out.extend((json.len() as u32).to_le_bytes());
    out.extend(json);
    ngrams.write(&mut out);
    filters.write(&mut out);
    let sum = checksum(&out);
    out.extend(sum.to_le_bytes());
    Ok(out)
}

pub(crate) fn read(bytes: &[u8]) -> Result<(Header, Ngrams, Filters), WeightsError> {
    let (body, sum) = bytes.split_last_chunk::<8>().ok_or(WeightsError::Foreign)?;
    let mut rest = body.strip_prefix(MAGIC).ok_or(WeightsError::Foreign)?;
    if checksum(body) != u64::from_le_bytes(*sum) {
        return Err(WeightsError::Damaged);
    }
    let length = u32::from_le_bytes(take(&mut rest).ok_or(WeightsError::Damaged)?) as usize;
    let (json, mut rest) = rest.split_at_checked(length).ok_or(WeightsError::Damaged)?;
    let header: Header = serde_json::from_slice(json).map_err(|_| WeightsError::Foreign)?;
    let ngrams = Ngrams::read(&mut rest).ok_or(WeightsError::Damaged)?;
    let filters = Filters::read_from(&mut rest).ok_or(WeightsError::Damaged)?;
    Ok((header, ngrams, filters))
}
