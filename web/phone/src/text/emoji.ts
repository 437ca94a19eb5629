/** WeChat writes its own faces as words in brackets. We draw none of its pictures: the nearest Unicode sign stands for them. */
const faces: Record<string, string> = {
  微笑: "🙂", 撇嘴: "😕", 色: "😍", 发呆: "😶", 得意: "😎", 流泪: "😢", 害羞: "😊", 闭嘴: "🤐", 睡: "😴", 大哭: "😭",
  尴尬: "😅", 发怒: "😠", 调皮: "😜", 呲牙: "😁", 惊讶: "😮", 难过: "🙁", 囧: "😳", 抓狂: "😫", 吐: "🤮", 偷笑: "🤭",
  愉快: "😄", 白眼: "🙄", 困: "😪", 惊恐: "😱", 憨笑: "😃", 疑问: "❓", 晕: "😵", 再见: "👋", 鼓掌: "👏", 坏笑: "😏",
  委屈: "🥺", 亲亲: "😘", 可怜: "🥺", 笑脸: "😀", 生病: "😷", 破涕为笑: "😂", 恐惧: "😨", 嘿哈: "😆", 捂脸: "🤦", 奸笑: "😏",
  机智: "🧐", 耶: "✌️", 加油: "💪", 汗: "😓", 合十: "🙏", 玫瑰: "🌹", 凋谢: "🥀", 爱心: "❤️", 心碎: "💔", 蛋糕: "🎂",
  太阳: "☀️", 月亮: "🌙", 拥抱: "🤗", 强: "👍", 弱: "👎", 握手: "🤝", 胜利: "✌️", 抱拳: "🙏", 拳头: "✊", OK: "👌",
  庆祝: "🎉", 礼物: "🎁", 红包: "🧧", 福: "🧧", 烟花: "🎆", 爆竹: "🧨", 咖啡: "☕", 啤酒: "🍺", 炸弹: "💣", 菜刀: "🔪",
  Smile: "🙂", Grin: "😁", Heart: "❤️", Rose: "🌹", ThumbsUp: "👍", Clap: "👏", Party: "🎉", Sob: "😭", Blush: "😊",
};

export const withFaces = (text: string) =>
  text.replace(/\[([^[\]\s]{1,8})\]/g, (all, name: string) => (Object.hasOwn(faces, name) ? (faces[name] ?? all) : all));
