use std::time::{Duration, Instant};

use crate::{
    Result,
    console::seed::Loaded,
    hub::{Api, Bound, Place},
    load::{Line, Push, Said},
    lot::Lot,
    machine::now_ms,
    table::Times,
};

/// How soon what a fan writes is where, from the first byte of its callback.
pub struct Came {
    /// The callback is answered: the message is on disk.
    pub answered: Times,
    /// The live stream has said that the conversation is not as it was.
    pub told: Times,
    /// And the list, asked for then, shows the message.
    pub shown: Times,
}

const PATIENCE: Duration = Duration::from_secs(20);

/// Fans write one after the other, while somebody listens.
pub async fn watch(api: &Api, place: &Place, bound: &Bound, loaded: &Loaded, messages: u64) -> Result<Came> {
    let mut stream = api.listen().await?;
    let mut line = Line::open(place.address).await?;
    let mut lot = Lot::new(0x17b0);
    let (mut answered, mut told, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    let since = |begun: Instant| u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
    for number in 0..messages {
        let openid = &loaded.openids[usize::try_from(lot.below(loaded.openids.len() as u64))?];
        let words = format!("第 {number} 个问题");
        let push = Push {
            openid: openid.clone(),
            create_time: now_ms() / 1000,
            said: Said::Text { msg_id: 77_000_000_000_000_000 + number, text: words.clone() },
        };
        let document = bound.receiver.document(&push)?;
        let mut request = Vec::new();
        bound.receiver.write_request(&document, openid, now_ms() / 1000, lot.bytes(), &mut request);

        let begun = Instant::now();
        let answer = line.exchange(&request).await?;
        if answer.status != 200 {
            return Err(format!("the door answers {}", answer.status).into());
        }
        answered.push(since(begun));
        tokio::time::timeout(PATIENCE, heard(&mut stream, openid)).await.map_err(|_| "nobody was told")??;
        told.push(since(begun));
        // As the console asks: the first page, in which what has just come in stands among what has to be looked at; its
        // window is the longest of all, so that it is found by its words.
        let found = api.get(&format!("/conversations?query={openid}")).await?;
        if found["items"][0]["last"]["text"] != words.as_str() {
            return Err(format!("the list does not show {words}: {found}").into());
        }
        api.get("/conversations?limit=50").await?;
        shown.push(since(begun));
    }
    Ok(Came { answered: Times::of(answered), told: Times::of(told), shown: Times::of(shown) })
}

/// Reads the stream until it tells of a conversation with this fan.
async fn heard(stream: &mut reqwest::Response, openid: &str) -> Result {
    let mut text = String::new();
    loop {
        let chunk = stream.chunk().await?.ok_or("the live stream ended")?;
        text.push_str(&String::from_utf8_lossy(&chunk));
        let told = text.split("\n\n").any(|event| event.contains("event: conversations") && event.contains(openid));
        if told {
            return Ok(());
        }
    }
}
