//! E-mail to people: over SMTP, or into a folder for trials.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use anyhow::Context;
use dreiklang_crypto::{SystemRng, Zeroizing, random};
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::app::windows::Windows;
use crate::app::{Clock, keys};
use crate::config::Settings;
use crate::config::mail::Address;
use crate::error::Error;

/// Sends mail, if the operator has said how.
pub struct Mail {
    way: Way,
    from: Option<Mailbox>,
    host: String,
    fuse: Windows<()>,
}

enum Way {
    Off,
    Folder(Outbox),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// A folder that takes what would have been sent.
#[derive(Debug)]
pub(super) struct Outbox {
    folder: PathBuf,
    count: AtomicU64,
}

impl Mail {
    /// Reads the password and the authority, if there are any.
    pub fn load(settings: &Settings) -> anyhow::Result<Self> {
        let mail = &settings.mail;
        let way = match mail.dry_run() {
            _ if mail.url.is_empty() => Way::Off,
            Some(folder) => Way::Folder(Outbox::open(settings.data_dir.join(folder))?),
            None => Way::Smtp(transport(settings).context("cannot set up [mail]")?),
        };
        Ok(Self {
            way,
            from: mail.from.parse().ok(),
            host: settings.chat.public_host.clone(),
            fuse: Windows::new(mail.per_hour_max.into(), Duration::from_hours(1), 1),
        })
    }

    /// Whether mail can be sent at all.
    pub fn is_on(&self) -> bool {
        !matches!(self.way, Way::Off)
    }

    /// Hands a mail over. What goes wrong is logged without the address.
    pub async fn send(
        &self,
        clock: &Clock,
        to: &str,
        subject: &str,
        text: String,
    ) -> Result<(), Error> {
        if !self.fuse.take((), 1, clock.uptime()) {
            tracing::warn!("mail.per_hour_max is reached: no mail is sent for a while");
            return Err(Error::RateLimited);
        }
        let sent = match &self.way {
            Way::Off => return Err(Error::Unavailable),
            Way::Folder(outbox) => {
                let whole = format!("To: {to}\nSubject: {subject}\n\n{text}");
                outbox.put(clock, &whole).await
            }
            Way::Smtp(smtp) => {
                let message = self.message(clock, to, subject, text)?;
                // A code of the server is safe to log; its text may repeat the address.
                let answer = tokio::time::timeout(WITHIN, smtp.send(message)).await;
                match answer {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) => Err(format!("status {:?}", error.status())),
                    Err(_) => Err("no answer in time".to_owned()),
                }
            }
        };
        let outcome = if sent.is_ok() { "sent" } else { "failed" };
        metrics::counter!("mails_total", "outcome" => outcome).increment(1);
        sent.map_err(|error| {
            tracing::warn!(error, "a mail could not be sent");
            Error::Unavailable
        })
    }

    fn message(
        &self,
        clock: &Clock,
        to: &str,
        subject: &str,
        text: String,
    ) -> Result<Message, Error> {
        let to = to.parse().map_err(|_| Error::Invalid("address"))?;
        let from = self.from.clone().ok_or(Error::Unavailable)?;
        let name = hex::encode(random::<16>(&mut SystemRng));
        let seconds = u64::try_from(clock.now().seconds()).unwrap_or(0);
        Message::builder()
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(subject)
            .date(UNIX_EPOCH + Duration::from_secs(seconds))
            .message_id(Some(format!("<{name}@{}>", self.host)))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|_| Error::Invalid("address"))
    }
}

impl Outbox {
    /// Makes the folder, for its owner alone: what lies in it leads into accounts.
    pub(super) fn open(folder: PathBuf) -> anyhow::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self {
            folder,
            count: AtomicU64::new(0),
        })
    }

    /// Writes one text into a new file.
    pub(super) async fn put(&self, clock: &Clock, text: &str) -> Result<(), String> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(format!("{}-{number}.txt", clock.now().0));
        let text = text.to_owned();
        let written =
            tokio::task::spawn_blocking(move || keys::write_private(&path, text.as_bytes())).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("the writer ended".to_owned()),
        }
    }
}

/// Says that nobody should answer automatically (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn transport(settings: &Settings) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    let mail = &settings.mail;
    let address = Address::parse(&mail.url).map_err(|text| anyhow::anyhow!("mail.url {text}"))?;
    let mut tls = TlsParameters::builder(address.host.clone());
    if !mail.authority.is_empty() {
        let path = settings.file(&mail.authority);
        let pem =
            std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let authority = Certificate::from_pem(&pem)
            .with_context(|| format!("{} holds no certificate", path.display()))?;
        tls = tls.add_root_certificate(authority);
    }
    let tls = tls.build()?;
    let tls = match (address.is_wrapped, address.is_local) {
        (true, _) => Tls::Wrapper(tls),
        (false, false) => Tls::Required(tls),
        // On this machine there is no wire to listen on, and local relays rarely have a
        // certificate that anybody could check.
        (false, true) => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&address.host)
        .port(address.port)
        .tls(tls)
        .hello_name(ClientId::Domain(settings.chat.public_host.clone()))
        .timeout(Some(WITHIN));
    if !address.user.is_empty() {
        let path = settings.file(&mail.password);
        let password = secret(&path)?;
        builder = builder.credentials(Credentials::new(
            address.user.clone(),
            password.trim().to_owned(),
        ));
    }
    Ok(builder.build())
}

/// Reads a secret from a file that only its owner may read.
pub(super) fn secret(path: &std::path::Path) -> anyhow::Result<Zeroizing<String>> {
    keys::check_private(path)?;
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Zeroizing::new(text))
}

/// People wait for it: their apps give up after 10 to 20 seconds (protocol.md A1.1).
const WITHIN: Duration = Duration::from_secs(8);
