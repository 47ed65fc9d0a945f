export const text = `Exit codes

  0     done
  1     failed; the sentence on standard error says what to do next
  2     usage: a word or an option that mh does not know
  3     denied by a rule (mh why says which)
  4     waiting for your approval (mh approvals list)
  5     stopped: mh stop stands, mh resume lifts it
  6     locked: the home (mh unlock), or your secrets (mh secret unlock)
  7     the home is busy: another process holds it and does not answer
  130   interrupted by Ctrl-C; what was acknowledged is on disk

mh audit verify has its own: 0 ok, 1 changed, 10 cut, 11 torn, 12 a signature
does not hold, 13 unreadable, 14 repaired. mh policy check ends with 0 allow,
3 deny, 4 ask.

Results go to standard output, everything else to standard error. --quiet
leaves only results and errors. A closed pipe (mh memory list | head) is no
error.`;
