# Texts of the terminal app for people. Same ids in every language; see crates/cli/src/texts/tests.rs.

## Calendar

today = Today
yesterday = Yesterday
date = { $year }-{ $month }-{ $day }
day-heading = { $weekday }, { $date }
monday = Monday
tuesday = Tuesday
wednesday = Wednesday
thursday = Thursday
friday = Friday
saturday = Saturday
sunday = Sunday
monday-short = Mon
tuesday-short = Tue
wednesday-short = Wed
thursday-short = Thu
friday-short = Fri
saturday-short = Sat
sunday-short = Sun

## Commands

done = Done.
on = on
off = off
setup-instance = Reading the instance file …
setup-identity = Creating the key pair and registering the identity …
setup-done =
    Welcome. The identity on { $instance } is { $id }.
    Others add and verify it with this text (dreiklang me --qr draws it):
    { $link }
    To chat: dreiklang chat
me =
    Identity     { $id }
    Nickname     { $nickname }
    Instance     { $instance }
    Public key   { $key }
    Fingerprint  { $fingerprint }
    For others   { $link }
me-revoked = This identity is revoked. It can neither send nor receive.
other-device-warning =
    Another device has logged in with this identity. If that is a surprise, somebody has a copy of the
    key: revoke the identity. If it is known: dreiklang me --clear-warning
no-contacts = No contacts yet. To add one: dreiklang contact add ID
contact-line = { $id }  { $dots } { $name } ({ $marks })  { $fingerprint }
contact-is-revoked = revoked
contact-is-blocked = blocked
verification-unverified = not verified
verification-server = known to the server
verification-verified = verified in person
verification-work-server = confirmed by your organisation
verification-work-verified = verified in person, in your organisation
no-chats = No conversations yet. To start one: dreiklang send ID "text"
chat-line = { $id }  { $time }  { $name }: { $text }{ $count ->
    [0] { "" }
   *[other] {"  "}[{ $count } unread]
}
message-notice = #{ $position }  { $time }  { $text }
message-in = #{ $position }  { $time }  { $name }: { $text }
message-out = #{ $position }  { $time }  → { $text }  ({ $state })
unsupported = (a kind of message that this version cannot show; it is kept)
note-without-metadata = (time and number of this message are not authenticated)
note-out-of-order = (this message was held back or came out of order)
note-clock-ahead = (the clock of the sender is ahead)
myself = Me
everybody = All
name-in-group = { $name } in { $group }
edited = (edited)
link-user-name = (careful: the link does not lead where it begins; what stands before @ is only a name)
link-lookalike = (careful: the address of the link has letters that look like others)
link-punycode = (careful: the address of the link is written in a code that hides what it says)
deleted = (deleted by its sender)
starred = ★ marked
location = Place
quote-missing = (a message that is not here)
poll-summary-line = Poll: { $question }
poll-open = open
poll-closed = closed
poll-multiple = several choices possible
poll-hidden = votes are shown at the end
poll-summary = only sums
file-remote = (not here yet)
file-coming = (is being fetched)
file-sending = (is being sent)
file-is-lost = (could not be fetched)
file-unsendable = (could not be sent)
saved = Saved: { $path }
opened = Opened.
file-is-coming = The file is being fetched. Once it is here, the same key again.
file-file = File
file-image = Image
file-animated = Animated image
file-video = Video
file-voice = Voice message
file-sticker = Sticker
notice-who-self = This identity
notice-created = The group was made here.
notice-restored = The group came back with the backup; what was written before did not.
notice-you-were-added = { $who } added this identity to the group.
notice-you-were-removed = { $who } removed this identity from the group, or ended it.
notice-added = { $who } added { $names }
notice-removed = { $who } removed { $names }
notice-left = { $who } left the group.
notice-disbanded = The group was ended here.
notice-renamed = { $who } named the group "{ $name }".
notice-unnamed = { $who } took the name of the group away.
notice-picture-changed = { $who } changed the picture of the group.
notice-picture-removed = { $who } removed the picture of the group.
notice-identity-revoked = { $who } has given up this identity. Nobody reads here any more.
done-but-unreached = Done. Those whose app does not know this will not see it: { $names }
confirm =
    { $question }
    To go on, type yes:
yes = yes
empty-question = This forgets all messages with { $who } on this device. Nobody can undo it.
group-leave-question = This leaves the group { $group }. Only its creator can bring this identity back.
group-disband-question = This ends the group { $group } for everybody. Nobody can undo it.
group-delete-question = This forgets the group { $group } with everything that was written in it. Nobody can undo it.
no-groups = No groups yet. To make one: dreiklang group create NAME ID …
group-line = { $id }  { $name }  { $size }  ({ $role })
group-member-line = {"    "}{ $id }  { $dots } { $name }
group-creator-line = {"    "}{ $id }  { $dots } { $name }  (creator)
group-role-own = own group
group-role-notes = notes, nobody else is in it
group-role-member = member
group-role-orphaned = the creator's identity is revoked; to go on: dreiklang group clone
group-role-removed = removed by its creator
group-role-left = left
group-role-disbanded = ended
storage-line = { $size }  { $files } files, { $messages } messages  { $id }
storage-clear-question = This deletes files from this device; their messages stay. What the server has no more cannot be fetched again.
storage-fetch =
    Fetched without being asked for
    Images    { $images }
    Audio     { $audio }
    Videos    { $videos }
    Others    { $others }
    At most   { $largest }
share-everybody = everybody
nobody = nobody
blocked-list =
    Blocked                       { $blocked }
    Never taken over by matching  { $excluded }
policy-as-settings = as the settings say
contact-details =
    { $line }
    Nickname           { $nickname }
    Known since        { $since }
    Read receipts      { $read-receipts }
    Typing indicators  { $typing }
    Groups in common   { $groups }
mismatch-scan = A scanned code
mismatch-directory = The directory
mismatch-organisation = The organisation
key-mismatch-warning = Warning: { $source } claims another key for { $id } ({ $fingerprint }). The known key stays the only one in use. Ask the person face to face; then: dreiklang contact dismiss-warning { $id }
first-name = first name
last-name = last name
state-failed = failed
state-pending = pending
state-sent = sent
state-delivered = delivered
state-read = read
state-unread = unread
send-done = #{ $position }  Message { $message }: { $state }
nickname-done = Done. Others see the nickname with the next message.
settings =
    Read receipts      { $read-receipts }
    Typing indicators  { $typing-indicators }
    Block unknown      { $block-unknown }
    Hide inactive      { $hide-inactive }
    Sorted by          { $sort }
    Shown first        { $first }
    Picture goes to    { $share-picture }
passphrase-prompt = Passphrase:{" "}
passphrase-new-prompt = New passphrase:{" "}
passphrase-repeat-prompt = The same once more:{" "}
passphrase-set = The profile is protected by the passphrase. Nobody can open it without.
passphrase-changed = The passphrase is changed.
passphrase-removed = The profile is open: whoever can read the folder can read the messages.
revoke-prompt =
    This ends the identity { $id } for ever, on every device. Nobody can undo it.
    To confirm, type the identity:
revoked = The identity { $id } is revoked.
man-done = The man pages are in { $path }.

## Organisations, backups, links

work =
    Organisation  { $organisation }
    User name     { $username }
    Support       { $support }
work-locked = The app is locked: { $reason }
work-displaced = The identity is not used here any more: { $reason }
    To use it here again: dreiklang reclaim
work-needs-credentials = The server does not accept the user name and password any more. Give the new ones: dreiklang work activate
directory-nobody = Nobody was found.
directory-line = { $id }  { $first } { $last }  { $job }  { $department }
policy-none = The organisation has set nothing.
policy-line = { $name } = { $value }  ({ $origin })
policy-from-device = management of this device
policy-from-organisation = organisation
managed-done = Done. To see what counts now: dreiklang policy
links =
    E-mail  { $email }
    Phone   { $phone }
link-none = none
link-waits = { $address } (waits to be confirmed)
safe-off = Safe is off. To switch it on: dreiklang safe enable --password-file FILE
safe-on =
    Server       { $server }
    Last backup  { $last }
safe-server-own = server of the instance
safe-never = none yet
safe-unreachable = At the last attempt the server could not be reached.
safe-refused = At the last attempt the server refused the backup.
safe-too-large = The backup is larger than the server takes.
safe-bad-answer = The server gave an answer that makes no sense.
exported =
    Whoever has this text and its password has the identity. Keep both apart from each other:
    { $export }
reclaimed = The identity { $id } is used here again.

## Chat

chat-empty = No conversations yet. F3 adds a contact.
chat-none-open = No conversation open. ↑ and ↓ choose one, Enter opens it.
chat-no-messages = No messages yet.
chat-typing = { $name } is typing …
chat-input-hint = Enter sends, Alt-Enter breaks the line
chat-blocked = This contact is blocked. F5 unblocks.
chat-revoked-contact = This identity was revoked by its owner.
chat-draft = Draft: { $text }
chat-removed-from-group = This identity was removed from the group.
chat-left-group = This identity has left the group.
group-size = { $count ->
    [one] 1 member
   *[other] { $count } members
}
group-details-text =
    { $name }
    ID           { $id }
    Made by      { $creator }
    Members
    { $members }

    { $role }
chat-message-keys = Enter answer  + react  ? all keys  Esc back
chat-complete = Tab: { $names }
chat-editing = Another text for this message. Esc leaves it as it is.
chat-answering = Answer to { $name }: { $text }
delete-question = Delete this message here? Others keep it.
delete-for-everyone-question = Delete this message for everybody in the conversation?
open-question = This file could do harm when it is opened. Open it all the same?
send-file-title = Send a file
send-file-hint = The path of the file. Pictures are made smaller; Enter sends, Esc cancels.
save-title = Save the file
save-hint = A folder, or the name of the new file. Enter saves, Esc cancels.
confirm-title = Sure?
confirm-keys = y: yes
pick-nothing = Nothing is called so.
pick-emoji-title = Reaction
pick-emoji-hint = Type a part of the English name, or paste an emoji. ↑ ↓ choose, Enter puts it on the message or takes it off.
pick-receiver-title = Forward
pick-receiver-hint = Type a part of the name. ↑ ↓ choose, Enter sends.
message-title = Message
message-details =
    Number     { $position }
    ID         { $id }
    From       { $sender }
    State      { $state }
    Written    { $written }
    Here       { $here }
    Sent       { $sent }
    Delivered  { $delivered }
    Read       { $read }
message-said-before =
    Before, since { $time }:
    { $text }
chat-more-below = ↓ newer messages
chat-keys = F1 help  F2 own code  F3 add  Tab switch  Ctrl-Q quit
chat-keys-short = F1 help
chat-last = last message: { $state }
connection-offline = offline
connection-connecting = connecting …
connection-online = connected
connection-waiting = no connection, trying again
connection-stopped = disconnected
help-title = Keys
help-text =
    F1, ?         this help (? only outside of the text)
    F2            own identity as QR code
    F3            add a contact
    F4            details of the open contact or group
    F5            block or unblock the open contact
    F6            send a file
    Tab           switch between list and text; complete an @name
    ↑ ↓           choose a conversation
    Enter         open the conversation; send the text
    Alt-Enter     new line in the text
    PgUp PgDn     scroll the messages (the mouse wheel too)
    Ctrl-End      back to the newest message
    Ctrl-R Ctrl-L connect again, draw the screen anew
    Esc           close a window; back to the list
    Ctrl-Q        quit (in the list also q)

    In the list   p pin  a archive  m mute  u mark as unread
    ↑ in an empty text chooses a message (or a click), then
    Enter, r      answer            + react
    e             edit              d D delete, for everybody
    f             forward           * mark
    1 to 9, c     vote, close poll  i details
    s o           save, open file   R send again

    ● not verified  ●● known to the server  ●●● verified  ◇◇◇ group
    ○ pending  ✓ sent  ✓✓ delivered  ◉ read  ▲ pinned  ▽ archived  ∅ mute
qr-title = Own identity
qr-too-small = The window is too small for the QR code. This text says the same:
add-title = Add a contact
add-hint = Identity (8 characters) or a 3mid: text. Enter adds, Esc cancels.
add-busy = Looking up …
details-group-title = Group
details-title = Contact
details-text =
    { $name }
    Identity     { $id }
    Nickname     { $nickname }
    State        { $marks }
    Fingerprint  { $fingerprint }
    Receipts     { $read-receipts }
    Typing       { $typing }

    Compare the fingerprint with what the contact sees at "dreiklang me", or add the contact once more with their 3mid: text: it is then marked as verified.
other-device-title = Another device
other-device =
    Another device has logged in with this identity. If that is a surprise, somebody has a copy of the key: end the identity with "dreiklang revoke".
other-device-keys = c: it is known, do not warn any more
close-or-scroll-hint = ↑ ↓ more, Esc closes
close-hint = Esc closes
server-says = The server says: { $text }
added = { $name } is added.
blocked = { $name } is blocked.
unblocked = { $name } is not blocked any more.

## Errors

error = Error: { $message }
error-broken-pipe = Nobody reads the output any more.
error-input-output = Reading or writing failed: { $reason }
error-profile-in-use = The profile in { $path } is open in another program. Close that one, or choose another profile with --profile.
error-profile-missing = There is no profile in { $path }. Create one: dreiklang setup --instance FILE
error-profile-exists = { $path } exists already. Choose another name.
error-profile-name = "{ $name }" cannot be the name of a profile. Use 1 to 64 of a-z, A-Z, 0-9, - and _.
error-no-data-directory = This system names no folder for the files of programs. Give one with --data-dir.
error-passphrase-needed = The profile needs a passphrase and there is no terminal to ask. Give a file with --passphrase-file (for a new profile also possible: --no-passphrase).
error-passphrase-empty = An empty passphrase protects nothing. Type one, or use the profile without.
error-passphrases-differ = The two passphrases are not the same. Nothing was changed; try again.
error-passphrase-is-set = The profile has a passphrase. To replace it: dreiklang passphrase change
error-passphrase-is-not-set = The profile has no passphrase. To set one: dreiklang passphrase set
error-wrong-passphrase = The passphrase is wrong. Try again; nobody can reset it.
error-key-file-missing = The key file { $path } is missing. Bring it back, from a backup if need be: nothing opens the profile without it.
error-key-file-damaged = The key file is damaged. Bring it back from a backup: nothing opens the profile without it.
error-wrong-key = The key file does not belong to this database. Bring back the one that does.
error-file = { $path }: { $reason }
error-instance = The instance file cannot be used: { $reason }. Ask whoever runs the instance for the right one.
error-stopped = The client has stopped. Start it again.
error-database = The database of the profile failed: { $reason }. Nothing acknowledged is lost; start again, and bring back a backup if it stays.
error-interrupted = The command was interrupted by an internal fault. Try again.
error-no-identity = This profile has no identity yet. Finish the set-up: dreiklang setup --instance FILE
error-identity-exists = This profile has an identity already. For another one choose another profile with --profile.
error-identity-revoked = The identity is revoked. It can neither send nor receive.
error-wrong-confirmation = The confirmation is not the own identity. Nothing was changed.
error-busy = This is being done already. Wait for it.
error-own-identity = This is the own identity. Give the identity of somebody else.
error-unknown-contact = { $id } is not a contact. Add it first: dreiklang contact add { $id }
error-unknown-conversation = "{ $text }" is neither an identity nor the whole name of a contact or a group. Look it up: dreiklang chats, dreiklang contact list
error-ambiguous = Several are called "{ $text }": { $matches }. Give the identity or the ID of the group.
error-not-a-person = "{ $text }" is a group. Give the identity or the name of a person.
error-unknown-group = The group { $id } is not known here. Look it up: dreiklang chats
error-not-in-group = This identity is not in the group { $id } any more. Ask its creator to be added.
error-no-such-message = There is no message "{ $text }". Give the number that stands in front of it in "dreiklang history", or its id.
error-ambiguous-message = Several messages have this id. Give the position of the one that is meant: { $matches }
error-not-a-group = "{ $text }" is not a group. Look it up: dreiklang group list
error-sending-failed = Message { $position } could not be sent. To try again: dreiklang resend { $position }
error-not-yet-handed-over = The server has not taken everything yet. It stays in the outbox and goes out with the next connection.
error-needs-yes = This cannot be undone, and there is no terminal to ask. Add --yes if it is meant.
error-not-confirmed = It was not confirmed. Nothing was changed.
error-no-emoji = "{ $text }" is not one single emoji. Paste one, or give its English name, such as "thumbs up".
error-bad-place = This is no place on earth. Give latitude and longitude in degrees, such as 47.37,8.54, or a geo: link.
error-not-supported = The apps of these people do not know that: { $people }. Nothing was changed.
error-not-ours = Only whoever wrote it can do that.
error-too-old = This is possible for six hours after sending only.
error-wrong-message-kind = This cannot be done with this kind of message.
error-too-many-reactions = There are too many emojis of this identity on the message. Take one off first.
error-too-few-choices = A poll needs at least two choices.
error-poll-too-long = The poll is too long. Question and choices have at most 256 bytes each.
error-poll-closed = The poll is closed.
error-unknown-choice = The poll has no such choice. The numbers stand in front of the choices: dreiklang poll show
error-one-choice-only = In this poll one choice is possible.
error-not-group-creator = Only { $creator } can change this group. Ask them, or make a copy: dreiklang group clone
error-group-disbanded = The group was ended. To go on with the same people: dreiklang group clone
error-creator-cannot-leave = Whoever made a group cannot leave it. To end it for everybody: dreiklang group disband
error-still-in-group = This identity is still in the group { $id }. Leave it or end it first.
error-not-a-member = { $id } is not in this group.
error-group-too-large = A group has at most { $limit } members.
error-group-name-too-long = The name has { $size } bytes, at most { $limit } are possible. Choose a shorter one.
error-too-many-receivers = At most { $limit } people can be listed. Share the picture with everybody instead.
error-file-too-large = The file is too large. At most { $limit } are possible.
error-file-name-too-long = The name of the file is too long. At most { $limit } bytes are possible.
error-file-not-so = The file cannot be sent so; it is { $type }. Send it with --as file.
error-no-file = There is no file in this message.
error-file-not-here = The file is not here. Fetch it: dreiklang save MESSAGE
error-file-not-in-time = The file did not come in time. It is fetched with the next connection; try again.
error-file-lost = The file could not be fetched: { $reason }. Ask for it to be sent again.
error-file-damaged = The file is damaged. Ask for it to be sent again.
error-file-exists = There already is a file { $path }. Choose another name, or add --replace.
error-file-may-harm = "{ $name }" could do harm when it is opened. If it is trusted: --yes, or save it and look at it first.
error-not-a-file = { $path } is not a file.
error-no-space = There is no space left for { $path }. Make room and try again; nothing is lost.
error-picture = The picture cannot be used: { $reason }. Send it with --as file.
error-no-opener = The program that opens files, { $program }, cannot be started: { $reason }. Save the file instead: dreiklang save MESSAGE
error-not-forwardable = This old image cannot be forwarded. Save it and send it as a file.
error-not-failed = This message did not fail. It is sent, or on its way.
error-already-sent = The message is sent. Delete it for everybody instead: dreiklang delete MESSAGE --everyone
error-no-picture = There is no picture.
error-unknown-identity = The directory does not know { $id }, or it was revoked. Check the eight characters.
error-key-mismatch = The key of { $id } is not the key that is known for it. Do not trust it: ask the person face to face.
error-bad-key = The directory gave an unusable key for { $id }. Do not trust it; ask whoever runs the instance.
error-contact-revoked = { $id } was revoked by its owner. Ask the person for a new identity.
error-contact-blocked = { $id } is blocked. To unblock: dreiklang contact unblock { $id }
error-text-empty = The text is empty. Write something.
error-text-too-long = The text has { $size } bytes, at most { $limit } are possible. Send it in parts.
error-name-too-long = The { $field } has a length of { $size }, at most { $limit } is possible. Choose a shorter one.
error-reference-reused = This reference was used for another message. Use a new one for each message.
error-unknown-message = There is no message at this position. Look it up: dreiklang history ID
error-directory-timeout = The directory did not answer in time. Try again later.
error-directory-unreachable = The directory cannot be reached. Check the network, and whether the instance runs.
error-rate-limited = The server asks to wait because of too many requests. Try again later.
error-directory = The directory refused: { $reason }
error-login-refused = The chat server refused the login. It may not know this identity any more; ask whoever runs the instance.
error-untrusted = The other side is not the chat server of this instance. Do not go on; ask whoever runs the instance whether its key changed.
error-chat-timeout = The chat server did not answer in time. Try again later.
error-chat-unreachable = The chat server cannot be reached. Check the network, and whether the instance runs.
error-connection-lost = The connection to the chat server ended. Try again.
error-refused = The chat server closed the connection and does not want us back: { $reason }
error-not-an-identity = "{ $text }" is not an identity. It has eight characters, such as ECHOECHO.
error-link = The text does not name a contact: { $reason }. It looks like 3mid:ECHOECHO,… with 64 hexadecimal digits.
error-link-expired = The code of the contact has expired. Ask for a new one.
error-not-yet-sent = The server has not taken message { $message } yet. It stays in the outbox and goes out with the next connection.
error-not-yet-confirmed = The server has message { $message }, but the contact has not confirmed it yet.
error-not-utf8 = The text is not UTF-8.
error-qr = The QR code cannot be made: { $reason }
error-run-needs-json = This command is for scripts. Start it with --json.
error-no-terminal = The chat needs a terminal. For scripts: dreiklang run --json
error-line-too-long = The line is longer than 65536 bytes.
error-bad-json = The line is not a JSON object: { $reason }
error-bad-command = The command is unknown or its fields are wrong: { $reason }
error-set-by-organisation = Your organisation has set this ({ $parameter }). Only its administrator can change it.
error-locked = The app is locked: { $reason }. Ask the administrator of your organisation, then: dreiklang work sync
error-displaced = The identity is not used here any more: { $reason }. To use it here again: dreiklang reclaim
error-transfer-prohibited = The identity cannot be used in this app: { $reason }
error-not-managed = This is for the apps of organisations. Choose one with --app work or --app onprem.
error-no-license = The credentials of the organisation are needed: dreiklang work activate --username NAME --password-file FILE
error-wrong-credentials = The server does not accept this user name and password. Ask the administrator of your organisation.
error-no-directory = Your organisation has no directory.
error-query-too-short = Give at least three characters, or * together with --category.
error-bad-address = This is no e-mail address, or a phone number without its country code, such as +41791234567.
error-nothing-to-confirm = There is no address that waits to be confirmed. Link one first: dreiklang link phone NUMBER
error-named-by-organisation = Your organisation gave { $id } its name; it cannot be changed here.
error-backup-no-export = This is no ID export. It has 80 or 104 letters and digits; some may be missing.
error-backup-not-opened = The password is wrong, or a character of the export is. Check both.
error-backup-not-found = The server has no backup for this ID and password. Check both, and the server.
error-backup-damaged = The backup is damaged. Nothing was changed. Try again, or use an ID export.
error-backup-too-large = The backup is larger than a backup can be. Nothing was changed.
error-backup-newer = A later version of the app made this backup. Update the app.
error-backup-password-length = The password must have from { $min } to { $max } characters.
error-backup-password-weak = Everybody would try this password first. Choose another one.
error-backup-password-rule = The password does not follow the rule of your organisation: { $reason }
error-safe-off = Safe is off. Switch it on first: dreiklang safe enable --password-file FILE
error-safe-server = This is no address of a Safe server. It begins with https://
error-activation-link = This is no activation link. Copy all of it, from the first character to the last.
error-activation-refused = The activation link does not work: { $reason }
error-activation-unreachable = The server of the activation link cannot be reached. Check the network and try again.
error-setup-place = It is not clear where to set up. Give --instance FILE; for an organisation's own instance --app onprem, --server URL, --trust KEY and the credentials.
error-provisioning-refused = The server does not accept the credentials of the organisation. The app cannot be used until it does; ask the administrator.
error-provisioning-expired = The licence of the organisation has run out. The app cannot be used until it is renewed; ask the administrator.
error-provisioning-not-authentic = The provisioning file is not signed by a key that is trusted here. Do not go on; ask the administrator for the right --trust KEY.
error-provisioning-key = "{ $key }" is not a key. It has 64 hexadecimal digits.
error-provisioning-address = "{ $address }" is not the address of an instance. It begins with https://
error-provisioning = The provisioning file cannot be used: { $reason }
error-remote-secret-blocked = Your organisation has locked this app: nothing in it can be opened. Ask the administrator.
error-remote-secret-unreachable = The server of your organisation, which has the key for this app, cannot be reached. Check the network and try again.
error-remote-secret-missing = The server of your organisation does not have the key for this app any more. What is in it cannot be opened. Ask the administrator.
