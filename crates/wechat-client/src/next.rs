use wechat::ErrCode;

/// What one does about an error code. Nobody above this crate looks at the number for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The token was refused, and nothing was done: get another and try once more.
    FreshToken,
    /// Too fast; nothing was done. Wait for the next minute.
    WaitMinute,
    /// The day's quota is gone; nothing was done.
    WaitDay,
    /// The month's quota is gone; nothing was done.
    WaitMonth,
    /// This account may not do this at all: a right is missing, or it is punished. Nothing was done.
    NotAllowed,
    /// The account no longer authorises us. Nothing was done.
    Unauthorized,
    /// This recipient cannot be reached by this call now. Nothing was done.
    GiveUpRecipient,
    /// A credential or setting is wrong, and a person has to put it right. Nothing was done.
    TellPerson,
    /// The request itself is wrong. Nothing was done.
    FixRequest,
    /// It was done before, under the same id: the answer's `msg_id` names it. Never make another id for it.
    AlreadyDone,
    /// The same id came twice within a minute. The first may have been done, even when it is ours that was the
    /// first: wait a minute and repeat with the same id, which is safe and tells.
    SameIdTooSoon,
    /// WeChat is busy, or says something nobody has documented: it may have been done.
    Unclear,
}

impl Next {
    pub fn of(code: ErrCode) -> Self {
        match code.0 {
            40001 | 40014 | 42001 | 42006 => Self::FreshToken,
            45065 => Self::AlreadyDone,
            45066 => Self::SameIdTooSoon,
            45011 => Self::WaitMinute,
            45009 | 45028 | 45093 | 53501 => Self::WaitDay,
            45040 | 48006 | 43100 => Self::WaitMonth,
            48001 | 48003 | 48004 | 48008 | 50001 | 50002 | 61007 | 61016 | 61017 | 45029 | 45103 | 45087 | 43104
            | 43106 | 43107 | 43116 | 45094 | 53500 | 88000 | 200_011 => Self::NotAllowed,
            61003 | 61023 | 42007 => Self::Unauthorized,
            40003 | 43004 | 43019 | 43101 | 45015 | 45047 | 48002 | 49003 | 46004 | 50005 => Self::GiveUpRecipient,
            40013 | 40125 | 40164 | 40243 | 61004 | 61005 | 61006 | 61011 | 41002 | 41004 | 89501..=89507 | 45035 => {
                Self::TellPerson
            }
            40002
            | 40004..=40012
            | 40015..=40039
            | 40048..=40163
            | 40165..=40242
            | 40244..=40299
            | 41001
            | 41003
            | 41005..=41099
            | 43001..=43003
            | 44001..=44005
            | 45001..=45008
            | 45010
            | 45012..=45014
            | 45019
            | 45026
            | 45027
            | 45051
            | 45052
            | 45056..=45059
            | 45157..=45159
            | 45067
            | 45072
            | 45080
            | 45081
            | 45083
            | 45084
            | 45086
            | 45098
            | 45099
            | 45110
            | 45161
            | 45166
            | 45168
            | 46001..=46003
            | 47001..=47003
            | 48005
            | 48011
            | 48013
            | 48014
            | 53401..=53499
            | 53502..=53600
            | 61009
            | 61010
            | 61012
            | 61013
            | 61025
            | 61500..=61503
            | 65301..=65319
            | 88001..=88010
            | 200_012..=200_021 => Self::FixRequest,
            // 43108 (two sends to one fan at once) and 45085 (the speed server failed) do not say that nothing was done.
            _ => Self::Unclear,
        }
    }

    /// Whether WeChat said for certain that it did nothing.
    pub fn is_definite(self) -> bool {
        !matches!(self, Self::Unclear | Self::AlreadyDone | Self::SameIdTooSoon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p2_only_documented_refusals_are_definite() {
        let check = |code: i64, next: Next| assert_eq!(Next::of(ErrCode(code)), next, "{code}");
        check(42001, Next::FreshToken);
        check(45009, Next::WaitDay);
        // No more permanent QR codes.
        check(45029, Next::NotAllowed);
        check(45015, Next::GiveUpRecipient);
        check(61003, Next::Unauthorized);
        check(40164, Next::TellPerson);
        check(40008, Next::FixRequest);
        check(-1, Next::Unclear);
        check(99_999, Next::Unclear);
        check(43108, Next::Unclear);
        check(45085, Next::Unclear);
        assert!(!Next::of(ErrCode(-1)).is_definite());
    }
    #[test]
    fn p2_a_broadcast_under_a_known_id_was_done_and_is_never_done_again() {
        assert_eq!(Next::of(ErrCode::CLIENTMSGID_EXIST), Next::AlreadyDone);
        assert!(!Next::AlreadyDone.is_definite(), "it did not do nothing");
        assert_eq!(Next::of(ErrCode::CLIENTMSGID_RETRY_TOO_FAST), Next::SameIdTooSoon);
        assert!(!Next::SameIdTooSoon.is_definite(), "the first may have been done");
        assert_eq!(Next::of(ErrCode::CLIENTMSGID_SIZE), Next::FixRequest);
    }

    #[test]
    fn what_one_does_about_broadcasts_templates_and_notices() {
        let all = |codes: &[i64], next: Next| {
            for &code in codes {
                assert_eq!(Next::of(ErrCode(code)), next, "{code}");
            }
        };
        all(&[45028, 45093, 53501], Next::WaitDay);
        all(&[43100], Next::WaitMonth);
        all(&[43101, 43019, 43004], Next::GiveUpRecipient);
        all(&[43104, 43106, 43107, 43116, 45094, 53500, 88000, 200_011, 48003], Next::NotAllowed);
        all(&[45026, 45027, 45083, 45084, 45161, 45166, 45168, 48011, 48013, 48014, 53600], Next::FixRequest);
        all(&[40130, 40246, 45019, 45051, 88005, 88010, 200_012, 200_014, 200_020, 200_021], Next::FixRequest);
    }

    #[test]
    fn what_one_does_about_material_drafts_comments_and_statistics() {
        let all = |codes: &[i64], next: Next| {
            for &code in codes {
                assert_eq!(Next::of(ErrCode(code)), next, "{code}");
            }
        };
        all(&[88000, 53500], Next::NotAllowed);
        all(&[53501], Next::WaitDay);
        all(&[45110, 48005, 53401, 53402, 53502, 53600, 61500, 61501, 61502, 61503], Next::FixRequest);
        all(&[88001, 88003, 88004, 88005, 88007, 88008, 88009, 88010], Next::FixRequest);
        assert!(
            (53401..=53600).chain(61500..=61503).chain(88000..=88010).all(|code| Next::of(ErrCode(code)).is_definite())
        );
    }
}
