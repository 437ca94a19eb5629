//! Names and sayings that look like people's, out of a number.

use crate::lot::mix;

const SURNAMES: [&str; 32] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "欧阳",
];
const GIVEN: [&str; 48] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "霞",
    "平", "刚", "桂", "英", "华", "玉", "兰", "红", "飞", "鹏", "宇", "浩", "然", "子", "轩", "梓", "涵", "雨", "桐",
    "思", "远", "欣", "怡", "佳", "宁", "晨", "曦", "若", "溪",
];
const THINGS: [&str; 40] = [
    "拿铁",
    "美式",
    "燕麦奶",
    "手冲",
    "豆子",
    "滤纸",
    "蛋糕",
    "可颂",
    "礼品卡",
    "会员卡",
    "积分",
    "优惠券",
    "发票",
    "快递",
    "退货",
    "预约",
    "包间",
    "停车",
    "营业时间",
    "菜单",
    "外卖",
    "订单",
    "杯子",
    "周边",
    "课程",
    "招聘",
    "加盟",
    "地址",
    "电话",
    "客服",
    "活动",
    "生日",
    "团购",
    "新品",
    "抹茶",
    "冰淇淋",
    "咖啡机",
    "磨豆机",
    "会议室",
    "无线网",
];
const ASKED: [&str; 24] = [
    "多少钱",
    "在哪里",
    "什么时候有",
    "还有吗",
    "怎么用",
    "能退吗",
    "几点开门",
    "可以预约吗",
    "怎么查",
    "过期了怎么办",
    "有没有优惠",
    "能送到家吗",
    "需要排队吗",
    "可以开票吗",
    "好喝吗",
    "推荐哪个",
    "能带宠物吗",
    "怎么还没到",
    "发错了",
    "坏了怎么办",
    "可以改时间吗",
    "能便宜点吗",
    "有停车位吗",
    "周末人多吗",
];
const BEFORE: [&str; 12] = [
    "请问",
    "你好，",
    "想问下",
    "老板",
    "昨天买的",
    "我的",
    "上次那个",
    "麻烦看下",
    "在吗？",
    "朋友推荐的",
    "刚才看到",
    "",
];
const AFTER: [&str; 8] = ["？", "，谢谢", "。", "～", "，急", "呀", "，在线等", ""];
const CITIES: [(&str, &str); 10] = [
    ("广东", "广州"),
    ("广东", "深圳"),
    ("上海", "上海"),
    ("北京", "北京"),
    ("浙江", "杭州"),
    ("江苏", "南京"),
    ("四川", "成都"),
    ("湖北", "武汉"),
    ("陕西", "西安"),
    ("福建", "厦门"),
];

fn pick<T: Copy>(of: &[T], lot: u64) -> T {
    of[usize::try_from(lot % of.len() as u64).unwrap_or(0)]
}

/// About seventy thousand names, most of them borne by several people.
pub fn name(person: u64) -> String {
    let lot = mix(person ^ 0x9a3e);
    format!(
        "{}{}{}",
        pick(&SURNAMES, lot),
        pick(&GIVEN, lot >> 16),
        if lot >> 60 < 12 { pick(&GIVEN, lot >> 32) } else { "" }
    )
}

/// Province and city.
pub fn place(person: u64) -> (&'static str, &'static str) {
    pick(&CITIES, mix(person ^ 0xc17))
}

/// What a fan wrote, as the number says; some carry a number of their own.
pub fn said(number: u64) -> String {
    let lot = mix(number ^ 0x5a1d);
    let order = if lot >> 58 == 0 { format!("订单号{}", 20_000_000 + lot % 9_000_000) } else { String::new() };
    format!(
        "{}{}{}{}{order}",
        pick(&BEFORE, lot >> 8),
        pick(&THINGS, lot >> 16),
        pick(&ASKED, lot >> 24),
        pick(&AFTER, lot >> 32)
    )
}

/// A word that many sayings hold, or a pair of words that fewer do.
pub fn looked_for(number: u64) -> String {
    let lot = mix(number ^ 0x100c);
    if lot & 1 == 0 {
        pick(&THINGS, lot >> 8).to_owned()
    } else {
        format!("{}{}", pick(&THINGS, lot >> 8), pick(&ASKED, lot >> 16))
    }
}
