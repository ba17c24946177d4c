# Texts of the apps in the browser. Same ids in every language.

## The app as a whole

app-name = Dreiklang
app-promise = Messages that only you and the people you write to can read.
app-starting = Starting
app-elsewhere = Open in another tab
    .text = Dreiklang runs in one tab at a time. Go on in the other one, or close it and load this page again.
app-unsupported = This browser is too old
    .text = Dreiklang keeps your messages encrypted on this device, and this browser cannot do that. It works in a current Firefox, Chrome, Edge or Safari, outside of private windows.
app-broken = Dreiklang could not start
    .text = Load the page again. If that does not help, nothing is lost: your messages are still on this device.
failure-unknown = That did not work ({ $code }). Please try again.

## Parts that every screen uses

close = Close
cancel = Cancel
notices = Notices
show-password = Show the password
hide-password = Hide the password
trust-unverified = Not verified: added by ID only
trust-server = Known to the server by a number or address
trust-verified = Verified in person
trust-work-server = Confirmed by your organisation
trust-work-verified = Verified in person, in your organisation

## A new version, and the sign of a push

update-ready = A new version is ready.
update-now = Reload
push-notification = You may have new messages.

## Conversations: words that many screens use

loading = Loading
back = Back
more = More
more-named = More about { $name }
add = Add
send = Send
save = Save
save-named = Save { $name }
save-changes = Save
download = Download
download-named = Download { $name }
download-again = Download { $name } again
open-named = Open { $name }
copied = Copied
details = Details
person-me = You
search-clear = Clear the search
search-nothing = Nothing found for “{ $words }”
day-today = Today
day-yesterday = Yesterday
navigation = Places
list-width = Width of the list
place-chats = Chats
place-archive = Archive
place-contacts = Contacts
place-settings = Settings
place-profile = Own profile
place-starred = Starred messages
home-empty = Choose a chat
    .text = Or begin a new one: messages are encrypted on this device and can only be read by the people they are for.
connection-connecting = Connecting …
connection-offline = Not connected. Messages wait here.
connection-waiting = No connection. Messages wait here.
connection-stopped = The connection was ended.
connection-again = Try again

## The list of chats

chat-new = New chat
chat-search = Search chats
chats-empty = No chats yet
    .text = Add somebody by their ID, or scan their code, and write the first message.
archive-empty = The archive is empty
    .text = Archived chats wait here, out of the way.
starred-empty = No starred messages
    .text = Mark what matters with a star, and find it again here.
unread-count = { $count ->
    [one] one unread message
   *[other] { $count } unread messages
}
marked-unread = Marked as unread
preview-me = You:
draft = Draft:
typing = is typing …
muted = Muted
pinned = Pinned
pin = Pin
unpin = Unpin
archive = Archive
unarchive = Take out of the archive
mark-read = Mark as read
mark-unread = Mark as unread
mute-hours = { $hours ->
    [one] Mute for one hour
   *[other] Mute for { $hours } hours
}
mute-forever = Mute
mute-mentions = Only when mentioned
mute-off = Unmute
export-chat = Save as a file
export-chat-done = Saved as a page that any browser shows. Whoever has the file can read it.
chat-empty = Delete all messages
chat-empty-ask = Delete all messages with { $name }?
    .text = They are deleted on this device only, and cannot be brought back. Other people keep theirs.
chats-empty-ask = { $count ->
    [one] Delete all messages of this chat?
   *[other] Delete all messages of { $count } chats?
}
choose = Select
choose-several = Select several
choose-all = Select all
chosen-count = { $count } selected

## Messages

messages = Messages
message-menu = What to do with this message
message-deleted = Deleted message
message-unsupported = This version cannot show this message.
chat-begin = Nothing here yet. Say hello!
chat-details = Details of { $name }
unread-here = New messages
to-end = To the newest message
to-end-unread = { $count ->
    [one] To the newest message, one unread
   *[other] To the newest message, { $count } unread
}
edited = edited
starred = Starred
star = Star
unstar = Remove the star
state-pending = Waiting to be sent
state-sent = Sent
state-delivered = Delivered
state-read = Read
state-failed = Not sent
state-unread = Unread
resend = Send again
resend-failed = Not sent. Send again
reply = Reply
edit = Edit
copy = Copy
forward = Forward
forward-title = { $count ->
    [one] Forward a message
   *[other] Forward { $count } messages
}
forwarded = Forwarded
    .open = Open the chat
delete = Delete
delete-ask = { $count ->
    [one] Delete this message?
   *[other] Delete { $count } messages?
}
delete-ask-everyone = For everyone: it disappears from their devices too, if their apps know deletions. Only here: nobody else notices.
delete-ask-me = It is deleted on this device only. Other people keep theirs.
delete-everyone = Delete for everyone
delete-me = Delete here only
react = React
react-with = React with { $emoji }
react-other = Another reaction
reaction-named = { $emoji }: { $names }
quote-gone = The message is not on this device
mention = Mention somebody
mention-all = all
link-warning = The address may deceive
link-ask = Open this link?
link-lookalike = Letters of several alphabets are mixed in this address. It may lead somewhere else than it seems.
link-punycode = This address is written in a way that hides what it says. It may lead somewhere else than it seems.
link-user_name = What stands before the @ in this address is only a name. It leads somewhere else than it seems.
link-really = It really leads to:
link-open = Open anyway
link-leave = Do not open
kind-picture = Picture
kind-animation = Animated picture
kind-sticker = Sticker
kind-video = Video
kind-voice = Voice message
kind-audio = Sound
kind-card = Contact card
kind-file = File
kind-location = Place
kind-poll = Poll
transfer = Transfer
transfer-cancel = Stop the transfer
file-lost = No longer available
file-unsendable = Could not be sent
play = Play
pause = Pause
speed = Speed: { $speed }
voice-place = Place in the voice message
not-played = Not played yet
cannot-play = This browser cannot play it. It can be saved instead.
card-hint = The sender says so. Whether it is true shows only when codes are compared.
card-without-id = This card names no ID, so nobody can be added from it.
place-open = Open the place { $name } in a map
poll-named = Poll: { $question }
poll-one = One choice each
poll-several = Several choices
poll-closed = Closed
poll-hidden = Votes are hidden until the end
    .hint = Nobody sees how it stands before the poll is closed.
poll-votes = { $count ->
    [one] one vote
   *[other] { $count } votes
}
poll-voters = { $count ->
    [0] Nobody voted yet
    [one] One person voted
   *[other] { $count } people voted
}
poll-who = Who voted
poll-close = Close the poll
poll-question = Question
poll-choice = Choice { $number }
poll-choice-add = Another choice
poll-choice-remove = Remove choice { $number }
viewer = Picture
viewer-before = Previous
viewer-after = Next
viewer-nearer = Nearer
viewer-further = Further
viewer-failed = It cannot be shown. It can be saved instead.
details-state = State
details-sender = From
details-written = Written
details-arrived = Arrived
details-stored = Kept here
details-changed = Changed
details-file = File
details-note = Remark
details-id = Message ID
details-edits = What it said before
details-reactions = Reactions
note-without_metadata = Sent by an older app: its time may have been changed on the way.
note-out_of_order = Came later than messages that were written after it.
note-clock_ahead = The sender’s clock is ahead.

## What happened in a group

notice-somebody = Somebody
notice-group_created = { $sender } created the group
notice-group_restored = The group was restored
notice-you_were_added = { $sender } added you to the group
notice-you_were_removed = { $sender } removed you from the group
notice-added = { $sender } added { $people }
notice-removed = { $sender } removed { $people }
notice-left = { $people } left the group
notice-disbanded = { $sender } disbanded the group
notice-renamed = { $sender } named the group “{ $to }”
notice-picture_changed = { $sender } changed the group’s picture
notice-picture_removed = { $sender } removed the group’s picture
notice-identity_revoked = { $people } no longer uses this ID
notice-other = Something changed in the group

## Writing

compose = Message
preview = Preview
compose-to = Message to { $name }
editing = Editing
edit-done = Save the edit
nearly-full = Room for { $count } more
too-long = { $count } too many for one message
emojis = Emojis
emoji-search = Search emojis
emoji-recent = Used lately
emoji-groups = Groups of emojis
emoji-tone = Skin tone { $number }
emoji-group-0 = Faces
emoji-group-1 = People
emoji-group-3 = Animals and nature
emoji-group-4 = Food and drink
emoji-group-5 = Travel and places
emoji-group-6 = Activities
emoji-group-7 = Objects
emoji-group-8 = Symbols
emoji-group-9 = Flags
drop-here = Drop files to send them
attach = Attach
attach-pictures = Pictures and videos
attach-file = File
attach-camera = Camera
attach-place = Place
attach-poll = Poll
attach-card = Contact
attach-title = { $count ->
    [one] Send a file
   *[other] Send { $count } files
}
attach-remove = Leave out { $name }
attach-too-large = Files can be as large as { $most }. Leave the larger ones out to send the others.
attach-as-file = Send as a file
    .hint = Unchanged, with everything that the file says about itself.
attach-size = Size of pictures
caption = Caption
caption-of = Caption of { $name }
size-small = Small
size-medium = Medium
size-large = Large
size-extra_large = Very large
size-original = Original
voice-record = Record a voice message
voice-cancel = Discard the recording
voice-pause = Pause the recording
voice-resume = Go on recording
voice-refused = The microphone is not available. The browser’s settings for this page can allow it.
camera-refused = The camera is not available. The browser’s settings for this page can allow it.
camera-take = Take a picture
place-here = Where this device is
place-where = Latitude and longitude
    .hint = For example 46.9480, 7.4474
place-name = Name of the place
place-refused = This device does not say where it is. The place can be typed instead.
place-wrong = Two numbers are needed: latitude from −90 to 90, longitude from −180 to 180.

## Contacts

contact = Contact
contact-add = Add a contact
contact-id = ID
    .hint = Eight letters and digits, or the text of a code that begins with 3mid:
contact-name = Name
    .hint = Only for this device. Without one, their own nickname is shown.
contact-search = Search contacts
contacts-empty = No contacts yet
    .text = Contacts are added by their ID or by scanning their code.
contact-write = Message
contact-rename = Change the name
    .hint = Nobody else sees this name.
first-name = First name
last-name = Last name
contact-identity = ID
contact-fingerprint = Key fingerprint
    .hint = The same on both devices? Then nobody stands between. Scanning the code of the other person compares it too.
contact-since = Contact since
contact-inactive = Inactive
    .text = This ID has not been used for a long time. Messages may never arrive.
contact-revoked = Revoked
    .text = This ID was revoked by its owner. No more messages can be sent to it.
contact-unknown = Not among the contacts
contact-remove = Remove the contact
contact-remove-ask = Remove { $name } from the contacts?
    .text = The chat and its messages are deleted on this device. In groups, messages of this person stay.
groups-common = Groups in common
groups-common-none = None
group-with = New group together
policy-read_receipts = Read receipts
policy-typing_indicators = Show when I type
policy-default = As in the settings
policy-on = Always
policy-off = Never
blocked = Blocked
    .text = Their messages are not shown. They are not told.
block = Block
block-ask = Block { $name }?
    .text = Their messages will not be shown any more. They are not told. Messages in groups still are shown.
unblock = Unblock
tab-people = People
tab-groups = Groups

## Groups

group = Group
group-new = New group
group-name = Name of the group
group-members = Members
group-size = { $count ->
    [one] One member
   *[other] { $count } members
}
group-notes = Notes: only for this device’s owner
group-create = Create the group
group-create-notes = Create for notes
groups-empty = No groups yet
    .text = A group with nobody else in it is a place for notes.
group-creator = Created the group
group-add = Add people
group-rename = Rename
group-remove = Remove from the group
group-remove-ask = Remove { $name } from the group?
    .text = They keep what was written until now, and see nothing that comes after.
group-leave = Leave the group
group-leave-ask = Leave { $name }?
    .text = The messages stay on this device. Only whoever made the group can add people again.
group-disband = Disband the group
group-disband-ask = Disband { $name }?
    .text = Everybody is removed and nobody can write any more. The messages stay on everybody’s device.
group-delete = Delete group and messages
group-delete-ask = Delete { $name }?
    .text = The group and its messages are deleted on this device and cannot be brought back.
    .member = The group is left first; if it is an own one, it is disbanded for everybody. Then it and its messages are deleted on this device and cannot be brought back.
group-clone = Copy to a new group
group-orphaned = Whoever made this group no longer uses their ID, so nobody can change it. A copy can be made with the same people.
group-sync = Send the list of members again
group-sync-member = Send this person the group again
group-synced = The list of members was sent again
group-ask = Ask for the list of members
group-asked = The creator of the group was asked
membership-member = Member
membership-left = Left
    .text = This group was left. What was written until then stays here.
membership-removed = No longer a member
    .text = No longer a member of this group. What was written until then stays here.
picture-choose = Choose a picture
picture-remove = Remove the picture
picture-unreadable = This file is not a picture that the browser can read. JPEG and PNG always work.
