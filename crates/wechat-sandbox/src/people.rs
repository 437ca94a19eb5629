//! Who a person is: name, picture, sex, city, all out of their number.
//!
//! The API gives these away only to accounts with the `legacy_profile` switch,
//! as WeChat did before October 2021. The phone always shows them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::permute::mix;

const SURNAMES: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗", "梁", "宋", "郑", "谢",
];
const FEMALE: [&str; 20] = [
    "雨桐", "静怡", "欣妍", "梦瑶", "雅琪", "婷", "丽娜", "晓燕", "思涵", "芳", "玉兰", "佳宁", "诗涵", "敏", "秀英",
    "晨曦", "若溪", "慧", "语嫣", "可心",
];
const MALE: [&str; 20] = [
    "伟", "子轩", "浩然", "建国", "志强", "俊杰", "明", "宇航", "文博", "磊", "天佑", "国庆", "嘉豪", "鹏", "家明",
    "一鸣", "涛", "思远", "海", "泽宇",
];
const LATIN: [&str; 16] = [
    "Ann", "Bruce", "Coco", "Daisy", "Echo", "Frank", "Grace", "Henry", "Ivy", "Jason", "Kelly", "Leo", "Mia", "Nina",
    "Oscar", "Vivian",
];
const CITIES: [(&str, &str); 20] = [
    ("广东", "广州"),
    ("广东", "深圳"),
    ("上海", "浦东新区"),
    ("北京", "朝阳"),
    ("浙江", "杭州"),
    ("江苏", "南京"),
    ("江苏", "苏州"),
    ("四川", "成都"),
    ("湖北", "武汉"),
    ("陕西", "西安"),
    ("山东", "青岛"),
    ("福建", "厦门"),
    ("湖南", "长沙"),
    ("重庆", "渝中"),
    ("天津", "和平"),
    ("河南", "郑州"),
    ("辽宁", "大连"),
    ("云南", "昆明"),
    ("广西", "桂林"),
    ("黑龙江", "哈尔滨"),
];

/// What is drawn in place of a photograph: a glyph on a coloured ground.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Avatar {
    /// Degrees on the colour wheel.
    pub hue: u16,
    pub glyph: String,
}

pub(crate) struct Person {
    pub name: String,
    /// 1 male, 2 female.
    pub sex: u8,
    pub province: &'static str,
    pub city: &'static str,
    pub avatar: Avatar,
}

pub(crate) fn person(n: u64) -> Person {
    let h = mix(n ^ 0x5eed);
    let pick = |shift: u32, len: usize| (mix(h >> shift) % len as u64) as usize;
    let female = h & 1 == 0;
    let given = if female { FEMALE[pick(1, FEMALE.len())] } else { MALE[pick(2, MALE.len())] };
    let name = match h >> 8 & 7 {
        0 => LATIN[pick(3, LATIN.len())].to_owned(),
        1 => format!("{} {}", LATIN[pick(4, LATIN.len())], SURNAMES[pick(5, SURNAMES.len())]),
        _ => format!("{}{given}", SURNAMES[pick(5, SURNAMES.len())]),
    };
    let (province, city) = CITIES[pick(6, CITIES.len())];
    let glyph = name.chars().next().map(String::from).unwrap_or_default();
    let avatar = Avatar { hue: (h >> 16 & 0xffff) as u16 % 360, glyph };
    Person { name, sex: if female { 2 } else { 1 }, province, city, avatar }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_the_same_every_time_and_people_differ() {
        assert_eq!(person(3).name, person(3).name);
        let names: std::collections::HashSet<String> = (0..200).map(|n| person(n).name).collect();
        assert!(names.len() > 120, "{}", names.len());
        assert!((0..200).any(|n| person(n).name.is_ascii()) && (0..200).any(|n| !person(n).name.is_ascii()));
    }
}
