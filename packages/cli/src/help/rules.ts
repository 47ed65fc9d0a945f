export const text = `Rules

Your own rules are in persona/policy/*.cedar, in the Cedar language
(docs.cedarpolicy.com). A forbid is a hard no at every trust level, for you,
too. Each has an @id and an @title, which is what you read when it strikes:

  @id("no-mail-at-night")
  @title("Nobody sends anything between 22:00 and 07:00")
  forbid (principal, action == mh::Action::"send", resource)
  when { context.hour >= 22 || context.hour < 7 };

  mh policy list                           yours, those that come along, and
                                           what waits for you
  mh policy explain no-mail-at-night
  mh policy check mail.send '{}' --as agent:organizer
  mh policy adopt

A stricter rule bites at the next start. A looser one, and one that was taken
out, waits for mh policy adopt. A file that cannot be read is named with its
line, and the last good rules stay in force.

The rules that come along (invariant.*) cannot be loosened by any file. An
error while judging is a no.

  action      one of read, fetch, write, notify, local, send, spend, destroy
  context     trust, risk, approved, hour, ...: mh why ID --json shows all of
              it, as it was for one command`;
