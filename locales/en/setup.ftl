# Texts of set-up, settings, work and trust. Same ids in every language.

## Words that many screens use

save = Save
yes = Yes
no = No
try-again = Try again
copied = Copied
copy-it = Copy: { $what }
choose-file = Choose a file
scan-qr = Scan QR code
own-id = ID
nickname = Nickname
    .hint = Others see it until they have given a name of their own. It may be empty.
nickname-too-long = Too long: at most 32 letters are possible, fewer with accents or emojis.
saved-nickname = Saved. Others see the name with the next message.
fingerprint = Key fingerprint
first-name = First name
last-name = Last name
set-by-organisation = Set by your organisation.
server-says = The server says: { $text }
confirm-with-id = To confirm, type the ID { $id }
people-count = { $count ->
    [one] 1 person
   *[other] { $count } people
}
minutes = { $count ->
    [one] 1 min
   *[other] { $count } min
}
mebibytes = { $count } MB
browser = Browser
back-to-chats = Back to the chats

## Before the first screen

elsewhere-here = Use it here
locked = Locked
locked-passphrase = The passphrase opens what is kept here. Nobody else can.
locked-passkey = A passkey of this device opens what is kept here.
locked-missing = Enter the passphrase.
locked-forgotten = Passphrase forgotten?
    .text = Nobody can reset it, and nobody can open what is kept here without it. With a Safe backup or an ID export the ID comes back; the messages do not.
locked-passkey-lost = Passkey lost?
    .text = Nobody can open what is kept here without it. Look first whether another device or the password manager has it. If not: with a Safe backup or an ID export the ID comes back; the messages do not.
anew = Start anew on this device
anew-ask = Erase everything and start anew?
    .text = Messages, files, contacts and the key are deleted from this browser. Nobody can undo it. After that an ID can be restored or made.
passphrase = Passphrase
unlock = Open
unlock-passkey = Open with the passkey
passkey-cancelled = The passkey was not given. Please try again.
passkey-without-prf = This passkey cannot protect data (it lacks the PRF extension). Another passkey, or a passphrase, can.
remote-locked = Locked by your organisation
    .text = Your organisation keeps a part of the key to this app on its server, and the server did not give it. Either the network is missing, or the access was withdrawn.
withdrawn = Access was withdrawn
    .text = Your organisation has taken back the licence of this app. Messages are still here, but cannot be read until access is given again. The administrator knows more.
withdrawn-check = Check again
displaced = The ID is used elsewhere
    .text = Another app has taken over this ID. An ID works in one app at a time, so this one has stopped. Nothing was deleted.
displaced-reclaim = Use the ID here again
displaced-anew = Begin anew with another ID
released = Released by your organisation
    .text = Your organisation does not let this app in any more. Nothing was deleted here.
released-reclaim = Try again
credentials-needed = New credentials needed
    .text = The server does not accept the user name and password any more. The administrator gives new ones.
credentials-give = Enter credentials
licence-or-link = Or an activation link

## Set-up

setup-back = Back
setup-name-private = Dreiklang
setup-name-work = Dreiklang Work
setup-name-onprem = Dreiklang OnPrem
setup-claim-private = Messages that only the people in the conversation can read.
setup-claim-work = Confidential at work: messages that only the people in the conversation can read.
setup-claim-onprem = On your own servers: messages that only the people in the conversation can read.
setup-welcome-private = Welcome
    .text = Writing to each other, and nobody listens: every message is encrypted from device to device.
setup-welcome-work = Welcome to work
    .text = The messenger of your organisation. Every message is encrypted from device to device.
setup-welcome-onprem = Welcome
    .text = The messenger on your organisation’s own servers. Every message is encrypted from device to device.
setup-point-private-1 = No phone number, no e-mail address: a random ID is enough.
setup-point-private-2 = The key is made on this device and stays here.
setup-point-private-3 = Messages and contacts are kept on this device, encrypted.
setup-point-work-1 = Activated by your organisation, with its contacts and its rules.
setup-point-work-2 = The key is made on this device. Not even your organisation can read messages.
setup-point-work-3 = Runs beside the private app; neither disturbs the other.
setup-point-onprem-1 = Talks to the servers of your organisation and to nobody else.
setup-point-onprem-2 = The key is made on this device. Not even the operator can read messages.
setup-point-onprem-3 = Runs beside other apps; none disturbs another.
setup-start-private = Begin
setup-start-work = Activate
setup-start-onprem = Activate
setup-affiliation = An independent project, not affiliated with Threema GmbH.
setup-access = Activate
setup-access-work = Your organisation has sent a link, a QR code, or a user name with a password.
setup-access-onprem = Your organisation has sent a link, a QR code, or a user name with a password for its own instance.
setup-access-by = How to activate
setup-by-credentials = User name
setup-by-link = Link or QR code
setup-link = Activation link
    .hint = All of it, from the first character to the last.
setup-link-missing = Paste the link, or scan its QR code.
setup-link-scan = Scan the QR code of the activation
setup-username = User name
setup-username-missing = Enter the user name.
setup-password = Password
setup-password-missing = Enter the password.
setup-instance = Server and trusted key
setup-server = Server
    .hint = Usually right as it is.
setup-trust = Trusted key
    .hint = The key that signs the settings of the instance. Your organisation gives it; without the right one nothing goes on.
setup-activate = Activate
setup-access-help = Nothing at hand? The administrator of your organisation has it.
setup-busy-begin = Getting ready
    .text = Asking the server for what this app needs.
setup-busy-new = Making the key
    .text = A pair of keys is made on this device, and the server gives it an ID.
setup-busy-safe = Restoring
    .text = Fetching the backup and opening it here. This takes some seconds on purpose: it makes guessing passwords slow.
setup-busy-export = Restoring
    .text = Opening the export on this device.
setup-choose = Your ID
setup-choose-private = The ID is the address that others write to. It is random and says nothing about anybody.
setup-choose-work = The ID is the address that others write to. For work a new one is best, like a business phone number.
setup-recommended = Recommended
setup-new = New ID
setup-new-private = Made in a few seconds, for everybody who starts.
setup-new-work = The private ID stays as it is, in the private app.
setup-from-safe = Restore from Safe
    .text = Brings back ID, contacts, groups and settings with the Safe password.
setup-from-export = Restore from an ID export
    .text = Brings back the ID with the exported text or QR code.
setup-restore-forbidden = Restoring from Safe is not offered: set by your organisation.
setup-move = What does not move with an ID?
setup-move-private-1 = Messages, pictures and files stay in the app where they are. No backup of an ID has them.
setup-move-private-2 = An ID works in one app at a time: the app that had it so far stops.
setup-move-private-3 = An ID that belongs to an organisation can be used here only after its administrator has detached it.
setup-move-work-1 = A new ID for work leaves everything private untouched. Both apps run side by side.
setup-move-work-2 = Moving a private ID here makes the private app stop: an ID works in one app at a time.
setup-move-work-3 = Messages, pictures and files do not move. They stay in the private app until it is deleted.
setup-move-work-4 = Going back later is possible only after the administrator has detached the ID from the organisation.
setup-move-warning = This moves the ID to work
    .text = The app that has it so far stops. Messages and files do not come along. Moving it back later needs the administrator.
setup-without = Messages and files do not come along: no backup has them. Another app that has this ID stops.
setup-nickname = What are you called?
    .text = A nickname helps others to know who writes.
setup-nickname-preset = Suggested by your organisation.
setup-make = Make the ID
setup-stir = Add your own chance
    .text = Move the pointer or a finger over the field, or press keys. What happens there is stirred into the key, on top of the randomness of this device.
setup-stir-field = Field to move over; keys work too
setup-stir-enough = Enough. Thank you.
setup-stir-skip = Go on without
setup-stir-wait = { $percent } %
setup-stir-next = Go on
setup-safe = Restore from Safe
    .text = The Safe password and the ID open the backup.
setup-safe-id =
    .hint = Eight letters and digits.
setup-safe-id-wrong = An ID has eight letters and digits. Please check.
setup-safe-password = Safe password
setup-safe-server = Own Safe server
setup-restore = Restore
setup-export = Restore from an ID export
    .text = The exported text, its file or its QR code, and the password that was chosen for it.
setup-export-text = Exported text
    .hint = 80 or 104 letters and digits, often in groups of four.
setup-export-missing = Paste the text, choose its file, or scan its QR code.
setup-export-password = Password of the export
setup-export-scan = Scan the ID export
setup-done-new = This is your ID
    .text = Others write to this address. It can be given away without worry.
setup-done-safe = Welcome back
    .text = The ID is here again, with contacts, groups and settings.
setup-done-export = Welcome back
    .text = The ID is here again. Contacts come back as people write, or when they are added.
fingerprint-own = Others see the same fingerprint with your contact. If both are equal, nobody stands in between.
setup-go-on = Go on
setup-to-chats = To the chats
offers = Worth a minute
    .text = All of it can be done later in the settings.
offer-safe = Switch on Safe
    .text = Without a backup, a lost device means a lost ID.
offer-safe-done = Safe is on.
offer-lock = Lock the app
    .text = A passphrase or a passkey encrypts what is kept on this device.
offer-lock-done = The app has a lock.
offer-notifications = Allow notifications
    .text = They say that something is new, and nothing more.
offer-notifications-done = Notifications are on.

## Settings

settings = Settings
settings-profile = Profile
settings-organisation = Organisation
settings-privacy = Privacy
settings-trust = Trust
settings-lock = App lock
settings-backup = Backup
settings-notifications = Notifications
settings-appearance = Appearance
settings-chats = Chats and media
settings-storage = Storage
settings-devices = Devices
settings-data = Own data
settings-about = About

## Profile

me-is-revoked = This ID is revoked. It can neither send nor receive. What was written stays readable here.
picture-choose = Choose a picture
picture-change = Change the picture
picture-remove = Remove
own-code = Own QR code
    .hint = To be scanned by others, face to face
own-code-how = Whoever scans this code face to face has verified the ID: three green dots.
own-code-of = QR code of the ID { $id }
own-link = As text
links = Being found
    .hint = Only a scrambled form is stored at the server. Whoever knows the address or the number can find the ID.
link-email = E-mail address
link-phone = Phone number
link-none = Not linked
link-waiting = { $address } (waiting)
link-email-what = People who have this address in their address book find the ID.
link-phone-what = People who have this number in their address book find the ID.
link-is-waiting = { $address } waits to be confirmed.
link-is-linked = { $address } is linked.
link-email-address = E-mail address
    .hint = A message with a link is sent there. Opening it confirms the address.
link-phone-address = Phone number
    .hint = With the country code, such as +41 79 123 45 67. A code is sent there.
link-code = Code
    .hint = Six digits, from the text message.
link-confirm = Confirm
link-call = Call me with the code instead
link-check = I have opened the link
link-do = Link
link-remove = Remove the link
revoke = Revoke the ID
    .hint = Ends the ID for ever, on every device. Only for an ID that is in wrong hands or never needed again.
revoke-what-1 = The ID can never be used again, by nobody, not even with a backup.
revoke-what-2 = Others see that it is gone and cannot write to it any more.
revoke-what-3 = What is kept on this device stays readable.
revoke-do = Revoke for ever

## Privacy

privacy-told = What others are told
    .hint = Single contacts can be treated otherwise in their details.
read-receipts = Read receipts
    .hint = Others see when a message was read.
typing-indicators = Typing indicators
    .hint = Others see that something is being written.
policies-reset = Reset exceptions
    .hint = All contacts follow the switches above again
    .question = Every contact will be treated as the two switches say. Exceptions that were made are forgotten.
policies-reset-do = Reset
policies-reset-done = All contacts follow the settings again.
share-picture = Profile picture goes to
    .hint = It is sent along with a message, once to each person.
share-everybody = Everybody
share-listed = Some
share-nobody = Nobody
privacy-away = Who is kept away
block-unknown = Block unknown people
    .hint = Messages of people who are not contacts are thrown away. The sender does not hear of it.
blocked-list = Blocked
excluded-list = Left out of matching
    .hint = Never taken over from an address book
block-what = Messages of blocked people are thrown away. They do not hear of it. In groups they stay visible.
block-nobody = Nobody is blocked.
block-remove = Unblock { $id }
block-add = Block an ID
block-do = Block
exclude-what = These IDs are never added by matching with an address book.
exclude-nobody = Nobody is left out.
exclude-remove = Take { $id } off the list
exclude-add = Leave out an ID
exclude-do = Leave out
privacy-contacts = Contacts
hide-inactive = Hide inactive IDs
    .hint = IDs that have not been used for long are left out of lists.
sort-by = Sorted by
shown-first = Shown first

## Notifications

notifications = Notifications
    .hint = While this app is open in a tab, it tells of new messages itself.
notifications-refused = Refused in the browser
    .text = The browser was told not to allow notifications here. This can be changed at the padlock beside the address.
notifications-impossible = This browser cannot show notifications for this page.
previews = Show content
    .hint = Name and text stand in the notification. Whoever sees the screen can read along.
notification-new = New message
notification-other = New content
push = With the app closed
    .hint = The server wakes the browser with an empty sign: no name, no text. Only the browser’s maker sees that there was one.
push-state = Waking
push-on = On
push-off = Off
push-unknown = …
push-impossible = Not possible here
push-failed = The browser could not be registered for waking. Notifications come while the app is open.

## Appearance

theme = Colours
theme-system = As the system
theme-light = Light
theme-dark = Dark
size = Size of letters
    .hint = On top of what the browser is set to.
size-1 = Small
size-2 = Normal
size-3 = Large
size-4 = Very large
size-sample = The quick brown fox jumps over the lazy dog.
language = Language
language-system = As the browser
motion-hint = Movements follow the system: if it asks for less of them, there are none.

## Chats and media

writing = Writing
enter-sends = Enter sends
    .on = Shift and Enter begin a new line.
    .off = Enter begins a new line; Ctrl and Enter send.
auto-download = Fetch by itself
    .hint = Everything else waits until it is asked for.
auto-download-largest = At most
kind-of-images = Images
kind-of-audio = Voice and sound
kind-of-videos = Videos
kind-of-others = Other files

## Storage

storage-whole = On this device
    .hint = How much room there is, the browser decides.
storage-of = of about { $quota }
storage-files = Files
storage-rest = Messages and app
storage-keep = Keep for sure
    .hint = The browser does not clear this data when room is short.
storage-not-kept = The browser did not agree. Installing the app, or allowing notifications, often helps.
storage-by-chat = By conversation
storage-counts = { $messages } messages, { $files } files
storage-none = No files yet.
storage-clear = Clear files
    .hint = Only files are deleted; messages stay.
    .what = The files are deleted from this device, the messages stay. What the server has no more cannot be fetched again.
storage-clear-one = Clear files of { $name }
storage-older = Older than
storage-all = All
storage-days = { $days ->
    [one] 1 day
   *[other] { $days } days
}
storage-year = 1 year
storage-clear-do = Delete files
storage-cleared = The files are deleted.
keep-messages-days = Your organisation deletes messages after { $days ->
    [one] one day
   *[other] { $days } days
}.

## Backup

backup-intro = A lost device or cleared browser data takes everything along. One of these brings the ID back.
safe = Safe
safe-what = Safe keeps ID, contacts, groups and settings encrypted at a server. Only the password opens it.
safe-password = Safe password
    .hint = Long and used nowhere else. Nobody can reset it.
safe-again = Once more
safe-server = Safe server
    .hint = Empty for the one of this instance. It begins with https://
safe-turn-on = Switch on Safe
safe-turn-off = Switch off Safe
safe-change = Change password or server
safe-is-on = Safe is on. The first backup is under way.
safe-is-off = Off: without a backup, a lost device means a lost ID
safe-last = Last backup
safe-never = None yet
safe-where = Server
safe-where-own = This instance
safe-retention = Kept for
safe-backup = Back up now
safe-backup-done = The backup is at the server.
safe-off-what = The backup at the server is deleted. Without it, a lost device means a lost ID.
safe-off-anyway = Switch off anyway
safe-fault-unreachable = At the last attempt the server could not be reached. It is tried again.
safe-fault-refused = At the last attempt the server refused the backup.
safe-fault-too_large = The backup is larger than the server takes.
safe-fault-bad_answer = The server gave an answer that makes no sense.
export = ID export
export-what = A text and a QR code, to be printed or put into a password manager. They stay good for ever.
export-how = The export holds the key of the ID, encrypted with a password. Keep text and password apart from each other.
export-password = Password for the export
    .hint = At least eight characters. Nobody can reset it.
export-make = Export the ID
export-keep = Whoever has this and the password has the ID. Keep both apart from each other.
export-code = QR code of the ID export
export-text = Export
export-save = Save as a file
backup-which = What is in it
backup-has-id = ID and key
backup-has-contacts = Contacts
backup-has-groups = Groups
backup-has-settings = Settings
backup-has-messages = Messages, files

## App lock

lock-kind = Kind of lock
lock-passphrase = Passphrase
lock-passkey = Passkey
    .text = The fingerprint, the face or the PIN of this device opens the app. If the passkey is lost, nobody can open it.
lock-old = Passphrase so far
lock-new = New passphrase
    .hint = Several words are better than a few signs.
lock-again = Once more
lock-too-short = At least { $least } characters.
lock-differs = Both are not the same.
lock-nobody-resets = Nobody can reset a forgotten passphrase.
lock-set = Set a lock
    .hint = Passphrase, or passkey with fingerprint, face or PIN
lock-change = Change the lock
lock-make-passkey = Make a passkey
lock-take-off = Take off the lock
lock-off =
    .text = From then on, whoever can use this browser can read the messages.
lock-at-once = Lock now
lock-after = Lock by itself after
    .hint = Without a touch for that long. The app also locks when its tab is closed.
lock-never = Never
lock-is-on = The app has a lock.
lock-is-off = The lock is off.
lock-now-none = No lock
    .text = Whoever can use this browser can read the messages. A lock encrypts what is kept here.
lock-now-passphrase = Locked with a passphrase
    .text = What is kept here is encrypted; only the passphrase opens it.
lock-now-passkey = Locked with a passkey
    .text = What is kept here is encrypted; only the passkey opens it.

## Devices

devices-only = No other device has logged in with this ID.
devices-this = This device
    .hint = The ID lives in this browser, for this address only.
devices-more = One ID works in one app at a time. Several devices with one ID are not possible yet.
other-device = Another device has logged in with this ID
    .text = If it was after restoring a backup, all is well. Then this warning can be put away.
    .surprise = If it is a surprise, somebody has a copy of the key. Then only one thing helps:
other-device-known = That was me

## Own data

data-here = On this device
    .hint = Messages and files are saved from their conversations.
data-save = Own profile, contacts and settings
    .hint = As a file that programs can read
data-save-do = Save
data-server = At the server
    .hint = The server keeps what it needs to hand over messages, and nothing that lets it read them.
my-data = Everything the server keeps about this ID
    .hint = A readable file (JSON), up to five times a day. Secrets are named in it, but not told.
my-data-do = Request
letter = Request about own data
    .hint = A letter to whoever runs the server, ready to be sent
letter-how = The operator answers with everything that is kept about the ID, and erases it if asked to.
letter-text =
    To whoever runs { $instance }
    { $date }

    Request for information under Article 15 GDPR

    I use the ID { $id } on your server. Please tell me which personal data about me and this ID you keep, for what purpose, for how long, and to whom you have given it. Please send a copy in a common electronic format.

    I can show that the ID is mine by a message from it.

    Kind regards
erase = Erase this app
    .hint = Deletes everything of this app from this browser. The ID itself lives on if there is a backup.
erase-what = Messages, files, contacts and the key are deleted from this browser. Nobody can undo it.
erase-backup = Without Safe or an ID export, the ID is lost as well.
erase-do = Erase everything

## About

about-version = Version { $version }
about-instance = Instance
about-address = Address
about-licence = Licence
about-works = Built with
    .hint = With thanks to everybody who wrote these.

## Keys

shortcuts = Keys
keys-everywhere = Everywhere
keys-list = In lists
keys-messages = On a message
keys-writing = While writing
key-keys = This overview
key-close = Close, back
key-next = To the next place
key-choose = Choose
key-open = Open
key-reply = Answer
key-edit = Edit
key-react = React
key-copy = Copy
key-forward = Forward
key-star = Mark
key-delete = Delete
key-send = Send
key-line = New line
key-last = Edit the last message

## Trust

trust-check = Check a person
    .hint = Once, face to face. After that it is certain for ever that the right person writes.
trust-scan = Scan a QR code
    .hint = The code of the other person, from their screen
trust-scan-how = The other person shows the own QR code: Settings, Profile.
trust-levels = What the dots mean
level-verified = Verified in person
    .text = The code was scanned face to face. Nobody can stand in between.
level-server = Known to the server
    .text = The server found the person by a number or an address from the own address book.
level-unverified = Not verified
    .text = Only the ID is known. It may be anybody.
level-work = Of the organisation
    .text = Blue dots: your organisation vouches for the person. Three of them: also verified in person.
trust-fingerprint = Compare without a camera
    .hint = Read it out to each other by phone. If both see the same, nobody stands in between.
trust-questions = Good to know
ask-server = Can the server read along?
    .text = No. Messages are encrypted on the device of the sender and opened on the device of the receiver. The server hands over what it cannot read.
ask-key = What if a key changes?
    .text = The key of an ID never changes. If somebody claims another one, the known one stays in use and a warning appears. Then only asking the person face to face helps.
ask-blocked = What happens with blocked people?
    .text = What they write is thrown away on this device before it is shown. They do not hear of it.
ask-lost = The device is lost. What now?
    .text = Restore the ID on another device with Safe or an ID export: the lost device then stops. If the key is in wrong hands, revoke the ID.
key-warning = Warning about { $name }
key-warning-scan = A scanned code claims another key for { $id } ({ $time }).
key-warning-directory = The directory claims another key for { $id } ({ $time }).
key-warning-organisation = The organisation claims another key for { $id } ({ $time }).
key-known = Known, in use
key-claimed = Claimed, not in use
key-warning-do = Ask the person face to face which one is right, before anything confidential is written.
key-warning-asked = I have asked
scan-camera = Picture of the camera
scan-starting = Starting the camera
scan-no-camera = There is no camera, or it was not allowed. A picture of the code works as well.
scan-picture = Use a picture
scan-nothing = No QR code was found in this picture. A sharper one may help.
scan-no-picture = This file is not a picture that can be read.
scan-other = This is a QR code, but not the one that is needed here.
scan-checked = Checked
    .text = The key of { $id } is the right one.
scan-added = { $name } was added.
scan-wrong = Not the same

## Organisation

work-unnamed = Organisation
work-support = Help and support
work-sync = Fetch settings and contacts
    .hint = Done by itself once a day
work-synced = All is up to date.
work-set = Set by the organisation
    .hint = Only the administrator can change these.
work-set-nothing = Nothing is set. Everything can be decided here.
origin-device = management of this device
origin-organisation = organisation
licence = Licence
licence-state = State
licence-good = Valid
licence-none = None
directory = Company directory
    .hint = People of the organisation
directory-search = Search
    .hint = At least three letters of a name or an ID.
directory-categories = Categories
directory-searching = Searching
directory-nobody = Nobody was found
    .text = Another spelling, or only a part of the name, may help.
directory-begin = Find people
    .text = Type a name, or choose a category.
directory-write = Write to { $name }
directory-add = Add { $name }
directory-more = Show more

## Whether somebody is at work

availability = Availability
    .hint = Colleagues see it beside your name. Their apps learn of it when they ask the organisation next.
availability-none = Not set
availability-busy = Busy
availability-unavailable = Unavailable
availability-text = In your own words
    .hint = For example until when. It may be empty.
availability-too-long = Too long: at most 256 letters are possible, fewer with accents or emojis.
availability-saved = Saved. Colleagues see it soon.
logo-of = Logo of { $name }

## What parameters of an organisation are for

purpose-th-block-unknown = Unknown people are blocked or allowed.
purpose-th-category = Category
purpose-th-contact-sync = Matching with the address book
purpose-th-csi = Personnel number
purpose-th-department = Department
purpose-th-disable-add-contact = Contacts come from the organisation only.
purpose-th-disable-backups = Backups are not wanted.
purpose-th-disable-calls = Calls are switched off.
purpose-th-disable-create-group = Groups are made by others.
purpose-th-disable-data-backups = Data backups are not wanted.
purpose-th-disable-export = Conversations are not exported.
purpose-th-disable-group-calls = Group calls are switched off.
purpose-th-disable-id-export = The ID stays in this app.
purpose-th-disable-message-preview = Notifications show no content.
purpose-th-disable-multidevice = One device for each person.
purpose-th-disable-save-to-gallery = Received media is not saved by itself.
purpose-th-disable-screenshots = No screenshots
purpose-th-disable-send-profile-picture = The profile picture is not sent.
purpose-th-disable-share-media = Media stays in the app.
purpose-th-disable-system-backups = Nothing goes into backups of the system.
purpose-th-disable-video-calls = Video is switched off.
purpose-th-disable-web = The web client is switched off.
purpose-th-disable-work-directory = The directory is switched off.
purpose-th-enable-remote-secret = A part of the key lies at the server.
purpose-th-firstname = First name
purpose-th-hide-inactive-ids = Inactive IDs are hidden or shown.
purpose-th-job-title = Job title
purpose-th-keep-messages-days = Messages are deleted after days
purpose-th-lastname = Last name
purpose-th-linked-email = Linked e-mail address
purpose-th-linked-phone = Linked phone number
purpose-th-nickname = Nickname
purpose-th-readonly-profile = The profile is kept by the organisation.
purpose-th-safe-enable = Safe is on or off.
purpose-th-safe-server-url = Safe server
purpose-th-skip-wizard = Set-up without questions

## What went wrong, where the app has another way than the terminal

app-error-core-broken = The app has stopped. Loading the page again helps; nothing is lost.
app-error-unknown-contact = { $id } is not a contact. Add the contact first.
app-error-contact-blocked = { $id } is blocked. Unblock the contact in its details.
app-error-locked = The app is locked by the organisation; the administrator knows more. The server says: { $reason }
app-error-displaced = The ID is used in another app: { $reason }
app-error-no-license = The credentials of the organisation are needed. Enter them under Settings, Organisation.
app-error-nothing-to-confirm = No address waits to be confirmed. Link one first.
app-error-safe-off = Safe is off. Switch it on first.
app-error-setup-place = Server and credentials of the organisation are needed.
app-error-provisioning-not-authentic = The settings of the instance are not signed by a trusted key. Do not go on; ask the administrator for the right key.
app-error-identity-exists = There is an ID here already.
app-error-no-identity = There is no ID here yet. Please finish the set-up.
app-error-passphrase-needed = A passphrase is needed.
app-error-passphrase-empty = An empty passphrase protects nothing.
app-error-instance = The server gave settings that cannot be used: { $reason }. Ask whoever runs it.
app-error-ambiguous = Several people or groups have this name. Use the ID.
app-error-unknown-group = This group is not known here.
app-error-unknown-conversation = There is no such conversation.
app-error-no-such-message = This message is not here any more.
app-error-unknown-message = This message is not here any more.
app-error-sending-failed = The message could not be sent. It can be sent again from its menu.
app-error-not-group-creator = Only { $creator } can change this group. Ask there, or make a copy of the group.
app-error-group-disbanded = The group was ended. A copy of it can be made to go on with the same people.
app-error-creator-cannot-leave = Whoever made a group cannot leave it, but can end it for everybody.
app-error-file-not-so = The file cannot be sent in this way; it is { $type }. Sending it as a file works.
app-error-file-not-here = The file is not here yet. Download it first.
app-error-not-a-card = There is no contact card in this file. It can be saved as it is.
app-error-picture = The picture cannot be used: { $reason }. Sending it as a file works.
app-error-already-sent = The message is sent. It can be deleted for everybody instead.
app-error-query-too-short = At least three letters are needed, or a category.
app-error-profile-in-use = The app is open in another tab.
