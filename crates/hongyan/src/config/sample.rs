use super::{FIELDS, SECTIONS};

/// The commented sample: every section and key with its reason, all commented out.
pub fn sample() -> String {
    let mut text = String::from(
        "# Hongyan's configuration. Everything here is optional; what is commented out shows a default or an example.\n\
         # Any key can come from the environment instead: HONGYAN__SERVER__LISTEN=0.0.0.0:8080\n",
    );
    for (section, about) in SECTIONS {
        text.push('\n');
        for line in *about {
            text.push_str(&format!("#{line}\n"));
        }
        text.push_str(&format!("[{section}]\n"));
        for field in FIELDS.iter().filter(|field| field.section == *section) {
            for line in field.about {
                text.push_str(&format!("#{line}\n"));
            }
            text.push_str(&format!("# {} = {}\n", field.name, field.example));
        }
    }
    text
}
