//! Signatures of the three platforms that have them (sources.md §8).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

fn hmac(key: &[u8], text: &[u8]) -> String {
    // HMAC takes keys of any length.
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(text);
            STANDARD.encode(mac.finalize().into_bytes())
        },
    )
}

/// 钉钉: the secret signs `timestamp\nsecret`; milliseconds.
pub(super) fn dingtalk(secret: &str, now_ms: i64) -> String {
    hmac(secret.as_bytes(), format!("{now_ms}\n{secret}").as_bytes())
}

/// 飞书: `timestamp\nsecret` is the key and signs nothing; seconds.
pub(super) fn feishu(secret: &str, now_secs: i64) -> String {
    hmac(format!("{now_secs}\n{secret}").as_bytes(), b"")
}

/// Standard Webhooks: `id.timestamp.body`; none for a secret that is no `whsec_` key.
pub(super) fn webhook(secret: &str, id: &str, now_secs: i64, body: &str) -> Option<String> {
    let key = webhook_key(secret)?;
    Some(format!(
        "v1,{}",
        hmac(&key, format!("{id}.{now_secs}.{body}").as_bytes())
    ))
}

/// The key inside a `whsec_` secret.
pub(super) fn webhook_key(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    (!key.is_empty()).then_some(key)
}

/// Base64 as a value in a query; encoded once.
pub(super) fn encoded(base64: &str) -> String {
    base64.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors_come_out() {
        let ding = dingtalk("SECtest0001", 1_700_000_000_000);
        assert_eq!(ding, "iK9eW9jtGBT4TttaiEbfCz5U5QFsyS/Rb/r8GW+V/x4=");
        assert_eq!(
            encoded(&ding),
            "iK9eW9jtGBT4TttaiEbfCz5U5QFsyS%2FRb%2Fr8GW%2BV%2Fx4%3D"
        );
        assert_eq!(
            feishu("feishutest0001", 1_700_000_000),
            "iKJiRut8HVUE4d+FAXf/c0IqmM2O+0KRzkywSI4Rw2M="
        );
        assert_eq!(
            webhook(
                "whsec_dGVzdC1rZXktMDAwMS10ZXN0LWtleS0wMDAx",
                "msg_0001",
                1_700_000_000,
                r#"{"type":"review.negative"}"#
            )
            .as_deref(),
            Some("v1,juRrsb3aBu73EaerGecf19CEW9XpdNfprvOaKkJkhLg=")
        );
    }

    #[test]
    fn a_secret_that_is_no_key_signs_nothing() {
        for secret in ["", "whsec_", "whsec_%%%", "dGVzdA=="] {
            assert_eq!(webhook(secret, "a", 1, "{}"), None, "{secret}");
        }
    }
}
