//! Orders: for rates per 1,000 orders and repurchase. Nothing is opened, assessed or rung for them.

use super::{file::PickedFile, from_ingest};
use crate::{
    App, AppError, Result,
    dto::{OrdersOptions, OrdersResult, Tag},
    journal, workspace,
};
use amends_domain::Channel;
use amends_ingest::NewOrder;
use amends_store::OrderRow;
use sha2::{Digest, Sha256};
use std::{collections::HashMap, path::Path};

/// Rows of a transaction: a draft never waits long for one.
const CHUNK: usize = 2_000;

/// Imports a file of orders. The same file again changes nothing.
///
/// # Errors
/// `file` says why it cannot be read as orders; then nothing was kept. `store`.
pub async fn import_orders(app: &App, path: &Path, options: &OrdersOptions) -> Result<OrdersResult> {
    let (store, now_ms) = (app.store(), app.now());
    let file = PickedFile::on_disk(path)?;
    let settings = workspace::settings(&store).await?;
    let channel = match options.channel {
        Some(channel) => Some(channel),
        None => only_channel(&store.ticket_channels().await?),
    };
    let asked = amends_ingest::Options {
        zone: Some(settings.zone),
        channel,
        ..amends_ingest::Options::default()
    };
    let name = file.name.clone();
    let found = tokio::task::spawn_blocking(move || {
        let mut bytes = file.open()?;
        amends_ingest::orders(&mut *bytes, &asked, now_ms).map_err(|error| match error {
            amends_ingest::IngestError::NoTable => AppError::new(
                crate::ErrorCode::File,
                "这个文件里没有找到订单：需要一行列名，至少有下单或付款时间，加上订单号、金额或顾客中的一列。没有导入任何内容。",
            ),
            other => from_ingest(&other),
        })
    })
    .await
    .map_err(AppError::internal)??;
    let rows = rows(&found, options.shop.as_deref().unwrap_or_default(), channel);
    let mut new = 0;
    for chunk in rows.chunks(CHUNK) {
        let mut tx = store.begin().await?;
        new += tx.save_orders(chunk).await?;
        tx.commit().await?;
    }
    let mut tx = store.begin().await?;
    let data = serde_json::json!({ "file_sha256": found.sha256, "read": found.read, "new": new });
    let actor = app.actor_id();
    journal::workspace_entry(
        &mut tx,
        "orders_imported",
        data,
        actor.as_ref().map(|id| id.as_str()),
        now_ms,
    )
    .await?;
    tx.log_change("reports", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Reports]);
    let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(OrdersResult {
        file_name: name,
        read: count(found.read),
        new: count(new),
        known: count((rows.len() as u64).saturating_sub(new)),
        rejected: count(found.rejected),
        note: (!rows.iter().any(|row| row.customer.is_some())).then(|| {
            "文件里没有顾客，只能算每千单差评率，算不了复购。导出时带上会员名或手机号即可。".to_owned()
        }),
    })
}

/// Reviews of one channel only: then the orders are of it too.
fn only_channel(words: &[String]) -> Option<Channel> {
    match words {
        [word] => word.parse().ok(),
        _ => None,
    }
}

/// One row an order: an export with a line for each item names the order several times.
fn rows(found: &amends_ingest::Orders, shop: &str, channel: Option<Channel>) -> Vec<OrderRow> {
    let channel = found.channel.or(channel).unwrap_or(Channel::Other);
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut rows: Vec<OrderRow> = Vec::with_capacity(found.orders.len());
    for order in &found.orders {
        let shop = order.shop.as_deref().unwrap_or(shop).to_owned();
        let row = OrderRow {
            key: key(order),
            batch: found.sha256.clone(),
            // As reviews name their customers, so that the two are found to be one.
            customer: order
                .customer
                .as_ref()
                .filter(|name| !name.contains('*'))
                .map(|name| format!("{channel}|{shop}|{name}")),
            at: order.at_ms,
            shop,
            channel: channel.to_string(),
            product: order.product.as_deref().map(one_line),
            amount_minor: order.amount_minor,
        };
        match at.get(&row.key) {
            Some(place) => {
                // Items of one order may each carry the whole amount, so that it is never added up.
                let known = &mut rows[*place];
                known.amount_minor = known.amount_minor.max(row.amount_minor);
                known.product = listed(known.product.take(), row.product);
            }
            None => {
                at.insert(row.key.clone(), rows.len());
                rows.push(row);
            }
        }
    }
    rows
}

/// A list of products, one a line, with another one.
fn listed(known: Option<String>, more: Option<String>) -> Option<String> {
    match (known, more) {
        (Some(known), Some(more)) if known.lines().all(|name| name != more) => {
            Some(format!("{known}\n{more}"))
        }
        (known, more) => known.or(more),
    }
}

fn one_line(name: &str) -> String {
    name.replace(['\r', '\n'], " ")
}

/// The order's number; a hash of what there is where the file has none.
fn key(order: &NewOrder) -> String {
    if let Some(number) = &order.number {
        return number.clone();
    }
    let mut hash = Sha256::new();
    for part in [
        &order.at_ms.to_string(),
        order.customer.as_deref().unwrap_or_default(),
        order.product.as_deref().unwrap_or_default(),
        &order.amount_minor.to_string(),
    ] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("hash:{hex}")
}
