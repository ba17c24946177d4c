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
