# Texte der Terminal-App für Menschen. In jeder Sprache dieselben Namen; siehe crates/cli/src/texts/tests.rs.

## Kalender

today = Heute
yesterday = Gestern
date = { $day }.{ $month }.{ $year }
day-heading = { $weekday }, { $date }
monday = Montag
tuesday = Dienstag
wednesday = Mittwoch
thursday = Donnerstag
friday = Freitag
saturday = Samstag
sunday = Sonntag
monday-short = Mo
tuesday-short = Di
wednesday-short = Mi
thursday-short = Do
friday-short = Fr
saturday-short = Sa
sunday-short = So

## Befehle

done = Erledigt.
on = ein
off = aus
setup-instance = Die Instanzdatei wird gelesen …
setup-identity = Das Schlüsselpaar wird erzeugt und die Kennung registriert …
setup-done =
    Willkommen. Die Kennung auf { $instance } ist { $id }.
    Mit diesem Text wird sie von anderen hinzugefügt und geprüft (dreiklang me --qr zeichnet ihn):
    { $link }
    Zum Schreiben: dreiklang chat
me =
    Kennung        { $id }
    Spitzname      { $nickname }
    Instanz        { $instance }
    Schlüssel      { $key }
    Fingerabdruck  { $fingerprint }
    Für andere     { $link }
me-revoked = Diese Kennung ist widerrufen. Sie kann weder senden noch empfangen.
other-device-warning =
    Ein anderes Gerät hat sich mit dieser Kennung angemeldet. Falls das überrascht, hat jemand eine
    Kopie des Schlüssels: Kennung widerrufen. Falls es bekannt ist: dreiklang me --clear-warning
no-contacts = Noch keine Kontakte. Hinzufügen mit: dreiklang contact add ID
contact-line = { $id }  { $dots } { $name } ({ $marks })  { $fingerprint }
contact-is-revoked = widerrufen
contact-is-blocked = blockiert
verification-unverified = nicht geprüft
verification-server = dem Server bekannt
verification-verified = persönlich geprüft
verification-work-server = von der Organisation bestätigt
verification-work-verified = persönlich geprüft, aus der Organisation
no-chats = Noch keine Unterhaltungen. Beginnen mit: dreiklang send ID "Text"
chat-line = { $id }  { $time }  { $name }: { $text }{ $count ->
    [0] { "" }
   *[other] {"  "}[{ $count } ungelesen]
}
message-notice = #{ $position }  { $time }  { $text }
message-in = #{ $position }  { $time }  { $name }: { $text }
message-out = #{ $position }  { $time }  → { $text }  ({ $state })
unsupported = (eine Art von Nachricht, die diese Version nicht zeigen kann; sie bleibt aufbewahrt)
note-without-metadata = (Zeit und Nummer dieser Nachricht sind nicht beglaubigt)
note-out-of-order = (diese Nachricht wurde zurückgehalten oder kam in falscher Reihenfolge)
note-clock-ahead = (die Uhr der Absenderin oder des Absenders geht vor)
myself = Ich
everybody = Alle
name-in-group = { $name } in { $group }
edited = (bearbeitet)
link-user-name = (Vorsicht: Der Link führt nicht dorthin, womit er beginnt; was vor dem @ steht, ist nur ein Name)
link-lookalike = (Vorsicht: Die Adresse des Links hat Buchstaben, die wie andere aussehen)
link-punycode = (Vorsicht: Die Adresse des Links ist in einem Code geschrieben, der verbirgt, was sie sagt)
deleted = (von der Absenderin oder vom Absender gelöscht)
starred = ★ markiert
location = Ort
quote-missing = (eine Nachricht, die nicht hier ist)
poll-summary-line = Abstimmung: { $question }
poll-open = offen
poll-closed = geschlossen
poll-multiple = mehrere Antworten möglich
poll-hidden = die Stimmen zeigen sich am Schluss
poll-summary = nur Summen
file-remote = (noch nicht hier)
file-coming = (wird geholt)
file-sending = (wird gesendet)
file-is-lost = (konnte nicht geholt werden)
file-unsendable = (konnte nicht gesendet werden)
saved = Gespeichert: { $path }
opened = Geöffnet.
file-is-coming = Die Datei wird geholt. Sobald sie hier ist, noch einmal die gleiche Taste.
file-file = Datei
file-image = Bild
file-animated = Bewegtes Bild
file-video = Video
file-voice = Sprachnachricht
file-sticker = Sticker
notice-who-self = Diese Kennung
notice-created = Die Gruppe wurde hier angelegt.
notice-restored = Die Gruppe kam mit der Sicherung zurück; was vorher geschrieben wurde, nicht.
notice-you-were-added = { $who } hat diese Kennung in die Gruppe aufgenommen.
notice-you-were-removed = { $who } hat diese Kennung aus der Gruppe entfernt oder die Gruppe beendet.
notice-added = { $who } hat aufgenommen: { $names }
notice-removed = { $who } hat entfernt: { $names }
notice-left = { $who } hat die Gruppe verlassen.
notice-disbanded = Die Gruppe wurde hier beendet.
notice-renamed = { $who } hat die Gruppe «{ $name }» genannt.
notice-unnamed = { $who } hat der Gruppe den Namen genommen.
notice-picture-changed = { $who } hat das Bild der Gruppe geändert.
notice-picture-removed = { $who } hat das Bild der Gruppe entfernt.
notice-identity-revoked = { $who } hat diese ID aufgegeben. Hier liest niemand mehr mit.
done-but-unreached = Erledigt. Wer eine App ohne diese Funktion hat, sieht es nicht: { $names }
confirm =
    { $question }
    Um fortzufahren, ja eintippen:
yes = ja
empty-question = Das vergisst alle Nachrichten mit { $who } auf diesem Gerät. Niemand kann es rückgängig machen.
group-leave-question = Das verlässt die Gruppe { $group }. Nur wer sie angelegt hat, kann diese Kennung zurückholen.
group-disband-question = Das beendet die Gruppe { $group } für alle. Niemand kann es rückgängig machen.
group-delete-question = Das vergisst die Gruppe { $group } mit allem, was darin geschrieben wurde. Niemand kann es rückgängig machen.
no-groups = Noch keine Gruppen. Eine anlegen: dreiklang group create NAME ID …
group-line = { $id }  { $name }  { $size }  ({ $role })
group-member-line = {"    "}{ $id }  { $dots } { $name }
group-creator-line = {"    "}{ $id }  { $dots } { $name }  (hat sie angelegt)
group-role-own = eigene Gruppe
group-role-notes = Notizen, niemand sonst ist darin
group-role-member = Mitglied
group-role-orphaned = die Kennung, die sie angelegt hat, ist widerrufen; weiter mit: dreiklang group clone
group-role-removed = daraus entfernt
group-role-left = verlassen
group-role-disbanded = beendet
storage-line = { $size }  { $files } Dateien, { $messages } Nachrichten  { $id }
storage-clear-question = Das löscht Dateien von diesem Gerät; ihre Nachrichten bleiben. Was der Server nicht mehr hat, lässt sich nicht wieder holen.
storage-fetch =
    Ungefragt geholt werden
    Bilder      { $images }
    Ton         { $audio }
    Videos      { $videos }
    Anderes     { $others }
    Höchstens   { $largest }
share-everybody = alle
nobody = niemand
blocked-list =
    Blockiert                         { $blocked }
    Nie durch Abgleich übernommen     { $excluded }
policy-as-settings = wie in den Einstellungen
contact-details =
    { $line }
    Spitzname            { $nickname }
    Bekannt seit         { $since }
    Lesebestätigungen    { $read-receipts }
    Tippanzeige          { $typing }
    Gemeinsame Gruppen   { $groups }
mismatch-scan = Ein gescannter Code
mismatch-directory = Das Verzeichnis
mismatch-organisation = Die Organisation
key-mismatch-warning = Warnung: { $source } behauptet einen anderen Schlüssel für { $id } ({ $fingerprint }). Nur der bekannte Schlüssel wird benutzt. Die Person von Angesicht zu Angesicht fragen; danach: dreiklang contact dismiss-warning { $id }
first-name = Vorname
last-name = Nachname
state-failed = fehlgeschlagen
state-pending = ausstehend
state-sent = gesendet
state-delivered = zugestellt
state-read = gelesen
state-unread = ungelesen
send-done = #{ $position }  Nachricht { $message }: { $state }
nickname-done = Erledigt. Andere sehen den Spitznamen mit der nächsten Nachricht.
settings =
    Lesebestätigungen        { $read-receipts }
    Tippanzeige              { $typing-indicators }
    Unbekannte blockieren    { $block-unknown }
    Inaktive ausblenden      { $hide-inactive }
    Sortiert nach            { $sort }
    Zuerst steht             { $first }
    Das Bild bekommen        { $share-picture }
passphrase-prompt = Passphrase:{" "}
passphrase-new-prompt = Neue Passphrase:{" "}
passphrase-repeat-prompt = Noch einmal dieselbe:{" "}
passphrase-set = Das Profil ist mit der Passphrase geschützt. Ohne sie kann niemand es öffnen.
passphrase-changed = Die Passphrase ist geändert.
passphrase-removed = Das Profil ist offen: Wer den Ordner lesen kann, kann die Nachrichten lesen.
revoke-prompt =
    Das beendet die Kennung { $id } für immer, auf jedem Gerät. Niemand kann es rückgängig machen.
    Zur Bestätigung die Kennung eingeben:
revoked = Die Kennung { $id } ist widerrufen.
man-done = Die Handbuchseiten sind in { $path }.

## Organisationen, Sicherungen, Verknüpfungen

work =
    Organisation  { $organisation }
    Benutzername  { $username }
    Hilfe         { $support }
work-locked = Die App ist gesperrt: { $reason }
work-displaced = Die ID wird hier nicht mehr verwendet: { $reason }
    Um sie hier wieder zu verwenden: dreiklang reclaim
work-needs-credentials = Der Server nimmt Benutzername und Passwort nicht mehr an. Die neuen eingeben: dreiklang work activate
directory-nobody = Es wurde niemand gefunden.
directory-line = { $id }  { $first } { $last }  { $job }  { $department }
policy-none = Die Organisation hat nichts vorgegeben.
policy-line = { $name } = { $value }  ({ $origin })
policy-from-device = Verwaltung dieses Geräts
policy-from-organisation = Organisation
managed-done = Erledigt. Was jetzt gilt, zeigt: dreiklang policy
links =
    E-Mail   { $email }
    Telefon  { $phone }
link-none = keine
link-waits = { $address } (noch nicht bestätigt)
safe-off = Safe ist aus. Einschalten: dreiklang safe enable --password-file DATEI
safe-on =
    Server             { $server }
    Letzte Sicherung   { $last }
safe-server-own = Server der Instanz
safe-never = noch keine
safe-unreachable = Beim letzten Versuch war der Server nicht erreichbar.
safe-refused = Beim letzten Versuch hat der Server die Sicherung abgelehnt.
safe-too-large = Die Sicherung ist grösser, als der Server annimmt.
safe-bad-answer = Der Server gab eine Antwort, die keinen Sinn ergibt.
exported =
    Wer diesen Text und sein Passwort hat, hat die ID. Beides getrennt aufbewahren:
    { $export }
reclaimed = Die ID { $id } wird wieder hier verwendet.

## Unterhaltung

chat-empty = Noch keine Unterhaltungen. F3 fügt einen Kontakt hinzu.
chat-none-open = Keine Unterhaltung offen. ↑ und ↓ wählen eine, Enter öffnet sie.
chat-no-messages = Noch keine Nachrichten.
chat-typing = { $name } schreibt …
chat-input-hint = Enter sendet, Alt-Enter bricht die Zeile um
chat-blocked = Dieser Kontakt ist blockiert. F5 hebt das auf.
chat-revoked-contact = Diese Kennung wurde von ihrer Inhaberin oder ihrem Inhaber widerrufen.
chat-draft = Entwurf: { $text }
chat-removed-from-group = Diese Kennung wurde aus der Gruppe entfernt.
chat-left-group = Diese Kennung hat die Gruppe verlassen.
group-size = { $count ->
    [one] 1 Mitglied
   *[other] { $count } Mitglieder
}
group-details-text =
    { $name }
    ID           { $id }
    Angelegt von { $creator }
    Mitglieder
    { $members }

    { $role }
chat-message-keys = Enter antworten  + reagieren  ? alle Tasten  Esc zurück
chat-complete = Tab: { $names }
chat-editing = Ein anderer Text für diese Nachricht. Esc lässt sie, wie sie ist.
chat-answering = Antwort an { $name }: { $text }
delete-question = Diese Nachricht hier löschen? Die anderen behalten sie.
delete-for-everyone-question = Diese Nachricht für alle in der Unterhaltung löschen?
open-question = Diese Datei könnte beim Öffnen Schaden anrichten. Sie trotzdem öffnen?
send-file-title = Datei senden
send-file-hint = Der Pfad der Datei. Bilder werden verkleinert; Enter sendet, Esc bricht ab.
save-title = Datei speichern
save-hint = Ein Ordner oder der Name der neuen Datei. Enter speichert, Esc bricht ab.
confirm-title = Sicher?
confirm-keys = y: ja
pick-nothing = Nichts heisst so.
pick-emoji-title = Reaktion
pick-emoji-hint = Einen Teil des englischen Namens tippen oder ein Emoji einfügen. ↑ ↓ wählen, Enter setzt es auf die Nachricht oder nimmt es weg.
pick-receiver-title = Weiterleiten
pick-receiver-hint = Einen Teil des Namens tippen. ↑ ↓ wählen, Enter sendet.
message-title = Nachricht
message-details =
    Nummer       { $position }
    ID           { $id }
    Von          { $sender }
    Zustand      { $state }
    Geschrieben  { $written }
    Hier         { $here }
    Gesendet     { $sent }
    Zugestellt   { $delivered }
    Gelesen      { $read }
message-said-before =
    Vorher, seit { $time }:
    { $text }
chat-more-below = ↓ neuere Nachrichten
chat-keys = F1 Hilfe  F2 eigener Code  F3 hinzufügen  Tab wechseln  Ctrl-Q beenden
chat-keys-short = F1 Hilfe
chat-last = letzte Nachricht: { $state }
connection-offline = getrennt
connection-connecting = verbindet …
connection-online = verbunden
connection-waiting = keine Verbindung, neuer Versuch folgt
connection-stopped = Verbindung beendet
help-title = Tasten
help-text =
    F1, ?         diese Hilfe (? nur ausserhalb des Textes)
    F2            eigene Kennung als QR-Code
    F3            Kontakt hinzufügen
    F4            Angaben zum offenen Kontakt oder zur Gruppe
    F5            offenen Kontakt blockieren oder freigeben
    F6            Datei senden
    Tab           zwischen Liste und Text wechseln; @Namen ergänzen
    ↑ ↓           Unterhaltung wählen
    Enter         Unterhaltung öffnen; Text senden
    Alt-Enter     neue Zeile im Text
    PgUp PgDn     in den Nachrichten blättern (auch mit dem Mausrad)
    Ctrl-End      zurück zur neusten Nachricht
    Ctrl-R Ctrl-L neu verbinden, Bildschirm neu zeichnen
    Esc           Fenster schliessen; zurück zur Liste
    Ctrl-Q        beenden (in der Liste auch q)

    In der Liste  p anheften  a archivieren  m stumm  u ungelesen
    ↑ im leeren Text (oder ein Klick) wählt eine Nachricht, dann
    Enter, r      antworten             + reagieren
    e             ändern                d D löschen, für alle
    f             weiterleiten          * markieren
    1 bis 9, c    abstimmen, schliessen i Angaben
    s o           Datei speichern, öffnen  R noch einmal senden

    ● nicht geprüft  ●● dem Server bekannt  ●●● geprüft  ◇◇◇ Gruppe
    ○ ausstehend  ✓ gesendet  ✓✓ zugestellt  ◉ gelesen  ▲ oben  ▽ Archiv  ∅ stumm
qr-title = Eigene Kennung
qr-too-small = Das Fenster ist zu klein für den QR-Code. Dieser Text sagt dasselbe:
add-title = Kontakt hinzufügen
add-hint = Kennung (8 Zeichen) oder ein 3mid:-Text. Enter fügt hinzu, Esc bricht ab.
add-busy = Wird nachgeschlagen …
details-group-title = Gruppe
details-title = Kontakt
details-text =
    { $name }
    Kennung        { $id }
    Spitzname      { $nickname }
    Zustand        { $marks }
    Fingerabdruck  { $fingerprint }
    Lesebestät.    { $read-receipts }
    Tippanzeige    { $typing }

    Den Fingerabdruck mit dem vergleichen, was der Kontakt bei "dreiklang me" sieht, oder den Kontakt mit seinem 3mid:-Text noch einmal hinzufügen: Er gilt dann als geprüft.
other-device-title = Ein anderes Gerät
other-device =
    Ein anderes Gerät hat sich mit dieser Kennung angemeldet. Falls das überrascht, hat jemand eine Kopie des Schlüssels: die Kennung mit "dreiklang revoke" beenden.
other-device-keys = c: ist bekannt, nicht mehr warnen
close-or-scroll-hint = ↑ ↓ mehr, Esc schliesst
close-hint = Esc schliesst
server-says = Der Server meldet: { $text }
added = { $name } ist hinzugefügt.
blocked = { $name } ist blockiert.
unblocked = { $name } ist nicht mehr blockiert.

## Fehler

error = Fehler: { $message }
