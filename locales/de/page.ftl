# Die Wörter einer gespeicherten Unterhaltung, wie sie die App im Terminal und die Apps im Browser machen.

page-exported = Gespeichert am
page-times = Zeiten in
page-edited = bearbeitet
page-failed = nicht gesendet
page-missing = Eine Nachricht, die nicht da ist
page-deleted = Vom Absender gelöscht
page-unsupported = Eine Nachricht, die diese Version nicht zeigen kann
page-location = Ort
page-poll = Umfrage
page-poll-closed = Umfrage, beendet
page-file = Datei
page-everybody = alle
page-group-created = hat die Gruppe erstellt
page-group-restored = die Gruppe kam mit einer Sicherung zurück
page-you-were-added = hat diese ID zur Gruppe hinzugefügt
page-you-were-removed = hat diese ID aus der Gruppe entfernt oder sie aufgelöst
page-added = hat hinzugefügt
page-removed = hat entfernt
page-left = hat die Gruppe verlassen
page-disbanded = hat die Gruppe aufgelöst
page-renamed = hat die Gruppe umbenannt
page-picture-changed = hat das Bild der Gruppe geändert
page-picture-removed = hat das Bild der Gruppe entfernt
page-identity-revoked = hat diese ID aufgegeben
page-other = etwas ist geschehen
