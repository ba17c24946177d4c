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
