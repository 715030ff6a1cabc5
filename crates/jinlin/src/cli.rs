//! The command line: its words, their help, their defaults. Doing is `commands`.

use channels::{Address, Tianditu, WeChatServer};
use clap::{Args, Parser, Subcommand};
use ipnet::IpNet;
use jiff::civil::Date;
use std::net::SocketAddr;
use std::path::PathBuf;

/// 近邻 Jinlin: the neighbourhood governance of a county, from one binary.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
pub struct Cli {
    /// What to log on standard error (`info`, `warn`, `app=debug`)
    /// [default: what a server does, and of other commands only what goes wrong].
    #[arg(long, global = true, env = "JINLIN_LOG")]
    pub log: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// What to log.
    pub fn log(&self) -> &str {
        let usual = match self.command {
            Command::Pack(_) => "error",
            _ => "warn,jinlin=info,api=info,channels=info",
        };
        self.log.as_deref().unwrap_or(usual)
    }
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
    /// Load, list, check, compare, show or draw method packs.
    #[command(subcommand)]
    Pack(Pack),
    /// Take in files of other systems.
    #[command(subcommand)]
    Import(Import),
    /// Plan grids, and convert map files. Writes files alone; no county is changed.
    #[command(subcommand)]
    Grid(Grid),
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
    /// The county's mini program (`wx…`), for log-ins by WeChat; residents log in by codes alone
    /// without it.
    #[arg(long, value_name = "APPID", requires = "wechat_secret_file")]
    pub wechat_appid: Option<String>,
    /// File with its app secret.
    #[arg(long, value_name = "FILE", requires = "wechat_appid")]
    pub wechat_secret_file: Option<PathBuf>,
    /// Where WeChat's server stands.
    #[arg(long, value_name = "URL", default_value = WeChatServer::ADDRESS)]
    pub wechat_url: Address,
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
    /// Begin a pack above `base`: one procedure with its story, to be changed into one's own.
    New {
        /// The folder to make; its name is the pack's id (`ours`).
        dir: PathBuf,
        /// What it is called.
        #[arg(long)]
        title: String,
    },
    /// Print the JSON Schema of a kind of file, for an editor of TOML.
    Schema {
        /// `pack`, `procedure`, `roles`, `fields`, `registers`, `ledgers`, `gatherings`, `cycles`, `boards`.
        file: String,
    },
    /// Play the pack's stories, each in a small county of its own, and say what did not go as told.
    Test {
        /// The pack's folder.
        dir: PathBuf,
        /// Only stories whose file name holds this.
        #[arg(long)]
        only: Option<String>,
        /// Tell each story in words instead of playing it.
        #[arg(long)]
        tell: bool,
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
        /// Pictures instead, each as PROCEDURE.svg in this folder, and a page that shows them.
        #[arg(long, value_name = "FOLDER", conflicts_with = "mermaid")]
        svg: Option<PathBuf>,
    },
    /// What a version changes against another: structure, limits, words.
    Diff {
        /// The older version: a folder, the name of a carried one, or with --database the hash of a
        /// loaded one.
        old: PathBuf,
        /// The newer version, named likewise.
        new: PathBuf,
        /// SQLite file, or postgres://…?schema=NAME: where hashes are found.
        #[arg(long)]
        database: Option<String>,
        /// The county's key file [default: beside the SQLite file, else ./jinlin.key].
        #[arg(long, requires = "database")]
        seal_key: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let running cases go over to the version in use, each by an entry of its own.
    Moves {
        #[command(flatten)]
        database: Database,
        /// Hash of the version.
        hash: String,
        /// Only say which can and which cannot, and who would have got the last month's cases.
        #[arg(long)]
        dry_run: bool,
        /// Why; kept with each entry.
        #[arg(long, required_unless_present = "dry_run")]
        reason: Option<String>,
    },
    /// Play a county that works by the pack: who gets how much, what gets late; and what if.
    Simulate(Box<Simulate>),
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

/// `jinlin pack simulate`.
#[derive(Args)]
pub struct Simulate {
    /// The pack's folder, or the name of a carried one.
    pub dir: PathBuf,
    /// Only this procedure comes from outside [default: requests, or what the past cases are].
    #[arg(long)]
    pub procedure: Option<String>,
    /// How many cases come.
    #[arg(long, conflicts_with = "days")]
    pub cases: Option<u64>,
    /// For how many days cases come [default: 30].
    #[arg(long)]
    pub days: Option<u32>,
    /// How many come a day [default: as many as in the county's demo or among its past cases].
    #[arg(long, value_name = "N")]
    pub per_day: Option<f64>,
    /// Chance; several seeds show how much is chance [default: 1, 2 and 3].
    #[arg(long, value_name = "N")]
    pub seed: Vec<u64>,
    /// The first day.
    #[arg(long, value_name = "DAY", default_value = "2026-03-02")]
    pub from: Date,
    /// What if so many worked at each post of a role, as `desk=2`.
    #[arg(long, value_name = "ROLE=N")]
    pub staff: Vec<String>,
    /// What if a state had another limit, as `appeal.received="2 wh"`.
    #[arg(long, value_name = "PROCEDURE.STATE=LIMIT")]
    pub limit: Vec<String>,
    /// What if there were so many cells at the lowest level.
    #[arg(long, value_name = "N")]
    pub grids: Option<usize>,
    /// What if so many times as much came.
    #[arg(long, value_name = "FACTOR")]
    pub factor: Option<f64>,
    /// How often an action is taken, against 1 for each that leads forward, as `appeal.handling.return=0.06`.
    #[arg(long, value_name = "PROCEDURE.STATE.ACTION=N")]
    pub weight: Vec<String>,
    /// Posts take what is due first; else what came first.
    #[arg(long)]
    pub due_first: bool,
    /// Past cases, to come as they came: CSV with `procedure`, `opened_at` and, if known, `matter`.
    #[arg(long, value_name = "FILE", conflicts_with = "database")]
    pub arrivals: Option<PathBuf>,
    /// Play the county of this database, with what its past cases teach.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// The county's key file [default: beside the SQLite file, else ./jinlin.key].
    #[arg(long, requires = "database")]
    pub seal_key: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
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

/// `jinlin grid`.
#[derive(Subcommand)]
pub enum Grid {
    /// Propose contiguous grids of a wanted size: alike in households and open work, buildings whole,
    /// streets as borders.
    Plan(GridPlan),
    /// Convert a map file: GeoJSON, KML or a zipped shapefile, from one frame to another.
    Convert(GridConvert),
}

/// `jinlin grid plan`.
#[derive(Args)]
pub struct GridPlan {
    /// Buildings or addresses: XLSX, XLS, ODS, CSV with 经度 and 纬度, or a map of points or outlines;
    /// 户数 (else each row is one household) and 在办 for households and open work.
    #[arg(long)]
    pub buildings: PathBuf,
    /// Map of streets, at which grids end where they can.
    #[arg(long)]
    pub streets: Option<PathBuf>,
    /// Map of rivers, railways and the like, which no grid reaches over.
    #[arg(long)]
    pub walls: Option<PathBuf>,
    /// Map of the ground that the grids fill [default: the box around the buildings].
    #[arg(long)]
    pub outline: Option<PathBuf>,
    /// Fewest and most households of a grid.
    #[arg(long, default_value = "30..100", value_parser = size)]
    pub size: (u32, u32),
    /// How many grids [default: as many as make grids of middling size].
    #[arg(long)]
    pub cells: Option<usize>,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// What the coordinates of all files mean, as in `convert` [default: what maps say, else cgcs2000].
    #[arg(long, value_name = "FRAME")]
    pub frame: Option<geogrid::Frame>,
    /// Plan without the rows that cannot be read, instead of stopping.
    #[arg(long)]
    pub skip_bad_rows: bool,
    /// The plan as a map.
    #[arg(long, default_value = "plan.geojson")]
    pub out: PathBuf,
}

/// `jinlin grid convert`.
#[derive(Args)]
pub struct GridConvert {
    /// The file to read (.geojson, .kml, .zip, .shp).
    pub input: PathBuf,
    /// The file to write (.geojson, .kml, .zip).
    pub output: PathBuf,
    /// What the numbers mean: cgcs2000, wgs84, gcj02, bd09, gk3:39 (zone in front of the easting),
    /// gk6:20, gk:117 (central meridian), EPSG:4527 [default: what the file says].
    #[arg(long, value_name = "FRAME")]
    pub from: Option<geogrid::Frame>,
    /// What they shall mean.
    #[arg(long, value_name = "FRAME", default_value = "cgcs2000")]
    pub to: geogrid::Frame,
    /// CSV of control points (x,y,east,north in metres) that lay the file's own plane on the zone of
    /// `--from`.
    #[arg(long, value_name = "FILE", requires = "from")]
    pub control: Option<PathBuf>,
    /// Convert without the rows that cannot be read, instead of stopping.
    #[arg(long)]
    pub skip_bad_rows: bool,
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once("..").or_else(|| text.split_once('-'));
    let number = |part: &str| part.trim().parse().ok();
    let bounds = parts.and_then(|(least, most)| Some((number(least)?, number(most)?)));
    bounds.ok_or_else(|| "two numbers are wanted, as in 30..100".to_owned())
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
