//! What a zip really is: a workbook, or an archive of exports.

use crate::{IngestError, plan::Bytes, workbook::zip_error};
use encoding_rs::GB18030;
use std::io::{BufReader, Read, SeekFrom};
use zip::ZipArchive;

/// A file inside an archive is unpacked into memory; a larger one is to be unpacked by hand.
const MAX_UNPACKED: u64 = 64 << 20;
const MAX_MEMBERS: usize = 1000;

/// What is inside.
pub(crate) enum Inside {
    Workbook,
    /// Names of the files, in the archive's order.
    Files(Vec<String>),
}

/// Looks at the names only; nothing is unpacked.
pub(crate) fn look(bytes: &mut dyn Bytes) -> Result<Inside, IngestError> {
    bytes.seek(SeekFrom::Start(0))?;
    let mut zip = ZipArchive::new(BufReader::new(&mut *bytes)).map_err(zip_error)?;
    let names: Vec<(usize, String)> = named(&mut zip)?;
    let has = |name: &str| names.iter().any(|(_, n)| n.eq_ignore_ascii_case(name));
    let refuse = |what: &str| {
        Err(IngestError::Unsupported {
            what: what.to_owned(),
        })
    };
    if has("xl/workbook.bin") {
        return refuse("xlsb");
    }
    if has("[Content_Types].xml") && names.iter().any(|(_, n)| n.to_lowercase().starts_with("xl/")) {
        return Ok(Inside::Workbook);
    }
    if has("word/document.xml") {
        return refuse("docx");
    }
    if has("ppt/presentation.xml") {
        return refuse("pptx");
    }
    if has("mimetype") && has("content.xml") {
        return refuse("ods");
    }
    if has("AndroidManifest.xml") || has("META-INF/MANIFEST.MF") {
        return refuse("apk/jar");
    }
    if let Some((_, name)) = names.iter().find(|(_, n)| unsafe_name(n)) {
        return Err(IngestError::UnsafeMember { name: name.clone() });
    }
    let files: Vec<String> = names
        .into_iter()
        .map(|(_, n)| n)
        .filter(|n| is_export(n))
        .take(MAX_MEMBERS)
        .collect();
    if files.is_empty() {
        Err(IngestError::NoTable)
    } else {
        Ok(Inside::Files(files))
    }
}

/// Unpacks one file.
pub(crate) fn unpack(bytes: &mut dyn Bytes, wanted: &str) -> Result<Vec<u8>, IngestError> {
    bytes.seek(SeekFrom::Start(0))?;
    let mut zip = ZipArchive::new(BufReader::new(&mut *bytes)).map_err(zip_error)?;
    let found = named(&mut zip)?
        .into_iter()
        .find(|(_, n)| n == wanted && is_export(n) && !unsafe_name(n));
    let Some((index, _)) = found else {
        return Err(IngestError::UnknownOption {
            what: "member",
            value: wanted.to_owned(),
        });
    };
    let member = zip.by_index(index).map_err(zip_error)?;
    let mut out = Vec::new();
    // The size an archive states can be a lie, so what comes out is counted.
    member
        .take(MAX_UNPACKED + 1)
        .read_to_end(&mut out)
        .map_err(|e| IngestError::Damaged {
            detail: e.to_string(),
        })?;
    if out.len() as u64 > MAX_UNPACKED {
        return Err(IngestError::TooLarge {
            bytes: out.len() as u64,
            limit: MAX_UNPACKED,
        });
    }
    Ok(out)
}

/// Chinese Windows writes names in GBK without saying so.
fn named<R: Read + std::io::Seek>(zip: &mut ZipArchive<R>) -> Result<Vec<(usize, String)>, IngestError> {
    (0..zip.len())
        .map(|index| {
            let member = zip.by_index_raw(index).map_err(zip_error)?;
            let raw = member.name_raw();
            let name = match std::str::from_utf8(raw) {
                Ok(name) => name.to_owned(),
                Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
            };
            Ok((index, name))
        })
        .collect()
}

fn is_export(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or("");
    !base.is_empty() && !base.starts_with('.') && !base.starts_with("~$") && !name.starts_with("__MACOSX/")
}

/// `../x`, `/x`, `C:\x`: never written anywhere here, and never in an honest export.
fn unsafe_name(name: &str) -> bool {
    let name = name.replace('\\', "/");
    name.starts_with('/')
        || name.contains('\0')
        || name.split('/').any(|part| part == "..")
        || name.as_bytes().get(1) == Some(&b':')
}
