export const text = `Undo

  mh undo                                  takes back the last command
  mh redo                                  does it again
  mh history                               what can be taken back, and what not

Undoing appends the opposite, with an entry of its own in the log; nothing is
taken out of the log. It refuses where what it would bring back is no longer
current, and says so. What is older than 30 days stays as it is.

Some things cannot be undone: what was sent, spent or forgotten. Where that is
so, the question says it before you answer (mh help approvals).

For more than one step there are snapshots of the whole home:

  mh snapshot create
  mh snapshot list
  mh snapshot restore a1b2c3d4

A restore leaves out what was forgotten since, and the log goes on: it is
never set back.`;
