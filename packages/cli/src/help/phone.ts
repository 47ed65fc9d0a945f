export const text = `Your phone

By a messenger you talk with mh from anywhere, answer approval requests and
stop everything. No port is opened: the daemon asks the messenger for news.
Telegram is the first; its company can read what is sent through it.

Once:
  1  In Telegram, ask @BotFather for a bot (/newbot). It gives a token.
  2  mh secret set telegram
     mh config set telegram.secret telegram
  3  mh up
  4  mh channel pair telegram        shows a code, good for ten minutes
     Send it to your bot, in a private chat.

Then:
  words          answered as mh chat does (mh help models)
  /note words    keeps them as a memory, whatever they are
  /new words     begins another chat
  /approvals     shows what waits for you
  /stop          stops everyone but you; mh resume, at home, lifts it

An approval request comes whole, in as many messages as it takes, with buttons
that answer just that, on that phone, for twelve hours. What cannot be undone,
spends money or changes who may do what has no button to approve it: that is
read and answered at home.

Only what you type yourself, in the chat that was paired, counts as your words.
What is forwarded, quoted, edited, sent through a bot, sent in a group or by
somebody else counts for nothing: mh channel list says how often that happened,
and the log has each (mh audit tail).

  mh channel list                    what is paired, what it is doing
  mh channel doctor                  whether the bot answers
  mh channel pair telegram --role viewer
  mh device revoke phone             shuts it out, at once

Or by the page itself, without a company in between: mh device add phone, then
Settings, Devices on the phone: notifications with Deny and, where a line says
all of it and it can be undone, Approve; a passkey; without the daemon it opens,
and keeps notes for later. It needs daemon.hosts with TLS, or Tailscale.

Notifications go there as well (mh help notifications).`;
