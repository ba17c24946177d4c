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
error-broken-pipe = Niemand liest die Ausgabe mehr.
error-input-output = Lesen oder Schreiben ist fehlgeschlagen: { $reason }
error-profile-in-use = Das Profil in { $path } ist in einem anderen Programm offen. Jenes schliessen oder mit --profile ein anderes Profil wählen.
error-profile-missing = In { $path } gibt es kein Profil. Eines anlegen: dreiklang setup --instance DATEI
error-profile-exists = { $path } gibt es schon. Einen anderen Namen wählen.
error-profile-name = «{ $name }» kann kein Profil heissen. Erlaubt sind 1 bis 64 Zeichen aus a-z, A-Z, 0-9, - und _.
error-no-data-directory = Dieses System nennt keinen Ordner für Programmdateien. Mit --data-dir einen angeben.
error-passphrase-needed = Das Profil braucht eine Passphrase, und es gibt kein Terminal zum Fragen. Mit --passphrase-file eine Datei angeben (für ein neues Profil geht auch --no-passphrase).
error-passphrase-empty = Eine leere Passphrase schützt nichts. Eine eingeben oder das Profil ohne verwenden.
error-passphrases-differ = Die beiden Passphrasen sind nicht gleich. Nichts wurde geändert; noch einmal versuchen.
error-passphrase-is-set = Das Profil hat eine Passphrase. Ersetzen mit: dreiklang passphrase change
error-passphrase-is-not-set = Das Profil hat keine Passphrase. Setzen mit: dreiklang passphrase set
error-wrong-passphrase = Die Passphrase ist falsch. Noch einmal versuchen; niemand kann sie zurücksetzen.
error-key-file-missing = Die Schlüsseldatei { $path } fehlt. Sie muss zurück, wenn nötig aus einer Sicherung: Ohne sie lässt sich das Profil nicht öffnen.
error-key-file-damaged = Die Schlüsseldatei ist beschädigt. Sie muss aus einer Sicherung zurück: Ohne sie lässt sich das Profil nicht öffnen.
error-wrong-key = Die Schlüsseldatei gehört nicht zu dieser Datenbank. Die richtige muss zurück.
error-file = { $path }: { $reason }
error-instance = Die Instanzdatei ist nicht brauchbar: { $reason }. Die richtige hat, wer die Instanz betreibt.
error-stopped = Das Programm hat angehalten. Neu starten.
error-database = Die Datenbank des Profils ist ausgefallen: { $reason }. Nichts Bestätigtes ist verloren; neu starten und, wenn es bleibt, eine Sicherung zurückspielen.
error-interrupted = Der Befehl wurde durch eine innere Störung unterbrochen. Noch einmal versuchen.
error-no-identity = Dieses Profil hat noch keine Kennung. Die Einrichtung abschliessen: dreiklang setup --instance DATEI
error-identity-exists = Dieses Profil hat schon eine Kennung. Für eine weitere mit --profile ein anderes Profil wählen.
error-identity-revoked = Die Kennung ist widerrufen. Sie kann weder senden noch empfangen.
error-wrong-confirmation = Die Bestätigung ist nicht die eigene Kennung. Nichts wurde geändert.
error-busy = Das läuft bereits. Abwarten.
error-own-identity = Das ist die eigene Kennung. Die Kennung von jemand anderem angeben.
error-unknown-contact = { $id } ist kein Kontakt. Zuerst hinzufügen: dreiklang contact add { $id }
error-unknown-conversation = «{ $text }» ist weder eine Kennung noch der ganze Name eines Kontakts oder einer Gruppe. Nachsehen mit: dreiklang chats, dreiklang contact list
error-ambiguous = Mehrere heissen «{ $text }»: { $matches }. Die Kennung oder die ID der Gruppe angeben.
error-not-a-person = «{ $text }» ist eine Gruppe. Die Kennung oder den Namen einer Person angeben.
error-unknown-group = Die Gruppe { $id } ist hier nicht bekannt. Nachsehen mit: dreiklang chats
error-not-in-group = Diese Kennung ist nicht mehr in der Gruppe { $id }. Wer sie angelegt hat, kann sie wieder aufnehmen.
error-no-such-message = Es gibt keine Nachricht «{ $text }». Die Nummer angeben, die in «dreiklang history» davor steht, oder ihre ID.
error-ambiguous-message = Mehrere Nachrichten haben diese ID. Die Nummer der gemeinten angeben: { $matches }
error-not-a-group = «{ $text }» ist keine Gruppe. Nachsehen mit: dreiklang group list
error-sending-failed = Nachricht { $position } konnte nicht gesendet werden. Noch einmal versuchen mit: dreiklang resend { $position }
error-not-yet-handed-over = Der Server hat noch nicht alles angenommen. Es bleibt im Ausgang und geht mit der nächsten Verbindung hinaus.
error-needs-yes = Das lässt sich nicht rückgängig machen, und es ist kein Terminal da, um zu fragen. Mit --yes bestätigen, wenn es so gemeint ist.
error-not-confirmed = Es wurde nicht bestätigt. Nichts wurde geändert.
error-no-emoji = «{ $text }» ist nicht ein einzelnes Emoji. Eines einfügen oder den englischen Namen angeben, zum Beispiel "thumbs up".
error-bad-place = Das ist kein Ort auf der Erde. Breite und Länge in Grad angeben, zum Beispiel 47.37,8.54, oder einen geo:-Link.
error-not-supported = Die Apps dieser Personen kennen das nicht: { $people }. Nichts wurde geändert.
error-not-ours = Das kann nur, wer es geschrieben hat.
error-too-old = Das geht nur bis sechs Stunden nach dem Senden.
error-wrong-message-kind = Das geht mit dieser Art von Nachricht nicht.
error-too-many-reactions = Auf der Nachricht sind zu viele Emojis dieser Kennung. Zuerst eines wegnehmen.
error-too-few-choices = Eine Abstimmung braucht mindestens zwei Antworten.
error-poll-too-long = Die Abstimmung ist zu lang. Frage und Antworten haben je höchstens 256 Bytes.
error-poll-closed = Die Abstimmung ist geschlossen.
error-unknown-choice = Diese Antwort gibt es nicht. Die Nummern stehen vor den Antworten: dreiklang poll show
error-one-choice-only = In dieser Abstimmung ist eine Antwort möglich.
error-not-group-creator = Nur { $creator } kann diese Gruppe ändern. Dort nachfragen oder sie kopieren: dreiklang group clone
error-group-disbanded = Die Gruppe wurde beendet. Mit den gleichen Personen weiter: dreiklang group clone
error-creator-cannot-leave = Wer eine Gruppe angelegt hat, kann sie nicht verlassen. Sie für alle beenden: dreiklang group disband
error-still-in-group = Diese Kennung ist noch in der Gruppe { $id }. Zuerst verlassen oder beenden.
error-not-a-member = { $id } ist nicht in dieser Gruppe.
error-group-too-large = Eine Gruppe hat höchstens { $limit } Mitglieder.
error-group-name-too-long = Der Name hat { $size } Bytes, höchstens { $limit } sind möglich. Einen kürzeren wählen.
error-too-many-receivers = Höchstens { $limit } Personen können einzeln genannt werden. Das Bild stattdessen mit allen teilen.
error-file-too-large = Die Datei ist zu gross. Höchstens { $limit } sind möglich.
error-file-name-too-long = Der Name der Datei ist zu lang. Höchstens { $limit } Bytes sind möglich.
error-file-not-so = So lässt sich die Datei nicht senden; sie ist { $type }. Mit --as file senden.
error-no-file = In dieser Nachricht ist keine Datei.
error-file-not-here = Die Datei ist nicht hier. Sie holen mit: dreiklang save MESSAGE
error-file-not-in-time = Die Datei kam nicht rechtzeitig. Sie wird mit der nächsten Verbindung geholt; noch einmal versuchen.
error-file-lost = Die Datei konnte nicht geholt werden: { $reason }. Darum bitten, dass sie noch einmal gesendet wird.
error-file-damaged = Die Datei ist beschädigt. Darum bitten, dass sie noch einmal gesendet wird.
error-file-exists = Es gibt schon eine Datei { $path }. Einen anderen Namen wählen oder --replace angeben.
error-file-may-harm = «{ $name }» könnte beim Öffnen Schaden anrichten. Wenn ihr zu trauen ist: --yes, oder sie speichern und zuerst ansehen.
error-not-a-file = { $path } ist keine Datei.
error-no-space = Für { $path } ist kein Platz mehr. Platz schaffen und noch einmal versuchen; nichts ist verloren.
error-picture = Das Bild lässt sich nicht verwenden: { $reason }. Mit --as file senden.
error-no-opener = Das Programm, das Dateien öffnet, { $program }, lässt sich nicht starten: { $reason }. Die Datei stattdessen speichern: dreiklang save MESSAGE
error-not-forwardable = Dieses alte Bild lässt sich nicht weiterleiten. Es speichern und als Datei senden.
error-not-failed = Diese Nachricht ist nicht fehlgeschlagen. Sie ist gesendet oder unterwegs.
error-already-sent = Die Nachricht ist gesendet. Sie stattdessen für alle löschen: dreiklang delete MESSAGE --everyone
error-no-picture = Es gibt kein Bild.
error-unknown-identity = Das Verzeichnis kennt { $id } nicht, oder die Kennung wurde widerrufen. Die acht Zeichen prüfen.
error-key-mismatch = Der Schlüssel von { $id } ist nicht der bekannte. Nicht vertrauen: die Person persönlich fragen.
error-bad-key = Das Verzeichnis gab für { $id } einen unbrauchbaren Schlüssel. Nicht vertrauen; bei der Betreiberin oder beim Betreiber der Instanz nachfragen.
error-contact-revoked = { $id } wurde von ihrer Inhaberin oder ihrem Inhaber widerrufen. Die Person nach einer neuen Kennung fragen.
error-contact-blocked = { $id } ist blockiert. Freigeben mit: dreiklang contact unblock { $id }
error-text-empty = Der Text ist leer. Etwas schreiben.
error-text-too-long = Der Text hat { $size } Bytes, möglich sind höchstens { $limit }. In Teilen senden.
error-name-too-long = Das Feld { $field } hat die Länge { $size }, möglich ist höchstens { $limit }. Etwas Kürzeres wählen.
error-reference-reused = Diese Referenz gehört schon zu einer anderen Nachricht. Für jede Nachricht eine neue verwenden.
error-unknown-message = An dieser Stelle gibt es keine Nachricht. Nachsehen mit: dreiklang history ID
error-directory-timeout = Das Verzeichnis hat nicht rechtzeitig geantwortet. Später noch einmal versuchen.
error-directory-unreachable = Das Verzeichnis ist nicht erreichbar. Das Netz prüfen, und ob die Instanz läuft.
error-rate-limited = Der Server bittet zu warten, weil es zu viele Anfragen waren. Später noch einmal versuchen.
error-directory = Das Verzeichnis hat abgelehnt: { $reason }
error-login-refused = Der Chat-Server hat die Anmeldung abgelehnt. Vielleicht kennt er diese Kennung nicht mehr; bei der Betreiberin oder beim Betreiber der Instanz nachfragen.
error-untrusted = Die Gegenstelle ist nicht der Chat-Server dieser Instanz. Nicht weitermachen; bei der Betreiberin oder beim Betreiber der Instanz nachfragen, ob der Schlüssel geändert hat.
error-chat-timeout = Der Chat-Server hat nicht rechtzeitig geantwortet. Später noch einmal versuchen.
error-chat-unreachable = Der Chat-Server ist nicht erreichbar. Das Netz prüfen, und ob die Instanz läuft.
error-connection-lost = Die Verbindung zum Chat-Server ist abgebrochen. Noch einmal versuchen.
error-refused = Der Chat-Server hat die Verbindung beendet und will keine neue: { $reason }
error-not-an-identity = «{ $text }» ist keine Kennung. Sie hat acht Zeichen, zum Beispiel ECHOECHO.
error-link = Der Text nennt keinen Kontakt: { $reason }. Er sieht aus wie 3mid:ECHOECHO,… mit 64 hexadezimalen Ziffern.
error-link-expired = Der Code des Kontakts ist abgelaufen. Um einen neuen bitten.
error-not-yet-sent = Der Server hat die Nachricht { $message } noch nicht. Sie bleibt im Ausgang und geht mit der nächsten Verbindung.
error-not-yet-confirmed = Der Server hat die Nachricht { $message }, aber der Kontakt hat sie noch nicht bestätigt.
error-not-utf8 = Der Text ist nicht UTF-8.
error-qr = Der QR-Code lässt sich nicht erzeugen: { $reason }
error-run-needs-json = Dieser Befehl ist für Skripte. Mit --json starten.
error-no-terminal = Die Unterhaltung braucht ein Terminal. Für Skripte: dreiklang run --json
error-line-too-long = Die Zeile ist länger als 65536 Bytes.
error-bad-json = Die Zeile ist kein JSON-Objekt: { $reason }
error-bad-command = Der Befehl ist unbekannt, oder seine Felder sind falsch: { $reason }
error-set-by-organisation = Das hat die Organisation vorgegeben ({ $parameter }). Nur ihr Administrator kann es ändern.
error-locked = Die App ist gesperrt: { $reason }. Den Administrator der Organisation fragen, dann: dreiklang work sync
error-displaced = Die ID wird hier nicht mehr verwendet: { $reason }. Um sie hier wieder zu verwenden: dreiklang reclaim
error-transfer-prohibited = Die ID kann in dieser App nicht verwendet werden: { $reason }
error-not-managed = Das ist für die Apps von Organisationen. Eine wählen mit --app work oder --app onprem.
error-no-license = Die Zugangsdaten der Organisation fehlen: dreiklang work activate --username NAME --password-file DATEI
error-wrong-credentials = Der Server nimmt diesen Benutzernamen mit diesem Passwort nicht an. Den Administrator der Organisation fragen.
error-no-directory = Die Organisation hat kein Verzeichnis.
error-query-too-short = Mindestens drei Zeichen angeben, oder * zusammen mit --category.
error-bad-address = Das ist keine E-Mail-Adresse, oder eine Telefonnummer ohne Landesvorwahl, etwa +41791234567.
error-nothing-to-confirm = Es wartet keine Adresse auf Bestätigung. Zuerst eine verknüpfen: dreiklang link phone NUMMER
error-named-by-organisation = Die Organisation hat { $id } den Namen gegeben; er lässt sich hier nicht ändern.
error-backup-no-export = Das ist kein ID-Export. Er hat 80 oder 104 Buchstaben und Ziffern; vielleicht fehlen welche.
error-backup-not-opened = Das Passwort ist falsch, oder ein Zeichen des Exports. Beides prüfen.
error-backup-not-found = Der Server hat keine Sicherung zu dieser ID und diesem Passwort. Beides prüfen, und den Server.
error-backup-damaged = Die Sicherung ist beschädigt. Es wurde nichts geändert. Noch einmal versuchen, oder einen ID-Export verwenden.
error-backup-too-large = Die Sicherung ist grösser, als eine Sicherung sein kann. Es wurde nichts geändert.
error-backup-newer = Eine neuere Version der App hat diese Sicherung gemacht. Die App aktualisieren.
error-backup-password-length = Das Passwort muss { $min } bis { $max } Zeichen haben.
error-backup-password-weak = Dieses Passwort würde jeder zuerst versuchen. Ein anderes wählen.
error-backup-password-rule = Das Passwort folgt nicht der Regel der Organisation: { $reason }
error-safe-off = Safe ist aus. Zuerst einschalten: dreiklang safe enable --password-file DATEI
error-safe-server = Das ist keine Adresse eines Safe-Servers. Sie beginnt mit https://
error-activation-link = Das ist kein Aktivierungslink. Ihn ganz kopieren, vom ersten bis zum letzten Zeichen.
error-activation-refused = Der Aktivierungslink funktioniert nicht: { $reason }
error-activation-unreachable = Der Server des Aktivierungslinks ist nicht erreichbar. Das Netz prüfen und noch einmal versuchen.
error-setup-place = Es ist nicht klar, wo eingerichtet werden soll. --instance DATEI angeben; für die eigene Instanz einer Organisation --app onprem, --server URL, --trust SCHLÜSSEL und die Zugangsdaten.
error-provisioning-refused = Der Server nimmt die Zugangsdaten der Organisation nicht an. Bis er es tut, ist die App gesperrt; den Administrator fragen.
error-provisioning-expired = Die Lizenz der Organisation ist abgelaufen. Bis sie erneuert ist, ist die App gesperrt; den Administrator fragen.
error-provisioning-not-authentic = Die Konfigurationsdatei ist von keinem Schlüssel unterschrieben, dem hier vertraut wird. Nicht weitermachen; den Administrator nach dem richtigen --trust SCHLÜSSEL fragen.
error-provisioning-key = «{ $key }» ist kein Schlüssel. Er hat 64 hexadezimale Ziffern.
error-provisioning-address = «{ $address }» ist nicht die Adresse einer Instanz. Sie beginnt mit https://
error-provisioning = Die Konfigurationsdatei kann nicht verwendet werden: { $reason }
error-remote-secret-blocked = Die Organisation hat diese App gesperrt: nichts darin lässt sich öffnen. Den Administrator fragen.
error-remote-secret-unreachable = Der Server der Organisation, der den Schlüssel für diese App hat, ist nicht erreichbar. Das Netz prüfen und noch einmal versuchen.
error-remote-secret-missing = Der Server der Organisation hat den Schlüssel für diese App nicht mehr. Ihr Inhalt lässt sich nicht öffnen. Den Administrator fragen.
