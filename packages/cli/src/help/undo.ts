export const text = `Undo

  mh undo                                  takes back the last thing you did
  mh undo --agent agent:organizer          the last thing somebody else did
  mh undo --task a1b2c3d4 --dry-run        what a whole task did, and what of it
                                           cannot be undone
  mh undo --task a1b2c3d4                  takes all the rest of it back
  mh redo                                  does it again
  mh history -n 50                         what was done, what can be undone

Undoing appends the opposite, with an entry of its own in the log; nothing is
taken out of the log. It refuses where what it would bring back is no longer
current, and says so. What is older than 30 days stays as it is.

Of a whole task, what cannot be undone is listed first. What something else
changed since stays and is named, and the rest is taken back, the newest first,
by one entry in the log.

Some things cannot be undone: what was sent, spent or forgotten. Where that is
so, the approval request says it before you answer (mh help approvals).

For more than one step there are snapshots of every memory, task and persona
file:

  mh snapshot create before-import
  mh snapshot list
  mh snapshot restore before-import

A restore makes what is in the snapshot as it was then. What came since stays,
what was forgotten stays so, and the log goes on: it is never set back.`;
