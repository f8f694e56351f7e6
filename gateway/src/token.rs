//! Login tokens: JSON Web Tokens that only this run of the server can sign.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use offhook_core::Instant;
use serde::{Deserialize, Serialize};

/// Signs and checks tokens.
///
/// A clone signs and checks the same ones.
#[derive(Clone)]
pub struct Tokens {
    secret: [u8; 32],
    /// How often all tokens were made void.
    generation: Arc<AtomicU64>,
}

/// Why a token does not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// Its time is over.
    Expired,
    /// Not a token, or not signed by this server.
    Invalid,
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "Token expired",
            Self::Invalid => "Invalid token",
        })
    }
}

impl std::error::Error for TokenError {}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    iat: u64,
    exp: u64,
    generation: u64,
}

impl Tokens {
    /// Tokens signed with this secret.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret, generation: Arc::default() }
    }

    /// A token that lets the user in for a while.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] when it cannot be signed.
    pub fn issue(&self, user: &str, ttl: Duration, now: Instant) -> Result<String, TokenError> {
        let iat = now.wall.as_secs();
        let exp = iat.saturating_add(ttl.as_secs());
        let claims = Claims { sub: user.to_owned(), iat, exp, generation: self.generation.load(Ordering::Relaxed) };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&self.secret))
            .map_err(|_| TokenError::Invalid)
    }

    /// The user whom a token lets in.
    ///
    /// # Errors
    /// [`TokenError`] when it lets nobody in.
    pub fn check(&self, token: &str, now: Instant) -> Result<String, TokenError> {
        let mut validation = Validation::new(Algorithm::HS256);
        // The library would ask the system's clock; ours is handed in.
        validation.validate_exp = false;
        let read = jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&self.secret), &validation);
        let claims = read.map_err(|_| TokenError::Invalid)?.claims;
        if claims.exp <= now.wall.as_secs() || claims.generation < self.generation.load(Ordering::Relaxed) {
            return Err(TokenError::Expired);
        }
        Ok(claims.sub)
    }

    /// From now on every token that was issued so far is expired, whatever its time.
    pub fn expire(&self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant { monotonic: Duration::ZERO, wall: Duration::from_secs(seconds) }
    }

    #[test]
    fn a_token_lets_its_user_in_until_its_time_is_over() {
        let tokens = Tokens::new([7; 32]);
        let token = tokens.issue("1000", Duration::from_secs(60), at(100)).unwrap();

        assert_eq!(tokens.check(&token, at(159)), Ok("1000".to_owned()));
        assert_eq!(tokens.check(&token, at(160)), Err(TokenError::Expired));
    }

    #[test]
    fn tokens_that_were_made_void_are_expired_and_later_ones_are_good() {
        let tokens = Tokens::new([7; 32]);
        let token = tokens.issue("1000", Duration::from_secs(60), at(100)).unwrap();

        tokens.clone().expire();

        assert_eq!(tokens.check(&token, at(100)), Err(TokenError::Expired));
        let token = tokens.issue("1000", Duration::from_secs(60), at(100)).unwrap();
        assert_eq!(tokens.check(&token, at(100)), Ok("1000".to_owned()));
    }

    #[test]
    fn a_token_of_another_run_or_a_changed_one_lets_nobody_in() {
        let token = Tokens::new([7; 32]).issue("1000", Duration::from_secs(60), at(100)).unwrap();

        assert_eq!(Tokens::new([8; 32]).check(&token, at(100)), Err(TokenError::Invalid));
        assert_eq!(Tokens::new([7; 32]).check("", at(100)), Err(TokenError::Invalid));
        // {"alg":"none"} must not be believed.
        let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", token.split('.').nth(1).unwrap());
        assert_eq!(Tokens::new([7; 32]).check(&unsigned, at(100)), Err(TokenError::Invalid));
    }
}
