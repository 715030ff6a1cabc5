//! `jinlin mini-program`: the folder that a county opens in WeChat's developer tool and uploads.

use crate::cli::MiniProgram;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

/// Where the built mini program believes its server to be; no such host exists.
const NOWHERE: &str = "https://jinlin.invalid";
/// The file that names the mini program to WeChat's tool.
const PROJECT: &str = "project.config.json";

pub fn run(command: &MiniProgram) -> Result<()> {
    let MiniProgram::Export { appid, api, dir } = command;
    check(appid, api)?;
    fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    ensure!(fs::read_dir(dir)?.next().is_none(), "{} is not empty", dir.display());
    let (mut files, mut addressed) = (0, 0);
    for (path, content) in api::mini_program() {
        let content = match path.as_str() {
            PROJECT => named(&content, appid)?,
            _ => at_home(&content, api, &mut addressed),
        };
        write(&dir.join(&path), &content)?;
        files += 1;
    }
    ensure!(
        addressed > 0,
        "this program carries no mini program: run `make ui` and build it again"
    );
    println!("{files} files in {}", dir.display());
    println!("next: open it in WeChat's developer tool, look at it, upload it; and enter {api}");
    println!("      as request, upload and download domain in the mini program's settings");
    Ok(())
}

/// WeChat speaks to servers by https and a name of the domain register only.
fn check(appid: &str, api: &str) -> Result<()> {
    let sound = appid.starts_with("wx") && appid.len() == 18;
    if !sound || !appid.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit()) {
        bail!("--appid is wx and sixteen signs, as WeChat's console shows it");
    }
    let host = api.strip_prefix("https://").unwrap_or_default();
    let plain = |it: u8| it.is_ascii_alphanumeric() || b".-:".contains(&it);
    ensure!(
        !host.is_empty() && host.bytes().all(plain),
        "--api is the server's address, https://NAME, without a path"
    );
    Ok(())
}

fn named(project: &[u8], appid: &str) -> Result<Vec<u8>> {
    let mut project: Map<String, Value> = serde_json::from_slice(project).context(PROJECT)?;
    project.insert("appid".to_owned(), appid.into());
    Ok(serde_json::to_vec_pretty(&project)?)
}

/// The content with the county's server in the place of nowhere.
fn at_home(content: &[u8], api: &str, addressed: &mut usize) -> Vec<u8> {
    match std::str::from_utf8(content) {
        Ok(text) if text.contains(NOWHERE) => {
            *addressed += 1;
            text.replace(NOWHERE, api).into_bytes()
        }
        _ => content.to_vec(),
    }
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const APPID: &str = "wx0123456789abcdef";

    #[test]
    fn an_app_id_and_a_server_are_what_wechat_takes() {
        check(APPID, "https://jinlin.example.gov.cn").unwrap();
        for appid in ["", "wx", "wx0123456789ABCDEF", "xx0123456789abcdef"] {
            assert!(check(appid, "https://a.cn").is_err(), "{appid}");
        }
        for api in ["http://a.cn", "https://", "https://a.cn/m", "a.cn", "https://a.cn\";x"] {
            assert!(check(APPID, api).is_err(), "{api}");
        }
    }

    #[test]
    fn the_folder_names_the_county_s_app_and_server_and_no_other() {
        let place = tempfile::tempdir().unwrap();
        let dir = place.path().join("out");
        let (appid, api) = (APPID.to_owned(), "https://a.example".to_owned());
        let export = MiniProgram::Export { appid, api, dir: dir.clone() };
        run(&export).unwrap();
        let project = fs::read_to_string(dir.join(PROJECT)).unwrap();
        assert!(project.contains(APPID), "{project}");
        assert!(dir.join("app.json").exists());
        let nowhere = walk(&dir).into_iter().find(|it| it.contains(NOWHERE));
        assert_eq!(nowhere, None);
        assert!(walk(&dir).iter().any(|it| it.contains("https://a.example")));
        assert!(run(&export).is_err(), "never over an old one");
    }

    fn walk(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).unwrap().map(|it| it.unwrap().path());
        let texts = entries.flat_map(|path| match path.is_dir() {
            true => walk(&path),
            false => vec![String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()],
        });
        texts.collect()
    }
}
