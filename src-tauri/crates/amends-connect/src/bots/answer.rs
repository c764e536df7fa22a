//! What the platforms answer. The three Chinese ones answer HTTP 200 with an error in the body, so only their own
//! code 0 is a success.

use super::{Kind, Outcome};
use serde_json::Value;

const MINUTE: i64 = 60_000;

pub(super) fn read(kind: Kind, status: u16, body: &str) -> Outcome {
    if kind == Kind::Webhook {
        return webhook(status);
    }
    match status {
        200..=299 => {}
        300..=399 => return refused("地址会转到别处，没有跟过去。请从机器人的设置里重新复制地址。"),
        429 => return later("发得太快，对方让稍后再发。", Some(MINUTE)),
        400..=499 => return refused("对方不认这个地址。请从机器人的设置里重新复制地址。"),
        _ => return later("对方的服务器出错，稍后再发。", None),
    }
    let answer: Option<Value> = serde_json::from_str(body).ok();
    let field = |name: &str| answer.as_ref().and_then(|answer| answer.get(name)?.as_i64());
    let code = match kind {
        Kind::Feishu => field("code").or_else(|| field("StatusCode")),
        _ => field("errcode"),
    };
    let Some(code) = code else {
        return later("对方的回答看不懂，不能算发出，稍后再发。", None);
    };
    if code == 0 {
        return Outcome::Sent;
    }
    match kind {
        Kind::Wecom => wecom(code),
        Kind::Dingtalk => {
            let words = answer.as_ref().and_then(|answer| answer.get("errmsg")?.as_str());
            dingtalk(code, words.unwrap_or_default())
        }
        _ => feishu(code),
    }
}

fn refused(why: &str) -> Outcome {
    Outcome::Refused { why: why.to_owned() }
}

fn later(why: &str, wait_ms: Option<i64>) -> Outcome {
    Outcome::Retry {
        why: why.to_owned(),
        wait_ms,
    }
}

fn unknown(code: i64) -> Outcome {
    later(&format!("对方返回错误 {code}，稍后再发。"), None)
}

fn wecom(code: i64) -> Outcome {
    match code {
        45009 => later("这个机器人一分钟内发得太多，稍后再发。", Some(MINUTE)),
        93000 => refused("企业微信不认这个机器人地址，它可能已被移出群。请重新添加机器人并复制新地址。"),
        40058 | 45002 => refused("企业微信说消息太长，没有发出。"),
        _ => unknown(code),
    }
}

fn dingtalk(code: i64, words: &str) -> Outcome {
    match code {
        310000 if words.contains("timestamp") => {
            refused("钉钉说时间戳无效：这台电脑的时间不准。请在系统设置里校准时间。")
        }
        310000 if words.contains("sign") => refused("钉钉说签名不对。请重新复制机器人安全设置里的加签密钥。"),
        310000 if words.contains("keyword") || words.contains("关键词") => {
            refused("钉钉说消息里没有关键词。请把机器人安全设置里的自定义关键词填到这里。")
        }
        310000 => refused("钉钉的安全设置拒绝了消息（关键词、加签或 IP）。请检查机器人的安全设置。"),
        300001 => refused("钉钉不认这个机器人地址。请从机器人的设置里重新复制。"),
        130101 => later("发得太快，钉钉会暂停接收 10 分钟，之后再发。", Some(10 * MINUTE)),
        _ => unknown(code),
    }
}

fn feishu(code: i64) -> Outcome {
    match code {
        19021 => refused("飞书说签名不对或时间不准。请重新复制签名密钥，并校准这台电脑的时间。"),
        19022 => refused("飞书的 IP 白名单不允许这台电脑。请在机器人的安全设置里放行。"),
        19024 => refused("飞书说消息里没有关键词。请把机器人安全设置里的自定义关键词填到这里。"),
        19001 => refused("飞书不认这个机器人地址。请从机器人的设置里重新复制。"),
        9499 => refused("飞书说消息格式不对，没有发出。"),
        11232 => later("飞书正忙（整点和半点常见），稍后再发。", Some(MINUTE)),
        _ => unknown(code),
    }
}

fn webhook(status: u16) -> Outcome {
    match status {
        200..=299 => Outcome::Sent,
        300..=399 => refused("地址会转到别处，没有跟过去。请填写最终的地址。"),
        410 => refused("对方说这个地址已经停用。"),
        429 => later("发得太快，对方让稍后再发。", Some(MINUTE)),
        _ => later(&format!("对方返回 HTTP {status}，稍后再发。"), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_sent(kind: Kind, body: &str) -> bool {
        read(kind, 200, body) == Outcome::Sent
    }

    #[test]
    fn only_the_platforms_own_zero_is_a_success() {
        assert!(is_sent(Kind::Wecom, r#"{"errcode":0,"errmsg":"ok"}"#));
        assert!(is_sent(Kind::Dingtalk, r#"{"errcode":0,"errmsg":"ok"}"#));
        assert!(is_sent(Kind::Feishu, r#"{"code":0,"msg":"success","data":{}}"#));
        assert!(is_sent(
            Kind::Feishu,
            r#"{"StatusCode":0,"StatusMessage":"success"}"#
        ));
        for body in [
            "",
            "ok",
            "{}",
            "<html>",
            r#"{"errmsg":"ok"}"#,
            r#"{"errcode":"0"}"#,
            r#"{"errcode":93000}"#,
        ] {
            assert!(
                !is_sent(Kind::Wecom, body) && !is_sent(Kind::Feishu, body),
                "{body}"
            );
        }
    }

    #[test]
    fn what_a_person_must_change_is_told_apart_from_what_passes() {
        let gives_up = |kind, code: i64, words: &str| {
            let body = format!(r#"{{"errcode":{code},"code":{code},"errmsg":"{words}"}}"#);
            matches!(read(kind, 200, &body), Outcome::Refused { .. })
        };
        for (kind, code) in [
            (Kind::Wecom, 93000),
            (Kind::Wecom, 45002),
            (Kind::Dingtalk, 310000),
            (Kind::Dingtalk, 300001),
        ] {
            assert!(gives_up(kind, code, ""), "{kind:?} {code}");
        }
        for code in [19021, 19022, 19024, 9499, 19001] {
            assert!(gives_up(Kind::Feishu, code, ""), "{code}");
        }
        for (kind, code) in [
            (Kind::Wecom, 45009),
            (Kind::Dingtalk, 130101),
            (Kind::Feishu, 11232),
            (Kind::Wecom, -1),
        ] {
            assert!(!gives_up(kind, code, ""), "{kind:?} {code}");
        }
        let Outcome::Refused { why } = read(
            Kind::Dingtalk,
            200,
            r#"{"errcode":310000,"errmsg":"invalid timestamp"}"#,
        ) else {
            panic!("a wrong clock is the person's to fix");
        };
        assert!(why.contains("时间"), "{why}");
        let blocked = read(Kind::Dingtalk, 200, r#"{"errcode":130101}"#);
        assert!(matches!(
            blocked,
            Outcome::Retry {
                wait_ms: Some(600_000),
                ..
            }
        ));
    }

    #[test]
    fn a_webhook_goes_by_the_status_and_follows_nobody() {
        assert_eq!(read(Kind::Webhook, 204, ""), Outcome::Sent);
        assert!(matches!(read(Kind::Webhook, 302, ""), Outcome::Refused { .. }));
        assert!(matches!(read(Kind::Webhook, 410, ""), Outcome::Refused { .. }));
        assert!(matches!(read(Kind::Webhook, 500, ""), Outcome::Retry { .. }));
        assert!(matches!(read(Kind::Wecom, 302, ""), Outcome::Refused { .. }));
        assert!(matches!(
            read(Kind::Wecom, 502, r#"{"errcode":0}"#),
            Outcome::Retry { .. }
        ));
    }
}
