//! What a form was made from. Every save names it; where something newer stands by then, nothing is replaced and the
//! person is shown what was saved meanwhile.

use crate::{AppError, ErrorCode, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Savers of rules wait for each other under this name, so that what is compared is what is replaced.
pub(crate) const SAVING: &str = "saving_rules";

/// The revision of content: the same content has the same one.
///
/// # Errors
/// `internal` for content that is no JSON.
pub(crate) fn of(content: &impl Serialize) -> Result<String> {
    let digest = Sha256::digest(serde_json::to_vec(content)?);
    Ok(digest.iter().take(8).fold(String::new(), |mut hex, byte| {
        // Writing to text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

/// What stands is what the form was made from.
///
/// # Errors
/// `conflict` when it is not.
pub(crate) fn must_be_current<T: PartialEq>(made_from: &T, stands: &T) -> Result<()> {
    if made_from == stands {
        Ok(())
    } else {
        Err(changed())
    }
}

/// Somebody else was faster.
pub(crate) fn changed() -> AppError {
    AppError::new(
        ErrorCode::Conflict,
        "这里刚刚被别人改过，您这次的修改没有保存，也没有覆盖对方的。请看过最新的内容再改。",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_has_the_same_revision_and_any_other_a_different_one() {
        assert_eq!(of(&["a", "b"]).unwrap(), of(&["a", "b"]).unwrap());
        assert_ne!(of(&["a", "b"]).unwrap(), of(&["ab"]).unwrap());
        assert_eq!(of(&1).unwrap().len(), 16);
        assert_eq!(must_be_current(&1, &2).unwrap_err().code, ErrorCode::Conflict);
    }
}
