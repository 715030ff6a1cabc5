//! Invented requests: a matter, a few words, a point in the county.

use crate::ground::{outline, scatter};
use crate::rim::Dice;
use anyhow::Result;
use geogrid::LngLat;
use serde_json::{Value, json};

const STREETS: [&str; 8] =
    ["滨河路", "新华街", "建设路", "东门巷", "文化路", "南环路", "学府街", "水南路"];
/// Matter, what is wrong, what is wanted.
const COMPLAINTS: [(&str, &str, &str); 8] = [
    ("street_lights", "路灯连着几盏不亮,晚上一片漆黑", "请尽快派人检修"),
    ("garbage", "垃圾桶满了好几天没有清运,气味很重", "请安排清运并增加频次"),
    ("parking", "人行道被车辆长期占满,推婴儿车只能走机动车道", "请加强巡查"),
    ("pothole", "路面破损严重,下雨积水,骑车容易摔倒", "请修补路面"),
    ("oil_smoke", "楼下烧烤店油烟直排,开不了窗", "请督促安装净化设施"),
    ("property_service", "门禁坏了一个月,物业一直说在等配件", "请协调物业尽快修复"),
    ("stray_dogs", "傍晚有流浪狗成群,孩子放学不敢走", "请派人处理"),
    ("social_noise", "广场舞音响开到夜里十点以后,老人睡不着", "请协调降低音量"),
];

/// Makes requests, the same ones for the same seed.
pub struct Requests {
    points: Vec<LngLat>,
    corner: LngLat,
    dice: Dice,
}

/// A request before it is sent or recorded.
#[derive(Clone, Debug)]
pub struct Request {
    /// The matter's id.
    pub matter: &'static str,
    /// A few words.
    pub title: String,
    /// The whole text.
    pub body: String,
    /// Where.
    pub point: LngLat,
}

impl Requests {
    /// Requests all over the county.
    pub fn new(seed: u64) -> Result<Self> {
        let outline = outline()?;
        let (points, corner) = (scatter(&outline, 4_096), outline.bounds().south_west);
        Ok(Self { points, corner, dice: Dice::new(seed) })
    }

    /// The points at which they lie.
    pub fn points(&self) -> &[LngLat] {
        &self.points
    }

    /// The body of the next request to `POST /cases`.
    pub fn next_json(&mut self) -> Value {
        let it = self.take();
        json!({
            "procedure": "appeal",
            "matter": it.matter,
            "title": it.title,
            "body": it.body,
            "contact": "13800001234",
            "location": { "lng": it.point.lng(), "lat": it.point.lat(), "datum": "cgcs2000" },
        })
    }

    /// The next request.
    pub fn take(&mut self) -> Request {
        let dice = &mut self.dice;
        let (matter, wrong, wanted) =
            COMPLAINTS.get(dice.below(COMPLAINTS.len())).copied().unwrap_or_default();
        let street = dice.pick(&STREETS).copied().unwrap_or_default();
        let (door, day) = (1 + dice.below(300), 1 + dice.below(28));
        Request {
            matter,
            title: format!("{street}{door}号:{}", wrong.chars().take(12).collect::<String>()),
            body: format!("{street}{door}号附近{wrong}。从{day}号起已经多次,{wanted}。"),
            point: dice.pick(&self.points).copied().unwrap_or(self.corner),
        }
    }
}
