//! Every figure by a worked example: the numbers are derived in the comments, by hand.
#![allow(clippy::unwrap_used)]

mod figures_support;

use amends_domain::figures::{
    Cut, Facts, Figures, Good, OrderFact, Request, ReviewFact, Set, Span, TicketFact,
};
use amends_domain::sla::event::{ContactOutcome, DisputeOutcome, EventKind, RemedyKind};
use amends_domain::sla::{CalendarVersion, Metric, TicketStatus};
use amends_domain::{Cause, Channel, PersonId, Sentiment, Severity, Tier};
use figures_support::*;

fn with(number: u32, change: impl FnOnce(&mut TicketFact)) -> TicketFact {
    let mut ticket = ticket(number);
    change(&mut ticket);
    ticket
}

fn near(a: Option<f64>, b: f64) {
    assert!(a.is_some_and(|a| (a - b).abs() < 1e-3), "{a:?} is not {b}");
}

#[test]
fn sla_attainment_is_met_by_met_and_missed_by_the_week_in_which_the_clock_was_due() {
    let urgent = |number, clock| {
        with(number, |ticket| {
            ticket.tier = Tier::Urgent;
            ticket.clocks.push(clock);
        })
    };
    let facts = facts(vec![
        // 0: on the due instant itself: met (R2).
        urgent(0, response("11-18 10:00", Some("11-18 10:00"))),
        // 1: a minute late: missed, in the week due.
        urgent(1, response("11-18 10:00", Some("11-18 10:01"))),
        // 2: never answered: missed.
        urgent(2, response("11-22 23:59", None)),
        // 3: due in the first instant of the next week: counts there.
        urgent(3, response("11-23 00:00", None)),
        // 4: kept before the week began, due in it: met.
        urgent(4, response("11-16 00:00", Some("11-15 23:00"))),
        // 5: rests: neither.
        with(5, |ticket| {
            ticket.tier = Tier::Urgent;
            ticket.clocks.push(amends_domain::figures::ClockFact {
                paused: true,
                ..response("11-18 10:00", None)
            });
        }),
        // 6: cancelled: nowhere.
        with(6, |ticket| {
            ticket.tier = Tier::Urgent;
            ticket.clocks.push(amends_domain::figures::ClockFact {
                cancelled: true,
                ..response("11-18 10:00", None)
            });
        }),
        // 7: annulled: apart, also if cancelled.
        with(7, |ticket| {
            ticket.tier = Tier::Urgent;
            ticket.clocks.push(amends_domain::figures::ClockFact {
                annulled: true,
                cancelled: true,
                ..response("11-18 10:00", Some("11-18 12:00"))
            });
        }),
        // 8: kept, nobody knows when: met.
        with(8, |ticket| {
            ticket.tier = Tier::Urgent;
            ticket.clocks.push(amends_domain::figures::ClockFact {
                untimed: true,
                ..response("11-18 10:00", None)
            });
        }),
        // 9: general, both cycles due in the week, one met and one missed.
        with(9, |ticket| {
            ticket.clocks.push(response("11-17 10:00", Some("11-17 09:00")));
            ticket.clocks.push(amends_domain::figures::ClockFact {
                cycle: 2,
                ..response("11-20 10:00", None)
            });
        }),
        // 10: the week before: 1 of 1.
        urgent(10, response("11-11 10:00", Some("11-11 09:00"))),
    ]);
    let figures = figures(&facts);
    assert_eq!(behind(&figures, "promise.urgent.first_response.met"), [0, 4, 8]);
    assert_eq!(behind(&figures, "promise.urgent.first_response.missed"), [1, 2]);
    assert_eq!(behind(&figures, "promise.urgent.first_response.annulled"), [7]);
    assert_eq!(behind(&figures, "promise.urgent.first_response.running"), [5]);
    assert_eq!(behind(&figures, "promise.general.first_response.missed"), [9]);
    assert_eq!(behind(&figures, "promise.all.first_response.met"), [0, 4, 8, 9]);
    assert_eq!(behind(&figures, "promise.all.first_response.missed"), [1, 2, 9]);
    let urgent = figures
        .promises
        .iter()
        .find(|of| of.key == "promise.urgent.first_response")
        .unwrap();
    near(urgent.share.rate(), 3.0 / 5.0);
    // 60 % against 100 %: −40 百分点. Fisher: of 6 clocks 4 met, 5 in this week: C(5,3)·C(1,1)/C(6,4) = 10/15 as seen,
    // C(5,4)/15 = 5/15 for the other table; both at most as likely: p = 1.
    let change = urgent.share.change.unwrap();
    assert_eq!(
        (change.before, change.delta.round(), change.beyond_chance),
        (1.0, -40.0, false)
    );
    near(Some(change.p), 1.0);
    assert!(urgent.share.change_year.is_none(), "nothing was due a year ago");
    assert!(urgent.share.few(), "5 clocks are few");
}

#[test]
fn what_is_due_later_than_now_is_neither_met_nor_missed() {
    let facts = facts(vec![
        with(0, |ticket| ticket.clocks.push(response("11-18 10:00", None))),
        with(1, |ticket| ticket.clocks.push(response("11-18 10:01", None))),
    ]);
    let request = Request {
        now_ms: at("11-18 10:00") + 1,
        ..monday()
    };
    let figures = Figures::of(&facts, &calendars(), &request);
    assert_eq!(behind(&figures, "promise.all.first_response.missed"), [0]);
    assert_eq!(behind(&figures, "promise.all.first_response.running"), [1]);
    let request = Request {
        now_ms: at("11-18 10:00"),
        ..monday()
    };
    assert!(
        Figures::of(&facts, &calendars(), &request)
            .closure
            .rate()
            .is_none()
    );
    assert_eq!(
        behind(
            &Figures::of(&facts, &calendars(), &request),
            "promise.all.first_response.running"
        ),
        [0, 1],
        "at now = due it is due now, not late (R2)"
    );
}

#[test]
fn a_breach_names_the_person_the_step_the_lateness_and_the_reason() {
    let facts = facts(vec![
        with(0, |ticket| {
            ticket.tier = Tier::Important;
            ticket.owner = Some("c".into());
            ticket.clocks = vec![
                clock(
                    Metric::Solution,
                    at("11-17 10:00"),
                    at("11-19 10:00"),
                    Some(at("11-19 13:30")),
                ),
                response("11-17 12:00", Some("11-17 11:00")),
            ];
            ticket.events = vec![
                event("11-17 10:00", assigned("a")),
                event("11-17 11:00", status(TicketStatus::Verifying, None)),
                event("11-18 09:00", status(TicketStatus::Planning, Some("等仓库回复"))),
                event("11-18 10:00", assigned("b")),
                event("11-19 11:00", assigned("c")),
            ];
        }),
        with(1, |ticket| {
            ticket.clocks = vec![amends_domain::figures::ClockFact {
                annulled: true,
                ..response("11-20 10:00", None)
            }];
            ticket.events = vec![event(
                "11-20 12:00",
                EventKind::BreachAnnulled {
                    metric: Metric::FirstResponse,
                    cycle: 1,
                    subject: None,
                    reason: "平台故障".into(),
                },
            )];
        }),
    ]);
    let breaches = figures(&facts).breaches;
    assert_eq!(breaches.len(), 2);
    // The latest first. Never answered: late until now, Monday 09:00, 2 days and 23 hours.
    assert_eq!(
        (breaches[0].ticket, breaches[0].annulled, breaches[0].late_ms),
        (1, true, 71 * HOUR)
    );
    assert_eq!(breaches[0].reason.as_deref(), Some("平台故障"));
    let late = &breaches[1];
    assert_eq!(
        (late.number.as_str(), late.metric, late.cycle),
        ("2611-0000", Metric::Solution, 1)
    );
    assert_eq!(
        (late.late_ms, late.step),
        (3 * HOUR + 30 * MINUTE, TicketStatus::Planning)
    );
    assert_eq!(
        late.person,
        Some(PersonId::from("b")),
        "who had it when it became late, not who has it now"
    );
    assert_eq!(late.reason.as_deref(), Some("等仓库回复"));
}

#[test]
fn first_response_time_is_mean_median_and_p90_of_the_answers_of_the_week() {
    // 10 answers after 10, 20 … 100 minutes; mean 55, median (50 + 60) / 2, P90 the 9th: 90.
    let mut tickets: Vec<TicketFact> = (0..10)
        .map(|n| {
            with(n, |ticket| {
                let start = at("11-18 10:00");
                ticket.posted_ms = Some(start - HOUR);
                let took = i64::from(n + 1) * 10 * MINUTE;
                ticket.clocks = vec![clock(
                    Metric::FirstResponse,
                    start,
                    start + 2 * HOUR,
                    Some(start + took),
                )];
            })
        })
        .collect();
    // The week before: 3 answers after 2 h each.
    tickets.extend((10..13).map(|n| {
        with(n, |ticket| {
            let start = at("11-11 10:00");
            ticket.clocks = vec![clock(
                Metric::FirstResponse,
                start,
                start + 2 * HOUR,
                Some(start + 2 * HOUR),
            )];
        })
    }));
    // Kept at an unknown time: in no response time.
    tickets.push(with(13, |ticket| {
        ticket.clocks = vec![amends_domain::figures::ClockFact {
            untimed: true,
            ..response("11-18 10:00", None)
        }];
    }));
    let response = figures(&facts(tickets)).response;
    assert_eq!(response.answered, Set((0..10).collect()));
    let minutes = |ms: Option<f64>| ms.map(|ms| ms / MINUTE as f64);
    assert_eq!(minutes(response.calendar.mean_ms), Some(55.0));
    assert_eq!(minutes(response.calendar.median_ms), Some(55.0));
    assert_eq!(minutes(response.calendar.p90_ms), Some(90.0));
    assert_eq!(
        minutes(response.since_posted.median_ms),
        Some(115.0),
        "an hour more since it was posted"
    );
    // 55 against 120 minutes. All 10 are below all 3: U = 0, mean 15, ties 3³ − 3 = 24,
    // variance 30/12 · (14 − 24/(13·12)) = 34.615, z = 14.5 / 5.8835 = 2.4645, p = 0.0137.
    let change = response.calendar.change.unwrap();
    assert_eq!(
        (change.before, change.delta),
        (120.0 * MINUTE as f64, -65.0 * MINUTE as f64)
    );
    near(Some(change.p), 0.0137);
    assert!(change.beyond_chance);
}

#[test]
fn working_time_leaves_nights_and_weekends_out() {
    // Office hours 09–18: Friday 17:00 to Monday 10:00 is 1 h + 1 h of work, 65 h of calendar.
    let facts = facts(vec![with(0, |ticket| {
        ticket.calendar = CalendarVersion(2);
        ticket.clocks = vec![clock(
            Metric::FirstResponse,
            at("11-13 17:00"),
            at("11-17 10:00"),
            Some(at("11-16 10:00")),
        )];
    })]);
    let response = figures(&facts).response;
    assert_eq!(response.working.median_ms, Some((2 * HOUR) as f64));
    assert_eq!(response.calendar.median_ms, Some((65 * HOUR) as f64));
}

#[test]
fn solution_and_closure_are_counted_over_what_was_to_be_closed_in_the_week() {
    let due = at("11-18 10:00");
    let closing = |fulfilled: Option<i64>| clock(Metric::Closure, due - 72 * HOUR, due, fulfilled);
    let facts = facts(vec![
        // Closed in time.
        with(0, |ticket| {
            ticket.clocks = vec![closing(Some(due))];
            ticket.events = vec![event("11-18 10:00", closed(None))];
        }),
        // Closed late, by two hours.
        with(1, |ticket| {
            ticket.clocks = vec![closing(Some(due + 2 * HOUR))];
            ticket.events = vec![event("11-18 12:00", closed(None))];
        }),
        // A solution was offered, never closed.
        with(2, |ticket| {
            ticket.clocks = vec![closing(None)];
            ticket.events = vec![event("11-19 12:00", solution())];
        }),
        // Nothing was offered.
        with(3, |ticket| ticket.clocks = vec![closing(None)]),
        // Dismissed: its clocks are cancelled.
        with(4, |ticket| {
            ticket.clocks = vec![amends_domain::figures::ClockFact {
                cancelled: true,
                ..closing(None)
            }];
        }),
        // Solved in cycle 1, nothing offered in cycle 2.
        with(5, |ticket| {
            ticket.clocks = vec![amends_domain::figures::ClockFact {
                cycle: 2,
                ..closing(None)
            }];
            ticket.events = vec![
                event("11-12 12:00", closed(None)),
                event("11-15 12:00", reopened()),
            ];
        }),
    ]);
    let figures = figures(&facts);
    // Offered: 0, 1, 2 of 0, 1, 2, 3, 5.
    assert_eq!(
        (&figures.solution.met, &figures.solution.missed),
        (&Set(vec![0, 1, 2]), &Set(vec![3, 5]))
    );
    near(figures.solution.rate(), 0.6);
    // Closed within 72 h: 0 of the same five.
    assert_eq!(
        (&figures.closure.met, &figures.closure.missed),
        (&Set(vec![0]), &Set(vec![1, 2, 3, 5]))
    );
    assert_eq!(
        behind(&figures, "closure.missed"),
        behind(&figures, "promise.all.closure.missed")
    );
}

#[test]
fn reopen_rate_is_reopened_within_seven_days_by_closed_in_the_week() {
    let closing = at("11-12 09:00");
    let case = |number, after: Option<i64>| {
        with(number, |ticket| {
            ticket.events = vec![event_ms(closing, "p", closed(None))];
            ticket
                .events
                .extend(after.map(|after| event_ms(closing + after, "p", reopened())));
        })
    };
    let mut facts = facts(vec![
        case(0, Some(7 * DAY)),
        case(1, Some(7 * DAY + 1)),
        case(2, None),
        // Closed twice in the week, reopened between: one ticket, reopened.
        with(3, |ticket| {
            ticket.events = vec![
                event("11-10 09:00", closed(None)),
                event("11-11 09:00", reopened()),
                event("11-13 09:00", closed(None)),
            ];
        }),
    ]);
    let request = Request {
        span: week(1),
        ..monday()
    };
    let reopened = Figures::of(&facts, &calendars(), &request).reopened;
    assert_eq!(
        (&reopened.share.met, &reopened.share.missed),
        (&Set(vec![0, 3]), &Set(vec![1, 2]))
    );
    near(reopened.share.rate(), 0.5);
    assert!(reopened.mature, "11-19 is past");
    facts.tickets[2].events = vec![event("11-20 09:00", closed(None))];
    let reopened = figures(&facts).reopened;
    assert_eq!(
        (reopened.share.missed, reopened.immature, reopened.mature),
        (Set(vec![2]), Set(vec![2]), false)
    );
}

#[test]
fn satisfaction_recovery_is_rated_four_or_five_by_customers_reached() {
    use ContactOutcome as O;
    let case = |number, events: Vec<amends_domain::figures::CountedEvent>| {
        with(number, |ticket| ticket.events = events)
    };
    let facts = facts(vec![
        // Reached at the second try and rated 5.
        case(
            0,
            vec![
                event("11-17 10:00", contact("c1", O::NoAnswer, true)),
                event("11-18 10:00", contact("c2", O::Reached, true)),
                event("11-18 10:05", rated(5, Some("c2"))),
            ],
        ),
        // Rated 3, then 4: the last word counts.
        case(
            1,
            vec![
                event("11-18 10:00", contact("c1", O::Satisfied, true)),
                event("11-18 10:05", rated(3, None)),
                event("11-19 10:05", rated(4, None)),
            ],
        ),
        // Reached and unsatisfied, rated 2.
        case(
            2,
            vec![
                event("11-18 10:00", contact("c1", O::Unsatisfied, true)),
                event("11-18 10:01", rated(2, None)),
            ],
        ),
        // Satisfied by their words, no rating: reached, not rated.
        case(3, vec![event("11-18 10:00", contact("c1", O::Satisfied, true))]),
        // Never reached.
        case(4, vec![event("11-18 10:00", contact("c1", O::NoAnswer, true))]),
        case(5, vec![event("11-18 10:00", contact("c1", O::Refused, true))]),
        // A contact that was no follow-up, with its rating.
        case(
            6,
            vec![
                event("11-18 10:00", contact("c1", O::Reached, false)),
                event("11-18 11:00", rated(5, Some("c1"))),
            ],
        ),
        // Rated by a link, without any contact: who rates was reached.
        case(7, vec![event("11-18 10:00", rated(4, None))]),
        // The follow-up was in the week before.
        case(
            8,
            vec![
                event("11-11 10:00", contact("c1", O::Reached, true)),
                event("11-18 10:00", rated(5, Some("c1"))),
            ],
        ),
    ]);
    let recovery = figures(&facts).recovery;
    // Tried 0 1 2 3 4 5 7, reached 0 1 2 3 7.
    assert_eq!(
        (&recovery.reach.met, &recovery.reach.missed),
        (&Set(vec![0, 1, 2, 3, 7]), &Set(vec![4, 5]))
    );
    near(recovery.reach.rate(), 5.0 / 7.0);
    assert_eq!(
        (&recovery.satisfied.met, &recovery.satisfied.missed),
        (&Set(vec![0, 1, 7]), &Set(vec![2, 3]))
    );
    near(recovery.satisfied.rate(), 3.0 / 5.0);
    assert_eq!(recovery.unrated, Set(vec![3]));
    // The week before: 1 of 1.
    assert_eq!(recovery.satisfied.change.map(|change| change.before), Some(1.0));
}

/// sla.md, scenario 60: answered on 11-01, raised on 11-20, after 95 days, or before any answer.
#[test]
fn conversion_is_raised_to_four_within_ninety_days_of_the_answer_and_still_there() {
    let answer = at("08-20 10:00");
    let case = |number, now: Option<f64>, changes: &[(i64, f32)]| {
        with(number, |ticket| {
            ticket.stars_now = now;
            ticket.clocks = vec![clock(
                Metric::FirstResponse,
                answer - HOUR,
                answer + HOUR,
                Some(answer),
            )];
            ticket.events = changes
                .iter()
                .map(|(days, stars)| event_ms(answer + days * DAY, "", starred(*stars)))
                .collect();
        })
    };
    let mut facts = facts(vec![
        case(0, Some(4.0), &[(19, 4.0)]),
        case(1, Some(4.0), &[(95, 4.0)]),
        // Before the answer: it was no bad review any more, in no cohort (R24).
        case(2, Some(4.0), &[(-1, 4.0)]),
        // Raised and lowered again.
        case(3, Some(2.0), &[(10, 5.0), (20, 2.0)]),
        case(4, Some(1.0), &[]),
        // On the last instant of the 90 days.
        case(5, Some(5.0), &[(90, 5.0)]),
        case(6, None, &[]),
        // Five stars and never changed, but a complaint: cannot become better.
        case(7, Some(5.0), &[]),
        case(8, Some(4.0), &[(19, 4.0)]),
    ]);
    facts.tickets[8].editable = false;
    // Answers of the 90 days up to the end of the period: the period ends on 08-24, now is 12-01 (103 days after).
    let request = Request {
        span: Span {
            from_ms: at("08-17 00:00"),
            until_ms: at("08-24 00:00"),
        },
        before: None,
        now_ms: at("12-01 00:00"),
        ..monday()
    };
    let conversion = Figures::of(&facts, &calendars(), &request).conversion;
    let share = &conversion.ripening.share;
    assert_eq!(
        (&share.met, &share.missed),
        (&Set(vec![0, 5]), &Set(vec![1, 3, 4]))
    );
    near(share.rate(), 2.0 / 5.0);
    assert_eq!(
        (conversion.not_editable, conversion.without_stars),
        (Set(vec![8]), Set(vec![6]))
    );
    assert!(conversion.ripening.mature);
    // Seen at 60 days after the answers, the ones that did not convert still have time.
    let request = Request {
        now_ms: answer + 60 * DAY,
        ..request
    };
    let early = Figures::of(&facts, &calendars(), &request).conversion.ripening;
    assert_eq!(
        (early.immature.clone(), early.mature),
        (early.share.missed.clone(), false)
    );
    // Week 47 looks back to 08-25 00:00: none of these.
    assert_eq!(figures(&facts).conversion.ripening.share.rate(), None);
}

#[test]
fn repurchase_is_an_order_within_sixty_days_after_closing_by_customers_that_can_be_told_apart() {
    let case = |number, customer: Option<&str>, closing: &str| {
        with(number, |ticket| {
            ticket.customer = customer.map(str::to_owned);
            ticket.events = vec![event(closing, closed(None))];
        })
    };
    let mut facts = facts(vec![
        case(0, Some("a"), "09-25 10:00"),
        case(1, Some("b"), "09-25 10:00"),
        case(2, Some("c"), "10-30 10:00"),
        // No key: in no cohort.
        case(3, None, "10-30 10:00"),
        // The same customer again: counts once, by the first closing.
        case(4, Some("a"), "10-30 10:00"),
        // More than 60 days before the end of week 47 (09-24 00:00): not looked at.
        case(5, Some("d"), "09-23 10:00"),
    ]);
    assert!(
        figures(&facts).repurchase.is_none(),
        "no orders were ever imported"
    );
    facts.orders = vec![
        order("09-20 10:00", Some("a")), // before closing
        order("11-24 09:00", Some("b")), // after now
        order("11-01 09:00", Some("c")),
        order("11-02 09:00", None),
        order("11-03 09:00", Some("d")),
    ];
    let repurchase = figures(&facts).repurchase.unwrap();
    // a did not (60 days are over on 11-24 10:00: still has time), b not yet, c did.
    assert_eq!(
        (&repurchase.share.met, &repurchase.share.missed),
        (&Set(vec![2]), &Set(vec![0, 1]))
    );
    assert_eq!(repurchase.immature, Set(vec![0, 1]));
    // On the last instant of the 60 days it counts, a moment later not.
    facts.orders = vec![order("11-24 10:00", Some("b"))];
    let request = Request {
        now_ms: at("12-20 00:00"),
        ..monday()
    };
    let repurchase = Figures::of(&facts, &calendars(), &request).repurchase.unwrap();
    assert_eq!(
        (repurchase.share.met, repurchase.mature),
        (Set(vec![1]), false),
        "c has until 12-29"
    );
    facts.orders = vec![order("11-24 10:01", Some("b"))];
    assert!(
        Figures::of(&facts, &calendars(), &request)
            .repurchase
            .unwrap()
            .share
            .met
            .is_empty()
    );
}

#[test]
fn negative_rate_is_per_thousand_orders() {
    let mut facts = Facts {
        reviews: vec![
            review("11-18 10:00", Sentiment::Neg, 3),
            review("11-18 10:00", Sentiment::Mixed, 2),
            review("11-18 10:00", Sentiment::Pos, 45),
            review("11-11 10:00", Sentiment::Neg, 1),
        ],
        ..Facts::default()
    };
    let volume = figures(&facts).volume;
    assert_eq!(
        (volume.reviews.count, volume.negative.count, volume.mixed.count),
        (50, 3, 2)
    );
    assert_eq!(
        (volume.positive.count, volume.per_thousand, volume.orders),
        (45, None, None)
    );
    // 3 of 200 orders: 15 per 1,000; the week before 1 of 100: 10.
    facts.orders = (0..200).map(|_| order("11-17 10:00", None)).collect();
    facts.orders.extend((0..100).map(|_| order("11-10 10:00", None)));
    let volume = figures(&facts).volume;
    assert_eq!((volume.per_thousand, volume.orders), (Some(15.0), Some(200)));
    let change = volume.per_thousand_change.unwrap();
    assert_eq!(
        (change.before, change.delta, change.beyond_chance),
        (10.0, 5.0, false)
    );
    // Orders have no channel, so nothing is said per order of one channel.
    let request = Request {
        cut: Cut {
            channels: vec![Channel::Taobao],
            ..Cut::default()
        },
        ..monday()
    };
    assert_eq!(
        Figures::of(&facts, &calendars(), &request).volume.per_thousand,
        None
    );
}

#[test]
fn an_order_of_several_products_counts_once_for_each_of_them_and_once_in_all() {
    let of = |names: &[&str]| OrderFact {
        products: names.iter().map(|name| (*name).to_owned()).collect(),
        ..order("11-17 10:00", None)
    };
    let about = |product: &str| ReviewFact {
        product: Some(product.into()),
        ..review("11-18 10:00", Sentiment::Neg, 1)
    };
    let mut facts = Facts {
        reviews: vec![about("可乐"), about("双拼饭")],
        ..Facts::default()
    };
    facts.orders = (0..100).map(|_| of(&["双拼饭", "可乐"])).collect();
    facts.orders.extend((0..100).map(|_| of(&["双拼饭"])));
    facts.orders.extend((0..50).map(|_| of(&[])));
    let per_thousand = |figures: &Figures| {
        let rows = figures.products.iter();
        rows.map(|row| (row.name.clone(), row.per_thousand))
            .collect::<Vec<_>>()
    };
    let whole = figures(&facts);
    assert_eq!(
        (whole.volume.orders, whole.volume.per_thousand),
        (Some(250), Some(8.0))
    );
    assert_eq!(
        per_thousand(&whole),
        [("双拼饭".into(), Some(5.0)), ("可乐".into(), Some(10.0))],
        "1 of 200, 1 of 100"
    );
    let request = Request {
        cut: Cut {
            products: vec!["可乐".into()],
            ..Cut::default()
        },
        ..monday()
    };
    let cola = Figures::of(&facts, &calendars(), &request);
    assert_eq!(
        (cola.volume.orders, cola.volume.per_thousand),
        (Some(100), Some(10.0))
    );
}

#[test]
fn detection_lag_is_median_and_p90_of_reviews_with_a_known_time() {
    let lag = |minutes: i64, count| ReviewFact {
        lag_ms: Some(minutes * MINUTE),
        ..review("11-18 10:00", Sentiment::Pos, count)
    };
    let facts = Facts {
        // 5 5 5 5 5 5 5 10 60 600: median 5, P90 the 9th: 60, mean 70.5.
        reviews: vec![
            lag(600, 1),
            lag(5, 7),
            lag(60, 1),
            lag(10, 1),
            review("11-18 11:00", Sentiment::Neg, 4),
        ],
        ..Facts::default()
    };
    let lag = figures(&facts).lag.spread;
    let minutes = |ms: Option<f64>| ms.map(|ms| ms / MINUTE as f64);
    assert_eq!(
        (lag.count, minutes(lag.median_ms), minutes(lag.p90_ms)),
        (10, Some(5.0), Some(60.0))
    );
    assert_eq!(minutes(lag.mean_ms), Some(70.5));
}

#[test]
fn compensation_is_what_was_granted_in_the_week_by_case_cause_and_currency() {
    let facts = facts(vec![
        with(0, |ticket| {
            ticket.causes = causes(&[Cause::Quality, Cause::Service]);
            ticket.events = vec![
                event("11-17 10:00", offered("r1", RemedyKind::Coupon, 2_000, 500)),
                event("11-17 10:01", offered("r2", RemedyKind::Refund, 9_900, 9_900)),
                event("11-18 10:00", granted("r1")),
                event("11-18 10:01", granted("r2")),
            ];
        }),
        with(1, |ticket| {
            ticket.causes = causes(&[Cause::Logistics]);
            ticket.events = vec![
                event("11-17 10:00", offered("r1", RemedyKind::Coupon, 1_000, 300)),
                event("11-18 10:00", granted("r1")),
            ];
        }),
        // Offered and never granted; and granted in the week before.
        with(2, |ticket| {
            ticket.events = vec![event(
                "11-17 10:00",
                offered("r1", RemedyKind::Coupon, 1_000, 300),
            )]
        }),
        with(3, |ticket| {
            ticket.events = vec![
                event("11-10 10:00", offered("r1", RemedyKind::Coupon, 1_000, 300)),
                event("11-11 10:00", granted("r1")),
            ];
        }),
    ]);
    let figures = figures(&facts);
    let given = &figures.compensation;
    assert_eq!(given.cases, Set(vec![0, 1]));
    // Value 20 + 99 + 10 = 129 yuan, cost 5 + 99 + 3 = 107, two cases: 53.5 each.
    let money = &given.money[0];
    assert_eq!((money.currency.as_str(), money.remedies), ("CNY", 3));
    assert_eq!(
        (money.value_minor, money.cost_minor, money.cost_per_case_minor),
        (12_900, 10_700, 5_350.0)
    );
    let by_cause: Vec<_> = given
        .causes
        .iter()
        .map(|line| (line.cause, line.money[0].cost_minor))
        .collect();
    assert_eq!(
        by_cause,
        [(Some(Cause::Quality), 10_400), (Some(Cause::Logistics), 300)]
    );
    assert_eq!(behind(&figures, "compensation.cause.quality.CNY"), [0]);
    assert_eq!(behind(&figures, "remedy.coupon.given"), [0, 1]);
    assert_eq!(behind(&figures, "remedy.refund.given"), [0]);
}

#[test]
fn remedies_are_compared_by_what_comes_back() {
    let answer = at("11-01 10:00");
    let case = |number, coupon: bool, raised: bool| {
        with(number, |ticket| {
            ticket.clocks = vec![clock(
                Metric::FirstResponse,
                answer - HOUR,
                answer + HOUR,
                Some(answer),
            )];
            if coupon {
                ticket
                    .events
                    .push(event("11-02 10:00", offered("r", RemedyKind::Coupon, 1_000, 300)));
                ticket.events.push(event("11-02 11:00", granted("r")));
            }
            if raised {
                ticket.stars_now = Some(5.0);
                ticket.events.push(event("11-10 10:00", starred(5.0)));
            }
        })
    };
    // With a coupon 2 of 3, without anything 1 of 4.
    let tickets = [
        (true, true),
        (true, true),
        (true, false),
        (false, true),
        (false, false),
        (false, false),
        (false, false),
    ];
    let facts = facts(
        (0..)
            .zip(tickets)
            .map(|(n, (coupon, raised))| case(n, coupon, raised))
            .collect(),
    );
    let figures = figures(&facts);
    assert_eq!(behind(&figures, "remedy.coupon.conversion.met"), [0, 1]);
    assert_eq!(behind(&figures, "remedy.coupon.conversion.missed"), [2]);
    assert_eq!(behind(&figures, "remedy.none.conversion.met"), [3]);
    assert_eq!(behind(&figures, "remedy.none.conversion.missed"), [4, 5, 6]);
    near(figures.conversion.ripening.share.rate(), 3.0 / 7.0);
}

#[test]
fn time_is_told_by_step_and_by_person_within_the_week() {
    let facts = facts(vec![with(0, |ticket| {
        // Received on Sunday 22:00: 2 of the 4 hours until 02:00 lie in the week.
        ticket.received_ms = at("11-15 22:00");
        ticket.status = TicketStatus::Closed;
        ticket.events = vec![
            event("11-16 01:00", assigned("a")),
            event("11-16 02:00", status(TicketStatus::Verifying, None)),
            event("11-16 05:00", assigned("b")),
            event("11-16 06:00", solution()), // moves on to 沟通
            event("11-16 10:00", closed(None)),
        ];
    })]);
    let figures = figures(&facts);
    let steps: Vec<_> = figures
        .steps
        .iter()
        .map(|step| (step.step, step.calendar_ms / HOUR))
        .collect();
    use TicketStatus as S;
    assert_eq!(
        steps,
        [(S::Received, 2), (S::Verifying, 4), (S::Communicating, 4)],
        "closed costs nobody time"
    );
    // Nobody until 01:00 (1 h), a until 05:00 (4 h), b until 10:00 (5 h).
    let people: Vec<_> = figures
        .time
        .iter()
        .map(|of| (of.person.clone(), of.working_ms / HOUR))
        .collect();
    assert_eq!(people, [(None, 1), (Some("a".into()), 4), (Some("b".into()), 5)]);
    assert_eq!(behind(&figures, "step.verifying"), [0]);
    assert_eq!(behind(&figures, "time.b"), [0]);
    let b = figures
        .time
        .iter()
        .find(|of| of.person.is_some() && of.working_ms == 5 * HOUR)
        .unwrap();
    assert_eq!(b.steps, [(S::Verifying, HOUR), (S::Communicating, 4 * HOUR)]);
}

#[test]
fn the_time_in_a_step_is_compared_with_the_week_before_once_both_are_over() {
    // Five tickets of the week before stay 1 to 5 hours in 核实, five of this week 6 to 10.
    let stayed = |number: u32, from: &str, hours: u32| {
        with(number, |ticket| {
            let day = &from[..5];
            ticket.received_ms = at(from);
            ticket.status = TicketStatus::Closed;
            ticket.events = vec![
                event(from, status(TicketStatus::Verifying, None)),
                event(&format!("{day} {:02}:00", 8 + hours), closed(None)),
            ];
        })
    };
    let tickets = (0..10).map(|n| {
        let from = if n < 5 { "11-10 08:00" } else { "11-17 08:00" };
        stayed(n, from, n + 1)
    });
    let facts = facts(tickets.collect());
    let verifying = |figures: &Figures| {
        let found = figures.steps.iter().find(|of| of.step == TicketStatus::Verifying);
        found.unwrap().per_ticket.clone()
    };
    let time = verifying(&figures(&facts));
    assert_eq!(time.median_ms, Some(8.0 * HOUR as f64));
    let change = time.change.unwrap();
    assert_eq!(
        (change.before, change.delta),
        (3.0 * HOUR as f64, 5.0 * HOUR as f64)
    );
    // U = 0 of 25, as in chance.rs.
    assert!(
        change.beyond_chance && (change.p - 0.012_186).abs() < 0.000_01,
        "{}",
        change.p
    );
    let running = Request {
        now_ms: at("11-20 10:00"),
        ..monday()
    };
    let time = verifying(&Figures::of(&facts, &calendars(), &running));
    assert_eq!(time.change, None, "half a week is no week");
}

#[test]
fn waiting_ends_when_the_customer_writes() {
    use amends_domain::sla::event::{ContactWay, MessageIntent};
    let facts = facts(vec![with(0, |ticket| {
        ticket.events = vec![
            event(
                "11-16 09:00",
                status(TicketStatus::WaitingCustomer, Some("等照片")),
            ),
            event(
                "11-16 12:00",
                EventKind::CustomerMessage {
                    message: "m".into(),
                    intent: MessageIntent::Question,
                    way: ContactWay::PrivateMessage,
                    text: None,
                },
            ),
            event("11-16 13:00", closed(None)),
        ];
    })]);
    let figures = figures(&facts);
    let waited = figures
        .steps
        .iter()
        .find(|of| of.step == TicketStatus::WaitingCustomer)
        .unwrap();
    assert_eq!(waited.calendar_ms, 3 * HOUR);
}

#[test]
fn follow_ups_are_done_in_time_of_those_due() {
    let due = |number, fulfilled: Option<&str>| {
        with(number, |ticket| {
            ticket.clocks = vec![clock(
                Metric::FollowUp,
                at("11-14 09:00"),
                at("11-18 21:00"),
                fulfilled.map(at),
            )];
        })
    };
    let facts = facts(vec![
        due(0, Some("11-17 10:00")),
        due(1, Some("11-19 10:00")),
        due(2, None),
    ]);
    let figures = figures(&facts);
    assert_eq!(behind(&figures, "follow_up.met"), [0]);
    assert_eq!(behind(&figures, "follow_up.missed"), [1, 2]);
}

#[test]
fn disputes_are_won_of_those_decided() {
    use DisputeOutcome as O;
    let case = |number, opened: &str, end: Option<(&str, O)>| {
        with(number, |ticket| {
            ticket.events = vec![event(opened, appeal("d"))];
            ticket
                .events
                .extend(end.map(|(time, outcome)| event(time, decided("d", outcome))));
        })
    };
    let facts = facts(vec![
        case(0, "11-10 10:00", Some(("11-17 10:00", O::Upheld))),
        case(1, "11-17 10:00", Some(("11-18 10:00", O::Rejected))),
        case(2, "11-17 10:00", Some(("11-18 10:00", O::Withdrawn))),
        case(3, "11-17 10:00", None),
        // Lost first, won at the second try: the last word counts.
        with(4, |ticket| {
            ticket.events = vec![
                event("11-16 10:00", appeal("d1")),
                event("11-17 10:00", decided("d1", O::Rejected)),
                event("11-17 11:00", appeal("d2")),
                event("11-18 10:00", decided("d2", O::Upheld)),
            ];
        }),
    ]);
    let disputes = figures(&facts).disputes;
    assert_eq!(disputes.opened, Set(vec![1, 2, 3, 4]));
    assert_eq!(
        (disputes.won.met, disputes.won.missed),
        (Set(vec![0, 4]), Set(vec![1]))
    );
    assert_eq!(
        (disputes.without_decision, disputes.pending),
        (Set(vec![2]), Set(vec![3]))
    );
}

/// 12 tickets about leaking shampoo this week after 1 in each of the four weeks before; 8 about service after 8.
fn four_weeks() -> Facts {
    let mut tickets = Vec::new();
    for ago in 0..5 {
        let received = week(ago).from_ms + DAY;
        let mut add = |count: u32, cause, product: &str| {
            for _ in 0..count {
                let number = tickets.len() as u32;
                tickets.push(with(number, |ticket| {
                    ticket.received_ms = received;
                    ticket.causes = causes(&[cause]);
                    ticket.product = Some(product.into());
                    ticket.shop = "大学城店".into();
                    ticket.clocks = vec![clock(
                        Metric::FirstResponse,
                        received,
                        received + 2 * HOUR,
                        (cause == Cause::Packaging).then_some(received + HOUR),
                    )];
                }));
            }
        };
        add(if ago == 0 { 12 } else { 1 }, Cause::Packaging, "去屑洗发水");
        add(8, Cause::Service, "纯牛奶 250ml");
    }
    facts(tickets)
}

#[test]
fn tables_show_the_change_against_last_week_and_the_mean_of_four() {
    let figures = figures(&four_weeks());
    let row = &figures.causes[0];
    assert_eq!(
        (row.name, row.key.as_str(), row.tickets.set.len()),
        (Cause::Packaging, "cause.packaging", 12)
    );
    assert_eq!(row.trend, [0, 1, 1, 1, 1, 12]);
    let four = row.tickets.change_four.unwrap();
    assert_eq!((four.before, four.delta, four.percent), (1.0, 11.0, Some(1100.0)));
    // 12 of 16 in one week of five: far beyond chance, also as one of two lines.
    assert!(four.p < 1e-5 && four.beyond_chance);
    // 12 against 1: 2 · (1 + 13) / 2¹³ = 0.0034.
    let last = row.tickets.change.unwrap();
    near(Some(last.p), 28.0 / 8192.0);
    assert!(last.beyond_chance);
    let service = &figures.causes[1];
    assert_eq!(service.tickets.change_four.unwrap().delta, 0.0);
    assert!(!service.tickets.change_four.unwrap().beyond_chance);
    // The same by product, with its causes and its promise.
    let product = &figures.products[0];
    assert_eq!(product.name, "去屑洗发水");
    assert_eq!(behind(&figures, "product.去屑洗发水.packaging").len(), 12);
    near(product.promise.rate(), 1.0);
    near(figures.products[1].promise.rate(), 0.0);
    let shop = &figures.shops[0];
    assert_eq!((shop.name.as_str(), shop.tickets.set.len()), ("大学城店", 20));
    // Heat: packaging 12 in the first row, service 8 in the second.
    assert_eq!(figures.heat.causes, [Cause::Packaging, Cause::Service]);
    let cells: Vec<Vec<usize>> = figures
        .heat
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| cell.set.len()).collect())
        .collect();
    assert_eq!(cells, [[12, 0], [0, 8]]);
    assert!(figures.heat.rows[0].cells[0].change_four.unwrap().beyond_chance);
    assert_eq!(behind(&figures, "heat.纯牛奶 250ml.service").len(), 8);
}

#[test]
fn dismissed_and_merged_tickets_are_shown_apart() {
    let mut facts = four_weeks();
    facts.tickets[0].status = TicketStatus::Dismissed;
    facts.tickets[1].status = TicketStatus::Merged;
    let figures = figures(&facts);
    assert_eq!(behind(&figures, "volume.dismissed"), [0]);
    assert_eq!(behind(&figures, "volume.merged"), [1]);
    assert_eq!(figures.volume.tickets.set.len(), 18);
    assert_eq!(behind(&figures, "cause.packaging").len(), 10);
}

#[test]
fn an_unfinished_week_is_compared_by_the_part_that_has_passed() {
    // On Wednesday 00:00 two of seven days have passed: 8 tickets of Tuesday against 9 · 2/7 of the week before.
    let mut facts = four_weeks();
    facts.tickets.retain(|ticket| ticket.causes == [Cause::Service]);
    let request = Request {
        now_ms: at("11-18 00:00"),
        ..monday()
    };
    let change = Figures::of(&facts, &calendars(), &request)
        .volume
        .tickets
        .change
        .unwrap();
    assert!((change.before - 16.0 / 7.0).abs() < 1e-9 && change.delta > 0.0);
}

#[test]
fn people_are_shown_with_their_case_mix() {
    let facts = facts(vec![
        with(0, |ticket| {
            ticket.tier = Tier::Urgent;
            ticket.owner = Some("a".into());
            ticket.clocks = vec![response("11-17 12:00", Some("11-17 11:00"))];
            ticket.events = vec![
                event_by("11-17 11:00", "a", reply("x")),
                event_by("11-18 11:00", "a", reply("y")),
                event_by(
                    "11-19 10:00",
                    "q",
                    EventKind::QualityScored {
                        reply: "x".into(),
                        score: 80,
                        text: None,
                    },
                ),
                event_by(
                    "11-19 10:01",
                    "q",
                    EventKind::QualityScored {
                        reply: "y".into(),
                        score: 90,
                        text: None,
                    },
                ),
            ];
        }),
        with(1, |ticket| {
            ticket.severity = Severity::Severe;
            ticket.owner = Some("a".into());
            ticket.status = TicketStatus::Closed;
            ticket.clocks = vec![response("11-17 12:00", Some("11-17 13:00"))];
            ticket.events = vec![event_by("11-17 13:00", "b", reply("z"))];
        }),
        with(2, |ticket| {
            ticket.owner = Some("b".into());
            ticket.events = vec![
                event_by("11-18 13:00", "b", closed(None)),
                event_by("11-18 14:00", "", reopened()),
            ];
        }),
    ]);
    let figures = figures(&facts);
    let [b, a] = &figures.people[..] else {
        panic!("{:#?}", figures.people)
    };
    assert_eq!(
        (b.person.clone(), b.handled.clone(), b.open.clone()),
        (Some("b".into()), Set(vec![1, 2]), Set(vec![2]))
    );
    assert_eq!(
        (b.replies, b.hard.met.clone(), b.hard.missed.clone()),
        (1, Set(vec![1]), Set(vec![2]))
    );
    assert_eq!(
        (a.person.clone(), a.handled.clone(), a.open.clone()),
        (Some("a".into()), Set(vec![0]), Set(vec![0]))
    );
    assert_eq!(
        (a.replies, a.quality, a.scored.clone()),
        (2, Some(85.0), Set(vec![0]))
    );
    // a owns both clocks, one met and one missed; b gave the late answer after three hours.
    assert_eq!(
        (a.promise.met.clone(), a.promise.missed.clone()),
        (Set(vec![0]), Set(vec![1]))
    );
    assert_eq!(b.response.calendar.median_ms, Some((3 * HOUR) as f64));
    assert_eq!(behind(&figures, "person.a.hard.met"), [0]);
}

#[test]
fn good_news_is_what_fell_who_is_praised_and_the_fastest_answers() {
    let mut facts = four_weeks();
    // 10 a week about logistics, 1 this week.
    for ago in 0..5 {
        for _ in 0..if ago == 0 { 1 } else { 10 } {
            let number = facts.tickets.len() as u32;
            facts.tickets.push(with(number, |ticket| {
                ticket.received_ms = week(ago).from_ms + DAY;
                ticket.causes = causes(&[Cause::Logistics]);
            }));
        }
    }
    let praise = |product: &str, sentiment, count| ReviewFact {
        product: Some(product.into()),
        ..review("11-18 10:00", sentiment, count)
    };
    facts.reviews = vec![
        praise("红烧牛肉面", Sentiment::Pos, 60),
        praise("红烧牛肉面", Sentiment::Neg, 1),
        praise("纯牛奶 250ml", Sentiment::Pos, 40),
        praise("纯牛奶 250ml", Sentiment::Neg, 60),
    ];
    let good = figures(&facts).good;
    let Good::Fell { key, now, change } = &good[0] else {
        panic!("{good:#?}")
    };
    assert_eq!(
        (key.as_str(), *now, change.before, change.delta),
        ("cause.logistics", 1, 10.0, -9.0)
    );
    let praised: Vec<_> = good
        .iter()
        .filter_map(|good| match good {
            Good::Praised {
                product,
                positive,
                reviews,
            } => Some((product.as_str(), *positive, *reviews)),
            _ => None,
        })
        .collect();
    assert_eq!(praised, [("红烧牛肉面", 60, 61)]);
    let fastest = good
        .iter()
        .filter(|good| matches!(good, Good::Fastest { took_ms, .. } if *took_ms == HOUR))
        .count();
    assert_eq!(fastest, 3);
}

#[test]
fn the_course_of_six_weeks_shows_the_headline_figures() {
    let trend = figures(&four_weeks()).trend;
    assert_eq!(
        trend.iter().map(|point| point.tickets).collect::<Vec<_>>(),
        [0, 9, 9, 9, 9, 20]
    );
    assert_eq!(trend[0].first_response, None, "a week without clocks has no rate");
    // 1 of 9 answered in the weeks before, 12 of 20 in the last.
    near(trend[1].first_response, 1.0 / 9.0);
    near(trend[5].first_response, 12.0 / 20.0);
    assert_eq!(trend[5].median_response_ms, Some(HOUR as f64));
}

#[test]
fn nothing_is_no_data_and_never_zero_percent() {
    let figures = figures(&Facts::default());
    for promise in &figures.promises {
        assert_eq!(promise.share.rate(), None);
        assert_eq!(promise.share.interval(), None);
        assert!(!promise.share.few());
    }
    for share in [
        &figures.solution,
        &figures.closure,
        &figures.follow_ups,
        &figures.disputes.won,
    ] {
        assert_eq!((share.rate(), share.change), (None, None));
    }
    assert_eq!(figures.conversion.ripening.share.rate(), None);
    assert_eq!(figures.recovery.satisfied.rate(), None);
    assert_eq!(
        (figures.response.calendar.median_ms, figures.lag.spread.p90_ms),
        (None, None)
    );
    assert!(figures.repurchase.is_none() && figures.compensation.money.is_empty());
    assert!(figures.causes.is_empty() && figures.people.is_empty() && figures.good.is_empty());
    let json = serde_json::to_value(&figures).unwrap();
    assert_eq!(json["closure"]["rate"], serde_json::Value::Null);
}

#[test]
fn few_is_under_ten_or_an_interval_wider_than_thirty_points() {
    let share = |met: u32, missed: u32| amends_domain::figures::Share {
        met: Set((0..met).collect()),
        missed: Set((met..met + missed).collect()),
        ..Default::default()
    };
    assert!(share(9, 0).few());
    // 20 of 20: 83.9 % to 100 %: 16 points.
    assert!(!share(20, 0).few());
    // 10 of 20: 29.9 % to 70.1 %: 40 points.
    assert!(share(10, 10).few());
    assert!(!share(50, 50).few());
}

#[test]
fn any_name_can_be_part_of_a_key() {
    let names = ["", ".", "a.b", "a%2Eb", "%", "a.b.quality", "纯牛奶 250ml", "met"];
    let tickets = (0..).zip(names).map(|(number, name)| {
        with(number, |ticket| {
            ticket.shop = name.into();
            ticket.product = Some(name.into());
            ticket.owner = Some(name.into());
            ticket.causes = causes(&[Cause::Quality]);
        })
    });
    let figures = figures(&facts(tickets.collect()));
    for row in &figures.shops {
        let number = names.iter().position(|name| *name == row.name).unwrap() as u32;
        assert_eq!(behind(&figures, &row.key), [number]);
        assert_eq!(behind(&figures, &format!("{}.quality", row.key)), [number]);
    }
    let mut keys = figures.keys();
    let count = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), count, "two numbers have one key");
}

#[test]
fn a_cut_narrows_everything_and_what_it_cannot_narrow_it_leaves() {
    let mut facts = four_weeks();
    facts.tickets[0].shop = "南门店".into();
    facts.reviews = vec![
        ReviewFact {
            shop: "南门店".into(),
            ..review("11-18 10:00", Sentiment::Neg, 3)
        },
        review("11-18 10:00", Sentiment::Neg, 4),
    ];
    let cut = |cut: Cut| Figures::of(&facts, &calendars(), &Request { cut, ..monday() });
    let shop = cut(Cut {
        shops: vec!["南门店".into()],
        ..Cut::default()
    });
    assert_eq!(
        (behind(&shop, "volume.tickets"), shop.volume.negative.count),
        (vec![0], 3)
    );
    assert_eq!(behind(&shop, "promise.all.first_response.met"), [0]);
    let cause = cut(Cut {
        causes: vec![Cause::Service],
        ..Cut::default()
    });
    assert_eq!(cause.volume.tickets.set.len(), 8);
    let both = cut(Cut {
        causes: vec![Cause::Service],
        shops: vec!["南门店".into()],
        ..Cut::default()
    });
    assert_eq!((both.volume.tickets.set.len(), both.closure.rate()), (0, None));
    let tier = cut(Cut {
        tiers: vec![Tier::Urgent],
        ..Cut::default()
    });
    assert_eq!(
        (tier.volume.tickets.set.len(), tier.volume.negative.count),
        (0, 7),
        "reviews have no tier"
    );
}

#[test]
fn months_and_days_are_spans_like_any_other() {
    let facts = four_weeks();
    let month = Request {
        span: Span {
            from_ms: at("11-01 00:00"),
            until_ms: at("12-01 00:00"),
        },
        before: Some(Span {
            from_ms: at("10-01 00:00"),
            until_ms: at("11-01 00:00"),
        }),
        now_ms: at("12-01 00:00"),
        ..Request::default()
    };
    // 11-03, 11-10 with 9 each, 11-17 with 20; in October 10-20 and 10-27.
    let figures = Figures::of(&facts, &calendars(), &month);
    assert_eq!(
        (
            figures.volume.tickets.set.len(),
            figures.volume.tickets.change.unwrap().before
        ),
        (38, 18.0)
    );
    let day = Request {
        span: Span {
            from_ms: at("11-17 00:00"),
            until_ms: at("11-18 00:00"),
        },
        now_ms: at("11-18 00:00"),
        ..Request::default()
    };
    let figures = Figures::of(&facts, &calendars(), &day);
    assert_eq!(
        (figures.volume.tickets.set.len(), figures.volume.tickets.change),
        (20, None)
    );
}

#[test]
fn the_written_form_has_counts_where_sets_are_and_keys_that_open_them() {
    let figures = figures(&four_weeks());
    let json = serde_json::to_value(&figures).unwrap();
    assert_eq!(json["volume"]["tickets"]["set"], 20);
    assert_eq!(json["causes"][0]["tickets"]["changeFour"]["beyondChance"], true);
    assert_eq!(json["causes"][0]["name"], "packaging");
    assert_eq!(json["promises"][0]["key"], "promise.urgent.first_response");
    let key = json["products"][0]["key"].as_str().unwrap();
    assert_eq!(
        figures.set(key).unwrap().len() as u64,
        json["products"][0]["tickets"]["set"].as_u64().unwrap()
    );
    assert!(figures.set("promise.urgent.first_response.nonsense").is_none());
}
