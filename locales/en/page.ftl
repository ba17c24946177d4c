# The words of a saved conversation, which the terminal app and the apps in the browser make.

page-exported = Saved on
page-times = Times in
page-edited = edited
page-failed = not sent
page-missing = A message that is not here
page-deleted = Deleted by its sender
page-unsupported = A message that this version cannot show
page-location = Place
page-poll = Poll
page-poll-closed = Poll, closed
page-file = File
page-everybody = everybody
page-group-created = made the group
page-group-restored = the group came back with a backup
page-you-were-added = added this ID to the group
page-you-were-removed = removed this ID from the group, or ended it
page-added = added
page-removed = removed
page-left = left the group
page-disbanded = ended the group
page-renamed = gave the group another name
page-picture-changed = changed the picture of the group
page-picture-removed = removed the picture of the group
page-identity-revoked = has given up this ID
page-other = something happened
