//! What no template takes, whatever its fields are. Pure.

use kit::http::Faults;

use crate::messages::MiniProgram;

/// The longest text that is written for one field, before its places are filled.
const LONGEST_TEXT: usize = 500;
/// In bytes.
const LONGEST_LINK: usize = 1024;

/// Says at this field when the text for it is longer than anything could be.
pub fn check_length(text: &str, field: &str, faults: &mut Faults) {
    if text.chars().count() > LONGEST_TEXT {
        faults.add(field, "too_long", format!("at most {LONGEST_TEXT} characters"));
    }
}

/// Says what is wrong with where a tap leads, at the fields of `message`.
pub fn check_links(url: Option<&str>, mini_program: Option<&MiniProgram>, faults: &mut Faults) {
    if let Some(url) = url {
        let fine = url.len() <= LONGEST_LINK
            && url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !fine {
            faults.add(
                "message.url",
                "url",
                format!("must be an http or https address of at most {LONGEST_LINK} bytes"),
            );
        }
    }
    if let Some(program) = mini_program {
        let id = &program.app_id;
        if !(id.starts_with("wx") && id.len() == 18 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
            faults.add("message.mini_program.app_id", "shape", "wx and sixteen letters and digits");
        }
        if program.path.as_ref().is_some_and(|path| path.len() > LONGEST_LINK) {
            faults.add("message.mini_program.path", "too_long", format!("at most {LONGEST_LINK} bytes"));
        }
    }
}
