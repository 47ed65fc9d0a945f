export const text = `Settings

config.yaml holds the settings of a home. Edit it by hand, or:

  mh config get
  mh config set timeZone Europe/Berlin     comments and order stay
  mh config set timeZone                   the default holds again
  mh config edit                           opens it in $VISUAL or $EDITOR

  owner                          what agents call you
  timeZone                       where your days begin, as in Europe/Berlin
  approvals.expireAfterMinutes   a question nobody answered is a no after this
  rate.commandsPerHour           for everyone but you together
  notify, quietHours             mh help notifications

What loosens a limit and was written by hand waits for mh review. Keys that mh
does not know are kept. mh doctor checks the settings.

Who you are to your agents lies in persona/:

  mh persona show
  mh persona set values "Calm before speed"
  mh persona edit values

From the environment:

  MH_HOME          the home, where --home does not name one
  MH_PAGER, PAGER  shows long results; else less; empty or cat for none
  NO_COLOR         no colours; FORCE_COLOR=1 colours into a pipe, too
  XDG_CONFIG_HOME  where the keys lie (else ~/.config)
  MH_DEBUG=1       where an error inside mh happened`;
