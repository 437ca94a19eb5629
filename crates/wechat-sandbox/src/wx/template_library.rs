//! A small library of templates: historical ones of industries, and those of categories for template
//! messages and for notices. The real one has thousands; these have the same shapes.

/// A keyword: its number, its name, its type (empty in historical templates), an example.
pub(super) type Keyword = (u32, &'static str, &'static str, &'static str);

/// A template of the library.
pub(super) struct Entry {
    /// `TM…` of an industry, digits of a category.
    pub id: &'static str,
    pub title: &'static str,
    /// 1 to 41 for historical ones; 0 otherwise.
    pub industry: u8,
    /// Of notices; 0 for template messages.
    pub category: i64,
    /// Of notices: 2 once, 3 long-term.
    pub kind: i64,
    pub keywords: &'static [Keyword],
}

const fn historical(id: &'static str, title: &'static str, industry: u8, keywords: &'static [Keyword]) -> Entry {
    Entry { id, title, industry, category: 0, kind: 0, keywords }
}

const fn message(id: &'static str, title: &'static str, keywords: &'static [Keyword]) -> Entry {
    Entry { id, title, industry: 0, category: 0, kind: 0, keywords }
}

const fn notice(
    id: &'static str,
    title: &'static str,
    category: i64,
    kind: i64,
    keywords: &'static [Keyword],
) -> Entry {
    Entry { id, title, industry: 0, category, kind, keywords }
}

pub(super) static LIBRARY: &[Entry] = &[
    historical("TM00015", "订单支付成功", 1, &[(1, "支付金额", "", "30.00元"), (2, "商品信息", "", "我是商品名字")]),
    historical("TM00017", "订单状态更新", 1, &[(1, "订单编号", "", "7685764"), (2, "订单状态", "", "已发货")]),
    historical(
        "TM00303",
        "订单发货提醒",
        13,
        &[(1, "订单内容", "", "四川蒲江猕猴桃"), (2, "物流服务", "", "顺丰速递")],
    ),
    historical("TM00204", "就诊提醒", 22, &[(1, "就诊人", "", "王小明"), (2, "就诊时间", "", "2026年11月28日 09:30")]),
    historical(
        "TM00080",
        "课程开课通知",
        16,
        &[(1, "课程", "", "水彩入门"), (2, "开课时间", "", "2026年12月1日 19:00")],
    ),
    message(
        "42984",
        "订单支付成功通知",
        &[
            (1, "订单编号", "character_string", "20261128001"),
            (2, "商品名称", "thing", "手工陶瓷杯"),
            (3, "支付金额", "amount", "￥68.00"),
            (4, "支付时间", "time", "2026-11-28 10:30"),
            (5, "收货电话", "phone_number", "13800000000"),
        ],
    ),
    message(
        "43210",
        "订单发货通知",
        &[
            (1, "订单编号", "character_string", "20261128001"),
            (2, "商品名称", "thing", "手工陶瓷杯"),
            (3, "快递公司", "thing", "顺丰速运"),
            (4, "快递单号", "character_string", "SF1234567890"),
            (5, "发货时间", "time", "2026-11-28 18:00"),
        ],
    ),
    message(
        "46232",
        "预约成功通知",
        &[
            (1, "预约项目", "thing", "洗剪吹"),
            (2, "预约时间", "time", "2026-11-29 14:00"),
            (3, "预约门店", "thing", "人民路店"),
            (4, "预约人", "name", "王小明"),
            (5, "联系电话", "phone_number", "021-12345678"),
        ],
    ),
    message(
        "47001",
        "会员积分变动提醒",
        &[
            (1, "会员等级", "phrase", "金卡会员"),
            (2, "变动类型", "const", "消费"),
            (3, "变动积分", "number", "120"),
            (4, "当前积分", "number", "1860"),
            (5, "变动时间", "date", "2026-11-28"),
        ],
    ),
    message(
        "48310",
        "停车缴费提醒",
        &[
            (1, "车牌号", "car_number", "沪A12345"),
            (2, "停车场", "thing", "中心广场地下车库"),
            (3, "应缴金额", "amount", "15元"),
            (4, "入场时间", "time", "2026-11-28 09:05"),
            (5, "车位号", "short_thing", "B2-17"),
        ],
    ),
    notice(
        "1001",
        "活动开始提醒",
        616,
        2,
        &[
            (1, "活动名称", "thing", "周末读书会"),
            (2, "开始时间", "time", "2026-11-29 15:00"),
            (3, "活动地点", "thing", "二楼阅览室"),
            (4, "温馨提示", "thing", "请提前十分钟到场"),
        ],
    ),
    notice(
        "1002",
        "新书上架通知",
        616,
        2,
        &[
            (1, "书名", "thing", "江城"),
            (2, "作者", "name", "何伟"),
            (3, "价格", "amount", "￥36.00"),
            (4, "上架时间", "date", "2026-11-28"),
        ],
    ),
    notice(
        "1003",
        "开课提醒",
        612,
        2,
        &[
            (1, "课程名称", "thing", "水彩入门"),
            (2, "上课时间", "time", "2026-12-01 19:00"),
            (3, "授课老师", "name", "林老师"),
            (4, "课程编号", "character_string", "C-2026-08"),
        ],
    ),
    notice(
        "1004",
        "取书通知",
        616,
        3,
        &[
            (1, "书名", "thing", "海错图笔记"),
            (2, "取书码", "character_string", "A1027"),
            (3, "保留至", "date", "2026-12-05"),
        ],
    ),
];

/// The categories of every account of the sandbox.
pub(super) const CATEGORIES: [(i64, &str); 3] = [(612, "教育信息服务"), (616, "图书报刊"), (652, "线下零售")];

/// Industries by their ids from 1: first class, second class, as the answer spells them.
pub(super) const INDUSTRIES: [(&str, &str); 41] = [
    ("IT科技", "互联网|电子商务"),
    ("IT科技", "IT软件与服务"),
    ("IT科技", "IT硬件与设备"),
    ("IT科技", "电子技术"),
    ("IT科技", "通信与运营商"),
    ("IT科技", "网络游戏"),
    ("金融业", "银行"),
    ("金融业", "证券|基金|理财|信托"),
    ("金融业", "保险"),
    ("餐饮", "餐饮"),
    ("酒店旅游", "酒店"),
    ("酒店旅游", "旅游"),
    ("运输与仓储", "快递"),
    ("运输与仓储", "物流"),
    ("运输与仓储", "仓储"),
    ("教育", "培训"),
    ("教育", "院校"),
    ("政府与公共事业", "学术科研"),
    ("政府与公共事业", "交警"),
    ("政府与公共事业", "博物馆"),
    ("政府与公共事业", "公共事业非盈利机构"),
    ("医药护理", "医药医疗"),
    ("医药护理", "护理美容"),
    ("医药护理", "保健与卫生"),
    ("交通工具", "汽车相关"),
    ("交通工具", "摩托车相关"),
    ("交通工具", "火车相关"),
    ("交通工具", "飞机相关"),
    ("房地产", "房地产|建筑"),
    ("房地产", "物业"),
    ("消费品", "消费品"),
    ("商业服务", "法律"),
    ("商业服务", "会展"),
    ("商业服务", "中介服务"),
    ("商业服务", "认证"),
    ("商业服务", "审计"),
    ("文体娱乐", "传媒"),
    ("文体娱乐", "体育"),
    ("文体娱乐", "娱乐休闲"),
    ("印刷", "印刷"),
    ("其他", "其他"),
];

/// A template for template messages.
pub(super) fn message_entry(id: &str) -> Option<&'static Entry> {
    LIBRARY.iter().find(|entry| entry.id == id && entry.category == 0)
}

/// A template for notices.
pub(super) fn notice_entry(id: &str) -> Option<&'static Entry> {
    LIBRARY.iter().find(|entry| entry.id == id && entry.category != 0)
}
