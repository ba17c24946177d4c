//! From where an API key may be used: addresses and networks in the notation with a slash.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A list of networks; an empty one allows every address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Networks(Vec<Network>);

/// A text that names no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no network; write e.g. 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32")]
pub struct UnknownNetwork(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

impl Networks {
    /// Whether the list allows an address.
    pub fn allow(&self, address: IpAddr) -> bool {
        self.0.is_empty() || self.0.iter().any(|it| it.contains(address.to_canonical()))
    }
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let shift = 32_u32.saturating_sub(self.bits.into());
                let cut = |it: u32| it.checked_shr(shift).unwrap_or(0);
                cut(own.to_bits()) == cut(other.to_bits())
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let shift = 128_u32.saturating_sub(self.bits.into());
                let cut = |it: u128| it.checked_shr(shift).unwrap_or(0);
                cut(own.to_bits()) == cut(other.to_bits())
            }
            _ => false,
        }
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Network { address, bits }) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{address}/{bits}")?;
        }
        Ok(())
    }
}

impl FromStr for Networks {
    type Err = UnknownNetwork;

    fn from_str(text: &str) -> Result<Self, UnknownNetwork> {
        let words = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        let networks: Vec<_> = words.map(network).collect::<Result<_, _>>()?;
        match networks.get(NETWORKS_MAX) {
            None => Ok(Self(networks)),
            Some(_) => Err(UnknownNetwork("more than 50 networks".to_owned())),
        }
    }
}

fn network(word: &str) -> Result<Network, UnknownNetwork> {
    let unknown = || UnknownNetwork(word.chars().take(60).collect());
    let (address, bits) = word
        .split_once('/')
        .map_or((word, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().map_err(|_| unknown())?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Ok(most), |it| it.parse().map_err(|_| unknown()))?;
    if bits > most {
        return Err(unknown());
    }
    Ok(Network { address, bits })
}

const NETWORKS_MAX: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_inside_or_outside() {
        let networks: Networks = "192.0.2.0/24, 10.1.2.3,2001:db8::/32".parse().unwrap();
        assert_eq!(
            networks.to_string(),
            "192.0.2.0/24,10.1.2.3/32,2001:db8::/32"
        );
        for (address, inside) in [
            ("192.0.2.255", true),
            ("::ffff:192.0.2.1", true),
            ("192.0.3.0", false),
            ("10.1.2.3", true),
            ("10.1.2.4", false),
            ("2001:db8:ffff::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(
                networks.allow(address.parse().unwrap()),
                inside,
                "{address}"
            );
        }
    }

    #[test]
    fn an_empty_list_and_a_zero_prefix_allow_everything() {
        let address = "198.51.100.1".parse().unwrap();
        assert!("".parse::<Networks>().unwrap().allow(address));
        assert!("0.0.0.0/0".parse::<Networks>().unwrap().allow(address));
        assert!(!"::/0".parse::<Networks>().unwrap().allow(address));
    }

    #[test]
    fn what_is_no_network_is_named() {
        for bad in [
            "192.0.2.0/33",
            "::/129",
            "example.org",
            "1.2.3",
            "1.2.3.4/x",
        ] {
            assert!(
                bad.parse::<Networks>()
                    .unwrap_err()
                    .to_string()
                    .contains(bad)
            );
        }
    }
}
