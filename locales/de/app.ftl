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

## Gespräche: Wörter, die viele Ansichten brauchen

loading = Wird geladen
back = Zurück
more = Mehr
more-named = Mehr zu { $name }
add = Hinzufügen
send = Senden
save = Sichern
save-named = { $name } sichern
save-changes = Sichern
download = Herunterladen
download-named = { $name } herunterladen
download-again = { $name } noch einmal herunterladen
open-named = { $name } öffnen
copied = Kopiert
details = Einzelheiten
person-me = Ich
search-clear = Suche leeren
search-nothing = Nichts gefunden zu „{ $words }“
day-today = Heute
day-yesterday = Gestern
navigation = Bereiche
list-width = Breite der Liste
place-chats = Chats
place-archive = Archiv
place-contacts = Kontakte
place-settings = Einstellungen
place-profile = Eigenes Profil
place-starred = Markierte Nachrichten
home-empty = Einen Chat auswählen
    .text = Oder einen neuen beginnen: Nachrichten werden auf diesem Gerät verschlüsselt. Lesen können sie nur die Menschen, für die sie bestimmt sind.
connection-connecting = Verbindung wird hergestellt …
connection-offline = Nicht verbunden. Nachrichten warten hier.
connection-waiting = Keine Verbindung. Nachrichten warten hier.
connection-stopped = Die Verbindung wurde beendet.
connection-again = Neu versuchen

## Die Liste der Chats

chat-new = Neuer Chat
chat-search = Chats durchsuchen
chats-empty = Noch keine Chats
    .text = Jemanden über die ID oder den Code hinzufügen und die erste Nachricht schreiben.
archive-empty = Das Archiv ist leer
    .text = Archivierte Chats warten hier, ohne im Weg zu sein.
starred-empty = Keine markierten Nachrichten
    .text = Wichtiges mit einem Stern versehen und hier wiederfinden.
unread-count = { $count ->
    [one] eine ungelesene Nachricht
   *[other] { $count } ungelesene Nachrichten
}
marked-unread = Als ungelesen markiert
preview-me = Ich:
draft = Entwurf:
typing = schreibt …
muted = Stumm
pinned = Angeheftet
pin = Anheften
unpin = Nicht mehr anheften
archive = Archivieren
unarchive = Aus dem Archiv holen
mark-read = Als gelesen markieren
mark-unread = Als ungelesen markieren
mute-hours = { $hours ->
    [one] Eine Stunde stumm
   *[other] { $hours } Stunden stumm
}
mute-forever = Stumm schalten
mute-mentions = Nur bei Erwähnung
mute-off = Nicht mehr stumm
export-chat = Als Datei speichern
export-chat-done = Gespeichert als Seite, die jeder Browser zeigt. Wer die Datei hat, kann sie lesen.
chat-empty = Alle Nachrichten löschen
chat-empty-ask = Alle Nachrichten mit { $name } löschen?
    .text = Sie werden nur auf diesem Gerät gelöscht und lassen sich nicht zurückholen. Andere behalten ihre.
chats-empty-ask = { $count ->
    [one] Alle Nachrichten dieses Chats löschen?
   *[other] Alle Nachrichten von { $count } Chats löschen?
}
choose = Auswählen
choose-several = Mehrere auswählen
choose-all = Alle auswählen
chosen-count = { $count } ausgewählt

## Nachrichten

messages = Nachrichten
message-menu = Was mit dieser Nachricht geschehen soll
message-deleted = Gelöschte Nachricht
message-unsupported = Diese Version kann die Nachricht nicht anzeigen.
chat-begin = Hier ist noch nichts. Zeit für ein Hallo!
chat-details = Einzelheiten zu { $name }
unread-here = Neue Nachrichten
to-end = Zur neuesten Nachricht
to-end-unread = { $count ->
    [one] Zur neuesten Nachricht, eine ungelesen
   *[other] Zur neuesten Nachricht, { $count } ungelesen
}
edited = bearbeitet
starred = Markiert
star = Markieren
unstar = Markierung entfernen
state-pending = Wartet auf das Senden
state-sent = Gesendet
state-delivered = Zugestellt
state-read = Gelesen
state-failed = Nicht gesendet
state-unread = Ungelesen
resend = Erneut senden
resend-failed = Nicht gesendet. Erneut senden
reply = Antworten
edit = Bearbeiten
copy = Kopieren
forward = Weiterleiten
forward-title = { $count ->
    [one] Nachricht weiterleiten
   *[other] { $count } Nachrichten weiterleiten
}
forwarded = Weitergeleitet
    .open = Chat öffnen
delete = Löschen
delete-ask = { $count ->
    [one] Diese Nachricht löschen?
   *[other] { $count } Nachrichten löschen?
}
delete-ask-everyone = Für alle: Sie verschwindet auch auf den anderen Geräten, wenn die Apps dort das Löschen kennen. Nur hier: Niemand sonst merkt es.
delete-ask-me = Sie wird nur auf diesem Gerät gelöscht. Andere behalten ihre.
delete-everyone = Für alle löschen
delete-me = Nur hier löschen
react = Reagieren
react-with = Mit { $emoji } reagieren
react-other = Andere Reaktion
reaction-named = { $emoji }: { $names }
quote-gone = Die Nachricht ist nicht auf diesem Gerät
mention = Jemanden erwähnen
mention-all = alle
link-warning = Die Adresse könnte täuschen
link-ask = Diesen Link öffnen?
link-lookalike = In dieser Adresse sind Buchstaben mehrerer Alphabete gemischt. Vielleicht führt sie woandershin, als es scheint.
link-punycode = Diese Adresse ist so geschrieben, dass sie verbirgt, was sie sagt. Vielleicht führt sie woandershin, als es scheint.
link-user_name = Was in dieser Adresse vor dem @ steht, ist nur ein Name. Sie führt woandershin, als es scheint.
link-really = Sie führt in Wahrheit zu:
link-open = Trotzdem öffnen
link-leave = Nicht öffnen
kind-picture = Bild
kind-animation = Bewegtes Bild
kind-sticker = Sticker
kind-video = Video
kind-voice = Sprachnachricht
kind-audio = Ton
kind-card = Visitenkarte
kind-file = Datei
kind-location = Ort
kind-poll = Umfrage
transfer = Übertragung
transfer-cancel = Übertragung abbrechen
file-lost = Nicht mehr verfügbar
file-unsendable = Konnte nicht gesendet werden
play = Abspielen
pause = Anhalten
speed = Geschwindigkeit: { $speed }
voice-place = Stelle in der Sprachnachricht
not-played = Noch nicht abgespielt
cannot-play = Dieser Browser kann das nicht abspielen. Sichern ist möglich.
card-hint = So sagt es, wer die Karte geschickt hat. Ob es stimmt, zeigt erst der Vergleich der Codes.
card-without-id = Diese Karte nennt keine ID, deshalb lässt sich niemand daraus hinzufügen.
place-open = Den Ort { $name } in einer Karte öffnen
poll-named = Umfrage: { $question }
poll-one = Eine Antwort pro Person
poll-several = Mehrere Antworten
poll-closed = Beendet
poll-hidden = Stimmen bleiben bis zum Ende verborgen
    .hint = Niemand sieht den Stand, bevor die Umfrage beendet ist.
poll-votes = { $count ->
    [one] eine Stimme
   *[other] { $count } Stimmen
}
poll-voters = { $count ->
    [0] Noch keine Stimmen
    [one] Eine Person hat abgestimmt
   *[other] { $count } Personen haben abgestimmt
}
poll-who = Wer abgestimmt hat
poll-close = Umfrage beenden
poll-question = Frage
poll-choice = Antwort { $number }
poll-choice-add = Weitere Antwort
poll-choice-remove = Antwort { $number } entfernen
viewer = Bild
viewer-before = Vorheriges
viewer-after = Nächstes
viewer-nearer = Näher
viewer-further = Weiter weg
viewer-failed = Es lässt sich nicht anzeigen. Sichern ist möglich.
details-state = Stand
details-sender = Von
details-written = Geschrieben
details-arrived = Angekommen
details-stored = Hier gespeichert
details-changed = Geändert
details-file = Datei
details-note = Hinweis
details-id = Nachrichten-ID
details-edits = Was vorher dort stand
details-reactions = Reaktionen
note-without_metadata = Von einer älteren App gesendet: Die Zeit könnte unterwegs verändert worden sein.
note-out_of_order = Kam nach Nachrichten an, die später geschrieben wurden.
note-clock_ahead = Die Uhr der Absenderin oder des Absenders geht vor.

## Was in einer Gruppe geschah

notice-somebody = Jemand
notice-group_created = Gruppe erstellt von: { $sender }
notice-group_restored = Die Gruppe wurde wiederhergestellt
notice-you_were_added = Zur Gruppe hinzugefügt von: { $sender }
notice-you_were_removed = Aus der Gruppe entfernt von: { $sender }
notice-added = Neu in der Gruppe: { $people }
notice-removed = Nicht mehr in der Gruppe: { $people }
notice-left = Gruppe verlassen: { $people }
notice-disbanded = Gruppe aufgelöst von: { $sender }
notice-renamed = Neuer Name der Gruppe: „{ $to }“
notice-picture_changed = Neues Gruppenbild von: { $sender }
notice-picture_removed = Das Gruppenbild wurde entfernt
notice-identity_revoked = ID nicht mehr in Gebrauch: { $people }
notice-other = In der Gruppe hat sich etwas geändert

## Schreiben

compose = Nachricht
preview = Vorschau
compose-to = Nachricht an { $name }
editing = Bearbeiten
edit-done = Änderung sichern
nearly-full = Noch Platz für { $count }
too-long = { $count } zu viel für eine Nachricht
emojis = Emojis
emoji-search = Emojis durchsuchen
emoji-recent = Zuletzt verwendet
emoji-groups = Gruppen von Emojis
emoji-tone = Hautton { $number }
emoji-group-0 = Gesichter
emoji-group-1 = Menschen
emoji-group-3 = Tiere und Natur
emoji-group-4 = Essen und Trinken
emoji-group-5 = Reisen und Orte
emoji-group-6 = Aktivitäten
emoji-group-7 = Gegenstände
emoji-group-8 = Symbole
emoji-group-9 = Flaggen
drop-here = Dateien hier ablegen, um sie zu senden
attach = Anhängen
attach-pictures = Bilder und Videos
attach-file = Datei
attach-camera = Kamera
attach-place = Ort
attach-poll = Umfrage
attach-card = Kontakt
attach-title = { $count ->
    [one] Eine Datei senden
   *[other] { $count } Dateien senden
}
attach-remove = { $name } weglassen
attach-too-large = Dateien dürfen höchstens { $most } groß sein. Ohne die größeren lassen sich die anderen senden.
attach-as-file = Als Datei senden
    .hint = Unverändert, mit allem, was die Datei über sich verrät.
attach-size = Größe der Bilder
caption = Beschriftung
caption-of = Beschriftung von { $name }
size-small = Klein
size-medium = Mittel
size-large = Groß
size-extra_large = Sehr groß
size-original = Original
voice-record = Sprachnachricht aufnehmen
voice-cancel = Aufnahme verwerfen
voice-pause = Aufnahme anhalten
voice-resume = Weiter aufnehmen
voice-refused = Das Mikrofon ist nicht verfügbar. In den Einstellungen des Browsers zu dieser Seite lässt es sich erlauben.
camera-refused = Die Kamera ist nicht verfügbar. In den Einstellungen des Browsers zu dieser Seite lässt sie sich erlauben.
camera-take = Bild aufnehmen
place-here = Wo dieses Gerät ist
place-where = Breite und Länge
    .hint = Zum Beispiel 46.9480, 7.4474
place-name = Name des Ortes
place-refused = Dieses Gerät verrät nicht, wo es ist. Der Ort lässt sich eintippen.
place-wrong = Nötig sind zwei Zahlen: Breite von −90 bis 90, Länge von −180 bis 180.

## Kontakte

contact = Kontakt
contact-add = Kontakt hinzufügen
contact-id = ID
    .hint = Acht Buchstaben und Ziffern, oder der Text eines Codes, der mit 3mid: beginnt
contact-name = Name
    .hint = Nur für dieses Gerät. Ohne ihn wird der selbst gewählte Nickname gezeigt.
contact-search = Kontakte durchsuchen
contacts-empty = Noch keine Kontakte
    .text = Kontakte lassen sich über ihre ID oder durch Scannen ihres Codes hinzufügen.
contact-write = Nachricht
contact-rename = Namen ändern
    .hint = Niemand sonst sieht diesen Namen.
first-name = Vorname
last-name = Nachname
contact-identity = ID
contact-fingerprint = Fingerabdruck des Schlüssels
    .hint = Auf beiden Geräten gleich? Dann steht niemand dazwischen. Den Code der anderen Person zu scannen vergleicht ihn auch.
contact-since = Kontakt seit
contact-inactive = Inaktiv
    .text = Diese ID wurde lange nicht benutzt. Nachrichten kommen vielleicht nie an.
contact-revoked = Widerrufen
    .text = Diese ID wurde widerrufen. An sie lassen sich keine Nachrichten mehr senden.
contact-unknown = Nicht unter den Kontakten
contact-remove = Kontakt entfernen
contact-remove-ask = { $name } aus den Kontakten entfernen?
    .text = Der Chat und seine Nachrichten werden auf diesem Gerät gelöscht. In Gruppen bleiben die Nachrichten dieser Person.
groups-common = Gemeinsame Gruppen
groups-common-none = Keine
group-with = Neue gemeinsame Gruppe
policy-read_receipts = Lesebestätigungen
policy-typing_indicators = Zeigen, dass ich schreibe
policy-default = Wie in den Einstellungen
policy-on = Immer
policy-off = Nie
blocked = Blockiert
    .text = Nachrichten dieser Person werden nicht gezeigt. Sie erfährt nichts davon.
block = Blockieren
block-ask = { $name } blockieren?
    .text = Nachrichten dieser Person werden nicht mehr gezeigt. Sie erfährt nichts davon. In Gruppen bleiben sie sichtbar.
unblock = Nicht mehr blockieren
tab-people = Personen
tab-groups = Gruppen

## Gruppen

group = Gruppe
group-new = Neue Gruppe
group-name = Name der Gruppe
group-members = Mitglieder
group-size = { $count ->
    [one] Ein Mitglied
   *[other] { $count } Mitglieder
}
group-notes = Notizen: niemand sonst liest mit
group-create = Gruppe erstellen
group-create-notes = Für Notizen erstellen
groups-empty = Noch keine Gruppen
    .text = Eine Gruppe ohne andere ist ein Ort für Notizen.
group-creator = Hat die Gruppe erstellt
group-add = Personen hinzufügen
group-rename = Umbenennen
group-remove = Aus der Gruppe entfernen
group-remove-ask = { $name } aus der Gruppe entfernen?
    .text = Was bis jetzt geschrieben wurde, bleibt dort lesbar; was danach kommt, nicht mehr.
group-leave = Gruppe verlassen
group-leave-ask = { $name } verlassen?
    .text = Die Nachrichten bleiben auf diesem Gerät. Nur wer die Gruppe erstellt hat, kann wieder jemanden aufnehmen.
group-disband = Gruppe auflösen
group-disband-ask = { $name } auflösen?
    .text = Alle werden entfernt, und niemand kann mehr schreiben. Die Nachrichten bleiben auf allen Geräten.
group-delete = Gruppe und Nachrichten löschen
group-delete-ask = { $name } löschen?
    .text = Die Gruppe und ihre Nachrichten werden auf diesem Gerät gelöscht und lassen sich nicht zurückholen.
    .member = Die Gruppe wird zuerst verlassen; eine eigene wird für alle aufgelöst. Dann werden sie und ihre Nachrichten auf diesem Gerät gelöscht und lassen sich nicht zurückholen.
group-clone = In eine neue Gruppe kopieren
group-orphaned = Wer diese Gruppe erstellt hat, benutzt die ID nicht mehr. Deshalb kann sie niemand ändern. Eine Kopie mit denselben Personen ist möglich.
group-sync = Mitgliederliste erneut senden
group-sync-member = Gruppe dieser Person erneut senden
group-synced = Die Mitgliederliste wurde erneut gesendet
group-ask = Mitgliederliste anfordern
group-asked = Die Mitgliederliste wurde angefordert
membership-member = Mitglied
membership-left = Verlassen
    .text = Diese Gruppe wurde verlassen. Was bis dahin geschrieben wurde, bleibt hier.
membership-removed = Kein Mitglied mehr
    .text = Kein Mitglied dieser Gruppe mehr. Was bis dahin geschrieben wurde, bleibt hier.
picture-choose = Bild auswählen
picture-remove = Bild entfernen
picture-unreadable = Diese Datei ist kein Bild, das der Browser lesen kann. JPEG und PNG gehen immer.
