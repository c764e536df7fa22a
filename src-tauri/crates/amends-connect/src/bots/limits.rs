//! A token bucket per bot: platforms block whoever talks too much.

/// How many messages a platform takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// At once.
    pub burst: u32,
    /// Steadily.
    pub per_minute: u32,
}

/// A bucket as stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Messages that may go now.
    pub tokens: f64,
    /// Instant of that, UTC ms.
    pub filled_ms: i64,
}

impl Limits {
    /// A bucket that nothing was taken from.
    pub fn full(self, now_ms: i64) -> Bucket {
        Bucket {
            tokens: f64::from(self.burst),
            filled_ms: now_ms,
        }
    }

    /// Takes one message's place.
    ///
    /// # Errors
    /// The instant from which there is one. A clock that was set back fills nothing and empties nothing.
    pub fn take(self, bucket: Bucket, now_ms: i64) -> Result<Bucket, i64> {
        let per_ms = f64::from(self.per_minute) / 60_000.0;
        let passed = (now_ms - bucket.filled_ms).max(0);
        let tokens = (bucket.tokens + passed as f64 * per_ms).min(f64::from(self.burst));
        if tokens >= 1.0 {
            return Ok(Bucket {
                tokens: tokens - 1.0,
                filled_ms: now_ms,
            });
        }
        Err(now_ms + ((1.0 - tokens) / per_ms).ceil() as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bots::Kind;

    #[test]
    fn no_minute_ever_takes_more_than_the_platform_allows() {
        for (kind, allowed) in [(Kind::Wecom, 20), (Kind::Dingtalk, 20), (Kind::Feishu, 100)] {
            let limits = kind.limits();
            let mut bucket = limits.full(0);
            let mut sent: Vec<i64> = Vec::new();
            for now in (0..600_000).step_by(100) {
                if let Ok(left) = limits.take(bucket, now) {
                    bucket = left;
                    sent.push(now);
                }
            }
            let most = |window: i64| {
                sent.iter()
                    .map(|from| {
                        sent.iter()
                            .filter(|at| (*from..*from + window).contains(at))
                            .count()
                    })
                    .max()
            };
            assert!(
                most(60_000).is_some_and(|n| n <= allowed),
                "{kind:?}: {:?}",
                most(60_000)
            );
            if kind == Kind::Feishu {
                assert!(most(1_000).is_some_and(|n| n <= 5));
            }
        }
    }

    #[test]
    fn an_empty_bucket_says_from_when_on_it_takes_again() {
        let limits = Limits {
            burst: 1,
            per_minute: 10,
        };
        let empty = limits.take(limits.full(1_000), 1_000).unwrap();
        let from = limits.take(empty, 1_000).unwrap_err();
        assert_eq!(from, 7_000);
        assert!(limits.take(empty, from - 1).is_err());
        assert!(limits.take(empty, from).is_ok());
        assert!(limits.take(empty, 0).is_err(), "a clock set back fills nothing");
    }
}
