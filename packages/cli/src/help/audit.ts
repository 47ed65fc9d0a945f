export const text = `Audit

Every command leaves records in the log: what was asked, by whom, the verdict
of every layer, how it ended. Each record holds the hash of the one before it,
and mh signs the log as it stands from time to time (a checkpoint).

  mh audit tail -n 50                      the latest records
  mh audit show 12                         one, whole
  mh why 12                                what led there, worked out again
  mh audit verify                          was anything touched?

  0 ok   1 changed   10 cut   11 torn   12 bad signature   13 unreadable
  14 it adds up since you repaired it

The keys lie outside the home, but on the same machine: somebody who has both
could write the whole log anew. Only a checkpoint kept elsewhere shows that.

  mh audit checkpoint > ~/usb/checkpoint.txt
  mh audit verify --witness ~/usb/checkpoint.txt
  mh audit consistency ~/usb/checkpoint.txt
  mh audit prove 12 --json                 proof that a record is in the log

A torn last line is a write that was cut off: it was never acknowledged. The
next command sets it aside and says so.

A log that was changed, cut or written by two at once is refused. Put back a
copy of logs/audit, or let mh go on with what there is: mh doctor --repair shows
what it found, asks, keeps the files as they are in logs/kept, and takes over
every record that this home wrote. From then on verify says that, and where.

  mh audit archive --before 2026-01-01     compresses; nothing is deleted`;
