//! The Chinese sentences for questions, warnings and rejected rows.

use crate::plan::{Field, Format, Question, QuestionCode, RejectCode, RejectedRow, Warning, WarningCode};

impl Field {
    /// The field's name as the preview shows it.
    pub fn label_zh(self) -> &'static str {
        match self {
            Field::ExternalId => "评价编号",
            Field::OrderId => "订单号",
            Field::SubOrderId => "子订单号",
            Field::FormerId => "修改前的评价编号",
            Field::ParentId => "所追评的评价编号",
            Field::Phase => "初评或追评",
            Field::Body => "评价内容",
            Field::BodyPositive => "优点",
            Field::BodyNegative => "不足",
            Field::Title => "标题",
            Field::AppendBody => "追评内容",
            Field::AppendTime => "追评时间",
            Field::Rating => "评分",
            Field::SubRating => "分项评分",
            Field::Posted => "评价时间",
            Field::Updated => "修改时间",
            Field::Reply => "商家回复",
            Field::ReplyTime => "回复时间",
            Field::Product => "商品",
            Field::Variant => "规格",
            Field::Author => "买家",
            Field::Shop => "门店",
            Field::Channel => "渠道",
            Field::Media => "图片",
            Field::Visibility => "显示状态",
            Field::Url => "链接",
            Field::Language => "语言",
        }
    }
}

impl Format {
    /// The format's name as the preview shows it.
    pub fn label_zh(self) -> &'static str {
        match self {
            Format::Csv => "文本表格（CSV）",
            Format::Xlsx => "Excel 工作簿（xlsx）",
            Format::Xls => "Excel 97-2003 工作簿（xls）",
            Format::HtmlTable => "网页表格（HTML）",
            Format::SpreadsheetMl => "Excel 2003 XML",
            Format::Json => "JSON",
            Format::NdJson => "JSON（每行一条）",
        }
    }
}

impl Question {
    /// The question as a sentence.
    pub fn message_zh(&self) -> String {
        match self.code {
            QuestionCode::NoHeader => "没有认出表头。请指出哪一列是评价内容、评分和评价时间。".into(),
            QuestionCode::DateOrder => {
                format!("日期“{}”可以读成两种，请选择：日在前，还是月在前？", self.detail)
            }
            QuestionCode::ColumnConflict => format!(
                "有几列都像“{}”：{}。请选择用哪一列，其余的会保留在原始内容里。",
                self.field.map_or("同一项内容", Field::label_zh),
                self.choices.join("、")
            ),
            QuestionCode::Sheet => format!(
                "有几个工作表都像评价表：{}。请选择一个。",
                self.choices.join("、")
            ),
            QuestionCode::Member => {
                format!("压缩包里有几个文件：{}。请选择一个。", self.choices.join("、"))
            }
            QuestionCode::Scale => {
                format!("评分的满分不明确（例如“{}”）。请选择是几分制。", self.detail)
            }
        }
    }
}

impl Warning {
    /// The warning as a sentence, with its first row and how often it happened.
    pub fn message_zh(&self) -> String {
        let detail = &self.detail;
        let text = match self.code {
            WarningCode::DamagedIds => format!(
                "“{detail}”列的长编号被 Excel 改成了近似数，已不能用来识别评价。请用平台直接导出的原始文件"
            ),
            WarningCode::BadBytes => "有无法识别的字符，已用“�”代替".into(),
            WarningCode::StrayQuote => format!("引号用法不规范，已按原样保留：{detail}"),
            WarningCode::UnbalancedQuote => "引号没有成对，这一行已按没有引号处理，请核对".into(),
            WarningCode::ExtraCells => "这一行的格数多于表头，多出的内容保留在原始内容里".into(),
            WarningCode::BadRating => format!("评分“{detail}”不在应有的范围内，按没有评分处理"),
            WarningCode::BadTime => format!("时间“{detail}”认不出来，已保留原文"),
            WarningCode::OddTime => format!("时间“{detail}”在将来，或早于 2000 年，请核对"),
            WarningCode::RelativeTime => format!("时间“{detail}”是按导入时刻推算的"),
            WarningCode::SerialDate => format!("时间“{detail}”是 Excel 的日期序号，已换算成日期"),
            WarningCode::NoYear => format!("时间“{detail}”没有年份，已按最近的年份推算"),
            WarningCode::Contradictory => format!("文字和评分相反，请留意：{detail}"),
            WarningCode::CutOff => "文件像是没有下载完整，最后一行可能有缺失".into(),
            WarningCode::TooManyColumns => format!("列数太多，第 {detail} 列之后没有读取"),
            WarningCode::RepeatedKey => format!("编号“{detail}”在文件里重复出现，以后面一行为准"),
            WarningCode::UnsafeLink => format!("链接“{detail}”不是网页地址，已去掉"),
            WarningCode::SystemReview => "平台代写的默认评价，不是顾客写的".into(),
            WarningCode::PersonalData => "评价里可能有电话、身份证号或地址".into(),
            WarningCode::UncertainEncoding => {
                format!("文字编码不能完全确定，按 {detail} 读取，请看预览里的文字是否正常")
            }
            WarningCode::SheetSkipped => format!("工作表“{detail}”没有读取"),
        };
        match (self.row, self.count) {
            (Some(row), 0 | 1) => format!("第 {row} 行：{text}。"),
            (Some(row), n) => format!("第 {row} 行等 {n} 处：{text}。"),
            (None, 0 | 1) => format!("{text}。"),
            (None, n) => format!("{text}（{n} 处）。"),
        }
    }
}

impl RejectedRow {
    /// Why the row was left out, as a sentence.
    pub fn message_zh(&self) -> String {
        let why = match self.code {
            RejectCode::NothingSaid => "既没有文字也没有评分",
            RejectCode::AlmostEmpty => "几乎是空行",
        };
        format!("第 {} 行没有导入：{why}。", self.row)
    }
}
