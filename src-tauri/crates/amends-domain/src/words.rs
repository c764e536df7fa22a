//! The closed vocabularies of the glossary. Their snake_case names are the ones stored, sent and exported.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A stored or received word that is not in its vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {kind} `{word}`")]
pub struct UnknownWord {
    /// Which vocabulary was asked.
    pub kind: &'static str,
    /// The word it does not have.
    pub word: String,
}

macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
        #[serde(rename_all = "snake_case")]
        $(#[$meta])*
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every word, in the order of the glossary.
            pub const ALL: &[$name] = &[$($name::$variant),+];
            /// The stored name.
            pub const fn as_str(self) -> &'static str { match self { $($name::$variant => $word),+ } }
            /// Position in [`Self::ALL`].
            pub const fn index(self) -> usize { self as usize }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word { $($word => Ok($name::$variant),)+ _ => Err(UnknownWord { kind: stringify!($name), word: word.to_owned() }) }
            }
        }
    };
}

pub(crate) use vocabulary;

vocabulary! {
    /// What the customer says on balance (labelling rubric).
    Sentiment {
        /// A complaint, or dissatisfied on balance.
        Neg = "neg",
        /// Praise and complaint of comparable weight.
        Mixed = "mixed",
        /// Satisfied on balance, or no complaint at all.
        Pos = "pos",
    }
}

vocabulary! {
    /// What a review complains about.
    Cause {
        /// 质量
        Quality = "quality",
        /// 卫生
        Hygiene = "hygiene",
        /// 服务
        Service = "service",
        /// 物流
        Logistics = "logistics",
        /// 包装
        Packaging = "packaging",
        /// 错发漏发
        Fulfilment = "fulfilment",
        /// 价格
        Price = "price",
        /// 描述不符
        Mismatch = "mismatch",
        /// 售后
        Aftersales = "aftersales",
        /// 设施
        Facility = "facility",
        /// 期望落差
        Expectation = "expectation",
        /// 其他
        Other = "other",
    }
}

vocabulary! {
    /// How seriously the business should take the complaint. Ordered: none < minor < moderate < severe.
    Severity {
        /// No complaint.
        None = "none",
        /// 轻微
        Minor = "minor",
        /// 一般
        Moderate = "moderate",
        /// 严重
        Severe = "severe",
    }
}

vocabulary! {
    /// What can go wrong beyond one unhappy customer.
    Risk {
        /// 健康
        Health = "health",
        /// 人身
        Injury = "injury",
        /// 法律
        Legal = "legal",
        /// 媒体
        Media = "media",
        /// 欺诈
        Fraud = "fraud",
        /// 隐私
        Privacy = "privacy",
        /// 辱骂歧视
        Abuse = "abuse",
        /// 敲诈
        Extortion = "extortion",
    }
}

vocabulary! {
    /// Which deadlines apply. Ordered: general < important < urgent.
    Tier {
        /// 一般
        General = "general",
        /// 重要
        Important = "important",
        /// 紧急
        Urgent = "urgent",
    }
}

vocabulary! {
    /// What a platform itself says of a review that has no stars.
    PlatformPolarity {
        /// 好评
        Good = "good",
        /// 中评
        Neutral = "neutral",
        /// 差评
        Bad = "bad",
    }
}

vocabulary! {
    /// What a person may do (permissions are checked in the operations of `amends-app`).
    Role {
        /// 客服
        Agent = "agent",
        /// 主管
        Supervisor = "supervisor",
        /// 经理
        Manager = "manager",
        /// 质检
        Quality = "quality",
        /// 管理员
        Admin = "admin",
    }
}

vocabulary! {
    /// Who sees to a complaint (product.md, "Who does what by cause").
    Department {
        /// 客服
        Desk = "desk",
        /// 主管亲自
        Service = "service",
        /// 质量技术
        Quality = "quality",
        /// 物流
        Logistics = "logistics",
        /// 市场
        Marketing = "marketing",
        /// 管理
        Management = "management",
    }
}

impl Department {
    /// The department that a cause goes to where nobody said otherwise.
    pub const fn of(cause: Cause) -> Self {
        match cause {
            Cause::Quality | Cause::Packaging => Self::Quality,
            Cause::Hygiene => Self::Management,
            Cause::Service => Self::Service,
            Cause::Logistics | Cause::Fulfilment => Self::Logistics,
            Cause::Mismatch => Self::Marketing,
            Cause::Price | Cause::Aftersales | Cause::Facility | Cause::Expectation | Cause::Other => {
                Self::Desk
            }
        }
    }

    /// Where somebody of a role works if nothing is said of them.
    pub const fn of_role(role: Role) -> Self {
        match role {
            Role::Manager | Role::Admin => Self::Management,
            Role::Supervisor => Self::Service,
            Role::Agent | Role::Quality => Self::Desk,
        }
    }
}

vocabulary! {
    /// The workspace's trade; it chooses remedies and emphasis.
    Industry {
        /// 电商
        Ecommerce = "ecommerce",
        /// 餐饮
        Restaurant = "restaurant",
        /// 酒店
        Hotel = "hotel",
        /// 通用
        General = "general",
    }
}

vocabulary! {
    /// Where reviews are published. The window calls it `ReviewChannel`: tauri's own bindings take the short name.
    #[serde(rename = "ReviewChannel")]
    Channel {
        /// 淘宝
        Taobao = "taobao",
        /// 天猫
        Tmall = "tmall",
        /// 京东
        Jd = "jd",
        /// 拼多多
        Pinduoduo = "pinduoduo",
        /// 抖音
        Douyin = "douyin",
        /// 快手
        Kuaishou = "kuaishou",
        /// 小红书
        Xiaohongshu = "xiaohongshu",
        /// 微博
        Weibo = "weibo",
        /// 美团
        Meituan = "meituan",
        /// 大众点评
        Dianping = "dianping",
        /// 饿了么
        Eleme = "eleme",
        /// 微信
        Wechat = "wechat",
        /// 携程
        Ctrip = "ctrip",
        /// 飞猪
        Fliggy = "fliggy",
        /// Google 商家
        Google = "google",
        /// Google Play
        GooglePlay = "google_play",
        /// App Store
        AppStore = "app_store",
        /// Trustpilot
        Trustpilot = "trustpilot",
        /// Booking.com
        Booking = "booking",
        /// 亚马逊
        Amazon = "amazon",
        /// Shopify 独立站
        Shopify = "shopify",
        /// 其他
        Other = "other",
    }
}

impl Channel {
    /// Its authors can change a review after the shop has answered (product.md, conversion). Only where the platform
    /// is known to refuse it is this false: there an invitation to update would ask for the impossible.
    pub const fn lets_authors_change(self) -> bool {
        // These take a follow-up 追评, never a change.
        !matches!(self, Self::Kuaishou | Self::Tmall | Self::Jd | Self::Pinduoduo)
    }
}
