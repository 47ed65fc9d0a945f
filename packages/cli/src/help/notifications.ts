export const text = `Notifications

Your agents reach you on channels of your own, and so do you:

  mh notify "The backup is done"
  mh notify "The cellar is wet" --urgency high --channel signal

Set up in config.yaml (mh config edit); each on its own, or several at once:

  notify:
    desktop: true              this machine, where it has a desktop
    ntfy:                      https://ntfy.sh or a server of yours
      url: https://ntfy.sh
      topic: a-name-nobody-guesses
      secret: ntfy             the name of its token, if it wants one
    pushover:
      user: your-user-key
      secret: pushover         the name of the application's token
    signal:                    a signal-cli daemon, started with --http
      url: http://127.0.0.1:8080
      from: "+15550100"
      to: "+15550101"
    webPush:                   the browsers of your devices
      contact: mailto:you@example.com    told to push services
      hosts: []                push services at home, if you have your own
  quietHours:
    from: "22:00"
    to: "07:00"

In quiet hours only what is urgent rings. The rest is held, and the daemon sends
it when they are over; mh notify --held does so by hand.

Tokens and passwords lie outside the home, and in no log (mh help secrets):

  mh secret set ntfy           asks, unseen; or reads standard input

A device is you, by a channel that you can take back:

  mh device add phone          a code to scan, shown this once
  mh device list               mh device revoke phone`;
