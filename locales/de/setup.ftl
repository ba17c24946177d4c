# Texte der Einrichtung, der Einstellungen, der Arbeit und des Vertrauens. Dieselben Namen in jeder Sprache.

## Wörter vieler Ansichten

save = Speichern
yes = Ja
no = Nein
try-again = Noch einmal versuchen
copied = Kopiert
copy-it = Kopieren: { $what }
choose-file = Datei wählen
scan-qr = QR-Code scannen
own-id = ID
nickname = Nickname
    .hint = Andere sehen ihn, bis sie selbst einen Namen vergeben. Er darf leer sein.
nickname-too-long = Zu lang: Möglich sind höchstens 32 Buchstaben, mit Umlauten oder Emojis weniger.
saved-nickname = Gespeichert. Andere sehen den Namen mit der nächsten Nachricht.
fingerprint = Fingerabdruck des Schlüssels
first-name = Vorname
last-name = Nachname
set-by-organisation = Von der Organisation vorgegeben.
server-says = Der Server sagt: { $text }
confirm-with-id = Zur Bestätigung die ID { $id } eingeben
people-count = { $count ->
    [one] 1 Person
   *[other] { $count } Personen
}
minutes = { $count ->
    [one] 1 Min.
   *[other] { $count } Min.
}
mebibytes = { $count } MB
browser = Browser
back-to-chats = Zurück zu den Chats

## Vor der ersten Ansicht

elsewhere-here = Hier weitermachen
locked = Gesperrt
locked-passphrase = Die Passphrase öffnet, was hier liegt. Sonst niemand.
locked-passkey = Ein Passkey dieses Geräts öffnet, was hier liegt.
locked-missing = Die Passphrase eingeben.
locked-forgotten = Passphrase vergessen?
    .text = Niemand kann sie zurücksetzen, und ohne sie öffnet niemand, was hier liegt. Mit einer Safe-Sicherung oder einem ID-Export kommt die ID zurück, die Nachrichten nicht.
locked-passkey-lost = Passkey verloren?
    .text = Ohne ihn öffnet niemand, was hier liegt. Vielleicht hat ihn noch ein anderes Gerät oder der Passwortmanager. Sonst gilt: Mit einer Safe-Sicherung oder einem ID-Export kommt die ID zurück, die Nachrichten nicht.
anew = Auf diesem Gerät neu anfangen
anew-ask = Alles löschen und neu anfangen?
    .text = Nachrichten, Dateien, Kontakte und der Schlüssel werden aus diesem Browser gelöscht. Niemand kann das rückgängig machen. Danach lässt sich eine ID wiederherstellen oder neu anlegen.
passphrase = Passphrase
unlock = Öffnen
unlock-passkey = Mit Passkey öffnen
passkey-cancelled = Der Passkey wurde nicht gegeben. Bitte noch einmal versuchen.
passkey-without-prf = Dieser Passkey kann keine Daten schützen (ihm fehlt die Erweiterung PRF). Ein anderer Passkey oder eine Passphrase kann es.
remote-locked = Von der Organisation gesperrt
    .text = Die Organisation hat einen Teil des Schlüssels dieser App auf ihrem Server, und der Server hat ihn nicht gegeben. Entweder fehlt das Netz, oder der Zugang wurde entzogen.
withdrawn = Zugang entzogen
    .text = Die Organisation hat die Lizenz dieser App zurückgenommen. Die Nachrichten sind noch da, lassen sich aber nicht lesen, bis der Zugang wieder gegeben wird. Die Administration weiss mehr.
withdrawn-check = Noch einmal prüfen
displaced = Die ID wird anderswo verwendet
    .text = Eine andere App hat diese ID übernommen. Eine ID funktioniert in einer App zur selben Zeit, darum hat diese angehalten. Gelöscht wurde nichts.
displaced-reclaim = Die ID wieder hier verwenden
displaced-anew = Mit einer anderen ID neu beginnen
released = Von der Organisation freigegeben
    .text = Die Organisation lässt diese App nicht mehr herein. Gelöscht wurde hier nichts.
released-reclaim = Noch einmal versuchen
credentials-needed = Neue Zugangsdaten nötig
    .text = Der Server nimmt Benutzername und Passwort nicht mehr an. Neue gibt die Administration.
credentials-give = Zugangsdaten eingeben
licence-or-link = Oder ein Aktivierungslink

## Einrichtung

setup-back = Zurück
setup-name-private = Dreiklang
setup-name-work = Dreiklang Work
setup-name-onprem = Dreiklang OnPrem
setup-claim-private = Nachrichten, die nur lesen kann, wer am Gespräch teilnimmt.
setup-claim-work = Vertraulich bei der Arbeit: Nachrichten, die nur lesen kann, wer am Gespräch teilnimmt.
setup-claim-onprem = Auf eigenen Servern: Nachrichten, die nur lesen kann, wer am Gespräch teilnimmt.
setup-welcome-private = Willkommen
    .text = Einander schreiben, und niemand hört mit: Jede Nachricht ist von Gerät zu Gerät verschlüsselt.
setup-welcome-work = Willkommen bei der Arbeit
    .text = Der Messenger der Organisation. Jede Nachricht ist von Gerät zu Gerät verschlüsselt.
setup-welcome-onprem = Willkommen
    .text = Der Messenger auf den eigenen Servern der Organisation. Jede Nachricht ist von Gerät zu Gerät verschlüsselt.
setup-point-private-1 = Keine Telefonnummer, keine E-Mail-Adresse: eine zufällige ID genügt.
setup-point-private-2 = Der Schlüssel entsteht auf diesem Gerät und bleibt hier.
setup-point-private-3 = Nachrichten und Kontakte liegen verschlüsselt auf diesem Gerät.
setup-point-work-1 = Aktiviert von der Organisation, mit ihren Kontakten und Regeln.
setup-point-work-2 = Der Schlüssel entsteht auf diesem Gerät. Nicht einmal die Organisation kann mitlesen.
setup-point-work-3 = Läuft neben der privaten App; keine stört die andere.
setup-point-onprem-1 = Spricht mit den Servern der Organisation und mit niemandem sonst.
setup-point-onprem-2 = Der Schlüssel entsteht auf diesem Gerät. Nicht einmal der Betrieb kann mitlesen.
setup-point-onprem-3 = Läuft neben anderen Apps; keine stört die andere.
setup-start-private = Beginnen
setup-start-work = Aktivieren
setup-start-onprem = Aktivieren
setup-affiliation = Ein unabhängiges Projekt, nicht mit der Threema GmbH verbunden.
setup-access = Aktivieren
setup-access-work = Die Organisation hat einen Link, einen QR-Code oder Benutzername und Passwort geschickt.
setup-access-onprem = Die Organisation hat einen Link, einen QR-Code oder Benutzername und Passwort für ihre eigene Instanz geschickt.
setup-access-by = Art der Aktivierung
setup-by-credentials = Benutzername
setup-by-link = Link oder QR-Code
setup-link = Aktivierungslink
    .hint = Ganz, vom ersten bis zum letzten Zeichen.
setup-link-missing = Den Link einfügen oder seinen QR-Code scannen.
setup-link-scan = QR-Code der Aktivierung scannen
setup-username = Benutzername
setup-username-missing = Den Benutzernamen eingeben.
setup-password = Passwort
setup-password-missing = Das Passwort eingeben.
setup-instance = Server und vertrauter Schlüssel
setup-server = Server
    .hint = Meist richtig, wie es ist.
setup-trust = Vertrauter Schlüssel
    .hint = Der Schlüssel, der die Einstellungen der Instanz unterschreibt. Die Organisation gibt ihn; ohne den richtigen geht es nicht weiter.
setup-activate = Aktivieren
setup-access-help = Nichts zur Hand? Die Administration der Organisation hat es.
setup-busy-begin = Wird vorbereitet
    .text = Der Server wird gefragt, was diese App braucht.
setup-busy-new = Der Schlüssel entsteht
    .text = Ein Schlüsselpaar entsteht auf diesem Gerät, und der Server gibt ihm eine ID.
setup-busy-safe = Wird wiederhergestellt
    .text = Die Sicherung wird geholt und hier geöffnet. Das dauert mit Absicht einige Sekunden: So wird das Erraten von Passwörtern langsam.
setup-busy-export = Wird wiederhergestellt
    .text = Der Export wird auf diesem Gerät geöffnet.
setup-choose = Die ID
setup-choose-private = Die ID ist die Adresse, an die andere schreiben. Sie ist zufällig und sagt über niemanden etwas aus.
setup-choose-work = Die ID ist die Adresse, an die andere schreiben. Für die Arbeit ist eine neue am besten, wie eine Geschäftsnummer.
setup-recommended = Empfohlen
setup-new = Neue ID
setup-new-private = In wenigen Sekunden gemacht, für alle, die beginnen.
setup-new-work = Die private ID bleibt, wie sie ist, in der privaten App.
setup-from-safe = Aus Safe wiederherstellen
    .text = Bringt mit dem Safe-Passwort ID, Kontakte, Gruppen und Einstellungen zurück.
setup-from-export = Aus einem ID-Export wiederherstellen
    .text = Bringt die ID mit dem exportierten Text oder QR-Code zurück.
setup-restore-forbidden = Wiederherstellen aus Safe ist nicht im Angebot: von der Organisation vorgegeben.
setup-move = Was zieht mit einer ID nicht um?
setup-move-private-1 = Nachrichten, Bilder und Dateien bleiben in der App, in der sie sind. Keine Sicherung einer ID enthält sie.
setup-move-private-2 = Eine ID funktioniert in einer App zur selben Zeit: Die App, die sie bisher hatte, hält an.
setup-move-private-3 = Eine ID, die zu einer Organisation gehört, lässt sich hier erst verwenden, wenn deren Administration sie gelöst hat.
setup-move-work-1 = Eine neue ID für die Arbeit lässt alles Private unberührt. Beide Apps laufen nebeneinander.
setup-move-work-2 = Zieht die private ID hierher, hält die private App an: Eine ID funktioniert in einer App zur selben Zeit.
setup-move-work-3 = Nachrichten, Bilder und Dateien ziehen nicht um. Sie bleiben in der privaten App, bis diese gelöscht wird.
setup-move-work-4 = Der Weg zurück geht später nur, nachdem die Administration die ID von der Organisation gelöst hat.
setup-move-warning = So zieht die ID zur Arbeit um
    .text = Die App, die sie bisher hat, hält an. Nachrichten und Dateien kommen nicht mit. Für den Weg zurück braucht es die Administration.
setup-without = Nachrichten und Dateien kommen nicht mit: Keine Sicherung hat sie. Eine andere App mit dieser ID hält an.
setup-nickname = Welcher Name?
    .text = Ein Nickname hilft anderen zu wissen, wer schreibt.
setup-nickname-preset = Von der Organisation vorgeschlagen.
setup-make = ID machen
setup-stir = Eigenen Zufall beigeben
    .text = Mit Zeiger oder Finger über das Feld fahren oder Tasten drücken. Was dort geschieht, wird in den Schlüssel gemischt, zum Zufall dieses Geräts dazu.
setup-stir-field = Feld zum Darüberfahren; Tasten gehen auch
setup-stir-enough = Genug. Danke.
setup-stir-skip = Ohne weiter
setup-stir-wait = { $percent } %
setup-stir-next = Weiter
setup-safe = Aus Safe wiederherstellen
    .text = Safe-Passwort und ID öffnen die Sicherung.
setup-safe-id =
    .hint = Acht Buchstaben und Ziffern.
setup-safe-id-wrong = Eine ID hat acht Buchstaben und Ziffern. Bitte prüfen.
setup-safe-password = Safe-Passwort
setup-safe-server = Eigener Safe-Server
setup-restore = Wiederherstellen
setup-export = Aus einem ID-Export wiederherstellen
    .text = Der exportierte Text, seine Datei oder sein QR-Code, und das Passwort, das dafür gewählt wurde.
setup-export-text = Exportierter Text
    .hint = 80 oder 104 Buchstaben und Ziffern, oft in Vierergruppen.
setup-export-missing = Den Text einfügen, seine Datei wählen oder seinen QR-Code scannen.
setup-export-password = Passwort des Exports
setup-export-scan = ID-Export scannen
setup-done-new = Das ist die ID
    .text = An diese Adresse schreiben andere. Sie darf ohne Sorge weitergegeben werden.
setup-done-safe = Willkommen zurück
    .text = Die ID ist wieder da, mit Kontakten, Gruppen und Einstellungen.
setup-done-export = Willkommen zurück
    .text = Die ID ist wieder da. Kontakte kommen zurück, wenn jemand schreibt oder sie hinzugefügt werden.
fingerprint-own = Andere sehen beim Kontakt denselben Fingerabdruck. Sind beide gleich, steht niemand dazwischen.
setup-go-on = Weiter
setup-to-chats = Zu den Chats
offers = Eine Minute wert
    .text = Alles geht auch später in den Einstellungen.
offer-safe = Safe einschalten
    .text = Ohne Sicherung ist mit dem Gerät auch die ID verloren.
offer-safe-done = Safe ist an.
offer-lock = App sperren
    .text = Eine Passphrase oder ein Passkey verschlüsselt, was auf diesem Gerät liegt.
offer-lock-done = Die App hat eine Sperre.
offer-notifications = Mitteilungen erlauben
    .text = Sie sagen, dass etwas neu ist, und nicht mehr.
offer-notifications-done = Mitteilungen sind an.

## Einstellungen

settings = Einstellungen
settings-profile = Profil
settings-organisation = Organisation
settings-privacy = Privatsphäre
settings-trust = Vertrauen
settings-lock = App-Sperre
settings-backup = Sicherung
settings-notifications = Mitteilungen
settings-appearance = Aussehen
settings-chats = Chats und Medien
settings-storage = Speicher
settings-devices = Geräte
settings-data = Eigene Daten
settings-about = Über

## Profil

me-is-revoked = Diese ID ist widerrufen. Sie kann weder senden noch empfangen. Was geschrieben wurde, bleibt hier lesbar.
picture-choose = Bild wählen
picture-change = Bild ändern
picture-remove = Entfernen
own-code = Eigener QR-Code
    .hint = Zum Scannen durch andere, von Angesicht zu Angesicht
own-code-how = Wer diesen Code persönlich scannt, hat die ID geprüft: drei grüne Punkte.
own-code-of = QR-Code der ID { $id }
own-link = Als Text
links = Gefunden werden
    .hint = Auf dem Server liegt nur eine verschleierte Form. Wer Adresse oder Nummer kennt, kann die ID finden.
link-email = E-Mail-Adresse
link-phone = Telefonnummer
link-none = Nicht verknüpft
link-waiting = { $address } (wartet)
link-email-what = Wer diese Adresse im Adressbuch hat, findet die ID.
link-phone-what = Wer diese Nummer im Adressbuch hat, findet die ID.
link-is-waiting = { $address } wartet auf Bestätigung.
link-is-linked = { $address } ist verknüpft.
link-email-address = E-Mail-Adresse
    .hint = Dorthin geht eine Nachricht mit einem Link. Ihn zu öffnen bestätigt die Adresse.
link-phone-address = Telefonnummer
    .hint = Mit Landesvorwahl, etwa +41 79 123 45 67. Dorthin geht ein Code.
link-code = Code
    .hint = Sechs Ziffern aus der Textnachricht.
link-confirm = Bestätigen
link-call = Code stattdessen per Anruf
link-check = Link wurde geöffnet
link-do = Verknüpfen
link-remove = Verknüpfung lösen
revoke = ID widerrufen
    .hint = Beendet die ID für immer, auf jedem Gerät. Nur für eine ID, die in falschen Händen ist oder nie mehr gebraucht wird.
revoke-what-1 = Die ID lässt sich nie mehr verwenden, von niemandem, auch nicht mit einer Sicherung.
revoke-what-2 = Andere sehen, dass es sie nicht mehr gibt, und können ihr nicht mehr schreiben.
revoke-what-3 = Was auf diesem Gerät liegt, bleibt lesbar.
revoke-do = Für immer widerrufen

## Privatsphäre

privacy-told = Was andere erfahren
    .hint = Für einzelne Kontakte lässt es sich in deren Details anders einstellen.
read-receipts = Lesebestätigungen
    .hint = Andere sehen, wann eine Nachricht gelesen wurde.
typing-indicators = Tippanzeige
    .hint = Andere sehen, dass gerade geschrieben wird.
policies-reset = Ausnahmen zurücksetzen
    .hint = Alle Kontakte folgen wieder den Schaltern oben
    .question = Jeder Kontakt wird so behandelt, wie die beiden Schalter stehen. Gemachte Ausnahmen sind vergessen.
policies-reset-do = Zurücksetzen
policies-reset-done = Alle Kontakte folgen wieder den Einstellungen.
share-picture = Profilbild geht an
    .hint = Es geht mit einer Nachricht mit, einmal an jede Person.
share-everybody = Alle
share-listed = Einige
share-nobody = Niemanden
privacy-away = Wer fernbleibt
block-unknown = Unbekannte blockieren
    .hint = Nachrichten von Personen, die keine Kontakte sind, werden verworfen. Die Absender erfahren es nicht.
blocked-list = Blockiert
excluded-list = Vom Abgleich ausgenommen
    .hint = Werden nie aus einem Adressbuch übernommen
block-what = Nachrichten blockierter Personen werden verworfen. Sie erfahren es nicht. In Gruppen bleiben sie sichtbar.
block-nobody = Niemand ist blockiert.
block-remove = { $id } freigeben
block-add = ID blockieren
block-do = Blockieren
exclude-what = Diese IDs kommen nie durch den Abgleich mit einem Adressbuch dazu.
exclude-nobody = Niemand ist ausgenommen.
exclude-remove = { $id } von der Liste nehmen
exclude-add = ID ausnehmen
exclude-do = Ausnehmen
privacy-contacts = Kontakte
hide-inactive = Inaktive IDs verbergen
    .hint = Lange nicht verwendete IDs fehlen in Listen.
sort-by = Sortiert nach
shown-first = Zuerst steht

## Mitteilungen

notifications = Mitteilungen
    .hint = Solange die App in einem Tab offen ist, meldet sie neue Nachrichten selbst.
notifications-refused = Im Browser abgelehnt
    .text = Der Browser soll hier keine Mitteilungen erlauben. Ändern lässt sich das am Schloss neben der Adresse.
notifications-impossible = Dieser Browser kann für diese Seite keine Mitteilungen zeigen.
previews = Inhalt zeigen
    .hint = Name und Text stehen in der Mitteilung. Wer auf den Bildschirm sieht, kann mitlesen.
notification-new = Neue Nachricht
notification-other = Neuer Inhalt
push = Bei geschlossener App
    .hint = Der Server weckt den Browser mit einem leeren Zeichen: kein Name, kein Text. Nur der Hersteller des Browsers sieht, dass es eines gab.
push-state = Wecken
push-on = An
push-off = Aus
push-unknown = …
push-impossible = Hier nicht möglich
push-failed = Der Browser liess sich nicht zum Wecken anmelden. Mitteilungen kommen, solange die App offen ist.

## Aussehen

theme = Farben
theme-system = Wie das System
theme-light = Hell
theme-dark = Dunkel
size = Schriftgrösse
    .hint = Zusätzlich zu dem, was im Browser eingestellt ist.
size-1 = Klein
size-2 = Normal
size-3 = Gross
size-4 = Sehr gross
size-sample = Zwölf Boxkämpfer jagen Viktor quer über den grossen Sylter Deich.
language = Sprache
language-system = Wie der Browser
motion-hint = Bewegungen folgen dem System: Verlangt es weniger davon, gibt es keine.

## Chats und Medien

writing = Schreiben
enter-sends = Enter sendet
    .on = Umschalt und Enter beginnen eine neue Zeile.
    .off = Enter beginnt eine neue Zeile; Strg und Enter senden.
auto-download = Von selbst holen
    .hint = Alles andere wartet, bis es verlangt wird.
auto-download-largest = Höchstens
kind-of-images = Bilder
kind-of-audio = Sprache und Ton
kind-of-videos = Videos
kind-of-others = Andere Dateien

## Speicher

storage-whole = Auf diesem Gerät
    .hint = Wie viel Platz es gibt, entscheidet der Browser.
storage-of = von etwa { $quota }
storage-files = Dateien
storage-rest = Nachrichten und App
storage-keep = Sicher behalten
    .hint = Der Browser räumt diese Daten nicht weg, wenn der Platz knapp wird.
storage-not-kept = Der Browser hat nicht zugestimmt. Oft hilft es, die App zu installieren oder Mitteilungen zu erlauben.
storage-by-chat = Nach Unterhaltung
storage-counts = { $messages } Nachrichten, { $files } Dateien
storage-none = Noch keine Dateien.
storage-clear = Dateien löschen
    .hint = Gelöscht werden nur Dateien; die Nachrichten bleiben.
    .what = Die Dateien werden von diesem Gerät gelöscht, die Nachrichten bleiben. Was der Server nicht mehr hat, lässt sich nicht wieder holen.
storage-clear-one = Dateien von { $name } löschen
storage-older = Älter als
storage-all = Alle
storage-days = { $days ->
    [one] 1 Tag
   *[other] { $days } Tage
}
storage-year = 1 Jahr
storage-clear-do = Dateien löschen
storage-cleared = Die Dateien sind gelöscht.
keep-messages-days = Die Organisation löscht Nachrichten nach { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
}.

## Sicherung

backup-intro = Ein verlorenes Gerät oder gelöschte Browserdaten nehmen alles mit. Eines davon bringt die ID zurück.
safe = Safe
safe-what = Safe bewahrt ID, Kontakte, Gruppen und Einstellungen verschlüsselt auf einem Server. Nur das Passwort öffnet es.
safe-password = Safe-Passwort
    .hint = Lang und sonst nirgends verwendet. Niemand kann es zurücksetzen.
safe-again = Noch einmal
safe-server = Safe-Server
    .hint = Leer für den dieser Instanz. Er beginnt mit https://
safe-turn-on = Safe einschalten
safe-turn-off = Safe ausschalten
safe-change = Passwort oder Server ändern
safe-is-on = Safe ist an. Die erste Sicherung ist unterwegs.
safe-is-off = Aus: ohne Sicherung ist mit dem Gerät auch die ID verloren
safe-last = Letzte Sicherung
safe-never = Noch keine
safe-where = Server
safe-where-own = Diese Instanz
safe-retention = Aufbewahrt
safe-backup = Jetzt sichern
safe-backup-done = Die Sicherung ist beim Server.
safe-off-what = Die Sicherung beim Server wird gelöscht. Ohne sie ist mit dem Gerät auch die ID verloren.
safe-off-anyway = Trotzdem ausschalten
safe-fault-unreachable = Beim letzten Versuch war der Server nicht erreichbar. Es wird wieder versucht.
safe-fault-refused = Beim letzten Versuch hat der Server die Sicherung abgelehnt.
safe-fault-too_large = Die Sicherung ist grösser, als der Server annimmt.
safe-fault-bad_answer = Der Server gab eine Antwort, die keinen Sinn ergibt.
export = ID-Export
export-what = Ein Text und ein QR-Code, zum Drucken oder für einen Passwortmanager. Sie bleiben für immer gültig.
export-how = Der Export enthält den Schlüssel der ID, verschlüsselt mit einem Passwort. Text und Passwort getrennt aufbewahren.
export-password = Passwort für den Export
    .hint = Mindestens acht Zeichen. Niemand kann es zurücksetzen.
export-make = ID exportieren
export-keep = Wer dies und das Passwort hat, hat die ID. Beides getrennt aufbewahren.
export-code = QR-Code des ID-Exports
export-text = Export
export-save = Als Datei speichern
backup-which = Was darin ist
backup-has-id = ID und Schlüssel
backup-has-contacts = Kontakte
backup-has-groups = Gruppen
backup-has-settings = Einstellungen
backup-has-messages = Nachrichten, Dateien

## App-Sperre

lock-kind = Art der Sperre
lock-passphrase = Passphrase
lock-passkey = Passkey
    .text = Fingerabdruck, Gesicht oder PIN dieses Geräts öffnet die App. Ist der Passkey verloren, kann niemand sie öffnen.
lock-old = Bisherige Passphrase
lock-new = Neue Passphrase
    .hint = Mehrere Wörter sind besser als wenige Zeichen.
lock-again = Noch einmal
lock-too-short = Mindestens { $least } Zeichen.
lock-differs = Die beiden sind nicht gleich.
lock-nobody-resets = Eine vergessene Passphrase kann niemand zurücksetzen.
lock-set = Sperre einrichten
    .hint = Passphrase, oder Passkey mit Fingerabdruck, Gesicht oder PIN
lock-change = Sperre ändern
lock-make-passkey = Passkey anlegen
lock-take-off = Sperre aufheben
lock-off =
    .text = Wer diesen Browser bedienen kann, kann danach die Nachrichten lesen.
lock-at-once = Jetzt sperren
lock-after = Von selbst sperren nach
    .hint = So lange ohne Berührung. Auch mit dem Schliessen des Tabs ist die App gesperrt.
lock-never = Nie
lock-is-on = Die App hat eine Sperre.
lock-is-off = Die Sperre ist aufgehoben.
lock-now-none = Keine Sperre
    .text = Wer diesen Browser bedienen kann, kann die Nachrichten lesen. Eine Sperre verschlüsselt, was hier liegt.
lock-now-passphrase = Mit Passphrase gesperrt
    .text = Was hier liegt, ist verschlüsselt; nur die Passphrase öffnet es.
lock-now-passkey = Mit Passkey gesperrt
    .text = Was hier liegt, ist verschlüsselt; nur der Passkey öffnet es.

## Geräte

devices-only = Kein anderes Gerät hat sich mit dieser ID angemeldet.
devices-this = Dieses Gerät
    .hint = Die ID lebt in diesem Browser, nur unter dieser Adresse.
devices-more = Eine ID funktioniert in einer App zur selben Zeit. Mehrere Geräte mit einer ID sind noch nicht möglich.
other-device = Ein anderes Gerät hat sich mit dieser ID angemeldet
    .text = War es nach dem Wiederherstellen einer Sicherung, ist alles gut. Dann darf diese Warnung weg.
    .surprise = Kommt es überraschend, hat jemand eine Kopie des Schlüssels. Dann hilft nur eines:
other-device-known = Das ist bekannt

## Eigene Daten

data-here = Auf diesem Gerät
    .hint = Nachrichten und Dateien lassen sich aus ihren Unterhaltungen speichern.
data-save = Eigenes Profil, Kontakte und Einstellungen
    .hint = Als Datei, die Programme lesen können
data-save-do = Speichern
data-server = Beim Server
    .hint = Der Server behält, was er zum Übergeben der Nachrichten braucht, und nichts, womit er sie lesen könnte.
my-data = Alles, was der Server zu dieser ID speichert
    .hint = Eine lesbare Datei (JSON), bis zu fünfmal am Tag. Geheimes ist darin genannt, aber nicht enthalten.
my-data-do = Anfordern
letter = Auskunft über eigene Daten
    .hint = Ein Brief an den Betrieb des Servers, bereit zum Senden
letter-how = Der Betrieb antwortet mit allem, was zu der ID gespeichert ist, und löscht es auf Verlangen.
letter-text =
    An den Betrieb von { $instance }
    { $date }

    Auskunft nach Artikel 15 DSGVO

    Ich verwende auf Ihrem Server die ID { $id }. Bitte teilen Sie mir mit, welche Personendaten zu mir und dieser ID Sie zu welchem Zweck und wie lange speichern und an wen Sie sie weitergegeben haben. Bitte senden Sie mir eine Kopie in einem gängigen elektronischen Format.

    Dass die ID mir gehört, kann ich mit einer Nachricht von ihr zeigen.

    Freundliche Grüsse
erase = Diese App löschen
    .hint = Löscht alles von dieser App aus diesem Browser. Die ID selbst lebt weiter, wenn es eine Sicherung gibt.
erase-what = Nachrichten, Dateien, Kontakte und der Schlüssel werden aus diesem Browser gelöscht. Niemand kann das rückgängig machen.
erase-backup = Ohne Safe oder einen ID-Export ist auch die ID verloren.
erase-do = Alles löschen

## Über

about-version = Version { $version }
about-instance = Instanz
about-address = Adresse
about-licence = Lizenz
about-works = Gebaut mit
    .hint = Mit Dank an alle, die das geschrieben haben.

## Tasten

shortcuts = Tasten
keys-everywhere = Überall
keys-list = In Listen
keys-messages = Auf einer Nachricht
keys-writing = Beim Schreiben
key-keys = Diese Übersicht
key-close = Schliessen, zurück
key-next = Zur nächsten Stelle
key-choose = Wählen
key-open = Öffnen
key-reply = Antworten
key-edit = Bearbeiten
key-react = Reagieren
key-copy = Kopieren
key-forward = Weiterleiten
key-star = Markieren
key-delete = Löschen
key-send = Senden
key-line = Neue Zeile
key-last = Letzte Nachricht bearbeiten

## Vertrauen

trust-check = Eine Person prüfen
    .hint = Einmal, von Angesicht zu Angesicht. Danach ist für immer sicher, dass die richtige Person schreibt.
trust-scan = QR-Code scannen
    .hint = Den Code der anderen Person, von ihrem Bildschirm
trust-scan-how = Die andere Person zeigt den eigenen QR-Code: Einstellungen, Profil.
trust-levels = Was die Punkte sagen
level-verified = Persönlich geprüft
    .text = Der Code wurde von Angesicht zu Angesicht gescannt. Niemand kann dazwischenstehen.
level-server = Dem Server bekannt
    .text = Der Server hat die Person über Nummer oder Adresse aus dem eigenen Adressbuch gefunden.
level-unverified = Nicht geprüft
    .text = Nur die ID ist bekannt. Es kann irgendjemand sein.
level-work = Aus der Organisation
    .text = Blaue Punkte: Die Organisation steht für die Person ein. Drei davon: auch persönlich geprüft.
trust-fingerprint = Vergleichen ohne Kamera
    .hint = Am Telefon einander vorlesen. Sehen beide dasselbe, steht niemand dazwischen.
trust-questions = Gut zu wissen
ask-server = Kann der Server mitlesen?
    .text = Nein. Nachrichten werden auf dem Gerät der Absender verschlüsselt und auf dem Gerät der Empfänger geöffnet. Der Server übergibt, was er nicht lesen kann.
ask-key = Und wenn ein Schlüssel ändert?
    .text = Der Schlüssel einer ID ändert nie. Behauptet jemand einen anderen, bleibt der bekannte in Gebrauch, und eine Warnung erscheint. Dann hilft nur, die Person persönlich zu fragen.
ask-blocked = Was geschieht mit blockierten Personen?
    .text = Was sie schreiben, wird auf diesem Gerät verworfen, bevor es erscheint. Sie erfahren es nicht.
ask-lost = Das Gerät ist verloren. Was nun?
    .text = Die ID auf einem anderen Gerät mit Safe oder einem ID-Export wiederherstellen: Das verlorene Gerät hält dann an. Ist der Schlüssel in falschen Händen, die ID widerrufen.
key-warning = Warnung zu { $name }
key-warning-scan = Ein gescannter Code behauptet für { $id } einen anderen Schlüssel ({ $time }).
key-warning-directory = Das Verzeichnis behauptet für { $id } einen anderen Schlüssel ({ $time }).
key-warning-organisation = Die Organisation behauptet für { $id } einen anderen Schlüssel ({ $time }).
key-known = Bekannt, in Gebrauch
key-claimed = Behauptet, nicht in Gebrauch
key-warning-do = Die Person persönlich fragen, welcher stimmt, bevor Vertrauliches geschrieben wird.
key-warning-asked = Nachgefragt
scan-camera = Bild der Kamera
scan-starting = Kamera startet
scan-no-camera = Es gibt keine Kamera, oder sie ist nicht erlaubt. Ein Bild des Codes geht auch.
scan-picture = Ein Bild verwenden
scan-nothing = In diesem Bild ist kein QR-Code zu finden. Ein schärferes hilft vielleicht.
scan-no-picture = Diese Datei ist kein lesbares Bild.
scan-other = Das ist ein QR-Code, aber nicht der, der hier gebraucht wird.
scan-checked = Geprüft
    .text = Der Schlüssel von { $id } ist der richtige.
scan-added = { $name } ist jetzt ein Kontakt.
scan-wrong = Nicht gleich

## Organisation

work-unnamed = Organisation
work-support = Hilfe und Support
work-sync = Einstellungen und Kontakte holen
    .hint = Geschieht einmal am Tag von selbst
work-synced = Alles ist auf dem neusten Stand.
work-set = Von der Organisation vorgegeben
    .hint = Nur die Administration kann das ändern.
work-set-nothing = Nichts ist vorgegeben. Alles lässt sich hier entscheiden.
origin-device = Verwaltung dieses Geräts
origin-organisation = Organisation
licence = Lizenz
licence-state = Zustand
licence-good = Gültig
licence-none = Keine
directory = Firmenverzeichnis
    .hint = Personen der Organisation
directory-search = Suchen
    .hint = Mindestens drei Buchstaben eines Namens oder einer ID.
directory-categories = Kategorien
directory-searching = Sucht
directory-nobody = Niemand gefunden
    .text = Eine andere Schreibweise oder nur ein Teil des Namens hilft vielleicht.
directory-begin = Personen finden
    .text = Einen Namen eingeben oder eine Kategorie wählen.
directory-write = { $name } schreiben
directory-add = { $name } hinzufügen
directory-more = Mehr zeigen

## Ob jemand arbeitet

availability = Verfügbarkeit
    .hint = Sie steht bei anderen neben dem Namen. Deren Apps erfahren davon, wenn sie die Organisation das nächste Mal fragen.
availability-none = Keine Angabe
availability-busy = Beschäftigt
availability-unavailable = Abwesend
availability-text = In eigenen Worten
    .hint = Zum Beispiel bis wann. Es darf leer sein.
availability-too-long = Zu lang: höchstens 256 Buchstaben sind möglich, mit Akzenten oder Emojis weniger.
availability-saved = Gespeichert. Andere sehen es bald.
logo-of = Logo von { $name }

## Wozu die Parameter einer Organisation dienen

purpose-th-block-unknown = Unbekannte werden blockiert oder zugelassen.
purpose-th-category = Kategorie
purpose-th-contact-sync = Abgleich mit dem Adressbuch
purpose-th-csi = Personalnummer
purpose-th-department = Abteilung
purpose-th-disable-add-contact = Kontakte kommen nur von der Organisation.
purpose-th-disable-backups = Sicherungen sind nicht erwünscht.
purpose-th-disable-calls = Anrufe sind ausgeschaltet.
purpose-th-disable-create-group = Gruppen machen andere.
purpose-th-disable-data-backups = Datensicherungen sind nicht erwünscht.
purpose-th-disable-export = Unterhaltungen werden nicht exportiert.
purpose-th-disable-group-calls = Gruppenanrufe sind ausgeschaltet.
purpose-th-disable-id-export = Die ID bleibt in dieser App.
purpose-th-disable-message-preview = Mitteilungen zeigen keinen Inhalt.
purpose-th-disable-multidevice = Ein Gerät je Person.
purpose-th-disable-save-to-gallery = Empfangene Medien werden nicht von selbst gespeichert.
purpose-th-disable-screenshots = Keine Bildschirmfotos
purpose-th-disable-send-profile-picture = Das Profilbild wird nicht gesendet.
purpose-th-disable-share-media = Medien bleiben in der App.
purpose-th-disable-system-backups = Nichts geht in Sicherungen des Systems.
purpose-th-disable-video-calls = Video ist ausgeschaltet.
purpose-th-disable-web = Der Web-Client ist ausgeschaltet.
purpose-th-disable-work-directory = Das Verzeichnis ist ausgeschaltet.
purpose-th-enable-remote-secret = Ein Teil des Schlüssels liegt beim Server.
purpose-th-firstname = Vorname
purpose-th-hide-inactive-ids = Inaktive IDs werden verborgen oder gezeigt.
purpose-th-job-title = Funktion
purpose-th-keep-messages-days = Nachrichten werden nach Tagen gelöscht
purpose-th-lastname = Nachname
purpose-th-linked-email = Verknüpfte E-Mail-Adresse
purpose-th-linked-phone = Verknüpfte Telefonnummer
purpose-th-nickname = Nickname
purpose-th-readonly-profile = Das Profil führt die Organisation.
purpose-th-safe-enable = Safe ist an oder aus.
purpose-th-safe-server-url = Safe-Server
purpose-th-skip-wizard = Einrichtung ohne Fragen

## Was schiefging, wo die App einen anderen Weg hat als das Terminal

app-error-core-broken = Die App hat angehalten. Die Seite neu zu laden hilft; nichts ist verloren.
app-error-unknown-contact = { $id } ist kein Kontakt. Zuerst den Kontakt hinzufügen.
app-error-contact-blocked = { $id } ist blockiert. In den Details des Kontakts lässt sich das aufheben.
app-error-locked = Die App ist von der Organisation gesperrt; die Administration weiss mehr. Der Server sagt: { $reason }
app-error-displaced = Die ID wird in einer anderen App verwendet: { $reason }
app-error-no-license = Die Zugangsdaten der Organisation fehlen. Einzugeben unter Einstellungen, Organisation.
app-error-nothing-to-confirm = Keine Adresse wartet auf Bestätigung. Zuerst eine verknüpfen.
app-error-safe-off = Safe ist aus. Zuerst einschalten.
app-error-setup-place = Server und Zugangsdaten der Organisation sind nötig.
app-error-provisioning-not-authentic = Die Einstellungen der Instanz sind von keinem vertrauten Schlüssel unterschrieben. Nicht weitermachen; die Administration nach dem richtigen Schlüssel fragen.
app-error-identity-exists = Hier gibt es schon eine ID.
app-error-no-identity = Hier gibt es noch keine ID. Bitte die Einrichtung abschliessen.
app-error-passphrase-needed = Eine Passphrase ist nötig.
app-error-passphrase-empty = Eine leere Passphrase schützt nichts.
app-error-instance = Der Server gab unbrauchbare Einstellungen: { $reason }. Beim Betrieb nachfragen.
app-error-ambiguous = Mehrere Personen oder Gruppen heissen so. Die ID verwenden.
app-error-unknown-group = Diese Gruppe ist hier nicht bekannt.
app-error-unknown-conversation = Diese Unterhaltung gibt es nicht.
app-error-no-such-message = Diese Nachricht ist nicht mehr hier.
app-error-unknown-message = Diese Nachricht ist nicht mehr hier.
app-error-sending-failed = Die Nachricht konnte nicht gesendet werden. In ihrem Menü lässt sie sich noch einmal senden.
app-error-not-group-creator = Nur { $creator } kann diese Gruppe ändern. Dort nachfragen oder die Gruppe kopieren.
app-error-group-disbanded = Die Gruppe wurde beendet. Eine Kopie davon führt sie mit denselben Personen weiter.
app-error-creator-cannot-leave = Wer eine Gruppe gemacht hat, kann sie nicht verlassen, aber für alle beenden.
app-error-file-not-so = So lässt sich die Datei nicht senden; sie ist { $type }. Als Datei geht es.
app-error-file-not-here = Die Datei ist noch nicht hier. Zuerst herunterladen.
app-error-not-a-card = In dieser Datei ist keine Visitenkarte. Sie lässt sich speichern, wie sie ist.
app-error-picture = Das Bild lässt sich nicht verwenden: { $reason }. Als Datei geht es.
app-error-already-sent = Die Nachricht ist gesendet. Sie lässt sich stattdessen für alle löschen.
app-error-query-too-short = Mindestens drei Buchstaben sind nötig, oder eine Kategorie.
app-error-profile-in-use = Die App ist in einem anderen Tab offen.
