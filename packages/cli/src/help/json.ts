export const text = `JSON

--json works with every command. Standard output then holds JSON only, one
value a line; words for people stay on standard error.

  mh ask "When did I last meet Sarah?" --json | jq -r .text
  mh memory list --all --json > memories.ndjson
  mh search --stdin < questions.ndjson     many searches in one process

Most commands print one object. Some print one a line, as they go: memory
list, audit tail, import (how far it is, then what came of it), tour.

A failure is an object, too, and the exit code says the same (mh help
exit-codes):

  {"fault": {"code": "memory.not-found", "message": "..."}}

What was denied or waits for your approval is told as it ended:

  {"status": "denied", "id": "...", "layer": "boundary", "rules": [...]}
  {"status": "parked", "approval": "...", "expiresAt": "..."}

Ids are whole and times are ISO 8601 in UTC, where people read eight characters
and "yesterday 14:03". Nothing is asked: what needs an answer waits.`;
