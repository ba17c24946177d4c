# What the server says to people. Sentences that clients look for word by word stay in its code.

## What apps are told

api-malformed = The request cannot be understood.
api-unknown-identity = This ID does not exist.
api-unusable-key = This public key cannot be used.
api-taken-key = This public key already belongs to an ID.
api-failed-proof = The proof is invalid or has expired. Please try again.
api-failed-revocation = ID or revocation password is wrong.
api-too-often = Too many requests. Please try again later.
api-no-push = This server cannot wake this browser.
api-too-large = The request is too large.
api-too-slow = The request came too slowly.
api-full = The server has no space left.
api-unauthorised = This server accepts uploads only with a token.
api-license-needed = This server is for holders of a licence only. Please sign in with yours.
api-token-expired = The sign-in of this request is not valid or has expired. Please try again.
api-dead-activation = This activation link is not valid any more. Ask your administrator for a new one.
api-still-attached = This ID belongs to an organisation. Ask its administrator to detach the ID; then it can be restored in the private app.
api-no-private-app = The IDs of this server can be used in the app of its organisation only.
api-no-such-address = There is nothing here.
api-unavailable = The server cannot answer at the moment. Please try again later.
api-withdrawn-license = Your organisation has withdrawn this license. Please ask your administrator.
api-expired-license = This license has expired. Please ask your administrator for a new one.
api-expired-org = The licenses of your organisation have expired. Please ask your administrator.
api-seats-full = All seats of your organisation are taken. Please ask your administrator.
api-license-in-use = This license is already used by another ID. Please ask your administrator for a license of your own.
api-uses-full = This license is already used by as many IDs as may use it. Please ask your administrator.
api-other-org = This ID belongs to another organisation. Its administrator must release it first.
api-released-member = Your organisation has released this ID. It can be used in the private app; to use it for work again, ask your administrator to readmit it.
api-withdrawn-member = Your organisation has withdrawn the access of this ID. Please ask your administrator.
api-unusable-search = Please search for at least three characters, or choose a category.
api-no-directory = Your organisation has switched the directory off.
api-no-remote-secret = There is no such remote secret.
api-wrong-license = Username or password of the license are wrong.

## Linked addresses

link-no-links = This server does not link addresses with IDs.
link-no-mail = This server cannot send e-mail, so an e-mail address cannot be linked.
link-no-short-messages = This server cannot send text messages, so a phone number cannot be linked.
link-no-calls = This server cannot call you. Please request a new text message instead.
link-not-sent = The message could not be sent. Please try again later.
link-no-email = This is not a valid e-mail address.
link-no-phone-number = This is not a valid phone number. Write it with its country code, e.g. +41 79 123 45 67.
link-too-many-tries = Too many attempts for this address. Please try again tomorrow.
link-wrong-code = The code is wrong.
link-over-code = The code is no longer valid. Please request a new one.
link-no-match-token = The match token is invalid or has expired.

## Confirmations by mail, message and call

confirm-subject = Link this e-mail address with the ID { $id }?
confirm-mail =
    Hello,

    somebody wants to link this e-mail address with the ID { $id } on { $instance }.
    If that is you, open this page within { $hours } hours and confirm there:

    { $url }

    If it is not you, do nothing: nothing is linked without your confirmation.
confirm-message = { $instance }: your code is { $code }. Give it to nobody. Or tap: { $link }
confirm-call = Your code for { $instance } is: { $digits }. Again: { $digits }. Give it to nobody.

## The page that a mail leads to

link-page-question = Link this e-mail address?
    .text = It would then lead everybody who knows it to the ID { $id }.
    .button = Link
link-page-linked = Linked
    .text = The e-mail address now belongs to the ID { $id }.
link-page-over = This link is no longer valid
    .text = It was used already or has expired. You can ask for a new mail in the app.
link-page-later = Please try again later
    .text = The server cannot answer at the moment. Nothing was changed.

## Safe

safe-no-user-agent = The request must name the program in User-Agent.
safe-wrong-accept = The request must accept the type of the answer (see Accept).
safe-no-backup-id = A backup ID has 64 hexadecimal digits.
safe-empty-backup = The backup is empty.

## Management

management-no-key = Give an API key in the header X-Api-Key.
management-bad-key = This API key is unknown, expired, revoked or not allowed from this address.
management-may-not = This API key does not have the right { $detail }.
management-more-rights = Nobody can give a key more rights than they have.
management-operator-only = Only the operator of the server can do this.
management-too-often = This API key has made too many calls today.
management-name-org = Name the organisation in the header X-Org.
management-not-found = There is no such thing here.
management-malformed = The body must be what this address expects: a JSON object, if nothing else is said.
management-missing = The field { $detail } is missing.
management-invalid = This cannot be used: { $detail }.
management-too-large = The body is too large.
management-too-slow = The body came too slowly.
management-confirm = This cannot be undone: repeat { $detail } in the field confirm.
management-username-taken = This username belongs to another credential.
management-conflict = This is so already, or something else stands against it.
management-shared-credential = Many people use this credential: an activation would change the password for all of them. Make a credential for one person.
management-has-members = The organisation still has members. Detach or revoke them first.
management-bad-lines = Some lines cannot be used; nothing was changed.
management-no-png = A logo is a PNG of at most 512 KiB and 2048 pixels each way.
management-unavailable = The server cannot answer at the moment. Please try again later.

## What the chat server says through the app

# Apps know a full queue by the word "quota" in it.
chat-revoked = This identity has been revoked.
chat-moved-to-work = this ID is now used in the Work app. Use this app with a new ID, or remove it.
chat-moved-to-private = this ID is now used in the private app.
chat-released-not-moved = this ID was last used in the Work app. Its organisation has released it; restore it here from a backup to use it here.
chat-detached = Your organisation has released this ID. It can be used in the private app: restore it there from a backup.
chat-withdrawn = Your organisation has withdrawn the access. Please ask your administrator.
chat-not-activated = This ID is not activated for Work. Please sign in with the user name and password from your organisation.
chat-closed-instance = This server is only for the app of its organisation.
chat-bad-message = Bad message
chat-invalid-sender = Invalid sender
chat-queue-full = The receiver's quota is used up: too many messages wait for it.
chat-server-full = The server has no space left.
chat-unavailable = The server is not available right now.
