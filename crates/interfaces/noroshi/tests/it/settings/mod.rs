//! `noroshi.toml`: what it may say, that all that is wrong is told with its place in both languages, and
//! `noroshi config`.

mod command;
mod faults;
mod values;

use std::path::Path;

use noroshi::settings::{Fault, Settings};

/// Every setting, none of them as it is by default.
pub const WHOLE: &str = r#"language = "en"
zone = "+09:30"
[log]
level = "debug"
[disk]
free = "1.5 GiB"
files = "20GB"
[[follow]]
name = "dc01"
paths = ["/var/log/forwarded/dc01", "/var/log/b \"quoted\" \\ \u0009"]
owner = "あおば市"
tlp = "TLP:RED"
zone = "UTC"
year = 2026
silent_after = "36 h"
[[follow]]
name = "proxy"
paths = ["/var/log/proxy.log"]
[mail]
from = "noroshi@soc.example.jp"
desk = ["desk@soc.example.jp", "night.desk+noroshi@soc.example.jp"]
[mail.smtp]
host = "mail.example.jp"
tls = "implicit"
user = "noroshi"
password_file = "smtp-password"
ca_file = "/etc/ssl/own-ca.pem"
[deliver]
folder = "/srv/noroshi/out"
[backup]
folder = "/backup/noroshi"
keep = 0x1E
"#;

pub fn parse(text: &str) -> Result<Settings, Vec<Fault>> {
    Settings::parse(text, Path::new("/srv/home"))
}
