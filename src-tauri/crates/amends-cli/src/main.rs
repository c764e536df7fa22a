//! The same use-cases without a window, for scripts and other programs: JSON on stdout, messages on stderr.
//!
//! Exit codes: 0 done · 1 failed (the message says why) · 2 wrong arguments · 3 a person must decide first (the
//! question is on stdout as JSON) · 4 `verify` found something that does not fit.

mod bots;

use amends_app::{
    App, AppError, Clock, ErrorCode, ManualClock, NobodyWatching, Setup, SystemClock,
    dto::{Dimension, ImportOptions, OrdersOptions, ReportCut, ReportFormat, ReportKind, ReportQuery, View},
    intake, listing, reports, scheduler, vault, verify,
};
use clap::{Parser, Subcommand, ValueEnum};
use serde_json::json;
use std::{
    io::{BufRead, BufWriter, Read, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// An import hands many small texts from thread to thread, where the system's allocator takes a fifth of the time
/// (docs/adr/0008).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Amends 挽回 without a window.
#[derive(Parser)]
#[command(name = "amends-cli", version)]
struct Arguments {
    /// Folder of the database; the window's own by default.
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// Pretend that it is this instant (RFC 3339).
    #[arg(long, global = true, value_parser = amends_app::parse_rfc3339)]
    now: Option<i64>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant)] // made once, when the program starts
enum Command {
    /// Import an export of reviews.
    Import {
        /// The file.
        file: PathBuf,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
        /// Text encoding, such as gb18030.
        #[arg(long)]
        encoding: Option<String>,
        /// Order of ambiguous dates: dmy or mdy.
        #[arg(long)]
        date_order: Option<String>,
        /// Shop, where the file has none.
        #[arg(long)]
        shop: Option<String>,
        /// IANA zone of times that name none.
        #[arg(long)]
        zone: Option<String>,
        /// Channel word, where the file does not tell.
        #[arg(long)]
        channel: Option<String>,
        /// Scale of the ratings, where their values leave it open: stars5, stars10, stars50, score500, percent.
        #[arg(long)]
        scale: Option<String>,
        /// Sheet of a workbook.
        #[arg(long)]
        sheet: Option<String>,
        /// Member of a zip.
        #[arg(long)]
        member: Option<String>,
        /// Also open tickets for reviews of the last N days.
        #[arg(long)]
        open_days: Option<u32>,
    },
    /// Import orders, for rates per 1,000 orders and repurchase.
    Orders {
        /// The file: CSV or a workbook.
        file: PathBuf,
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
        /// Channel word, where reviews come from more than one.
        #[arg(long)]
        channel: Option<String>,
        /// Shop, where the file has none.
        #[arg(long)]
        shop: Option<String>,
    },
    /// List tickets, nearest deadline first.
    Tickets {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
        /// Which.
        #[arg(long, value_enum, default_value = "all")]
        view: CliView,
    },
    /// Read JSON lines `{id,text,stars?}` and print what each text is about.
    Classify,
    /// Read a scenario as JSON and print every deadline.
    Deadlines {
        /// One scenario a line.
        #[arg(long)]
        jsonl: bool,
    },
    /// Set up the group bots that `serve` speaks through, on a machine without a window.
    Bots(bots::Bots),
    /// Watch the deadlines and let the bots speak, without a window, until SIGTERM or Ctrl-C.
    Serve {
        /// One pass, then end.
        #[arg(long)]
        once: bool,
    },
    /// Make a report: of a week, a day or a month; by default of the newest week that is over.
    Report {
        /// ISO week, such as 2026-W47.
        #[arg(long, conflicts_with_all = ["day", "month"])]
        week: Option<String>,
        /// Day, such as 2026-11-22.
        #[arg(long, conflicts_with = "month")]
        day: Option<String>,
        /// Month, such as 2026-11.
        #[arg(long)]
        month: Option<String>,
        /// Only a part (`store=人民路店`; several times for several), or a breakdown of the JSON (`store`). Dimensions:
        /// store, channel, product, cause, tier, person, team, source.
        #[arg(long)]
        cut: Vec<String>,
        /// Format.
        #[arg(long, value_enum, default_value = "json")]
        format: CliFormat,
        /// Target; JSON goes to stdout without it.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Leave customers' private data unmasked.
        #[arg(long)]
        private: bool,
    },
    /// Print the figures of any days.
    Figures {
        /// First day, such as 2026-11-16.
        #[arg(long)]
        from: String,
        /// Last day.
        #[arg(long)]
        to: String,
        /// Only a part, as in `report`.
        #[arg(long)]
        cut: Vec<String>,
        /// Print JSON (the only form there is).
        #[arg(long)]
        json: bool,
    },
    /// Check the audit chain and the store's consistency.
    Verify,
    /// Copy the whole database to a file.
    Backup {
        /// Target.
        file: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum CliView {
    Mine,
    Urgent,
    #[value(name = "due_1h")]
    Due1h,
    Overdue,
    All,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum CliFormat {
    Json,
    Pdf,
    Xlsx,
    Html,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&AppError::internal(error)),
    };
    match runtime.block_on(run(arguments)) {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

fn failed(error: &AppError) -> ExitCode {
    eprintln!("{}", error.message);
    if error.code == ErrorCode::Question {
        println!(
            "{}",
            json!({ "question": error.detail.as_deref().and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok()), "message": error.message })
        );
        return ExitCode::from(3);
    }
    if let Some(detail) = &error.detail {
        eprintln!("({detail})");
    }
    ExitCode::from(if error.code == ErrorCode::Invalid { 2 } else { 1 })
}

/// Where the window keeps its data, so that both see the same without being told.
fn default_folder() -> Result<PathBuf, AppError> {
    let base = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share")))
        .or_else(|| std::env::var_os("APPDATA").map(PathBuf::from));
    base.map(|base| base.join("cn.amends.desktop"))
        .ok_or_else(|| AppError::invalid("请用 --data 指明数据文件夹。"))
}

async fn run(arguments: Arguments) -> Result<ExitCode, AppError> {
    let clock: Arc<dyn Clock> = match arguments.now {
        Some(now_ms) => Arc::new(ManualClock::at(now_ms)),
        None => Arc::new(SystemClock),
    };
    match arguments.command {
        Command::Classify => return classify(),
        Command::Deadlines { jsonl } => return deadlines(jsonl),
        _ => {}
    }
    let folder = match arguments.data {
        Some(folder) => folder,
        None => default_folder()?,
    };
    let app = App::open(Setup {
        folder,
        clock,
        notifier: Arc::new(NobodyWatching),
    })
    .await?;
    match arguments.command {
        Command::Import {
            file,
            json,
            encoding,
            date_order,
            shop,
            zone,
            channel,
            scale,
            sheet,
            member,
            open_days,
        } => {
            let channel = choice(channel, "认不出这个渠道。")?;
            let scale = choice(scale, "认不出这种评分制。")?;
            let options = ImportOptions {
                encoding,
                date_order,
                shop,
                zone,
                channel,
                scale,
                sheet,
                member,
                open_days,
                mapping: None,
            };
            import(&app, &file, &options, json).await
        }
        Command::Tickets { json, view } => tickets(&app, view, json).await,
        Command::Serve { once } => serve(&app, once).await,
        Command::Bots(arguments) => bots::run(&app, arguments).await,
        Command::Orders {
            file,
            json,
            channel,
            shop,
        } => {
            let options = OrdersOptions {
                channel: choice(channel, "认不出这个渠道。")?,
                shop,
            };
            let result = intake::import_orders(&app, &file, &options).await?;
            if json {
                println!("{}", serde_json::to_string(&result)?);
            } else {
                println!(
                    "读取 {} 行：新订单 {}，已有 {}，未导入 {}。",
                    result.read, result.new, result.known, result.rejected
                );
            }
            if let Some(note) = result.note {
                eprintln!("{note}");
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Report {
            week,
            day,
            month,
            cut,
            format,
            out,
            private,
        } => {
            let mut query = match (week, day, month) {
                (Some(week), ..) => reports::parse_period(ReportKind::Weekly, &week)?,
                (_, Some(day), _) => reports::parse_period(ReportKind::Daily, &day)?,
                (_, _, Some(month)) => reports::parse_period(ReportKind::Monthly, &month)?,
                _ => ReportQuery::default(),
            };
            let breakdowns = read_cuts(&cut, &mut query.cut)?;
            report(&app, &query, &breakdowns, format, out, private).await
        }
        Command::Figures {
            from,
            to,
            cut,
            json: _,
        } => {
            let mut only = ReportCut::default();
            read_cuts(&cut, &mut only)?;
            let figures = reports::figures_between(&app, &from, &to, &only).await?;
            println!("{figures}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify => {
            let report = verify::run(&app).await?;
            println!("{}", serde_json::to_string(&report)?);
            Ok(if report.faults.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(4)
            })
        }
        Command::Backup { file } => {
            let saved = vault::save_copy(&app, &file).await?;
            println!("{}", json!({ "file": saved.name }));
            Ok(ExitCode::SUCCESS)
        }
        Command::Classify => classify(),
        Command::Deadlines { jsonl } => deadlines(jsonl),
    }
}

/// `store=人民路店` cuts, `store` alone breaks down.
fn read_cuts(words: &[String], cut: &mut ReportCut) -> Result<Vec<(String, Dimension)>, AppError> {
    let mut breakdowns = Vec::new();
    for word in words {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        let dimension = match name {
            "store" | "shop" => Dimension::Shop,
            "channel" => Dimension::Channel,
            "product" => Dimension::Product,
            "cause" => Dimension::Cause,
            "tier" => Dimension::Tier,
            "person" => Dimension::Person,
            "team" => Dimension::Team,
            "source" => Dimension::Source,
            _ => {
                return Err(AppError::invalid(format!(
                    "认不出“{name}”。可以按 store、channel、product、cause、tier、person、team、source 分。"
                )));
            }
        };
        let Some(value) = value else {
            breakdowns.push((name.to_owned(), dimension));
            continue;
        };
        let known = |found: bool| {
            if found {
                Ok(())
            } else {
                Err(AppError::invalid(format!("认不出“{value}”。")))
            }
        };
        match dimension {
            Dimension::Shop => cut.shops.push(value),
            Dimension::Product => cut.products.push(value),
            Dimension::Person => cut.people.push(value),
            Dimension::Source => cut.sources.push(value),
            Dimension::Team => known(value.parse().map(|team| cut.teams.push(team)).is_ok())?,
            Dimension::Channel => known(value.parse().map(|channel| cut.channels.push(channel)).is_ok())?,
            Dimension::Cause => known(value.parse().map(|cause| cut.causes.push(cause)).is_ok())?,
            Dimension::Tier => known(value.parse().map(|tier| cut.tiers.push(tier)).is_ok())?,
        }
    }
    Ok(breakdowns)
}

async fn report(
    app: &App,
    query: &ReportQuery,
    breakdowns: &[(String, Dimension)],
    format: CliFormat,
    out: Option<PathBuf>,
    private: bool,
) -> Result<ExitCode, AppError> {
    let format = match format {
        CliFormat::Json => {
            let mut answer = reports::figures_json(app, query).await?;
            for (name, dimension) in breakdowns {
                let parts = reports::cuts(app, query, *dimension).await?;
                let parts: Vec<_> = parts
                    .into_iter()
                    .map(|(value, figures)| json!({ "name": value, "figures": figures }))
                    .collect();
                answer["cuts"][name] = json!(parts);
            }
            match out {
                Some(file) => std::fs::write(&file, answer.to_string())
                    .map_err(|error| AppError::new(ErrorCode::Store, "报告没有写成。").with_detail(error))?,
                None => println!("{answer}"),
            }
            return Ok(ExitCode::SUCCESS);
        }
        CliFormat::Pdf => ReportFormat::Pdf,
        CliFormat::Xlsx => ReportFormat::Xlsx,
        CliFormat::Html => ReportFormat::Html,
    };
    let out = out.ok_or_else(|| AppError::invalid("请用 --out 指明要写的文件。"))?;
    let saved = reports::save(app, query, format, private, &out).await?;
    println!("{}", json!({ "file": saved.name }));
    Ok(ExitCode::SUCCESS)
}

/// Decides what is reached and speaks through the bots. Alerts still ring at the desks of the people they are for.
async fn serve(app: &App, once: bool) -> Result<ExitCode, AppError> {
    if once {
        scheduler::tick(app).await?;
        amends_app::bots::deliver(app).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let asked = stop_asked();
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        asked.await;
        stopping.cancel();
    });
    eprintln!("挽回正在值守。按 Ctrl-C 结束。");
    scheduler::run(app.clone(), stop).await;
    app.store().close().await;
    eprintln!("已停止值守。");
    Ok(ExitCode::SUCCESS)
}

/// Listens from this moment on, so that no request is missed; ready when the system or a person asks the program to
/// end.
#[cfg(unix)]
fn stop_asked() -> impl Future<Output = ()> + Send {
    use tokio::signal::unix::{SignalKind, signal};
    let (term, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async move {
        match (term, interrupt) {
            (Ok(mut term), Ok(mut interrupt)) => {
                tokio::select! {
                    _ = term.recv() => {}
                    _ = interrupt.recv() => {}
                }
            }
            // The system allows no listening: its own way of ending a program stays in force.
            _ => std::future::pending().await,
        }
    }
}

/// Ready when a person asks the program to end.
#[cfg(not(unix))]
async fn stop_asked() {
    let _ = tokio::signal::ctrl_c().await;
}

/// A word of a fixed list, or the sentence that says it is not in it.
fn choice<T: serde::de::DeserializeOwned>(
    word: Option<String>,
    refusal: &str,
) -> Result<Option<T>, AppError> {
    word.map(|word| {
        serde_json::from_value(serde_json::Value::String(word)).map_err(|_| AppError::invalid(refusal))
    })
    .transpose()
}

async fn import(
    app: &App,
    file: &std::path::Path,
    options: &ImportOptions,
    as_json: bool,
) -> Result<ExitCode, AppError> {
    let job = Arc::new(intake::Job::new(app.now()));
    let watched = job.clone();
    let watching = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let progress = watched.progress();
            eprintln!(
                "{} rows, {:.0} %, {:.0} rows/s",
                progress.rows,
                progress.share * 100.0,
                progress.rows_per_sec
            );
        }
    });
    let result = intake::import_path(app, file, options, &job).await;
    watching.abort();
    let batch = result?;
    if as_json {
        println!(
            "{}",
            json!({
                "batch": batch.id, "read": batch.read, "new": batch.new, "updated": batch.updated, "unchanged": batch.unchanged,
                "rejected": batch.rejected, "history": batch.history, "tickets": batch.tickets, "urgent": batch.urgent,
                "encoding": batch.encoding, "format": batch.format, "channel": batch.channel, "warnings": batch.warnings,
                "rejects": batch.rejects,
            })
        );
    } else {
        println!(
            "读取 {} 行：新增 {}，更新 {}，没有变化 {}，未导入 {}；其中历史 {}，开工单 {}（紧急 {}）。",
            batch.read,
            batch.new,
            batch.updated,
            batch.unchanged,
            batch.rejected,
            batch.history,
            batch.tickets,
            batch.urgent
        );
        for warning in &batch.warnings {
            eprintln!("{}", warning.text);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn tickets(app: &App, view: CliView, as_json: bool) -> Result<ExitCode, AppError> {
    let view = match view {
        CliView::Mine => View::Mine,
        CliView::Urgent => View::Urgent,
        CliView::Due1h => View::Due1h,
        CliView::Overdue => View::Overdue,
        CliView::All => View::All,
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut broken = None;
    listing::tickets(app, view, |line| {
        let text = if as_json {
            serde_json::to_string(line).unwrap_or_default()
        } else {
            let due = line
                .clocks
                .iter()
                .filter(|clock| clock.state == "running" || clock.state == "breached")
                .map(|clock| clock.due.as_str())
                .min();
            format!(
                "{}\t{}\t{}\t{}\t{}",
                line.number,
                line.tier,
                line.state,
                due.unwrap_or("-"),
                line.channel
            )
        };
        if broken.is_none() {
            broken = writeln!(out, "{text}").err();
        }
    })
    .await?;
    // A reader that has seen enough (`| head`) is no error.
    let _ = out.flush();
    Ok(ExitCode::SUCCESS)
}

#[derive(serde::Deserialize)]
struct Asked {
    id: serde_json::Value,
    #[serde(default)]
    text: String,
    stars: Option<f32>,
    channel: Option<String>,
    trade: Option<String>,
}

fn classify() -> Result<ExitCode, AppError> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut reader = amends_app::Reader::default();
    let mut code = ExitCode::SUCCESS;
    for (n, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.map_err(AppError::internal)?;
        if line.trim().is_empty() {
            continue;
        }
        let asked: Asked = match serde_json::from_str(&line) {
            Ok(asked) => asked,
            Err(error) => {
                eprintln!("line {}: {error}", n + 1);
                code = ExitCode::from(2);
                continue;
            }
        };
        let mut answer = serde_json::to_value(reader.read(
            &asked.text,
            asked.stars,
            asked.channel.as_deref(),
            asked.trade.as_deref(),
        ))?;
        if let Some(fields) = answer.as_object_mut() {
            fields.insert("id".to_owned(), asked.id);
        }
        if writeln!(out, "{answer}").is_err() {
            return Ok(code);
        }
    }
    let _ = out.flush();
    Ok(code)
}

fn deadlines(jsonl: bool) -> Result<ExitCode, AppError> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|error| AppError::invalid("读不到输入。").with_detail(error))?;
    match amends_app::deadlines(&text, jsonl) {
        Ok(answer) => {
            println!("{}", answer.trim_end());
            Ok(ExitCode::SUCCESS)
        }
        Err(what) => {
            eprintln!("{what}");
            Ok(ExitCode::from(2))
        }
    }
}
