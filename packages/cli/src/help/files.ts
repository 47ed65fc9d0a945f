export const text = `Files

A home is a folder. It is the one that --home names, else MH_HOME, else the
clone that mh runs from; where npm installed mh there is no clone, and it is
~/mh. mh init makes it.

  home.json            which home this is
  config.yaml          settings (mh help settings)
  memory/episodic/     what you told, a file a day, a JSON object a line
  memory/semantic/     facts
  memory/index/        made from the files above; delete it and it is made anew
  persona/             who you are; persona/policy/ your rules
  brain/agents/        agents of your own, a file each (mh help agents)
  logs/audit/          the log (mh help audit)
  logs/objects/        what the log names: payloads, rules as they were
  logs/run/            what each agent's run said and did; the daemon's own log
  run/                 locks and the socket of whoever holds the home

The files are the truth. You may read, copy and edit them; what changed by hand
is taken in at the next start, and by a daemon within seconds. The log is the
exception: edits there are damage.

  ~/.config/mh/ID/     the keys that sign the log, and secrets (mh help secrets)

Keep a copy of both folders. Nothing is encrypted at rest before you say mh
encrypt.

One process at a time holds a home. A second one finds it through its socket
and works through it; nobody waits for the other to end.`;
