//! The command line: its words, their help, their defaults. Doing is `commands`.

use channels::{Address, Tianditu};
use clap::{Args, Parser, Subcommand};
use ipnet::IpNet;
use std::net::SocketAddr;
use std::path::PathBuf;

/// 近邻 Jinlin: the neighbourhood governance of a county, from one binary.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
pub struct Cli {
    /// What to log on standard error (`info`, `warn`, `app=debug`).
    #[arg(
        long,
        global = true,
        default_value = "warn,jinlin=info,api=info,channels=info",
        env = "JINLIN_LOG"
    )]
    pub log: String,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Make a county or a city: its key, its tree of places and the first accounts.
    Init(Init),
    /// Serve a county.
    Serve(Serve),
    /// Make (if need be) and serve a county with invented people; on loopback only.
    Demo(Demo),
    /// Load, list, check, show or draw method packs.
    #[command(subcommand)]
    Pack(Pack),
    /// Take in files of other systems.
    #[command(subcommand)]
    Import(Import),
    /// Write one engine-neutral file with the journal, private values and uploads, no keys.
    Backup(Backup),
    /// Read such a file into an empty database of either engine.
    Restore(Restore),
    /// Rebuild every table from the journal and compare every column; check the log.
    Verify(Verify),
    /// Check a receipt offline.
    VerifyReceipt(VerifyReceipt),
    /// Print the OpenAPI document.
    Openapi,
    /// Take out the WeChat mini program for a county's own app id.
    #[command(subcommand)]
    MiniProgram(MiniProgram),
}

/// A database and the key of its county.
#[derive(Args, Clone)]
pub struct Database {
    /// SQLite file, or postgres://…?schema=NAME.
    #[arg(long, env = "JINLIN_DATABASE")]
    pub database: String,
    /// The county's key file [default: beside the SQLite file, else ./jinlin.key].
    #[arg(long)]
    pub seal_key: Option<PathBuf>,
}

/// `jinlin init`.
#[derive(Args)]
pub struct Init {
    #[command(flatten)]
    pub database: Database,
    /// Folder of the pack, or the name of one that the program carries (`base`). What it inherits
    /// from is found in the folder beside it, else among those carried.
    #[arg(long)]
    pub pack: PathBuf,
    /// CSV with the columns code,name,streetCode,street,areaCode,county.
    #[arg(long)]
    pub divisions: PathBuf,
    /// Code of the county (six digits) or city (four) to begin with.
    #[arg(long)]
    pub root: String,
    /// Name of a city, which the file does not hold.
    #[arg(long)]
    pub name: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `jinlin serve`.
#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    pub database: Database,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8311")]
    pub listen: SocketAddr,
    /// Folder for uploads [default: `files` beside the SQLite file].
    #[arg(long)]
    pub files: Option<PathBuf>,
    /// Folder for backups made from the console [default: `backups` beside the SQLite file].
    #[arg(long)]
    pub backups: Option<PathBuf>,
    /// Networks of proxies whose X-Forwarded-For is believed; clients then come by their TLS.
    #[arg(long)]
    pub trusted_proxy: Vec<IpNet>,
    #[command(flatten)]
    pub services: Services,
}

/// Services outside, each used as far as it is configured. Secrets stand in files of mode 0600.
#[derive(Args, Clone)]
#[command(next_help_heading = "Services outside")]
pub struct Services {
    /// File with the county's key of the map service 天地图 (of the kind for servers, 服务端); maps
    /// show the county's own outlines alone without it.
    #[arg(long, value_name = "FILE")]
    pub tianditu_key_file: Option<PathBuf>,
    /// Where the map service stands.
    #[arg(long, value_name = "URL", default_value = Tianditu::ADDRESS)]
    pub tianditu_url: Address,
    /// Where short messages are handed over, by the protocol of `docs/services.md`; nobody is sent any
    /// without it.
    #[arg(long, value_name = "URL", requires = "sms_secret_file")]
    pub sms_url: Option<Address>,
    /// File with the secret that is shared with it.
    #[arg(long, value_name = "FILE")]
    pub sms_secret_file: Option<PathBuf>,
    /// Write short messages in English.
    #[arg(long)]
    pub sms_english: bool,
    /// Where masked calls are asked for, by the same protocol.
    #[arg(long, value_name = "URL", requires = "calls_secret_file")]
    pub calls_url: Option<Address>,
    /// File with the secret that is shared with it.
    #[arg(long, value_name = "FILE")]
    pub calls_secret_file: Option<PathBuf>,
    /// The address at which residents reach this server, for links in short messages.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<Address>,
}

/// `jinlin demo`.
#[derive(Args)]
pub struct Demo {
    /// Which county, by the folder of its pack.
    pub place: String,
    /// Where its database lies or is made [default: demo-data/PLACE].
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Loopback address to listen on.
    #[arg(long, default_value = "127.0.0.1:8311")]
    pub listen: SocketAddr,
    /// Password of all demo accounts.
    #[arg(long, default_value = "jinlin-demo")]
    pub password: String,
    /// Make the county, then stop.
    #[arg(long)]
    pub make_only: bool,
    #[command(flatten)]
    pub services: Services,
}

/// `jinlin pack`.
#[derive(Subcommand)]
pub enum Pack {
    /// Check a pack and print every problem with file, line and advice.
    Check {
        /// The pack's folder, or the name of a carried one.
        dir: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Also print reports, which are no problems.
        #[arg(long)]
        reports: bool,
    },
    /// Print a pack with all it inherits.
    Show {
        /// The pack's folder, or the name of a carried one.
        dir: PathBuf,
        /// The canonical text whose SHA-256 is the version.
        #[arg(long)]
        flat: bool,
    },
    /// Draw each procedure as a table of transitions.
    Draw {
        /// The pack's folder, or the name of a carried one.
        dir: PathBuf,
        /// A Mermaid diagram instead.
        #[arg(long)]
        mermaid: bool,
    },
    /// Check a pack and load it; new cases follow it from then on.
    Load {
        #[command(flatten)]
        database: Database,
        /// The pack's folder, or the name of a carried one.
        dir: PathBuf,
    },
    /// Packs that a county has loaded.
    List {
        #[command(flatten)]
        database: Database,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `jinlin import`.
#[derive(Subcommand)]
pub enum Import {
    /// Cases that ended in another system.
    Cases {
        #[command(flatten)]
        database: Database,
        /// CSV, XLSX, XLS or ODS.
        file: PathBuf,
        /// TOML that says which column is what.
        #[arg(long)]
        mapping: PathBuf,
        /// Only check and count.
        #[arg(long)]
        dry_run: bool,
        /// Where refused rows are written [default: FILE.problems.xlsx].
        #[arg(long)]
        problems: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `jinlin backup`.
#[derive(Args)]
pub struct Backup {
    #[command(flatten)]
    pub database: Database,
    /// Folder of uploads.
    #[arg(long)]
    pub files: Option<PathBuf>,
    /// The file to write; never over an old one.
    pub file: PathBuf,
}

/// `jinlin restore`.
#[derive(Args)]
pub struct Restore {
    #[command(flatten)]
    pub database: Database,
    /// Folder of uploads.
    #[arg(long)]
    pub files: Option<PathBuf>,
    /// The file to read.
    pub file: PathBuf,
}

/// `jinlin verify`.
#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    pub database: Database,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `jinlin verify-receipt`.
#[derive(Args)]
pub struct VerifyReceipt {
    /// The receipt.
    pub file: PathBuf,
    /// The county's public key as you know it (`NAME+ID+BASE64`) [default: the receipt's own].
    #[arg(long)]
    pub key: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `jinlin mini-program`.
#[derive(Subcommand)]
pub enum MiniProgram {
    /// Write the folder that WeChat's developer tool opens and uploads.
    Export {
        /// The mini program's id, as WeChat's console shows it (`wx…`).
        #[arg(long)]
        appid: String,
        /// The county's server as phones reach it (`https://…`).
        #[arg(long)]
        api: String,
        /// An empty or new folder.
        dir: PathBuf,
    },
}
