//! A PostgreSQL server of our own in a temporary folder.
//! A shell minds it and ends it when our end of a pipe closes, however this program ends.

use std::{
    fs, io,
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Where Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// How often a start is tried: another program may take the free port before the server does.
const STARTS: usize = 3;

/// Takes the programs' folder and the port; says `ready`, or why not; ends with its input.
const MINDER: &str = r#"
    bin=$1 port=$2
    trap '' INT HUP TERM PIPE
    folder=$(mktemp -d /tmp/rowdb-postgres.XXXXXX) || exit 1
    cd "$folder" || exit 1
    trap 'cd /; rm -rf "$folder"' EXIT
    "$bin/initdb" -D data -U rowdb --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync \
        >log 2>&1 || { tail -n 1 log; exit 1; }
    "$bin/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
        -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=400 \
        -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=128MB -c jit=off \
        >log 2>&1 &
    server=$!
    tries=0
    until grep -qs '^ready' data/postmaster.pid; do
        tries=$((tries + 1))
        kill -0 "$server" 2>/dev/null && [ $tries -lt 1200 ] || { tail -n 1 log; break; }
        sleep 0.05
    done
    echo ready
    read -r _
    kill -QUIT "$server"
    wait "$server"
"#;

/// A PostgreSQL server on a free port of this machine, without passwords; it keeps nothing: it ends
/// and its folder goes when this is dropped or this program ends.
pub struct Cluster {
    minder: Child,
    port: u16,
}

impl Cluster {
    /// Starts a server, which takes about two seconds.
    pub fn start() -> io::Result<Self> {
        let programs = find_programs()
            .ok_or_else(|| io::Error::other(format!("no initdb in PATH or {DEBIAN}")))?;
        let mut result = Self::start_once(&programs);
        for _ in 1..STARTS {
            result = result.or_else(|_| Self::start_once(&programs));
        }
        result
    }

    /// The address of its database `postgres`.
    pub fn url(&self) -> String {
        format!("postgres://rowdb@127.0.0.1:{}/postgres", self.port)
    }

    fn start_once(programs: &Path) -> io::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut minder = ordinary_user()?
            .args(["sh", "-c", MINDER, "sh"])
            .arg(programs)
            .arg(port.to_string())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // An interrupt from the keyboard is not for it: it must live to clean up.
            .process_group(0)
            .spawn()?;
        let mut said = String::new();
        if let Some(output) = minder.stdout.take() {
            BufReader::new(output).read_line(&mut said)?;
        }
        let cluster = Self { minder, port };
        match said.trim() {
            "ready" => Ok(cluster),
            other => Err(io::Error::other(format!("PostgreSQL did not start: {other}"))),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.minder.stdin.take());
        let _ended = self.minder.wait();
    }
}

/// The folder of the newest version's programs.
fn find_programs() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut debian: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(debian.into_iter().rev())
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody`.
fn ordinary_user() -> io::Result<Command> {
    if id(&["-u"])? != "0" {
        return Ok(Command::new("env"));
    }
    let user = if id(&["-u", "postgres"]).is_ok() { "postgres" } else { "nobody" };
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={user}"));
    command.arg(format!("--regid={}", id(&["-g", user])?));
    command.arg("--clear-groups");
    Ok(command)
}

fn id(arguments: &[&str]) -> io::Result<String> {
    let output = Command::new("id").args(arguments).output()?;
    if !output.status.success() {
        return Err(io::Error::other("no such user"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
