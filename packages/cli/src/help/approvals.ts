export const text = `Approvals

What needs your approval waits as a request that survives a crash. It shows
everything that would be done, runs once, exactly as shown, and is denied when
nobody answers (after a day; approvals.expireAfterMinutes in config.yaml).

  mh approvals                             what waits, plans in force, and rules
                                           that are offered to you
  mh approvals show a1b2c3d4               who asks, what, why, how to undo it
  mh approvals approve a1b2c3d4            shows it again and asks
  mh approvals approve a1b2c3d4 --yes      does not ask again
  mh approvals deny a1b2c3d4
  mh approvals again a1b2c3d4              a new one, where it has expired

Between the request and your approval, the rules and the world may have changed:
the command is judged again when it runs. If its payload was changed, it can
only be refused.

The first use of a skill by an agent asks, too; that approval also grants the
skill from then on. mh grant list shows it, mh grant revoke takes it back.

What you approved three times in the same way is offered as a rule, with what it
would have changed so far; nothing is adopted by itself. What was denied shows
how to be asked about it instead, where a rule of yours could do that:

  mh approvals routine a1b2c3d4            the rule; --never declines it
  mh approvals blocked                     what was denied or has expired
  mh approvals ask-instead a1b2c3d4        be asked about it from now on
  mh why a1b2c3d4                          which approval or plan let it be

Only you can answer, at this machine or by a device that you added (mh help
notifications). No text in a mail or a chat can.`;
