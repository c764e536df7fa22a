//! The few sentences that leave the program outside the window: notifications, exported headers, errors.
//! The window has its own catalogues; these are kept here in the same three languages.

use crate::dto::{AlertLevel, Locale};
use amends_domain::{Cause, Channel, Department, Risk, Severity, Tier, sla::event::TicketStatus};

/// Chooses a text by locale: simplified, traditional, English.
pub(crate) fn pick(locale: Locale, texts: [&'static str; 3]) -> &'static str {
    match locale {
        Locale::ZhCn => texts[0],
        Locale::ZhTw => texts[1],
        Locale::En => texts[2],
    }
}

pub(crate) fn tier(locale: Locale, tier: Tier) -> &'static str {
    pick(
        locale,
        match tier {
            Tier::Urgent => ["紧急", "緊急", "Urgent"],
            Tier::Important => ["重要", "重要", "Important"],
            Tier::General => ["一般", "一般", "General"],
        },
    )
}

pub(crate) fn channel(locale: Locale, channel: Channel) -> &'static str {
    pick(
        locale,
        match channel {
            Channel::Taobao => ["淘宝", "淘寶", "Taobao"],
            Channel::Tmall => ["天猫", "天貓", "Tmall"],
            Channel::Jd => ["京东", "京東", "JD"],
            Channel::Pinduoduo => ["拼多多", "拼多多", "Pinduoduo"],
            Channel::Douyin => ["抖音", "抖音", "Douyin"],
            Channel::Kuaishou => ["快手", "快手", "Kuaishou"],
            Channel::Xiaohongshu => ["小红书", "小紅書", "Xiaohongshu"],
            Channel::Weibo => ["微博", "微博", "Weibo"],
            Channel::Meituan => ["美团", "美團", "Meituan"],
            Channel::Dianping => ["大众点评", "大眾點評", "Dianping"],
            Channel::Eleme => ["饿了么", "餓了麼", "Ele.me"],
            Channel::Wechat => ["微信", "微信", "WeChat"],
            Channel::Ctrip => ["携程", "攜程", "Ctrip"],
            Channel::Fliggy => ["飞猪", "飛豬", "Fliggy"],
            Channel::Google => ["Google 商家", "Google 商家", "Google"],
            Channel::GooglePlay => ["Google Play", "Google Play", "Google Play"],
            Channel::AppStore => ["App Store", "App Store", "App Store"],
            Channel::Trustpilot => ["Trustpilot", "Trustpilot", "Trustpilot"],
            Channel::Booking => ["Booking.com", "Booking.com", "Booking.com"],
            Channel::Amazon => ["亚马逊", "亞馬遜", "Amazon"],
            Channel::Shopify => ["独立站", "獨立站", "Online store"],
            Channel::Other => ["其他渠道", "其他渠道", "Other channel"],
        },
    )
}

pub(crate) fn department(locale: Locale, department: Department) -> &'static str {
    pick(
        locale,
        match department {
            Department::Desk => ["客服", "客服", "Customer service"],
            Department::Service => ["主管亲自", "主管親自", "Supervisors"],
            Department::Quality => ["质量技术", "質量技術", "Quality"],
            Department::Logistics => ["物流", "物流", "Logistics"],
            Department::Marketing => ["市场", "市場", "Marketing"],
            Department::Management => ["管理", "管理", "Management"],
        },
    )
}

/// How reviews come in: the stored word of a source's kind.
pub(crate) fn source_kind(locale: Locale, kind: &str) -> &'static str {
    pick(
        locale,
        match kind {
            "sample" => ["示例数据", "示例資料", "Sample data"],
            _ => ["文件", "檔案", "Files"],
        },
    )
}

pub(crate) fn risk(locale: Locale, risk: Risk) -> &'static str {
    pick(
        locale,
        match risk {
            Risk::Health => ["健康风险", "健康風險", "health risk"],
            Risk::Injury => ["人身风险", "人身風險", "injury risk"],
            Risk::Legal => ["投诉举报", "投訴舉報", "legal complaint"],
            Risk::Media => ["曝光风险", "曝光風險", "media exposure"],
            Risk::Fraud => ["涉嫌欺诈", "涉嫌欺詐", "fraud"],
            Risk::Privacy => ["隐私风险", "隱私風險", "privacy"],
            Risk::Abuse => ["辱骂歧视", "辱罵歧視", "abuse"],
            Risk::Extortion => ["索要钱物", "索要錢物", "extortion"],
        },
    )
}

pub(crate) fn cause(locale: Locale, cause: Cause) -> &'static str {
    pick(
        locale,
        match cause {
            Cause::Quality => ["质量", "質量", "Quality"],
            Cause::Hygiene => ["卫生", "衛生", "Hygiene"],
            Cause::Service => ["服务", "服務", "Service"],
            Cause::Logistics => ["物流", "物流", "Delivery"],
            Cause::Packaging => ["包装", "包裝", "Packaging"],
            Cause::Fulfilment => ["错发漏发", "錯發漏發", "Wrong or missing item"],
            Cause::Price => ["价格", "價格", "Price"],
            Cause::Mismatch => ["描述不符", "描述不符", "Not as described"],
            Cause::Aftersales => ["售后", "售後", "After-sales"],
            Cause::Facility => ["设施", "設施", "Facilities"],
            Cause::Expectation => ["期望落差", "期望落差", "Expectation"],
            Cause::Other => ["其他", "其他", "Other"],
        },
    )
}

pub(crate) fn severity(locale: Locale, severity: Severity) -> &'static str {
    pick(
        locale,
        match severity {
            Severity::None => ["无", "無", "None"],
            Severity::Minor => ["轻微", "輕微", "Minor"],
            Severity::Moderate => ["一般", "一般", "Moderate"],
            Severity::Severe => ["严重", "嚴重", "Severe"],
        },
    )
}

pub(crate) fn status(locale: Locale, status: TicketStatus) -> &'static str {
    pick(
        locale,
        match status {
            TicketStatus::Received => ["接收", "接收", "Received"],
            TicketStatus::Verifying => ["核实", "核實", "Verifying"],
            TicketStatus::Planning => ["方案", "方案", "Planning"],
            TicketStatus::Communicating => ["沟通", "溝通", "Talking"],
            TicketStatus::WaitingCustomer => ["等待客户", "等待客戶", "Waiting for customer"],
            TicketStatus::Disputed => ["申诉中", "申訴中", "Disputed"],
            TicketStatus::Resolved => ["已解决", "已解決", "Resolved"],
            TicketStatus::Closed => ["已关闭", "已關閉", "Closed"],
            TicketStatus::FollowingUp => ["回访中", "回訪中", "Following up"],
            TicketStatus::Done => ["完成", "完成", "Done"],
            TicketStatus::Dismissed => ["无需处理", "無需處理", "Dismissed"],
            TicketStatus::Merged => ["已合并", "已合併", "Merged"],
        },
    )
}

pub(crate) fn metric(locale: Locale, metric: &str) -> &'static str {
    pick(
        locale,
        match metric {
            "first_response" => ["首次答复", "首次答覆", "First response"],
            "next_response" => ["再次答复", "再次答覆", "Next response"],
            "solution" => ["给出方案", "給出方案", "Solution"],
            "closure" => ["关闭并邀请改评", "關閉並邀請改評", "Closure"],
            "follow_up" => ["回访", "回訪", "Follow-up"],
            "approval" => ["审批", "審批", "Approval"],
            _ => ["平台时限", "平台時限", "Platform limit"],
        },
    )
}

/// Title and body of the notification for a new urgent ticket.
pub(crate) fn new_urgent(
    locale: Locale,
    channel_word: Channel,
    risks: &[Risk],
    words: &str,
    due: &str,
) -> (String, String) {
    let mut title = format!(
        "{} · {}",
        tier(locale, Tier::Urgent),
        channel(locale, channel_word)
    );
    if let Some(first) = risks.first() {
        title.push_str(" · ");
        title.push_str(risk(locale, *first));
    }
    let words = if words.is_empty() {
        pick(
            locale,
            [
                "（只有评分，没有文字）",
                "（只有評分，沒有文字）",
                "(rating only)",
            ],
        )
    } else {
        words
    };
    let body = match locale {
        Locale::ZhCn => format!("“{words}”\n请在 {due} 前答复"),
        Locale::ZhTw => format!("“{words}”\n請在 {due} 前答覆"),
        Locale::En => format!("“{words}”\nAnswer by {due}"),
    };
    (title, body)
}

/// Title and body of the summary that a burst folds into.
pub(crate) fn burst(locale: Locale, count: usize, due: &str) -> (String, String) {
    match locale {
        Locale::ZhCn => (
            format!("{count} 条紧急差评待答复"),
            format!("最早的一条请在 {due} 前答复。点这里查看。"),
        ),
        Locale::ZhTw => (
            format!("{count} 條緊急差評待答覆"),
            format!("最早的一條請在 {due} 前答覆。點這裡查看。"),
        ),
        Locale::En => (
            format!("{count} urgent reviews to answer"),
            format!("Answer the first by {due}. Click to see them."),
        ),
    }
}

/// What the notification of a warning is made from.
pub(crate) struct Warning<'a> {
    pub tier: Tier,
    pub channel: Channel,
    pub risk: Option<Risk>,
    pub level: AlertLevel,
    pub metric: &'a str,
    /// The customer's words, private data masked.
    pub words: &'a str,
    pub due: &'a str,
    pub number: &'a str,
}

/// Title and body of the notification of a warning.
pub(crate) fn warning(locale: Locale, w: &Warning<'_>) -> (String, String) {
    let level = pick(
        locale,
        match w.level {
            AlertLevel::NewUrgent | AlertLevel::L1 => ["快到时限", "快到時限", "deadline ahead"],
            AlertLevel::L2 => ["马上到时限", "馬上到時限", "deadline close"],
            AlertLevel::Due => ["时限已到", "時限已到", "deadline reached"],
            AlertLevel::Overdue => ["已超时", "已逾時", "overdue"],
        },
    );
    let mut title = format!(
        "{} · {} · {}",
        tier(locale, w.tier),
        level,
        channel(locale, w.channel)
    );
    if let Some(first) = w.risk {
        title.push_str(" · ");
        title.push_str(risk(locale, first));
    }
    let words = if w.words.is_empty() {
        pick(
            locale,
            [
                "（只有评分，没有文字）",
                "（只有評分，沒有文字）",
                "(rating only)",
            ],
        )
    } else {
        w.words
    };
    let (what, due, number) = (metric(locale, w.metric), w.due, w.number);
    let late = matches!(w.level, AlertLevel::Due | AlertLevel::Overdue);
    let body = match (locale, late) {
        (Locale::ZhCn, false) => format!("“{words}”\n{number} {what}：请在 {due} 前完成"),
        (Locale::ZhCn, true) => format!("“{words}”\n{number} {what}：应在 {due} 前完成，现在还没有"),
        (Locale::ZhTw, false) => format!("“{words}”\n{number} {what}：請在 {due} 前完成"),
        (Locale::ZhTw, true) => format!("“{words}”\n{number} {what}：應在 {due} 前完成，現在還沒有"),
        (Locale::En, false) => format!("“{words}”\n{number} {what}: due {due}"),
        (Locale::En, true) => format!("“{words}”\n{number} {what}: was due {due} and is not done"),
    };
    (title, body)
}

/// Title and body of the summary of several alerts: how many, how many of them late, the earliest deadline.
pub(crate) fn summary(locale: Locale, count: usize, late: usize, due: &str) -> (String, String) {
    let title = match locale {
        Locale::ZhCn => format!("{count} 条时限提醒"),
        Locale::ZhTw => format!("{count} 條時限提醒"),
        Locale::En => format!("{count} deadline alerts"),
    };
    let body = match (locale, late) {
        (Locale::ZhCn, 0) => format!("最早的一条 {due} 到期。点这里查看。"),
        (Locale::ZhCn, _) => format!("其中 {late} 条已超时，最早的一条应在 {due} 前完成。点这里查看。"),
        (Locale::ZhTw, 0) => format!("最早的一條 {due} 到期。點這裡查看。"),
        (Locale::ZhTw, _) => format!("其中 {late} 條已逾時，最早的一條應在 {due} 前完成。點這裡查看。"),
        (Locale::En, 0) => format!("The first is due {due}. Click to see them."),
        (Locale::En, _) => format!("{late} of them are overdue, the first since {due}. Click to see them."),
    };
    (title, body)
}

/// Labels of a notification's buttons: to deal with it, to put it off.
pub(crate) fn buttons(locale: Locale) -> Option<[&'static str; 2]> {
    Some(match locale {
        Locale::ZhCn => ["处理", "稍后"],
        Locale::ZhTw => ["處理", "稍後"],
        Locale::En => ["Open", "Later"],
    })
}
