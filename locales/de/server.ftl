# Was der Server zu Menschen sagt. Sätze, die Clients Wort für Wort suchen, bleiben in seinem Code.

## Was Apps zu lesen bekommen

api-malformed = Die Anfrage ist nicht verständlich.
api-unknown-identity = Diese ID gibt es nicht.
api-unusable-key = Dieser öffentliche Schlüssel kann nicht verwendet werden.
api-taken-key = Dieser öffentliche Schlüssel gehört schon zu einer ID.
api-failed-proof = Der Nachweis ist ungültig oder abgelaufen. Bitte noch einmal versuchen.
api-failed-revocation = ID oder Widerrufspasswort ist falsch.
api-too-often = Zu viele Anfragen. Bitte später noch einmal versuchen.
api-no-push = Dieser Server kann diesen Browser nicht wecken.
api-too-large = Die Anfrage ist zu gross.
api-too-slow = Die Anfrage kam zu langsam an.
api-full = Auf dem Server ist kein Platz mehr.
api-unauthorised = Dieser Server nimmt Dateien nur mit einem Zugangsschlüssel an.
api-license-needed = Dieser Server ist nur für Inhaber einer Lizenz. Bitte mit der eigenen anmelden.
api-token-expired = Die Anmeldung dieser Anfrage ist ungültig oder abgelaufen. Bitte noch einmal versuchen.
api-dead-activation = Dieser Aktivierungslink gilt nicht mehr. Bitte bei der Verwaltung einen neuen anfordern.
api-still-attached = Diese ID gehört zu einer Organisation. Bitte deren Administration darum bitten, die ID freizugeben; danach lässt sie sich in der privaten App wiederherstellen.
api-no-private-app = Die IDs dieses Servers lassen sich nur in der App seiner Organisation verwenden.
api-no-such-address = Hier ist nichts.
api-unavailable = Der Server kann gerade nicht antworten. Bitte später noch einmal versuchen.
api-withdrawn-license = Die Organisation hat diese Lizenz entzogen. Bitte die Administration fragen.
api-expired-license = Diese Lizenz ist abgelaufen. Bitte die Administration um eine neue bitten.
api-expired-org = Die Lizenzen der Organisation sind abgelaufen. Bitte die Administration fragen.
api-seats-full = Alle Plätze der Organisation sind belegt. Bitte die Administration fragen.
api-license-in-use = Diese Lizenz wird schon von einer anderen ID verwendet. Bitte die Administration um eine eigene Lizenz bitten.
api-uses-full = Diese Lizenz wird schon von so vielen IDs verwendet, wie erlaubt sind. Bitte die Administration fragen.
api-other-org = Diese ID gehört zu einer anderen Organisation. Deren Administration muss sie zuerst freigeben.
api-released-member = Die Organisation hat diese ID freigegeben. Sie kann in der privaten App verwendet werden; um sie wieder geschäftlich zu verwenden, bitte die Administration um Wiederaufnahme bitten.
api-withdrawn-member = Die Organisation hat dieser ID den Zugang entzogen. Bitte die Administration fragen.
api-unusable-search = Bitte nach mindestens drei Zeichen suchen oder eine Kategorie wählen.
api-no-directory = Die Organisation hat das Verzeichnis abgeschaltet.
api-no-remote-secret = Ein solches entferntes Geheimnis gibt es nicht.
api-wrong-license = Benutzername oder Passwort der Lizenz sind falsch.

## Verknüpfte Adressen

link-no-links = Dieser Server verknüpft keine Adressen mit IDs.
link-no-mail = Dieser Server kann keine E-Mails senden; eine E-Mail-Adresse kann deshalb nicht verknüpft werden.
link-no-short-messages = Dieser Server kann keine SMS senden; eine Telefonnummer kann deshalb nicht verknüpft werden.
link-no-calls = Dieser Server kann nicht anrufen. Bitte stattdessen eine neue SMS anfordern.
link-not-sent = Die Nachricht konnte nicht gesendet werden. Bitte später noch einmal versuchen.
link-no-email = Das ist keine gültige E-Mail-Adresse.
link-no-phone-number = Das ist keine gültige Telefonnummer. Bitte mit Landesvorwahl schreiben, z. B. +41 79 123 45 67.
link-too-many-tries = Zu viele Versuche für diese Adresse. Bitte morgen noch einmal versuchen.
link-wrong-code = Der Code ist falsch.
link-over-code = Der Code gilt nicht mehr. Bitte einen neuen anfordern.
link-no-match-token = Das Abgleichs-Token ist ungültig oder abgelaufen.

## Bestätigungen durch Mail, SMS und Anruf

confirm-subject = Diese E-Mail-Adresse mit der ID { $id } verknüpfen?
confirm-mail =
    Hallo,

    jemand möchte diese E-Mail-Adresse mit der ID { $id } auf { $instance } verknüpfen.
    Ist das so gewollt, lässt es sich innerhalb von { $hours } Stunden auf dieser Seite bestätigen:

    { $url }

    Ist es nicht gewollt, ist nichts zu tun: Ohne Bestätigung wird nichts verknüpft.
confirm-message = { $instance }: Der Code ist { $code }. Niemandem weitergeben. Oder antippen: { $link }
confirm-call = Der Code für { $instance } ist: { $digits }. Noch einmal: { $digits }. Niemandem weitergeben.

## Die Seite, zu der eine Mail führt

link-page-question = Diese E-Mail-Adresse verknüpfen?
    .text = Sie führt dann alle, die sie kennen, zur ID { $id }.
    .button = Verknüpfen
link-page-linked = Verknüpft
    .text = Die E-Mail-Adresse gehört jetzt zur ID { $id }.
link-page-over = Dieser Link gilt nicht mehr
    .text = Er wurde schon benutzt oder ist abgelaufen. In der App lässt sich eine neue Mail anfordern.
link-page-later = Bitte später noch einmal versuchen
    .text = Der Server kann gerade nicht antworten. Es wurde nichts geändert.

## Safe

safe-no-user-agent = Die Anfrage muss das Programm in User-Agent nennen.
safe-wrong-accept = Die Anfrage muss den Typ der Antwort annehmen (siehe Accept).
safe-no-backup-id = Die Kennung einer Sicherung hat 64 hexadezimale Ziffern.
safe-empty-backup = Die Sicherung ist leer.

## Verwaltung

management-no-key = Bitte einen API-Schlüssel im Kopf X-Api-Key angeben.
management-bad-key = Dieser API-Schlüssel ist unbekannt, abgelaufen, gesperrt oder von dieser Adresse aus nicht erlaubt.
management-may-not = Dieser API-Schlüssel hat das Recht { $detail } nicht.
management-more-rights = Niemand kann einem Schlüssel mehr Rechte geben, als er selbst hat.
management-operator-only = Das kann nur der Betreiber des Servers.
management-too-often = Mit diesem API-Schlüssel kamen heute zu viele Anfragen.
management-name-org = Bitte die Organisation im Kopf X-Org nennen.
management-not-found = Das gibt es hier nicht.
management-malformed = Der Inhalt muss sein, was diese Adresse erwartet: ein JSON-Objekt, wenn nichts anderes angegeben ist.
management-missing = Das Feld { $detail } fehlt.
management-invalid = Das kann nicht verwendet werden: { $detail }.
management-too-large = Der Inhalt ist zu gross.
management-too-slow = Der Inhalt kam zu langsam an.
management-confirm = Das lässt sich nicht rückgängig machen: bitte { $detail } im Feld confirm wiederholen.
management-username-taken = Dieser Benutzername gehört zu anderen Zugangsdaten.
management-conflict = Das ist schon so, oder etwas anderes steht dem entgegen.
management-shared-credential = Diese Zugangsdaten nutzen viele: eine Aktivierung würde das Passwort für alle ändern. Bitte Zugangsdaten für eine Person anlegen.
management-has-members = Die Organisation hat noch Mitglieder. Bitte sie zuerst ablösen oder widerrufen.
management-bad-lines = Einige Zeilen sind nicht verwendbar; nichts wurde geändert.
management-no-png = Ein Logo ist ein PNG mit höchstens 512 KiB und 2048 Pixeln je Seite.
management-unavailable = Der Server kann gerade nicht antworten. Bitte später noch einmal versuchen.

## Was der Chat-Server durch die App sagt

# Apps erkennen eine volle Warteschlange am Wort "quota" darin.
chat-revoked = Diese ID wurde widerrufen.
chat-moved-to-work = Diese ID wird jetzt in der Work-App verwendet. Diese App bitte entfernen oder mit einer neuen ID verwenden.
chat-moved-to-private = Diese ID wird jetzt in der privaten App verwendet.
chat-released-not-moved = Diese ID wurde zuletzt in der Work-App verwendet. Ihre Organisation hat sie freigegeben; hier aus einer Sicherung wiederhergestellt, lässt sie sich hier verwenden.
chat-detached = Ihre Organisation hat diese ID freigegeben. Sie lässt sich in der privaten App verwenden: dort aus einer Sicherung wiederherstellen.
chat-withdrawn = Ihre Organisation hat den Zugang entzogen. Bitte an die Administration wenden.
chat-not-activated = Diese ID ist nicht für Work aktiviert. Bitte mit Benutzername und Passwort der Organisation anmelden.
chat-closed-instance = Dieser Server ist nur für die App seiner Organisation.
chat-bad-message = Fehlerhafte Nachricht
chat-invalid-sender = Falscher Absender
chat-queue-full = Das Kontingent (quota) des Empfängers ist erschöpft: Es warten zu viele Nachrichten.
chat-server-full = Der Server hat keinen Speicherplatz mehr.
chat-unavailable = Der Server ist gerade nicht verfügbar.
