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
goes on where it ended.

  --update     takes in texts that changed as new revisions
  --source     the name to file it under; it is part of what makes an id
  --format     where name and content do not tell what it is

Everything that comes in this way keeps where it came from. Text from outside
cannot choose a recipient, an amount or an address for an agent without your
yes, not even much later: mh help agents-and-trust.

What you have forgotten stays forgotten: an import leaves it out and says so.

With --json there is one line for each memory, printed once it is on disk:
  {"id": "...", "externalId": "...", "status": "added", "reason": "..."}
The status is added, updated, duplicate or refused.`;
