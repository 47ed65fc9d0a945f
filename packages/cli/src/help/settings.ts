export const text = `Settings

config.yaml holds the settings of a home. Edit it by hand, or:

  mh config get timeZone
  mh config set timeZone Europe/Berlin
  mh config edit                           opens it in $EDITOR

  owner                          what agents call you
  timeZone                       where your days begin, as in Europe/Berlin
  approvals.expireAfterMinutes   a question nobody answered is a no after this
  rate.commandsPerHour           for everyone but you together

  mh persona                               what agents know of you: persona/

mh doctor checks the settings. Keys that mh does not know are kept.

From the environment:

  MH_HOME          the home, where --home does not name one
  MH_PAGER, PAGER  shows long results; else less; empty or cat for none
  NO_COLOR         no colours; FORCE_COLOR=1 colours into a pipe, too
  XDG_CONFIG_HOME  where the keys lie (else ~/.config)
  MH_DEBUG=1       where an error inside mh happened`;
