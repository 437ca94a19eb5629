use std::{sync::Arc, thread};

use super::{Push, Receiver, Said};
use crate::{
    Result,
    lot::{Lot, mix},
};

/// What fans write, and which keyword rules it meets.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary;

/// Words of rules, and what these rules answer.
const RULES: [(&str, &str); 16] = [
    ("价格", "门店统一价：拿铁 28 元，美式 22 元，燕麦奶加 4 元。会员日第二杯半价。"),
    ("地址", "我们在建国路 88 号一层，地铁大望路站 A 口出来直走三百米。"),
    ("营业时间", "每天 08:00 到 22:00，春节期间另行通知。"),
    ("优惠", "本周新朋友立减 10 元，回复“券”领取。"),
    ("快递", "每天下午四点前的订单当天寄出，一般两到三天到。"),
    ("发票", "请把抬头和税号发给我们，电子发票当天开出。"),
    ("会员", "消费满 200 元自动成为会员，积分当年有效。"),
    ("预约", "请告诉我们日期、人数和您的称呼，一小时内回复您。"),
    ("退货", "收到七天内未拆封可以退，运费我们承担。"),
    ("菜单", "菜单在下面的“点单”里，也可以到店扫码。"),
    ("停车", "地下二层停车，消费满 100 元免两小时。"),
    ("客服", "人工客服每天 09:00 到 21:00 在线，请稍等。"),
    ("招聘", "正在招咖啡师两名，简历请发到店里邮箱。"),
    ("活动", "周六下午三点有手冲课，名额十位。"),
    ("礼品卡", "礼品卡 100 元起，可以写祝福语。"),
    ("豆子", "本月豆子是埃塞俄比亚耶加雪菲，日晒，二百克 78 元。"),
];

const BEFORE: [&str; 8] =
    ["你好，请问", "想问一下", "请问现在", "麻烦问下", "我想知道", "老板，", "在吗？", "上次说的"];
const AFTER: [&str; 8] = ["是多少？", "怎么弄", "能告诉我吗", "谢谢！", "在哪里看", "还有没有", "什么时候有", "呢"];
const ASIDE: [&str; 10] = [
    "今天好冷",
    "收到了",
    "哈哈哈",
    "好的谢谢",
    "明天见",
    "味道不错",
    "路上堵车了",
    "已经到门口",
    "下次再来",
    "辛苦啦",
];

impl Vocabulary {
    /// Word and answer of each rule.
    pub fn rules(self) -> &'static [(&'static str, &'static str)] {
        &RULES
    }

    /// What the fan writes in the document of this number, and the answer that is right (`None`: no rule meets it).
    pub fn text(self, number: u64, unmatched_percent: u64) -> (String, Option<&'static str>) {
        let lot = mix(number ^ 0xca11);
        let pick = |shift: u32, count: usize| usize::try_from((lot >> shift) % count as u64).unwrap_or(0);
        if lot % 100 < unmatched_percent {
            return (format!("{}{}", ASIDE[pick(8, ASIDE.len())], ["", "。", "~", "！"][pick(16, 4)]), None);
        }
        let (word, answer) = RULES[pick(24, RULES.len())];
        (format!("{}{word}{}", BEFORE[pick(32, BEFORE.len())], AFTER[pick(40, AFTER.len())]), Some(answer))
    }
}

/// How a ring is mixed.
#[derive(Debug, Clone, Copy)]
pub struct Mix {
    /// Requests to make.
    pub requests: usize,
    /// Of a hundred texts, how many meet no rule.
    pub unmatched_percent: u64,
    /// Of a hundred requests, how many deliver a document again that was delivered before.
    pub repeat_percent: u64,
    /// The instant of the first document, in seconds, and how many follow within a second.
    pub begin_s: i64,
    pub a_second: u64,
    /// The number of the first document; rings of one run must not share numbers.
    pub first_document: u64,
}

/// Requests, made before they are needed.
pub struct Ring {
    pub receiver: Receiver,
    pub openids: Arc<Vec<String>>,
    pub mix: Mix,
    parts: Vec<Part>,
    each: usize,
}

#[derive(Default)]
struct Part {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    documents: Vec<u64>,
}

/// Message ids as large as WeChat's.
const FIRST_MSG_ID: u64 = 23_000_000_000_000_000;
/// How far back a repeated document may lie.
const REPEATED_WITHIN: u64 = 400;

impl Ring {
    /// Seals every request, on two threads.
    pub fn make(receiver: &Receiver, openids: &Arc<Vec<String>>, mix: Mix) -> Result<Self> {
        const THREADS: usize = 2;
        let each = mix.requests.div_ceil(THREADS);
        let parts = thread::scope(|scope| {
            let spans = (0..THREADS).map(|part| part * each..((part + 1) * each).min(mix.requests));
            let workers: Vec<_> = spans.map(|span| scope.spawn(move || part(receiver, openids, mix, span))).collect();
            workers
                .into_iter()
                .map(|worker| worker.join().map_err(|_| "a thread that seals requests panicked")?)
                .collect::<Result<Vec<Part>>>()
        })?;
        Ok(Self { receiver: receiver.clone(), openids: openids.clone(), mix, parts, each })
    }

    pub fn len(&self) -> usize {
        self.mix.requests
    }

    /// The bytes of a request.
    pub fn request(&self, number: usize) -> &[u8] {
        let (part, within) = (&self.parts[number / self.each], number % self.each);
        let begin = if within == 0 { 0 } else { part.ends[within - 1] };
        &part.bytes[begin..part.ends[within]]
    }

    /// Which document it delivers.
    pub fn document(&self, number: usize) -> u64 {
        self.parts[number / self.each].documents[number % self.each]
    }

    /// The fan who wrote a document, and the answer that is right.
    pub fn expected(&self, document: u64) -> (&str, Option<&'static str>) {
        (openid(&self.openids, document), Vocabulary.text(document, self.mix.unmatched_percent).1)
    }
}

fn openid(openids: &[String], document: u64) -> &str {
    &openids[usize::try_from(mix(document) % openids.len() as u64).unwrap_or(0)]
}

fn part(receiver: &Receiver, openids: &[String], mixed: Mix, span: std::ops::Range<usize>) -> Result<Part> {
    let mut made = Part { bytes: Vec::with_capacity(span.len() * 1200), ..Part::default() };
    let mut lot = Lot::new(mixed.first_document ^ span.start as u64);
    for number in span {
        let own = mixed.first_document + number as u64;
        let repeats = mix(own ^ 0x2e9ea7) % 100 < mixed.repeat_percent;
        let document =
            if repeats { own.saturating_sub(1 + lot.below(REPEATED_WITHIN)).max(mixed.first_document) } else { own };
        let openid = openid(openids, document);
        let create_time = mixed.begin_s + ((document - mixed.first_document) / mixed.a_second.max(1)).cast_signed();
        let (text, _) = Vocabulary.text(document, mixed.unmatched_percent);
        let push =
            Push { openid: openid.to_owned(), create_time, said: Said::Text { msg_id: FIRST_MSG_ID + document, text } };
        let timestamp = mixed.begin_s + ((own - mixed.first_document) / mixed.a_second.max(1)).cast_signed();
        receiver.write_request(&receiver.document(&push)?, openid, timestamp, lot.bytes(), &mut made.bytes);
        made.ends.push(made.bytes.len());
        made.documents.push(document);
    }
    Ok(made)
}
