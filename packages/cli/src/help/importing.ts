export const text = `Importing

  mh import ~/notes --dry-run              says what would be taken in
  mh import ~/notes                        Obsidian, Logseq, any Markdown
  mh import ~/Mail/inbox.mbox              mail: mbox or Maildir
  mh import calendar.ics                   calendars, contacts (vCard)
  mh import log.csv --map content=Notes,at=Date
  mh import conversations.zip              exports of ChatGPT and Claude
  mh import --help                         all formats and options

Importing twice is the same as once: each thing is known by its source and its
id there. After Ctrl-C, a crash or a full disk, run the same command again; it
goes on where it ended, and mh undo takes it back whole.

  --update     takes in texts that changed as new revisions
  --source     the name to file it under; it is part of what makes an id
  --format     where name and content do not tell what it is

Everything that comes in this way keeps where it came from. Text from outside
cannot choose a recipient, an amount or an address for an agent without your
approval, not even much later: mh help agents-and-trust.

What you have forgotten stays forgotten: an import leaves it out and says so.

The process that holds the home reads it, which may be the daemon. How far it is
can be seen by others, too: mh act run.list.

With --json there is a line for each group, printed once it is on disk, and one
for the whole at the end:
  {"progress": {"done": 4096, "total": 9000, "note": "500 added", ...}}
  {"added": 1200, "updated": 0, "duplicate": 0, "refused": 1, ...}`;
