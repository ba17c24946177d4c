# Texte der Apps im Browser. Dieselben Namen in jeder Sprache.

## Die App als Ganzes

app-name = Dreiklang
app-promise = Nachrichten, die nur du und die Menschen lesen können, denen du schreibst.
app-starting = Startet
app-elsewhere = In einem anderen Tab geöffnet
    .text = Dreiklang läuft immer nur in einem Tab. Mach dort weiter, oder schliesse ihn und lade diese Seite neu.
app-unsupported = Dieser Browser ist zu alt
    .text = Dreiklang bewahrt deine Nachrichten verschlüsselt auf diesem Gerät auf, und das kann dieser Browser nicht. Es läuft in einem aktuellen Firefox, Chrome, Edge oder Safari, nicht aber in privaten Fenstern.
app-broken = Dreiklang konnte nicht starten
    .text = Lade die Seite neu. Wenn das nicht hilft: Verloren ist nichts, deine Nachrichten sind noch auf diesem Gerät.
failure-unknown = Das hat nicht geklappt ({ $code }). Bitte versuche es noch einmal.

## Teile, die jeder Bildschirm braucht

close = Schliessen
cancel = Abbrechen
notices = Hinweise
show-password = Passwort zeigen
hide-password = Passwort verbergen
trust-unverified = Nicht geprüft: nur über die ID hinzugefügt
trust-server = Dem Server über Nummer oder Adresse bekannt
trust-verified = Persönlich geprüft
trust-work-server = Von deiner Organisation bestätigt
trust-work-verified = Persönlich geprüft, in deiner Organisation

## Eine neue Version, und das Zeichen eines Push

update-ready = Eine neue Version ist bereit.
update-now = Neu laden
push-notification = Vielleicht hast du neue Nachrichten.
