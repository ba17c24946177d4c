//! Activations: a link that gives one person the password of one credential, once.
//!
//! The link carries a random token instead of a password: whoever finds it later in a mailbox or
//! a proxy's log finds nothing. Redeeming it sets a fresh password that only the app ever sees.

use std::net::IpAddr;

use dreiklang_crypto::{SystemRng, kdf, random};
use dreiklang_store::{Credential, CredentialId, OrgId};
use qrcode::render::{svg, unicode};
use qrcode::{EcLevel, QrCode};

use crate::app::App;
use crate::error::Error;
use crate::service::audit::Note;
use crate::service::credentials::fresh_password;

/// A new activation. Nobody can show it a second time.
#[derive(Clone)]
pub struct Made {
    /// What an app sends to `activate`.
    pub token: String,
    /// The same as an address that apps open.
    pub link: String,
    /// When it ends.
    pub expires_at: i64,
}

/// What a redeemed activation gives.
#[derive(Clone)]
pub struct Activated {
    /// What to log in with.
    pub username: String,
    /// The fresh password.
    pub password: String,
    /// Whose licence it is.
    pub org: OrgId,
    /// What people call the organisation.
    pub org_name: String,
}

/// Makes an activation. [`Error::Conflict`]: many people share
/// the credential, and a fresh password would lock them out.
pub async fn create(app: &App, actor: &str, org: OrgId, id: CredentialId) -> Result<Made, Error> {
    let token = hex::encode(random::<TOKEN_BYTES>(&mut SystemRng));
    let at = app.clock.now().0;
    let expires_at = at.saturating_add(LIFETIME_MS);
    let note = Note::of_org(
        app.clock.now().0,
        actor,
        "activation.create",
        org,
        id.as_str(),
    );
    let hash = hash(&token);
    let created = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let Some(credential) = tx.credential(org, &id).await? else {
                    return Ok(Err(Error::NotFound));
                };
                if credential.is_shared {
                    return Ok(Err(Error::Conflict));
                }
                tx.create_activation(org, &id, &hash, expires_at).await?;
                note.write(tx).await?;
                Ok(Ok(()))
            })
        })
        .await
        .map_err(Error::of_store)?;
    created?;
    let base = app.config.public_url(None);
    let link = format!("{}/activate#{token}", base.trim_end_matches('/'));
    Ok(Made {
        token,
        link,
        expires_at,
    })
}

/// Redeems a token. [`Error::NotFound`]: it is unknown, over or was redeemed before, or its
/// credential is gone.
pub async fn redeem(app: &App, token: &str, peer: IpAddr) -> Result<Activated, Error> {
    let network = app.rates.network(peer);
    let now = app.clock.uptime();
    if network.is_some_and(|it| !app.rates.activations.take(it, 1, now)) {
        return Err(Error::RateLimited);
    }
    if token.len() != 2 * TOKEN_BYTES {
        return Err(Error::NotFound);
    }
    let (hash, at) = (hash(token), app.clock.now().0);
    let password = fresh_password(&mut SystemRng);
    let record = app.password_checks.record(password.clone()).await?;
    let redeemed = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let Some(credential) = tx.redeem_activation(&hash, at).await? else {
                    return Ok(None);
                };
                // It may have become one for many people since.
                if credential.is_shared {
                    return Ok(None);
                }
                let id = credential.id;
                let Some(org) = tx.org(credential.org).await? else {
                    return Ok(None);
                };
                let renewed = Credential {
                    password: record,
                    ..credential
                };
                tx.update_credential(&renewed).await?;
                let note = Note {
                    at,
                    actor: "activation".to_owned(),
                    action: "activation.redeem",
                    org: Some(org.id),
                    subject: id.to_string(),
                    detail: String::new(),
                };
                note.write(tx).await?;
                Ok(Some((renewed.username, org, id)))
            })
        })
        .await
        .map_err(Error::of_store)?;
    let (username, org, credential) = redeemed.ok_or(Error::NotFound)?;
    app.tokens.forget(credential, app.clock.uptime());
    Ok(Activated {
        username,
        password,
        org: org.id,
        org_name: org.name,
    })
}

/// A link as a QR code for pages and mails.
pub fn svg(link: &str) -> Result<String, Error> {
    let code = code(link)?;
    Ok(code
        .render::<svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build())
}

/// A link as a QR code for terminals.
pub fn terminal(link: &str) -> Result<String, Error> {
    let code = code(link)?;
    // Terminals are dark more often than not, and readers take a code either way.
    Ok(code
        .render::<unicode::Dense1x2>()
        .dark_color(unicode::Dense1x2::Light)
        .light_color(unicode::Dense1x2::Dark)
        .build())
}

fn code(link: &str) -> Result<QrCode, Error> {
    QrCode::with_error_correction_level(link, EcLevel::M).map_err(|_| Error::Invalid("link"))
}

fn hash(token: &str) -> [u8; 32] {
    kdf::blake2b(&[], "activation", "token", token.as_bytes())
}

const TOKEN_BYTES: usize = 20;
/// Long enough for a letter on the first day at work, short enough to be forgotten.
const LIFETIME_MS: i64 = 7 * 24 * 3600 * 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_drawn() {
        let link = "https://chat.example.org:5223/activate#0123456789abcdef";
        assert!(svg(link).unwrap().contains("<svg"));
        let drawn = terminal(link).unwrap();
        assert!(drawn.lines().count() > 10);
        assert!(terminal(&"x".repeat(5000)).is_err());
    }
}
