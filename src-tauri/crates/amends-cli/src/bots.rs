//! Group bots on a machine without a window, for `serve`. Addresses and secrets never stand among the arguments, which
//! every user of the machine can read: they come from a file, the environment or standard input.

use amends_app::{
    App, AppError, bots,
    dto::{AlertLevel, BotKind, BotSave, BotView, QuietWindow},
    workspace,
};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use std::{
    io::{IsTerminal, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};

const ADDRESS: &str = "AMENDS_BOT_ADDRESS";
const SECRET: &str = "AMENDS_BOT_SECRET";

#[derive(Args)]
pub struct Bots {
    #[command(subcommand)]
    command: Command,
    /// Who does it, by name; by default whoever sat at this data folder last.
    #[arg(long = "as", global = true, value_name = "NAME")]
    person: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// List the bots; of addresses only the host and the last characters.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Add a bot. Its address, and on the next line its signing secret if it has one, come from --from FILE, else
    /// from AMENDS_BOT_ADDRESS and AMENDS_BOT_SECRET, else from standard input; never from arguments.
    Add {
        /// What it speaks.
        #[arg(long, value_enum)]
        kind: Kind,
        /// Name, such as 值班群.
        #[arg(long)]
        name: String,
        /// File with the address on its first line and the secret on its second.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// Levels it is told of, separated by commas.
        #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Level::NewUrgent, Level::Due, Level::Overdue])]
        levels: Vec<Level>,
        /// Hours in which only urgent alerts are sent, such as 22:00-08:00.
        #[arg(long, value_name = "HH:MM-HH:MM")]
        quiet: Option<String>,
        /// Word that the group demands in every message.
        #[arg(long)]
        keyword: Option<String>,
    },
    /// Say something harmless through a bot, at once.
    Test {
        /// Name or id.
        bot: String,
    },
    /// Remove a bot with its address and secret.
    Remove {
        /// Name or id.
        bot: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// 企业微信
    Wecom,
    /// 钉钉
    Dingtalk,
    /// 飞书
    Feishu,
    /// Standard Webhooks
    Webhook,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Level {
    /// A new urgent ticket
    NewUrgent,
    /// First warning
    L1,
    /// Second warning
    L2,
    /// The due time
    Due,
    /// Past the due time
    Overdue,
}

pub async fn run(app: &App, arguments: Bots) -> Result<ExitCode, AppError> {
    if let Some(name) = &arguments.person {
        workspace::act_as(app, name).await?;
    }
    match arguments.command {
        Command::List { json } => {
            let all = bots::list(app).await?;
            for bot in &all {
                if json {
                    println!("{}", serde_json::to_string(bot)?);
                } else {
                    println!("{}", line(bot)?);
                }
            }
            if all.is_empty() && !json {
                eprintln!("还没有机器人。用 amends-cli bots add 添加。");
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Add {
            kind,
            name,
            from,
            levels,
            quiet,
            keyword,
        } => {
            let (address, secret) = secrets(from.as_deref())?;
            let input = BotSave {
                id: None,
                kind: kind.into(),
                name,
                address: Some(address),
                secret,
                levels: levels.into_iter().map(Into::into).collect(),
                quiet: quiet.map(|text| quiet_window(&text)).transpose()?,
                enabled: true,
                keyword,
                made_from: None,
            };
            let all = bots::save(app, &input).await?;
            let added = all.last().ok_or_else(|| AppError::internal("no bot was added"))?;
            println!(
                "{}",
                json!({ "id": added.id, "name": added.name, "address": added.address })
            );
            match bots::secrets_file(app).await {
                Some(file) => eprintln!(
                    "已添加。这台机器没有可用的系统密钥环：地址和密钥保存在 {}，权限 0600，只有当前用户能读。",
                    file.display()
                ),
                None => eprintln!("已添加。地址和密钥保存在系统密钥环里。"),
            }
            eprintln!("请运行 amends-cli bots test 确认群里收得到。");
            Ok(ExitCode::SUCCESS)
        }
        Command::Test { bot } => {
            let bot = find(app, &bot).await?;
            let test = bots::test(app, &bot.id).await?;
            eprintln!("{}", test.message);
            Ok(if test.ok {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(1)
            })
        }
        Command::Remove { bot } => {
            let bot = find(app, &bot).await?;
            bots::remove(app, &bot.id).await?;
            eprintln!("已删除“{}”，它的地址和密钥也一并删除。", bot.name);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn line(bot: &BotView) -> Result<String, AppError> {
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let levels: Vec<String> = bot
        .levels
        .iter()
        .map(|level| Ok(word(&serde_json::to_value(level)?)))
        .collect::<Result<_, AppError>>()?;
    let state = match (&bot.last_error, bot.enabled) {
        (_, false) => "已停用".to_owned(),
        (Some(error), _) => format!("出错：{error}"),
        (None, _) => format!("待发 {}", bot.waiting),
    };
    Ok(format!(
        "{}\t{}\t{}\t{}\t{}\t{state}",
        bot.id,
        word(&serde_json::to_value(bot.kind)?),
        bot.name,
        bot.address,
        levels.join(",")
    ))
}

/// By id, or by a name that only one bot has.
async fn find(app: &App, wanted: &str) -> Result<BotView, AppError> {
    let mut found: Vec<BotView> = bots::list(app)
        .await?
        .into_iter()
        .filter(|bot| bot.id == wanted || bot.name == wanted)
        .collect();
    match (found.pop(), found.len()) {
        (Some(bot), 0) => Ok(bot),
        (None, _) => Err(AppError::invalid(format!(
            "没有叫“{wanted}”的机器人。用 amends-cli bots list 查看。"
        ))),
        _ => Err(AppError::invalid(format!(
            "有几个机器人都叫“{wanted}”，请用编号指明。"
        ))),
    }
}

/// Address and secret from a file, the environment or standard input, in this order.
fn secrets(from: Option<&Path>) -> Result<(String, Option<String>), AppError> {
    let text = match (from, std::env::var(ADDRESS)) {
        (Some(file), _) => {
            warn_if_others_can_read(file);
            std::fs::read_to_string(file).map_err(|error| {
                AppError::invalid(format!("读不出文件 {}。", file.display())).with_detail(error)
            })?
        }
        (None, Ok(address)) => format!("{address}\n{}", std::env::var(SECRET).unwrap_or_default()),
        (None, Err(_)) => {
            let mut input = std::io::stdin();
            if input.is_terminal() {
                eprintln!("请粘贴机器人的地址并回车；有加签密钥的，在下一行粘贴。完成后按 Ctrl-D。");
            }
            let mut text = String::new();
            input.read_to_string(&mut text).map_err(AppError::internal)?;
            text
        }
    };
    let mut lines = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let address = lines.next().ok_or_else(|| {
        AppError::invalid(format!(
            "没有收到机器人的地址。请从标准输入、--from 文件或环境变量 {ADDRESS} 提供。"
        ))
    })?;
    Ok((address.to_owned(), lines.next().map(str::to_owned)))
}

#[cfg(unix)]
fn warn_if_others_can_read(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file).map_or(0, |about| about.permissions().mode() & 0o777);
    if mode & 0o077 != 0 {
        eprintln!(
            "注意：{} 的权限是 {mode:04o}，别的用户也能读到。用完请删掉，或改成 0600。",
            file.display()
        );
    }
}

#[cfg(not(unix))]
fn warn_if_others_can_read(_: &Path) {}

fn quiet_window(text: &str) -> Result<QuietWindow, AppError> {
    let (from, to) = text
        .split_once('-')
        .ok_or_else(|| AppError::invalid("免打扰的时间请写成 22:00-08:00 这样。"))?;
    Ok(QuietWindow {
        from: from.trim().to_owned(),
        to: to.trim().to_owned(),
    })
}

impl From<Kind> for BotKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Wecom => Self::Wecom,
            Kind::Dingtalk => Self::Dingtalk,
            Kind::Feishu => Self::Feishu,
            Kind::Webhook => Self::Webhook,
        }
    }
}

impl From<Level> for AlertLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::NewUrgent => Self::NewUrgent,
            Level::L1 => Self::L1,
            Level::L2 => Self::L2,
            Level::Due => Self::Due,
            Level::Overdue => Self::Overdue,
        }
    }
}
