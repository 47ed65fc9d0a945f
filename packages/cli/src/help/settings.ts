export const text = `Settings

config.yaml holds the settings of a home. Edit it by hand, or:

  mh config get
  mh config set timeZone Europe/Berlin     comments and order stay
  mh config set timeZone                   the default holds again
  mh config edit                           opens it in $VISUAL or $EDITOR;
                                           lists and whole sections go there

  owner                          what agents call you
  self.addresses                 your own addresses and accounts beside those of
                                 mail: what goes there needs no approval for it
  timeZone                       where your days begin, as in Europe/Berlin
  approvals.expireAfterMinutes   a request nobody answered is denied after this
  approvals.openPerPrincipal     requests of one agent that wait at once
  rate.commandsPerHour           for everyone but you; ...Each for one of them
  rate.sameCommandMax            that often the same command, then it asks,
  rate.sameCommandMinutes        in so many minutes
  spend.perDay, perWeek          what they may spend, in spend.currency, and how
  spend.tokensPerDay             many tokens of models; ...Each for one of them
  decision.threshold             below this confidence a decision is left to you
  decision.weights               what a named feature of an option counts
  notify, quietHours             mh help notifications
  agents, daemon, models         mh help agents, mh help daemon, mh help models
  mail.accounts                  authServer of one: who checks its senders
  network.caFile                 certificate authorities of your own, as PEM
  secrets.store                  mh help secrets

Calendars are a list (mh config edit); each has one of file, url and caldav:

  calendar:
    sources:
      - { name: home, file: calendar.ics }
      - { name: work, caldav: "https://dav.example.org/ada/work/", user: ada,
          secret: work-calendar }

A file below the home and a CalDAV collection can be written, but where readOnly
is true. secret names a password (mh secret set); without user it is a token.

What mh config changes is in force at once. Written by hand or by another
program, it waits for mh review where it loosens a limit, says where passwords
and words go (mail, self, calendar, notify, network), who can reach the daemon
(daemon.bind, hosts, tls), or what an agent is told (agents). Taken out by
hand, it is out of force at once. Keys that mh does not know are kept.
mh doctor checks the settings.

Who you are to your agents lies in persona/: mh help identity

From the environment:

  MH_HOME          the home, where --home does not name one
  MH_PAGER, PAGER  shows long results; else less; empty or cat for none
  NO_COLOR         no colours; FORCE_COLOR=1 colours into a pipe, too
  XDG_CONFIG_HOME  where the keys lie (else ~/.config)
  MH_DEBUG=1       where an error inside mh happened`;
