//! Group bots (企业微信, 钉钉, 飞书) and Standard Webhooks, as measured in the platforms' own words: addresses,
//! signatures, sizes, error codes. A bot's address holds its key, so it is treated as a secret throughout.

mod answer;
mod limits;
mod sign;
mod text;

pub use limits::{Bucket, Limits};
pub use text::{MORE, fit, neutral};

use serde_json::{Value, json};
use std::time::Duration;

/// What a bot speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 企业微信群机器人
    Wecom,
    /// 钉钉机器人
    Dingtalk,
    /// 飞书 (and Lark)
    Feishu,
    /// Standard Webhooks
    Webhook,
}

/// Where and how to reach one bot.
#[derive(Clone)]
pub struct Target {
    /// What it speaks.
    pub kind: Kind,
    /// Full address as the platform gave it.
    pub address: String,
    /// Signing secret.
    pub secret: Option<String>,
    /// Word that the group demands in every message.
    pub keyword: Option<String>,
}

/// What a bot is to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The same on every retry, so that a receiver can tell a repetition.
    pub id: String,
    /// First line.
    pub title: String,
    /// The rest.
    pub body: String,
    /// For webhooks: what happened, as `type` …
    pub event: &'static str,
    /// … when, RFC 3339 …
    pub at: String,
    /// … and its data.
    pub data: Value,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The platform took it.
    Sent,
    /// Not now: try again. `wait_ms` is what the platform is known to demand.
    Retry {
        /// A sentence in Chinese, without address or secret.
        why: String,
        /// Nothing goes to this bot for so long.
        wait_ms: Option<i64>,
    },
    /// Never like this: the person must change something.
    Refused {
        /// A sentence in Chinese: what and how.
        why: String,
    },
}

/// The way out. Tests point it at a server of their own.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Scheme and host that stand in for those of every address, such as `http://127.0.0.1:9000`.
    pub instead_of: Option<String>,
}

/// Longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// An answer longer than this is no answer of a bot.
const MAX_ANSWER: u64 = 64 * 1024;

impl Kind {
    /// Text limit in bytes of UTF-8. 飞书 counts the whole body (20 KB), which escaping can double.
    const fn max_bytes(self) -> usize {
        match self {
            Self::Wecom => 2048,
            Self::Dingtalk => 4096,
            Self::Feishu | Self::Webhook => 8192,
        }
    }

    /// How many messages it takes.
    pub const fn limits(self) -> Limits {
        match self {
            // 20 a minute; a full bucket plus a minute's refill must stay within it. 钉钉 blocks for ten minutes.
            Self::Wecom | Self::Dingtalk => Limits {
                burst: 10,
                per_minute: 10,
            },
            // 100 a minute and 5 a second.
            Self::Feishu => Limits {
                burst: 4,
                per_minute: 60,
            },
            Self::Webhook => Limits {
                burst: 10,
                per_minute: 60,
            },
        }
    }

    /// What an address must begin with, the host first.
    const fn beginnings(self) -> &'static [&'static str] {
        match self {
            Self::Wecom => &["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="],
            Self::Dingtalk => &["https://oapi.dingtalk.com/robot/send?access_token="],
            Self::Feishu => &[
                "https://open.feishu.cn/open-apis/bot/v2/hook/",
                "https://open.larksuite.com/open-apis/bot/v2/hook/",
            ],
            Self::Webhook => &[
                "https://",
                "http://127.0.0.1:",
                "http://localhost:",
                "http://[::1]:",
            ],
        }
    }
}

/// Whether an address and secret can be what the platform gave out.
///
/// # Errors
/// A sentence in Chinese that says what is expected.
pub fn check(kind: Kind, address: &str, secret: Option<&str>) -> Result<(), String> {
    let whole = kind.beginnings().iter().any(|beginning| {
        address
            .strip_prefix(beginning)
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic()))
    });
    if !whole {
        return Err(match kind {
            Kind::Wecom => "企业微信机器人的地址应以 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key= 开头，请从群机器人的设置里完整复制。",
            Kind::Dingtalk => "钉钉机器人的地址应以 https://oapi.dingtalk.com/robot/send?access_token= 开头，请从机器人的设置里完整复制。",
            Kind::Feishu => "飞书机器人的地址应以 https://open.feishu.cn/open-apis/bot/v2/hook/ 开头，请从机器人的设置里完整复制。",
            Kind::Webhook => "地址应以 https:// 开头（本机的服务可以用 http://127.0.0.1:端口）。",
        }
        .to_owned());
    }
    if kind == Kind::Webhook && secret.is_some_and(|secret| sign::webhook_key(secret).is_none()) {
        return Err("密钥应是 whsec_ 开头的一串 Base64 字符。".to_owned());
    }
    Ok(())
}

/// An address for people: everything after the host is hidden but its last four characters.
pub fn masked(address: &str) -> String {
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let host_end = address[after_scheme..]
        .find(['/', '?'])
        .map_or(address.len(), |at| after_scheme + at);
    let tail: Vec<char> = address[host_end..].chars().collect();
    let shown: String = tail[tail.len().saturating_sub(4)..].iter().collect();
    format!(
        "{}/…{}",
        &address[..host_end],
        if tail.len() > 12 { &*shown } else { "" }
    )
}

/// Says a message through a bot. Blocks for at most ten seconds.
pub fn post(line: &Line, target: &Target, message: &Message, now_ms: i64) -> Outcome {
    let request = request(target, message, now_ms);
    let request = match request {
        Ok(request) => request,
        Err(why) => return Outcome::Refused { why },
    };
    match send(line, &request) {
        Ok((status, body)) => answer::read(target.kind, status, &body),
        Err(why) => Outcome::Retry { why, wait_ms: None },
    }
}

/// One request, ready to go.
#[derive(Debug, PartialEq)]
struct Request {
    url: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

fn request(target: &Target, message: &Message, now_ms: i64) -> Result<Request, String> {
    let words = |separator: &str| said(target, message, separator);
    let (mut url, mut headers) = (target.address.clone(), Vec::new());
    let body = match target.kind {
        Kind::Wecom => json!({ "msgtype": "text", "text": { "content": words("\n") } }).to_string(),
        Kind::Dingtalk => {
            if let Some(secret) = &target.secret {
                let sign = sign::encoded(&sign::dingtalk(secret, now_ms));
                url.push_str(&format!("&timestamp={now_ms}&sign={sign}"));
            }
            // A single line break is none in markdown.
            json!({
                "msgtype": "markdown",
                "markdown": { "title": fit(&neutral(&message.title), 60), "text": words("\n\n") },
                "at": { "atMobiles": [], "isAtAll": false },
            })
            .to_string()
        }
        Kind::Feishu => {
            let mut body = json!({ "msg_type": "text", "content": { "text": words("\n") } });
            if let Some(secret) = &target.secret {
                let secs = now_ms / 1000;
                body["timestamp"] = json!(secs.to_string());
                body["sign"] = json!(sign::feishu(secret, secs));
            }
            body.to_string()
        }
        Kind::Webhook => {
            let body =
                json!({ "type": message.event, "timestamp": message.at, "data": message.data }).to_string();
            let secs = now_ms / 1000;
            headers.push(("webhook-id", message.id.clone()));
            headers.push(("webhook-timestamp", secs.to_string()));
            if let Some(secret) = &target.secret {
                let sign = sign::webhook(secret, &message.id, secs, &body)
                    .ok_or("签名密钥不对：应是 whsec_ 开头的一串 Base64 字符。请在机器人设置里改好。")?;
                headers.push(("webhook-signature", sign));
            }
            body
        }
    };
    Ok(Request { url, headers, body })
}

/// The words as a chat shows them: nothing in them can mention, link or mark up; the demanded word comes first.
fn said(target: &Target, message: &Message, separator: &str) -> String {
    let lines: Vec<String> = std::iter::once(&*message.title)
        .chain(message.body.lines())
        .map(neutral)
        .filter(|line| !line.is_empty())
        .collect();
    let mut text = lines.join(separator);
    if let Some(keyword) = target.keyword.as_deref().filter(|word| !text.contains(word)) {
        text = format!("【{keyword}】{text}");
    }
    fit(&text, target.kind.max_bytes())
}

fn send(line: &Line, request: &Request) -> Result<(u16, String), String> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .build()
        .into();
    let url = match &line.instead_of {
        Some(base) => format!("{base}{}", path_of(&request.url)),
        None => request.url.clone(),
    };
    let mut call = agent
        .post(&url)
        .header("Content-Type", "application/json; charset=utf-8");
    for (name, value) in &request.headers {
        call = call.header(*name, value);
    }
    // The error's own words can hold the address.
    let mut response = call
        .send(request.body.as_bytes())
        .map_err(|error| in_words(&error).to_owned())?;
    let status = response.status().as_u16();
    let body = response
        .body_mut()
        .with_config()
        .limit(MAX_ANSWER)
        .read_to_string()
        .map_err(|error| in_words(&error).to_owned())?;
    Ok((status, body))
}

fn in_words(error: &ureq::Error) -> &'static str {
    match error {
        ureq::Error::Timeout(_) => "对方 10 秒内没有回应，稍后再发。",
        ureq::Error::HostNotFound => "找不到对方的服务器，请检查网络。会继续重试。",
        _ => "连不上对方的服务器，请检查网络。会继续重试。",
    }
}

fn path_of(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    url[after_scheme..]
        .find('/')
        .map_or("/", |at| &url[after_scheme + at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(kind: Kind, address: &str, secret: Option<&str>) -> Target {
        Target {
            kind,
            address: address.into(),
            secret: secret.map(str::to_owned),
            keyword: None,
        }
    }

    fn message(title: &str, body: &str) -> Message {
        Message {
            id: "msg_1".into(),
            title: title.into(),
            body: body.into(),
            event: "alert.due",
            at: "2026-11-20T04:00:00Z".into(),
            data: json!({ "number": "2611-0001" }),
        }
    }

    const WECOM: &str =
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa";
    const DING: &str = "https://oapi.dingtalk.com/robot/send?access_token=abc123abc123abc123";
    const FEISHU: &str = "https://open.feishu.cn/open-apis/bot/v2/hook/1234-5678-9012";

    #[test]
    fn each_platform_gets_its_own_body() {
        let said = message("紧急 · 美团", "“菜里有头发”\n请在 12:00 前答复");
        let wecom = request(&target(Kind::Wecom, WECOM, None), &said, 1_700_000_000_000).unwrap();
        assert_eq!(wecom.url, WECOM);
        let body: Value = serde_json::from_str(&wecom.body).unwrap();
        assert_eq!(body["msgtype"], "text");
        assert_eq!(
            body["text"]["content"],
            "紧急 · 美团\n“菜里有头发”\n请在 12:00 前答复"
        );
        assert!(body["text"].get("mentioned_list").is_none());

        let ding = request(
            &target(Kind::Dingtalk, DING, Some("SECtest0001")),
            &said,
            1_700_000_000_000,
        )
        .unwrap();
        assert_eq!(
            ding.url,
            format!(
                "{DING}&timestamp=1700000000000&sign=iK9eW9jtGBT4TttaiEbfCz5U5QFsyS%2FRb%2Fr8GW%2BV%2Fx4%3D"
            )
        );
        let body: Value = serde_json::from_str(&ding.body).unwrap();
        assert_eq!(
            (&body["msgtype"], &body["at"]["isAtAll"]),
            (&json!("markdown"), &json!(false))
        );
        assert_eq!(body["markdown"]["title"], "紧急 · 美团");

        let feishu = request(
            &target(Kind::Feishu, FEISHU, Some("feishutest0001")),
            &said,
            1_700_000_000_999,
        )
        .unwrap();
        let body: Value = serde_json::from_str(&feishu.body).unwrap();
        assert_eq!(body["timestamp"], "1700000000", "seconds, as text");
        assert_eq!(body["sign"], "iKJiRut8HVUE4d+FAXf/c0IqmM2O+0KRzkywSI4Rw2M=");
        assert_eq!(body["msg_type"], "text");

        let hook = target(
            Kind::Webhook,
            "https://example.com/hook",
            Some("whsec_dGVzdC1rZXktMDAwMS10ZXN0LWtleS0wMDAx"),
        );
        let hook = request(&hook, &said, 1_700_000_000_000).unwrap();
        assert_eq!(
            hook.body,
            r#"{"data":{"number":"2611-0001"},"timestamp":"2026-11-20T04:00:00Z","type":"alert.due"}"#
        );
        let names: Vec<&str> = hook.headers.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["webhook-id", "webhook-timestamp", "webhook-signature"]);
    }

    #[test]
    fn a_demanded_word_is_in_every_message_once_and_survives_cutting() {
        let mut wecom = target(Kind::Wecom, WECOM, None);
        wecom.keyword = Some("差评".into());
        let long = "菜".repeat(3000);
        let text = said(&wecom, &message("紧急", &long), "\n");
        assert!(text.starts_with("【差评】紧急"), "{}", &text[..60]);
        assert!(text.len() <= 2048 && text.ends_with(MORE));
        assert_eq!(said(&wecom, &message("差评来了", ""), "\n"), "差评来了");
    }

    #[test]
    fn addresses_of_other_places_are_refused_before_anything_is_sent() {
        assert_eq!(check(Kind::Wecom, WECOM, None), Ok(()));
        assert_eq!(check(Kind::Dingtalk, DING, Some("SEC")), Ok(()));
        assert_eq!(check(Kind::Feishu, FEISHU, None), Ok(()));
        assert!(check(Kind::Wecom, DING, None).is_err());
        assert!(
            check(
                Kind::Wecom,
                "https://qyapi.weixin.qq.com.evil.cn/cgi-bin/webhook/send?key=1",
                None
            )
            .is_err()
        );
        assert!(
            check(
                Kind::Feishu,
                "https://open.feishu.cn/open-apis/bot/v2/hook/",
                None
            )
            .is_err()
        );
        assert!(check(Kind::Webhook, "http://example.com/x", None).is_err());
        assert!(check(Kind::Webhook, "http://127.0.0.1:9000/x", None).is_ok());
        assert!(check(Kind::Webhook, "https://example.com/a b", None).is_err());
        assert!(check(Kind::Webhook, "https://example.com/x", Some("not base64")).is_err());
    }

    #[test]
    fn an_address_is_shown_without_its_key() {
        assert_eq!(masked(WECOM), "https://qyapi.weixin.qq.com/…5aaa");
        assert_eq!(masked("https://a.cn/x"), "https://a.cn/…");
        assert_eq!(
            path_of(WECOM),
            "/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
        );
    }
}
