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
    /// WeChat is busy, or says something nobody has documented: it may have been done.
    Unclear,
}

impl Next {
    pub fn of(code: ErrCode) -> Self {
        match code.0 {
            40001 | 40014 | 42001 | 42006 => Self::FreshToken,
            45011 => Self::WaitMinute,
            45009 => Self::WaitDay,
            45040 | 48006 => Self::WaitMonth,
            48001 | 48003 | 48004 | 48008 | 50001 | 50002 | 61007 | 61016 | 61017 | 45029 | 45103 | 45087 => {
                Self::NotAllowed
            }
            61003 | 61023 | 42007 => Self::Unauthorized,
            40003 | 43004 | 43019 | 45015 | 45047 | 48002 | 49003 | 46004 | 50005 => Self::GiveUpRecipient,
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
            | 45056..=45059
            | 45157..=45159
            | 45072
            | 45080
            | 45081
            | 45086
            | 45098
            | 45099
            | 46001..=46003
            | 47001..=47003
            | 61009
            | 61010
            | 61012
            | 61013
            | 61025
            | 65301..=65319 => Self::FixRequest,
            _ => Self::Unclear,
        }
    }

    /// Whether WeChat said for certain that it did nothing.
    pub fn is_definite(self) -> bool {
        self != Self::Unclear
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
        assert!(!Next::of(ErrCode(-1)).is_definite());
    }
}
