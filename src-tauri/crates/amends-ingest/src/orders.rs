//! Orders of a shop's back-office: what rates per 1,000 orders and repurchase are computed from. They come through
//! the same reading of bytes as reviews do; only the columns are others.

use crate::{
    IngestError,
    headers::normal,
    inspect::MAX_BYTES,
    look,
    plan::{Bytes, Options},
    record::{Kind, Record},
    source, text,
    time::{self, Setting},
};
use amends_domain::Channel;
use chrono_tz::Tz;
use std::ops::ControlFlow;

/// One order.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOrder {
    /// Its number on the channel; none where the file has none.
    pub number: Option<String>,
    /// Who bought, as the file names them.
    pub customer: Option<String>,
    /// When, UTC ms.
    pub at_ms: i64,
    /// Shop, if the file names it.
    pub shop: Option<String>,
    /// Product.
    pub product: Option<String>,
    /// Amount in the currency's smallest unit; 0 where the file has none.
    pub amount_minor: i64,
}

/// What a file of orders held.
#[derive(Debug, Clone, PartialEq)]
pub struct Orders {
    /// The orders, in the order of the file.
    pub orders: Vec<NewOrder>,
    /// Where they were made, if file or options tell.
    pub channel: Option<Channel>,
    /// Rows read.
    pub read: u64,
    /// Rows without a time that could be read, and empty ones.
    pub rejected: u64,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
}

/// Most orders of one file.
const MAX_ORDERS: usize = 2_000_000;

/// What a column of an order can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Number,
    Customer,
    Time,
    Shop,
    Product,
    Amount,
}

/// Names of columns in their folded form, the better ones first.
const NAMES: [(Field, &[&str]); 6] = [
    (
        Field::Number,
        &[
            "订单编号",
            "订单号",
            "主订单编号",
            "订单id",
            "orderid",
            "orderno",
            "ordernumber",
            "单号",
            "交易号",
            "流水号",
        ],
    ),
    (
        Field::Time,
        &[
            "付款时间",
            "支付时间",
            "订单付款时间",
            "下单时间",
            "订单创建时间",
            "创建时间",
            "成交时间",
            "订单时间",
            "交易时间",
            "预订时间",
            "入住日期",
            "下单日期",
            "日期",
            "时间",
            "paidat",
            "createdat",
            "orderdate",
            "date",
        ],
    ),
    (
        Field::Customer,
        &[
            "买家会员名",
            "买家昵称",
            "买家账号",
            "会员名",
            "用户昵称",
            "用户名",
            "顾客",
            "客户",
            "客户名称",
            "会员",
            "会员号",
            "手机号",
            "联系电话",
            "收货人",
            "入住人",
            "buyer",
            "customer",
            "customerid",
            "email",
        ],
    ),
    (
        Field::Amount,
        &[
            "买家实付金额",
            "买家实际支付金额",
            "实付金额",
            "实收金额",
            "实付",
            "支付金额",
            "订单金额",
            "总金额",
            "应付金额",
            "成交金额",
            "金额",
            "总价",
            "amount",
            "total",
        ],
    ),
    (
        Field::Product,
        &[
            "商品名称",
            "商品标题",
            "宝贝标题",
            "宝贝名称",
            "商品",
            "菜品",
            "房型",
            "产品",
            "product",
            "item",
            "title",
        ],
    ),
    (
        Field::Shop,
        &[
            "店铺名称",
            "门店名称",
            "店铺",
            "门店",
            "酒店名称",
            "shop",
            "store",
        ],
    ),
];

/// Which columns a header row names.
#[derive(Debug, Clone, Copy, Default)]
struct Columns([Option<usize>; 6]);

impl Columns {
    fn of(names: &[String]) -> Self {
        let folded: Vec<String> = names.iter().map(|name| normal(name)).collect();
        let mut columns = Self::default();
        for (place, (_, known)) in columns.0.iter_mut().zip(NAMES) {
            *place = known
                .iter()
                .find_map(|word| folded.iter().position(|name| name == word));
        }
        columns
    }

    fn get(&self, field: Field) -> Option<usize> {
        NAMES
            .iter()
            .position(|(known, _)| *known == field)
            .and_then(|at| self.0.get(at).copied().flatten())
    }

    /// A time, and something that makes it an order rather than any list with dates.
    fn names_orders(&self) -> bool {
        self.get(Field::Time).is_some()
            && [Field::Number, Field::Amount, Field::Customer]
                .iter()
                .filter(|field| self.get(**field).is_some())
                .count()
                >= 1
    }
}

/// Reads a file of orders: CSV in any encoding, or a workbook.
///
/// # Errors
/// [`IngestError`] for what cannot be read; [`IngestError::NoTable`] where no row names a time and an order number,
/// amount or customer.
pub fn orders(bytes: &mut dyn Bytes, options: &Options, now_ms: i64) -> Result<Orders, IngestError> {
    let survey = text::survey(bytes, MAX_BYTES)?;
    let looked = look::look(bytes, &survey, options)?;
    let zone: Tz = options
        .zone
        .as_deref()
        .and_then(|zone| zone.parse().ok())
        .unwrap_or(chrono_tz::Asia::Shanghai);
    let setting = Setting {
        zone,
        order: options.date_order,
        now_ms,
    };
    let mut columns: Option<Columns> = None;
    let mut found = Orders {
        orders: Vec::new(),
        channel: options.channel,
        read: 0,
        rejected: 0,
        sha256: survey.sha256.clone(),
    };
    let mut too_many = false;
    source::each_row(
        bytes,
        &looked.recipe,
        &|_| ControlFlow::Continue(()),
        &mut |record, _| {
            let Some(known) = &columns else {
                let names: Vec<String> = record.cells().map(str::to_owned).collect();
                let named = Columns::of(&names);
                if named.names_orders() {
                    columns = Some(named);
                }
                return ControlFlow::Continue(());
            };
            found.read += 1;
            match order(record, known, &setting) {
                Some(order) => found.orders.push(order),
                None => found.rejected += 1,
            }
            too_many = found.orders.len() > MAX_ORDERS;
            if too_many {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        },
    )?;
    if too_many {
        return Err(IngestError::TooManyRows {
            limit: MAX_ORDERS as u64,
        });
    }
    if columns.is_none() {
        return Err(IngestError::NoTable);
    }
    Ok(found)
}

fn order(record: &Record, columns: &Columns, setting: &Setting) -> Option<NewOrder> {
    let cell = |field: Field| {
        let at = columns.get(field)?;
        let text = crate::clean::unguard(record.get(at)).trim().to_owned();
        (!text.is_empty() && !matches!(text.as_str(), "-" | "--" | "/" | "null")).then_some(text)
    };
    let at = columns.get(Field::Time)?;
    let told = time::read(record.get(at), record.kind(at), setting)?;
    let amount = match columns.get(Field::Amount) {
        Some(at) => match record.kind(at) {
            Kind::Number(number) => Some(number),
            _ => amount(record.get(at)),
        },
        None => None,
    };
    Some(NewOrder {
        number: cell(Field::Number),
        customer: cell(Field::Customer),
        at_ms: told.time.utc_ms?,
        shop: cell(Field::Shop),
        product: cell(Field::Product),
        amount_minor: amount.map_or(0, |amount| (amount * 100.0).round() as i64),
    })
}

/// ¥1,234.50, 1234.5元.
fn amount(text: &str) -> Option<f64> {
    let digits: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
        .collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    const NOW: i64 = 1_795_320_000_000;

    fn read(bytes: &[u8]) -> Result<Orders, IngestError> {
        orders(&mut Cursor::new(bytes.to_vec()), &Options::default(), NOW)
    }

    #[test]
    fn an_export_with_a_preamble_in_gb18030_is_read_by_its_header() {
        let text = "店铺订单导出,,,,\n\n订单编号,买家会员名,订单付款时间,宝贝标题,买家实际支付金额\n\
                    =\"2611220001\",小明,2026-11-20 10:00:00,去屑洗发水,\"¥1,059.90\"\n\
                    2611220002,小红,,洗发水,12\n";
        let (bytes, _, _) = encoding_rs::GB18030.encode(text);
        let found = read(&bytes).unwrap();
        assert_eq!((found.read, found.rejected, found.orders.len()), (2, 1, 1));
        let order = &found.orders[0];
        assert_eq!(order.number.as_deref(), Some("2611220001"));
        assert_eq!(order.customer.as_deref(), Some("小明"));
        assert_eq!(order.at_ms, 1_795_140_000_000, "10:00 in Shanghai");
        assert_eq!(
            (order.amount_minor, order.product.as_deref()),
            (105_990, Some("去屑洗发水"))
        );
    }

    #[test]
    fn a_file_without_orders_is_refused() {
        let reviews = "评价内容,评价时间,评分\n不错,2026-11-20,5\n".as_bytes();
        assert!(matches!(read(reviews), Err(IngestError::NoTable)));
        assert!(read(b"").is_err());
    }
}
