-- Prosody for a measurement: one listener on loopback, no rate limits, no servers, no TLS.
run_as_root = true
data_path = "@FOLDER@/data"
pidfile = "@FOLDER@/pid"
interfaces = { "127.0.0.1" }
c2s_ports = { @PORT@ }
c2s_direct_tls_ports = { }
modules_enabled = {
    "disco", "roster", "saslauth", "blocklist", "bookmarks", "carbons", "pep", "private", "smacks",
    "vcard4", "vcard_legacy", "csi_simple", "ping", "register", "time", "uptime", "version",
    "offline"
}
modules_disabled = { "s2s", "s2s_auth_certs", "admin_shell", "admin_socket", "tls", "http" }
allow_registration = true
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
log = { error = "@FOLDER@/error.log" }
VirtualHost "localhost"
