//! "为什么是这个时间": the counted and paused intervals behind a due time, in data and in Chinese; what another
//! tier would mean; and who held a ticket for how long (sla.md R8, R26, pitfalls §6.2).

use super::calendar::{Calendar, Calendars, instant};
use super::engine::{CancelReason, Clock, ClockState, Flag, clocks};
use super::event::{Event, EventKind, ManualDueAnswer, Metric, TicketStatus, effective};
use super::policy::Policies;
use crate::id::{ActivityId, PersonId};
use crate::words::{Tier, UnknownWord, vocabulary};
use chrono::{Datelike, Timelike};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::{fmt, str::FromStr};

vocabulary! {
    /// Why a stretch of time counts or does not.
    IntervalReason {
        /// 工作时间: counts
        Working = "working",
        /// 宽限: counts, beyond what the target alone gives (R13)
        Grace = "grace",
        /// 下班
        OffHours = "off_hours",
        /// 休息日
        DayOff = "day_off",
        /// 节假日
        Holiday = "holiday",
        /// 等待客户
        WaitingCustomer = "waiting_customer",
        /// 申诉中
        Disputed = "disputed",
        /// Another state that the policy lets pause.
        Paused = "paused",
        /// Before the follow-up may begin (R25).
        NotYetOpen = "not_yet_open",
    }
}

/// A stretch of a clock's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// First instant, UTC milliseconds.
    pub from_ms: i64,
    /// First instant after it.
    pub until_ms: i64,
    /// It counts towards the target.
    pub counted: bool,
    /// Why.
    pub reason: IntervalReason,
}

/// The intervals from a clock's start to its due time, touching, in order. The counted ones that are not grace add
/// up to the target, unless a platform's limit or a person cut it short.
pub fn intervals(clock: &Clock, calendar: &Calendar) -> Vec<Interval> {
    let mut found: Vec<Interval> = Vec::new();
    let mut push = |from_ms: i64, until_ms: i64, counted: bool, reason: IntervalReason| {
        if from_ms >= until_ms {
            return;
        }
        match found.last_mut() {
            Some(last) if last.reason == reason && last.until_ms == from_ms => last.until_ms = until_ms,
            _ => found.push(Interval {
                from_ms,
                until_ms,
                counted,
                reason,
            }),
        }
    };
    let mut from_ms = clock.start_ms;
    if let Some(opens_ms) = clock.opens_ms {
        push(from_ms, opens_ms, false, IntervalReason::NotYetOpen);
        from_ms = opens_ms.max(from_ms);
    }
    let grace_ms = match clock.flags.contains(&Flag::Grace) {
        true => clock.retro_due_ms.unwrap_or(i64::MAX),
        false => i64::MAX,
    };
    let mut worked = |from_ms: i64, until_ms: i64| {
        let mut at_ms = from_ms;
        for (open, close) in calendar.intervals(from_ms, until_ms) {
            push(at_ms, open, false, closed_because(calendar, at_ms, open));
            push(open, close.min(grace_ms), true, IntervalReason::Working);
            push(open.max(grace_ms), close, true, IntervalReason::Grace);
            at_ms = close;
        }
        push(at_ms, until_ms, false, closed_because(calendar, at_ms, until_ms));
    };
    let mut paused = Vec::new();
    for pause in &clock.pauses {
        let (pause_from, pause_until) = (pause.from_ms.max(from_ms), pause.until_ms);
        if pause_from >= pause_until {
            continue;
        }
        worked(from_ms, pause_from.min(clock.due_ms));
        if pause_from >= clock.due_ms {
            from_ms = clock.due_ms;
            break;
        }
        paused.push((pause_from, pause_until, pause.status));
        from_ms = pause_until;
    }
    worked(from_ms, clock.due_ms);
    for (from_ms, until_ms, status) in paused {
        let reason = match status {
            TicketStatus::WaitingCustomer => IntervalReason::WaitingCustomer,
            TicketStatus::Disputed => IntervalReason::Disputed,
            _ => IntervalReason::Paused,
        };
        found.push(Interval {
            from_ms,
            until_ms,
            counted: false,
            reason,
        });
    }
    found.sort_by_key(|interval| interval.from_ms);
    found
}

/// Why nobody works in a closed stretch: a holiday in it says more than a free day, that more than the evening.
fn closed_because(calendar: &Calendar, from_ms: i64, until_ms: i64) -> IntervalReason {
    let date = |ms: i64| instant(ms).with_timezone(&calendar.zone()).date_naive();
    let (first, last) = (date(from_ms), date(until_ms - 1));
    let closed = first
        .iter_days()
        .take_while(|date| *date <= last)
        .take(400)
        .filter(|date| calendar.spec().windows(*date).is_empty());
    let mut reason = IntervalReason::OffHours;
    for date in closed {
        if calendar.is_holiday(date) {
            return IntervalReason::Holiday;
        }
        reason = IntervalReason::DayOff;
    }
    reason
}

/// The clocks as they would stand at `now_ms` if the tier changed then. Nothing is written.
pub fn what_if_tier(
    log: &[Event],
    policies: &Policies,
    calendars: &Calendars,
    now_ms: i64,
    tier: Tier,
) -> Vec<Clock> {
    let change = EventKind::Tier {
        tier,
        reason: None,
        rule: None,
        manual_due: ManualDueAnswer::Keep,
    };
    what_if(log, policies, calendars, now_ms, change)
}

fn what_if(
    log: &[Event],
    policies: &Policies,
    calendars: &Calendars,
    now_ms: i64,
    kind: EventKind,
) -> Vec<Clock> {
    let mut log = log.to_vec();
    log.push(Event {
        id: ActivityId(String::from("what-if")),
        at_ms: now_ms,
        recorded_ms: now_ms,
        actor: None,
        kind,
    });
    clocks(&log, policies, calendars, now_ms)
}

/// What applying a policy or calendar version to one open ticket would do, for the sums of the preview (R15).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Clocks whose due time would move.
    pub moved: u32,
    /// Of them, those that would be late by the new target but for the grace.
    pub late: u32,
}

/// The preview for one ticket of an [`EventKind::Policy`] or [`EventKind::Calendar`].
pub fn preview(
    log: &[Event],
    policies: &Policies,
    calendars: &Calendars,
    now_ms: i64,
    change: EventKind,
) -> Preview {
    let before = clocks(log, policies, calendars, now_ms);
    let mut preview = Preview::default();
    for clock in what_if(log, policies, calendars, now_ms, change) {
        let same = |old: &&Clock| {
            (old.cycle, old.metric, &old.subject) == (clock.cycle, clock.metric, &clock.subject)
        };
        if before
            .iter()
            .find(same)
            .is_none_or(|old| old.due_ms != clock.due_ms)
        {
            preview.moved += 1;
            preview.late += u32::from(clock.retro_due_ms.unwrap_or(clock.due_ms) < now_ms);
        }
    }
    preview
}

vocabulary! {
    /// Who holds a ticket inside the business.
    SegmentKind {
        /// 审批
        Approval = "approval",
        /// 其他部门
        Department = "department",
    }
}

/// Time that a named person or department held a ticket; it paused nothing and is charged to them (R8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Which kind of wait.
    pub kind: SegmentKind,
    /// The department asked, empty for an approval.
    pub department: String,
    /// Who owns the time.
    pub owner: Option<PersonId>,
    /// Asked, UTC milliseconds.
    pub from_ms: i64,
    /// Answered; none while it goes on.
    pub until_ms: Option<i64>,
    /// Working seconds up to the answer or `now`.
    pub working_secs: i64,
}

/// The internal waits of a ticket up to `now_ms`, in the calendar given (the ticket's).
pub fn segments(log: &[Event], calendar: &Calendar, now_ms: i64) -> Vec<Segment> {
    let mut events: Vec<&Event> = effective(log)
        .into_iter()
        .filter(|event| event.at_ms <= now_ms)
        .collect();
    events.sort_by_key(|event| event.at_ms);
    let mut found: Vec<(&str, Segment)> = Vec::new();
    for event in events {
        let open = |key, kind, department: &str, owner: &Option<PersonId>| {
            let (department, owner) = (department.to_owned(), owner.clone());
            let from_ms = event.at_ms;
            (
                key,
                Segment {
                    kind,
                    department,
                    owner,
                    from_ms,
                    until_ms: None,
                    working_secs: 0,
                },
            )
        };
        let ended = match &event.kind {
            EventKind::ApprovalRequested {
                approval, approver, ..
            } => {
                found.push(open(approval.0.as_str(), SegmentKind::Approval, "", approver));
                continue;
            }
            EventKind::WaitStarted {
                wait,
                department,
                owner,
            } => {
                found.push(open(wait.0.as_str(), SegmentKind::Department, department, owner));
                continue;
            }
            EventKind::ApprovalDecided { approval, .. } => (approval.0.as_str(), SegmentKind::Approval),
            EventKind::WaitEnded { wait } => (wait.0.as_str(), SegmentKind::Department),
            _ => continue,
        };
        let meant = |(key, segment): &&mut (&str, Segment)| {
            (*key, segment.kind) == ended && segment.until_ms.is_none()
        };
        if let Some((_, segment)) = found.iter_mut().find(meant) {
            segment.until_ms = Some(event.at_ms);
        }
    }
    let mut segments: Vec<Segment> = found.into_iter().map(|(_, segment)| segment).collect();
    for segment in &mut segments {
        let until_ms = segment.until_ms.unwrap_or(now_ms);
        segment.working_secs = calendar.work_between(segment.from_ms, until_ms) / 1000;
    }
    segments
}

/// A metric's Chinese name.
pub const fn metric_name(metric: Metric) -> &'static str {
    match metric {
        Metric::FirstResponse => "首次答复",
        Metric::NextResponse => "再次答复",
        Metric::Solution => "给出方案",
        Metric::Closure => "关闭并邀请改评",
        Metric::FollowUp => "回访",
        Metric::Approval => "审批",
        Metric::ChannelLimit => "平台时限",
    }
}

const fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::General => "一般",
        Tier::Important => "重要",
        Tier::Urgent => "紧急",
    }
}

const fn reason_name(reason: IntervalReason) -> &'static str {
    match reason {
        IntervalReason::Working => "计时",
        IntervalReason::Grace => "宽限",
        IntervalReason::OffHours => "非工作时段",
        IntervalReason::DayOff => "休息日",
        IntervalReason::Holiday => "节假日",
        IntervalReason::WaitingCustomer => "等待客户",
        IntervalReason::Disputed => "平台处理申诉",
        IntervalReason::Paused => "暂停",
        IntervalReason::NotYetOpen => "尚未到回访期",
    }
}

const fn cancel_name(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::Merged => "已并入另一张工单",
        CancelReason::Void => "平台撤下了回复，改计首次答复",
        CancelReason::Annulled => "经理已说明原因，免计超时",
        CancelReason::Dismissed => "无需处理",
        CancelReason::Closed => "工单已关闭",
        CancelReason::Reopened => "已进入新一轮处理",
        CancelReason::ReviewRaised => "客户已自行改为好评",
        CancelReason::ReviewDeleted => "评价已删除",
        CancelReason::NoReplyNeeded => "已确认无需回复",
        CancelReason::AlreadyExpired => "得知时平台时限已过",
        CancelReason::Done => "工单已完成",
    }
}

/// A length of time in Chinese, to the second: `1 天 2 小时`, `30 分`, `0 秒`. A day is 24 hours.
pub fn length(ms: i64) -> String {
    let secs = ms.max(0) / 1000;
    let parts = [
        (secs / 86_400, "天"),
        (secs / 3600 % 24, "小时"),
        (secs / 60 % 60, "分"),
        (secs % 60, "秒"),
    ];
    let text: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if text.is_empty() {
        String::from("0 秒")
    } else {
        text.join(" ")
    }
}

/// An instant on a calendar's wall clock: `11月23日 周一 10:00`, with seconds where there are any and the year where
/// it is not `year`.
pub fn wall(ms: i64, calendar: &Calendar, year: i32) -> String {
    let local = instant(ms).with_timezone(&calendar.zone());
    let day = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
        [local.weekday().num_days_from_monday() as usize];
    let mut text = if local.year() == year {
        String::new()
    } else {
        format!("{}年", local.year())
    };
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "{}月{}日 {day} {:02}:{:02}",
        local.month(),
        local.day(),
        local.hour(),
        local.minute()
    );
    if local.second() != 0 {
        let _ = write!(text, ":{:02}", local.second());
    }
    text
}

/// The readable explanation of a clock, one statement a line.
pub fn explain(clock: &Clock, calendar: &Calendar, now_ms: i64) -> String {
    let year = instant(now_ms).with_timezone(&calendar.zone()).year();
    let at = |ms: i64| wall(ms, calendar, year);
    let mut lines = Vec::new();
    let subject = format!("{}（{}）", metric_name(clock.metric), tier_name(clock.tier));
    let counted = if calendar.is_always() { "" } else { "工作时间" };
    match clock.metric {
        Metric::FollowUp => lines.push(format!(
            "{subject}：{} 关闭，{} 起可以回访。",
            at(clock.start_ms),
            at(clock.opens_ms.unwrap_or(clock.start_ms))
        )),
        Metric::ChannelLimit => lines.push(format!(
            "{subject}：平台最晚接受到 {}，不因任何状态暂停。",
            at(clock.due_ms)
        )),
        _ => lines.push(format!(
            "{subject}：从 {} 起算，时限 {}{counted}。",
            at(clock.start_ms),
            length(i64::from(clock.target_secs) * 1000)
        )),
    }
    for interval in intervals(clock, calendar) {
        let span = interval.until_ms - interval.from_ms;
        let (from, until) = (at(interval.from_ms), at(interval.until_ms));
        let name = reason_name(interval.reason);
        lines.push(match interval.reason {
            IntervalReason::Working => format!("{from} 至 {until}：计入 {}。", length(span)),
            IntervalReason::Grace => format!("{from} 至 {until}：{name} {}。", length(span)),
            _ => format!("{from} 至 {until}：不计（{name}）。"),
        });
    }
    if let Some(retro_ms) = clock.retro_due_ms {
        lines.push(format!("按现时限本应在 {} 到期；变更时给了宽限。", at(retro_ms)));
    }
    if clock.manual {
        lines.push(String::from("到期时间由人手动设定。"));
    }
    if clock.flags.contains(&Flag::ChannelLimited) && clock.metric != Metric::ChannelLimit {
        lines.push(String::from("平台时限更早，以平台时限为准。"));
    }
    if clock.original_due_ms != clock.due_ms {
        lines.push(format!("最初承诺：{}。", at(clock.original_due_ms)));
    }
    lines.push(match (clock.state, clock.reason) {
        (ClockState::Paused, _) => format!(
            "现在暂停中，还剩 {}；若此刻恢复，{} 到期。",
            length(clock.remaining_working_secs * 1000),
            at(clock.due_ms)
        ),
        (ClockState::Cancelled, Some(reason)) => format!("不再计时：{}。", cancel_name(reason)),
        (ClockState::Breached, _) => {
            format!(
                "到期：{}，超时 {}。",
                at(clock.due_ms),
                length(clock.late_by_ms.unwrap_or(0))
            )
        }
        (ClockState::Met, _) => format!("到期：{}，已按时完成。", at(clock.due_ms)),
        _ => format!("到期：{}。", at(clock.due_ms)),
    });
    lines.push(format!(
        "依据：时效承诺第 {} 版，工作日历第 {} 版。",
        clock.policy.0, clock.calendar.0
    ));
    lines.join("\n")
}
