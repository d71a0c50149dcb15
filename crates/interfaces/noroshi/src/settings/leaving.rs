//! How an installation reaches the outside, for the courier.

use courier as out;

use super::{Mail, Settings, SignIn, Smtp, Tls};

impl Settings {
    /// What the courier needs of them.
    #[must_use]
    pub fn courier(&self) -> out::Settings {
        out::Settings {
            mail: self.mail.as_ref().map(mail),
            folder: self.deliver.as_ref().map(|deliver| deliver.folder.clone()),
            language: self.language,
            zone: self.zone.time_zone().clone(),
        }
    }
}

fn mail(Mail { from, desk, smtp }: &Mail) -> out::Mail {
    out::Mail {
        from: from.as_str().to_owned(),
        desk: desk.iter().map(|address| address.as_str().to_owned()).collect(),
        smtp: smtp.as_ref().map(server),
    }
}

fn server(Smtp { host, port, tls, sign_in, ca_file }: &Smtp) -> out::Smtp {
    let (user, password_file) = match sign_in {
        Some(SignIn { user, password_file }) => (Some(user.clone()), Some(password_file.clone())),
        None => (None, None),
    };
    out::Smtp {
        host: host.as_str().to_owned(),
        port: port.get(),
        tls: match tls {
            Tls::StartTls => out::Tls::Starttls,
            Tls::Implicit => out::Tls::Implicit,
            Tls::None => out::Tls::None,
        },
        user,
        password_file,
        ca_file: ca_file.clone(),
    }
}
