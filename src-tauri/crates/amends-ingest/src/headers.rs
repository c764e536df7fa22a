//! Which column is what: header aliases (`sources.md` §5), the header row, and the family an export belongs to.

use crate::{
    clean,
    plan::Field,
    record::{Kind, Record},
};
use amends_domain::{Channel, Scale};
use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};
use unicode_normalization::UnicodeNormalization;

/// How many rows are searched for the header.
pub(crate) const SCAN_ROWS: usize = 60;

/// Field, rank (0 says exactly this, higher is vaguer and gives way), aliases as [`normal`] leaves them.
const ALIASES: &[(Field, u8, &str)] = &[
    (
        Field::ExternalId,
        0,
        "评价id 评论id 评价编号 评论编号 评价单号 评论单号 点评id 点评编号 commentid reviewid 評價編號 評論編號 レビューid 리뷰번호",
    ),
    (Field::ExternalId, 1, "id uuid guid"),
    (
        Field::OrderId,
        0,
        "订单号 订单编号 主订单编号 主订单号 订单id 交易编号 交易号 orderid orderno ordersn ordernumber ordernum tid \
         reservationid consumeorderid 訂單號 訂單編號 訂單號碼 注文番号 주문번호 bestellnummer bestellnr \
         numérodecommande numerodecommande ncommande commande",
    ),
    (Field::OrderId, 1, "busiorderid encryptorderid 订单 訂單 order"),
    (
        Field::SubOrderId,
        0,
        "子订单编号 子订单号 子订单id 子訂單編號 suborderid oid",
    ),
    (
        Field::FormerId,
        0,
        "oldcommentcommentid oldcommentid 修改前评价编号",
    ),
    (
        Field::ParentId,
        0,
        "parentcommentid 父评论id 父评价id 原评价编号 原评价id 初评编号 初评id parentid",
    ),
    (Field::Phase, 0, "评价类型 评论类型 评价阶段 phase"),
    (
        Field::Body,
        0,
        "评价内容 评论内容 评价正文 评论正文 初评内容 初次评价 初次评价内容 点评内容 点评正文 差评内容 用户评价内容 评价详情 评价文本 \
         用户评论 买家评价 顾客评价 用户评价 客户评价 bodytext reviewtext reviewcontent reviewbody commentcontent ratecontent \
         contenttxt usercomment usercommenttext 評價內容 評論內容 レビュー本文 レビュー内容 口コミ本文 리뷰내용 bewertungstext",
    ),
    (
        Field::Body,
        1,
        "content comment text review body 内容 评价 评论 点评 正文 message 內容 評價 評論 レビュー 口コミ クチコミ コメント 本文 \
         리뷰 후기 내용 rezension kommentar commentaire avis texte",
    ),
    (
        Field::AppendBody,
        0,
        "追评 追评内容 追加评论 追加评价 追加评价内容 追加评论内容 追加内容 买家追评 addcomment appendcontent 追評 追評內容",
    ),
    (
        Field::AppendTime,
        0,
        "追评时间 追评日期 追加时间 追加评价时间 追加评论时间 addcommenttime appendtime 追評時間",
    ),
    (
        Field::BodyPositive,
        0,
        "优点 好评内容 喜欢的 positive liked pros contentpositive 優點",
    ),
    (
        Field::BodyNegative,
        0,
        "缺点 不足 不足之处 有待改进 negative disliked cons contentnegative 缺點 不足之處",
    ),
    (
        Field::Title,
        0,
        "评价标题 评论标题 点评标题 reviewtitle 標題 タイトル titel titre contentheadline headline",
    ),
    (Field::Title, 1, "标题 title"),
    (
        Field::Rating,
        0,
        "评分 星级 评价星级 评论星级 评价等级 总评分 总体评分 综合评分 总体 总分 总评 商家评分 用户评分 点评评分 评论评分 评价评分 \
         评价分数 评价得分 评价结果 打分 评级 整体评分 店铺评分 starrating reviewscore reviewrating rating stars star score \
         overall overallrating imrating foodcommentscore scoringreviewscore totalscore 評分 評價等級 星等 星級 評価 総合評価 \
         별점 평점 sterne bewertung note étoiles etoiles",
    ),
    (
        Field::Rating,
        1,
        "result 分数 得分 recommend recommended 是否推荐 accuratestar ordercommentscore",
    ),
    (
        Field::SubRating,
        0,
        "描述相符 商品评分 商品质量 口味 包装 服务态度 服务 环境 卫生 配送 物流服务 物流 质量 设施 性价比 位置 速度 味道 \
         描述 发货速度 送货速度 配送速度 packingscore deliverycommentscore servicescore logisticsscore qualityscore",
    ),
    (
        Field::Posted,
        0,
        "评价时间 评论时间 点评时间 初评时间 初次评价时间 评价日期 评论日期 点评日期 发布时间 发表时间 评价创建时间 reviewdate \
         reviewtime commenttime reviewsubmitdateandtime ratedat reviewsubmittedat 評價時間 評論時間 評論日期 投稿日 \
         投稿日時 レビュー日 작성일 작성일시",
    ),
    (
        Field::Posted,
        1,
        "创建时间 提交时间 日期 时间 createdat createtime datecreated timecreated date created creationtime \
         createdtimestamp createddate gmtcreate time 時間 日付 날짜 datum",
    ),
    (Field::Posted, 2, "reviewsubmitmillissinceepoch timestamp"),
    (
        Field::Updated,
        0,
        "修改时间 更新时间 最后修改时间 评价修改时间 updatedat updatetime updated reviewlastupdatedateandtime",
    ),
    (Field::Updated, 1, "reviewlastupdatemillissinceepoch"),
    (
        Field::Reply,
        0,
        "商家回复 商家回复内容 回复内容 卖家解释 解释内容 卖家回复 酒店回复 店铺回复 掌柜回复 掌柜解释 官方回复 客服回复 门店回复 \
         ereplycontent developerreplytext merchantreply replycontent companyreply companyreplytext ownerresponse \
         reviewreplycomment 商家回覆 賣家回覆 回覆內容 返信 답변 antwort réponse",
    ),
    (Field::Reply, 1, "reply 回复 解释 response orderratereply 回覆"),
    (
        Field::ReplyTime,
        0,
        "回复时间 商家回复时间 酒店回复时间 卖家回复时间 解释时间 回复日期 repliedat replydate replytime ereplytime \
         developerreplydateandtime reviewreplyupdatetime companyreplycreatedat 回覆時間",
    ),
    (Field::ReplyTime, 1, "developerreplymillissinceepoch"),
    (
        Field::Product,
        0,
        "商品名称 商品标题 宝贝标题 宝贝名称 产品名称 菜品 菜品名称 房型 套餐 套餐名称 服务项目 项目名称 itemtitle producttitle \
         productname itemname skuname goodsname warename criticfoodlist productinfoproductlistname 商品名稱 商品標題 商品名 \
         상품명 artikel produit",
    ),
    (Field::Product, 1, "商品 产品 宝贝 product packagename"),
    (Field::Product, 2, "producthandle handle 商品编号 商品id"),
    (Field::Product, 3, "productid numiid itemid goodsid skuid noteid"),
    (
        Field::Variant,
        0,
        "规格 sku 款式 购买规格 商品规格 商家编码 颜色分类 sku名称 variant variation 規格 옵션",
    ),
    (Field::Variant, 1, "appversionname imversion style"),
    (
        Field::Author,
        0,
        "买家昵称 用户昵称 会员名 用户名 评价人 评论人 点评人 买家 昵称 会员昵称 买家会员名 顾客 顾客姓名 顾客昵称 客户昵称 客户名称 \
         点评用户 评价用户 nick nickname author reviewername displayname username usernick authorname userinfonickname \
         reviewernickname consumerdisplayname reviewerdisplayname 買家暱稱 用戶名 ニックネーム 投稿者 작성자 kunde auteur",
    ),
    (Field::Author, 1, "用户 客户 reviewer fullname name"),
    (
        Field::Shop,
        0,
        "门店 店铺 门店名称 店铺名称 店名 门店名 店铺名 商户 商户名称 分店 酒店 酒店名称 餐厅 网点 shop store shopname storename \
         poiname 門店 店舖 店舗",
    ),
    (Field::Shop, 1, "shopid storeid apppoicode 门店id 店铺id 门店编号"),
    (
        Field::Channel,
        0,
        "平台 渠道 来源 来源平台 评价来源 评价渠道 platform channel",
    ),
    (
        Field::Media,
        0,
        "图片 评价图片 评论图片 晒图 图片链接 图片地址 晒单图片 视频 评价视频 pictureurls photourl img images pictures \
         commentpictures picurls photos imageurl videos imagesimgurl",
    ),
    (
        Field::Visibility,
        0,
        "状态 显示状态 是否隐藏 是否显示 是否展示 评价状态 审核状态 展示状态 state status curated published visible hidden",
    ),
    (
        Field::Url,
        0,
        "链接 评价链接 点评链接 url reviewlink permalink reviewurl reviewreplyurl link",
    ),
    (
        Field::Language,
        0,
        "语言 评价语言 language reviewerlanguage lang languagecode contentlanguagecode",
    ),
];

static LOOKUP: LazyLock<HashMap<&'static str, (Field, u8)>> = LazyLock::new(|| {
    ALIASES
        .iter()
        .flat_map(|(field, rank, words)| words.split_whitespace().map(|w| (w, (*field, *rank))))
        .collect()
});

/// What a header ends with, where it begins with a word of the platform's own; the first that fits.
const ENDINGS: &[(Field, &str)] = &[
    (Field::AppendTime, "追评时间"),
    (Field::AppendTime, "追加时间"),
    (Field::AppendBody, "追评内容"),
    (Field::AppendBody, "追加内容"),
    (Field::ReplyTime, "回复时间"),
    (Field::Reply, "回复内容"),
    (Field::Reply, "回复"),
    (Field::ExternalId, "评价编号"),
    (Field::ExternalId, "评价id"),
    (Field::ExternalId, "评论id"),
    (Field::SubOrderId, "子订单号"),
    (Field::SubOrderId, "子订单编号"),
    (Field::OrderId, "订单号"),
    (Field::OrderId, "订单编号"),
    (Field::Posted, "评价时间"),
    (Field::Posted, "评论时间"),
    (Field::Posted, "点评时间"),
    (Field::Posted, "评价日期"),
    (Field::Body, "评价内容"),
    (Field::Body, "评论内容"),
    (Field::Body, "点评内容"),
    (Field::Rating, "评分"),
    (Field::Rating, "星级"),
    (Field::Product, "商品名称"),
    (Field::Product, "商品标题"),
    (Field::Shop, "门店名称"),
    (Field::Shop, "店铺名称"),
    (Field::Author, "昵称"),
];

/// A header for comparing: compatibility forms folded, lower case, without blanks and punctuation.
pub(crate) fn normal(header: &str) -> String {
    header
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| {
            !c.is_whitespace()
                && !c.is_control()
                && !matches!(
                    c,
                    '_' | '-'
                        | '.'
                        | '/'
                        | '('
                        | ')'
                        | ':'
                        | '【'
                        | '】'
                        | '['
                        | ']'
                        | '"'
                        | '\''
                        | '*'
                        | '#'
                        | '\u{200B}'..='\u{200F}' | '\u{FEFF}'
                )
        })
        .collect()
}

/// What a header stands for, and how vaguely.
pub(crate) fn field_of(header: &str) -> Option<(Field, u8)> {
    // Longer texts are sentences of a preamble or of a review.
    if header.len() > 120 {
        return None;
    }
    let whole = normal(header);
    if whole.is_empty() {
        return None;
    }
    if let Some(found) = LOOKUP.get(whole.as_str()) {
        return Some(*found);
    }
    // 评分(10分制), 评价时间（北京时间）
    if let Some(open) = header.find(['(', '（', '[', '【']).filter(|i| *i > 0)
        && let Some((field, rank)) = LOOKUP.get(normal(&header[..open]).as_str())
    {
        return Some((*field, *rank));
    }
    // Paths of JSON and of two header rows: the last part says what it is, more vaguely.
    if let Some(cut) = header.rfind(['.', '/'])
        && let Some((field, rank)) = LOOKUP.get(normal(&header[cut + 1..]).as_str())
        && !matches!(
            normal(&header[cut + 1..]).as_str(),
            "id" | "name" | "text" | "title" | "link" | "url" | "star" | "score"
        )
    {
        return Some((*field, rank + 2));
    }
    // 口味评分, 服务得分
    let stem = whole
        .strip_suffix("评分")
        .or_else(|| whole.strip_suffix("得分"))
        .unwrap_or("");
    if let Some((Field::SubRating, rank)) = LOOKUP.get(stem) {
        return Some((Field::SubRating, *rank));
    }
    // 首次评价时间, 平台订单号, 客户评分: named after what they hold, with a word before it.
    if whole.chars().count() > 12
        || ["修改", "更新", "下单", "支付", "人数", "次数"]
            .iter()
            .any(|w| whole.contains(w))
    {
        return None;
    }
    ENDINGS
        .iter()
        .find(|(_, ending)| whole.ends_with(ending))
        .map(|(field, _)| (*field, 4))
}

/// The most fields that one line of raw text names, whatever its delimiter.
pub(crate) fn hits_in_text(text: &str) -> usize {
    text.lines()
        .take(SCAN_ROWS)
        .map(|line| {
            let found: BTreeSet<Field> = line
                .split([',', '\t', ';', '|', '<', '>'])
                .filter_map(|c| field_of(c.trim()))
                .map(|(f, _)| f)
                .collect();
            found.len()
        })
        .max()
        .unwrap_or(0)
}

/// A header found in a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Header {
    /// Index of its (first) row among the records searched.
    pub index: usize,
    /// 1 or 2 rows.
    pub rows: u32,
    pub names: Vec<String>,
    /// How many different fields it names.
    pub hits: usize,
}

fn hits(names: &[String]) -> (usize, bool) {
    let fields: BTreeSet<Field> = names.iter().filter_map(|n| field_of(n)).map(|(f, _)| f).collect();
    let telling = [
        Field::Body,
        Field::BodyNegative,
        Field::BodyPositive,
        Field::AppendBody,
        Field::Rating,
        Field::SubRating,
        Field::Posted,
    ];
    (fields.len(), telling.iter().any(|f| fields.contains(f)))
}

/// How many different fields some headers name.
pub(crate) fn fields_named(names: &[String]) -> usize {
    hits(names).0
}

fn names_of(record: &Record) -> Vec<String> {
    let mut names: Vec<String> = (0..record.len())
        .map(|i| match record.kind(i) {
            Kind::Text => record
                .get(i)
                .trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}')
                .to_owned(),
            _ => String::new(),
        })
        .collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

/// The row, or pair of rows, that names the most fields (`sources.md` §4 step 5): never a fixed number of rows down.
pub(crate) fn find(records: &[Record]) -> Option<Header> {
    let rows: Vec<Vec<String>> = records.iter().take(SCAN_ROWS).map(names_of).collect();
    let mut best: Option<Header> = None;
    let mut consider = |header: Header| {
        if best.as_ref().is_none_or(|b| header.hits > b.hits) {
            best = Some(header);
        }
    };
    for (index, names) in rows.iter().enumerate() {
        let (hits, telling) = hits(names);
        if hits >= 2 && telling {
            consider(Header {
                index,
                rows: 1,
                names: names.clone(),
                hits,
            });
        }
    }
    // A list of nothing but reviews has one header.
    let alone =
        |names: &Vec<String>| matches!(names.as_slice(), [name] if field_of(name) == Some((Field::Body, 0)));
    if let Some(index) = rows.iter().position(alone)
        && records[index + 1..].iter().all(|r| r.len() == 1)
    {
        consider(Header {
            index,
            rows: 1,
            names: rows[index].clone(),
            hits: 1,
        });
    }
    for (index, pair) in rows.windows(2).enumerate() {
        // A group header leaves the cells under its merged ones empty.
        if records[index + 1].row != records[index].row + 1 || !pair[0].iter().any(String::is_empty) {
            continue;
        }
        let names = joined(&pair[0], &pair[1]);
        let (hits, telling) = hits(&names);
        if hits >= 2 && telling {
            consider(Header {
                index,
                rows: 2,
                names,
                hits,
            });
        }
    }
    best
}

/// A header in words nobody taught the program: the first row of the table's width that is all words, above a column
/// of numbers or dates. A person still has to say what its columns are.
pub(crate) fn guess(records: &[Record]) -> Option<Header> {
    let filled = |r: &Record| r.cells().filter(|c| !c.trim().is_empty()).count();
    let width = records
        .iter()
        .take(SCAN_ROWS)
        .map(filled)
        .max()
        .filter(|w| *w > 1)?;
    let starts_with_digit = |cell: &str| clean::unguard(cell).starts_with(|c: char| c.is_ascii_digit());
    let index = records.iter().take(SCAN_ROWS).position(|r| filled(r) == width)?;
    let names = names_of(&records[index]);
    let words = names.iter().all(|n| n.len() <= 60 && !starts_with_digit(n));
    let below = &records[index + 1..records.len().min(index + 20)];
    let numbers = (0..names.len()).any(|column| {
        let mut cells = below
            .iter()
            .map(|r| r.get(column))
            .filter(|c| !c.trim().is_empty())
            .peekable();
        !names[column].is_empty() && cells.peek().is_some() && cells.all(starts_with_digit)
    });
    (words && numbers).then_some(Header {
        index,
        rows: 1,
        names,
        hits: 0,
    })
}

fn joined(upper: &[String], lower: &[String]) -> Vec<String> {
    let mut group = "";
    (0..upper.len().max(lower.len()))
        .map(|i| {
            let above = upper.get(i).map_or("", String::as_str);
            let below = lower.get(i).map_or("", String::as_str);
            if !above.is_empty() {
                group = above;
            }
            match (above.is_empty(), below.is_empty()) {
                (_, false) if group.is_empty() || group == below => below.to_owned(),
                (_, false) => format!("{group}/{below}"),
                (false, true) => above.to_owned(),
                (true, true) => String::new(),
            }
        })
        .collect()
}

/// The family of exports a table belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Profile {
    pub id: &'static str,
    pub channel: Channel,
    pub certain: bool,
    pub zone: &'static str,
    pub scale: Option<Scale>,
}

/// Id, channel, certain, zone, scale, headers that must all be there.
type Signature = (
    &'static str,
    Channel,
    bool,
    &'static str,
    Option<Scale>,
    &'static str,
);

const CN: &str = "Asia/Shanghai";
const PROFILES: &[Signature] = &[
    (
        "google_play.csv",
        Channel::GooglePlay,
        true,
        "UTC",
        Some(Scale::Stars5),
        "packagename reviewsubmitdateandtime",
    ),
    (
        "google.reviews",
        Channel::Google,
        true,
        "UTC",
        Some(Scale::Stars5),
        "starrating reviewerdisplayname",
    ),
    (
        "app_store.feed",
        Channel::AppStore,
        true,
        "UTC",
        Some(Scale::Stars5),
        "imrating",
    ),
    (
        "app_store.connect",
        Channel::AppStore,
        true,
        "UTC",
        Some(Scale::Stars5),
        "attributesrating attributesreviewernickname",
    ),
    (
        "wechat.comments",
        Channel::Wechat,
        true,
        CN,
        Some(Scale::Score500),
        "contenttxt score commentid",
    ),
    (
        "booking.reviews",
        Channel::Booking,
        true,
        "UTC",
        Some(Scale::Stars10),
        "scoringreviewscore contentnegative",
    ),
    (
        "trustpilot.reviews",
        Channel::Trustpilot,
        true,
        "UTC",
        Some(Scale::Stars5),
        "stars consumerdisplayname",
    ),
    (
        "meituan.comments",
        Channel::Meituan,
        true,
        CN,
        Some(Scale::Stars5),
        "foodcommentscore commentcontent",
    ),
    (
        "eleme.rates",
        Channel::Eleme,
        true,
        CN,
        Some(Scale::Stars5),
        "ratecontent ratedat",
    ),
    (
        "dianping.reviews",
        Channel::Dianping,
        true,
        CN,
        Some(Scale::Stars50),
        "accuratestar reviewtime",
    ),
    (
        "jd.comments",
        Channel::Jd,
        true,
        CN,
        Some(Scale::Stars5),
        "imiagestatus commentid",
    ),
    (
        "kuaishou.comments",
        Channel::Kuaishou,
        true,
        CN,
        Some(Scale::Stars5),
        "qualityscore logisticsscore",
    ),
    (
        "taobao.rates",
        Channel::Taobao,
        true,
        CN,
        Some(Scale::Polarity3),
        "tid oid nick result",
    ),
    (
        "crawl.social",
        Channel::Xiaohongshu,
        false,
        CN,
        Some(Scale::None),
        "commentid noteid iplocation",
    ),
    (
        "judgeme.csv",
        Channel::Shopify,
        true,
        "UTC",
        Some(Scale::Stars5),
        "reviewername revieweremail producthandle",
    ),
    (
        "shopify.csv",
        Channel::Shopify,
        true,
        "UTC",
        Some(Scale::Stars5),
        "producthandle rating body",
    ),
    (
        "loox.csv",
        Channel::Shopify,
        true,
        "UTC",
        Some(Scale::Stars5),
        "handle rating verifiedpurchase review",
    ),
    (
        "yotpo.csv",
        Channel::Shopify,
        true,
        "UTC",
        Some(Scale::Stars5),
        "reviewcontent reviewscore displayname",
    ),
    (
        "okendo.csv",
        Channel::Shopify,
        true,
        "UTC",
        Some(Scale::Stars5),
        "body handle datecreated",
    ),
    (
        "amazon.csv",
        Channel::Amazon,
        true,
        "UTC",
        Some(Scale::Stars5),
        "author verified helpful body",
    ),
    ("generic.cn.takeaway", Channel::Meituan, false, CN, None, "菜品"),
    (
        "generic.cn.takeaway",
        Channel::Meituan,
        false,
        CN,
        None,
        "口味 包装 配送",
    ),
    ("generic.cn.hotel", Channel::Ctrip, false, CN, None, "房型"),
    ("generic.cn.hotel", Channel::Ctrip, false, CN, None, "酒店"),
    (
        "generic.cn.marketplace",
        Channel::Taobao,
        false,
        CN,
        None,
        "宝贝标题",
    ),
    (
        "generic.cn.marketplace",
        Channel::Taobao,
        false,
        CN,
        None,
        "子订单编号",
    ),
];

/// The family whose headers are all there.
pub(crate) fn profile(names: &[String]) -> Profile {
    let have: BTreeSet<String> = names.iter().map(|n| normal(n)).collect();
    for (id, channel, certain, zone, scale, needed) in PROFILES {
        if needed.split_whitespace().all(|n| have.contains(n)) {
            return Profile {
                id,
                channel: *channel,
                certain: *certain,
                zone,
                scale: *scale,
            };
        }
    }
    let chinese = names
        .iter()
        .any(|n| n.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)));
    let id = if chinese {
        "generic.cn.reviews"
    } else {
        "generic.reviews"
    };
    Profile {
        id,
        channel: Channel::Other,
        certain: false,
        zone: CN,
        scale: None,
    }
}

const CHANNEL_WORDS: &[(Channel, &str)] = &[
    (Channel::Tmall, "天猫 tmall"),
    (Channel::Taobao, "淘宝 taobao 千牛"),
    (Channel::Jd, "京东 京麦 jingdong jd"),
    (Channel::Pinduoduo, "拼多多 pinduoduo pdd"),
    (Channel::Douyin, "抖音 抖店 douyin"),
    (Channel::Kuaishou, "快手 kuaishou"),
    (Channel::Xiaohongshu, "小红书 xiaohongshu xhs"),
    (Channel::Weibo, "微博 weibo"),
    (Channel::Dianping, "大众点评 点评网 dianping"),
    (Channel::Meituan, "美团 meituan"),
    (Channel::Eleme, "饿了么 eleme"),
    (Channel::Wechat, "微信 wechat weixin"),
    (Channel::Ctrip, "携程 ctrip"),
    (Channel::Fliggy, "飞猪 fliggy"),
    (Channel::GooglePlay, "googleplay google_play"),
    (Channel::Google, "google"),
    (Channel::AppStore, "appstore app_store"),
    (Channel::Trustpilot, "trustpilot"),
    (Channel::Booking, "booking"),
    (Channel::Amazon, "amazon 亚马逊"),
    (Channel::Shopify, "shopify judgeme judge.me loox yotpo"),
];

/// The channel a file name, a sheet name or a cell names.
pub(crate) fn channel_named(text: &str) -> Option<Channel> {
    let low = text.to_lowercase();
    CHANNEL_WORDS
        .iter()
        .find(|(_, words)| words.split(' ').any(|w| mentions(&low, w)))
        .map(|(channel, _)| *channel)
}

/// Latin words only where they stand alone, so that `jd` is not found inside another word.
fn mentions(text: &str, word: &str) -> bool {
    if !word.is_ascii() {
        return text.contains(word);
    }
    let letter = |c: char| c.is_ascii_alphanumeric();
    text.match_indices(word).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(letter)
            && !text[at + word.len()..].chars().next().is_some_and(letter)
    })
}
