//! Why a file could not be read, as codes that stay the same and sentences a shop's staff can act on.

use crate::plan::Question;

/// A file that cannot be imported. Decided by content, never by the file's name.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The file could not be read from disk.
    #[error("reading failed: {0}")]
    Io(std::io::Error),
    /// Nothing, or only blanks, is in it.
    #[error("the file is empty")]
    Empty,
    /// Larger than this program reads at once.
    #[error("{bytes} bytes are more than the {limit} allowed")]
    TooLarge {
        /// Size found, in bytes.
        bytes: u64,
        /// Size allowed, in bytes.
        limit: u64,
    },
    /// More rows than one import takes.
    #[error("more than {limit} rows")]
    TooManyRows {
        /// Rows allowed.
        limit: u64,
    },
    /// Encrypted; it opens only with a password.
    #[error("the file is protected by a password")]
    PasswordProtected,
    /// It ends in the middle.
    #[error("the file ends too early: {detail}")]
    Truncated {
        /// What was missing.
        detail: String,
    },
    /// Its inside breaks the rules of its own format.
    #[error("the file is damaged: {detail}")]
    Damaged {
        /// What was found.
        detail: String,
    },
    /// It would unpack to far more than it pretends (`sources.md` E40 to E41b).
    #[error("the file unpacks to far more than it should: {detail}")]
    Suspicious {
        /// Which part, and what it claims.
        detail: String,
    },
    /// A format that holds no table of reviews.
    #[error("{what} files cannot be imported")]
    Unsupported {
        /// Short name of what it is, such as `pdf` or `png`.
        what: String,
    },
    /// Readable, but no table of reviews could be found in it.
    #[error("no table of reviews was found")]
    NoTable,
    /// A header, and no rows under it.
    #[error("there is a header but no row under it")]
    NoRows,
    /// An archive entry that tries to leave the archive.
    #[error("archive entry with an unsafe name: {name}")]
    UnsafeMember {
        /// The name found.
        name: String,
    },
    /// An option names something that does not exist.
    #[error("unknown {what} `{value}`")]
    UnknownOption {
        /// `encoding`, `zone`, `sheet`, `member` or `column`.
        what: &'static str,
        /// The value given.
        value: String,
    },
    /// A person must decide first; [`crate::inspect`] again with the answer in the options.
    #[error("{} question(s) need an answer first", .0.len())]
    Undecided(Vec<Question>),
    /// The file is not the one that was previewed.
    #[error("the file changed since it was previewed")]
    Changed,
}

impl From<std::io::Error> for IngestError {
    fn from(e: std::io::Error) -> Self {
        match e.kind() {
            // Decoders report bad content through the reader they sit on.
            std::io::ErrorKind::InvalidData => Self::Damaged {
                detail: e.to_string(),
            },
            std::io::ErrorKind::UnexpectedEof => Self::Truncated {
                detail: e.to_string(),
            },
            _ => Self::Io(e),
        }
    }
}

impl IngestError {
    /// The stable snake_case code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::Empty => "empty_file",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::PasswordProtected => "password_protected",
            Self::Truncated { .. } => "truncated_file",
            Self::Damaged { .. } => "damaged_file",
            Self::Suspicious { .. } => "suspicious_file",
            Self::Unsupported { .. } => "unsupported_format",
            Self::NoTable => "no_table",
            Self::NoRows => "no_rows",
            Self::UnsafeMember { .. } => "unsafe_member",
            Self::UnknownOption { .. } => "unknown_option",
            Self::Undecided(_) => "undecided",
            Self::Changed => "changed_since_preview",
        }
    }

    /// A sentence for the person who chose the file.
    pub fn message_zh(&self) -> String {
        match self {
            Self::Io(e) => format!("读取文件失败：{e}。请确认文件没有被移动，也没有被其他程序占用。"),
            Self::Empty => "文件是空的，里面没有任何内容。请重新导出后再试。".into(),
            Self::TooLarge { bytes, limit } => {
                format!(
                    "文件太大（{}），一次最多导入 {}。请按日期分批导出后再试。",
                    size_zh(*bytes),
                    size_zh(*limit)
                )
            }
            Self::TooManyRows { limit } => {
                format!("文件超过 {limit} 行，一次导入不了。请按日期分批导出后再试。")
            }
            Self::PasswordProtected => {
                "文件设了打开密码。请先用 Excel 或 WPS 打开，去掉密码另存一份，再导入。".into()
            }
            Self::Truncated { detail } => {
                format!("文件不完整，后半部分缺失（{detail}）。可能没有下载完，请重新下载后再试。")
            }
            Self::Damaged { detail } => {
                format!("文件已损坏，无法读取（{detail}）。请重新导出，或用 Excel 打开后另存为 xlsx 再试。")
            }
            Self::Suspicious { detail } => {
                format!("这个文件解开后会异常庞大，为安全起见没有打开（{detail}）。请确认文件来源。")
            }
            Self::Unsupported { what } => match what.as_str() {
                "pdf" => "这是 PDF 文件，不是评价导出表。请在商家后台选择导出 Excel 或 CSV。".into(),
                "image" => "这是图片，不是评价导出表。请在商家后台选择导出 Excel 或 CSV。".into(),
                "binary" => "这不是表格文件，里面不是文字。请在商家后台选择导出 Excel 或 CSV。".into(),
                other => {
                    format!(
                        "无法导入这种文件（{other}）。请用 Excel 或 WPS 打开，另存为 xlsx 或 CSV 后再试。"
                    )
                }
            },
            Self::NoTable => "文件里没有找到评价表格：没有认出“评价内容”“评分”“评价时间”之类的列名。".into(),
            Self::NoRows => "找到了表头，但下面没有任何评价。请检查导出时选择的日期范围。".into(),
            Self::UnsafeMember { name } => format!("压缩包里有不安全的文件名（{name}），没有打开。"),
            Self::UnknownOption { what, value } => {
                let what = match *what {
                    "encoding" => "编码",
                    "zone" => "时区",
                    "sheet" => "工作表",
                    "member" => "压缩包内的文件",
                    "column" => "列",
                    other => other,
                };
                format!("没有这个{what}：{value}。")
            }
            Self::Undecided(questions) => match questions.first() {
                Some(first) => first.message_zh(),
                None => "还有问题需要先确认。".into(),
            },
            Self::Changed => "文件在预览之后被改动过，请重新选择文件。".into(),
        }
    }
}

fn size_zh(bytes: u64) -> String {
    let mib = bytes as f64 / 1_048_576.0;
    if mib >= 1024.0 {
        format!("{:.1} GB", mib / 1024.0)
    } else {
        format!("{mib:.0} MB")
    }
}
