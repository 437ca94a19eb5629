//! Whether our clock can be trusted with what is to happen at a time of its own (P21).

use std::time::Duration;

use crate::{Ctx, Millis};

/// A clock that is off by so much is told to people.
pub const OFF_MS: Millis = 60_000;
/// By one that is off by so much nothing begins by itself.
pub const WRONG_MS: Millis = 300_000;
/// Who has spoken with WeChat asks again when there was no answer for so long: a clock may be set at any time.
const SILENCE: Duration = Duration::from_secs(600);

/// So far our clock is ahead of WeChat's, or behind when negative, if it is worth a word.
pub fn off(ctx: &Ctx) -> Option<Millis> {
    ctx.wechat().ahead_ms().filter(|ahead| ahead.abs() >= OFF_MS)
}

/// Whether nothing may begin by this clock.
pub fn is_wrong(ctx: &Ctx) -> bool {
    ctx.wechat().ahead_ms().is_some_and(|ahead| ahead.abs() >= WRONG_MS)
}

/// So many milliseconds what WeChat says of now is old, or young when negative. Measured by our clock, or by WeChat's as far as it is
/// known, whichever speaks for WeChat: of a machine that slept it is not known which of them is right before WeChat has answered.
pub fn age(ctx: &Ctx, said_at: Millis) -> Millis {
    let by_us = ctx.now().saturating_sub(said_at);
    let by_wechat = by_us.saturating_sub(off(ctx).unwrap_or(0));
    if by_us.saturating_abs() <= by_wechat.saturating_abs() { by_us } else { by_wechat }
}

/// While our clock is off WeChat is asked for the time, so that it is known when it is right again. On a timer.
pub async fn look_again(ctx: &Ctx) {
    let before = off(ctx);
    if before.is_none() && ctx.wechat().heard_ago().is_none_or(|ago| ago < SILENCE) {
        return;
    }
    if let Some(ahead_ms) = before {
        tracing::warn!(ahead_ms, paused = is_wrong(ctx), "our clock differs from WeChat's");
    }
    if let Err(error) = ctx.wechat().ask_the_time().await {
        tracing::debug!(%error, "WeChat did not say what time it is");
    }
}
