export const text = `Rules

Say what you mean, and see what it would have changed so far:

  mh policy forbid "send mail to anyone outside my contacts"
  mh policy ask "agents run programs after 20:00"
  mh policy forbid "spend more than 50 EUR without asking"
  mh policy allow "agent mail sends mail to sarah@example.org"

What is not understood is refused, with the grammar. Where nobody is named, it
binds everyone but you. An allow waits for mh policy adopt, and lifts none of
the rules that come along.

  mh policy diff                           what your waiting rules would change
  mh policy diff --without invariant.stop  what one rule is worth
  mh policy matrix                         who may do what at present
  mh policy test                           runs the // test lines in your files
  mh policy replay ~/.claude/projects      another program's calls, judged here

Your rules are in persona/policy/*.cedar, in the Cedar language
(docs.cedarpolicy.com). A forbid is a hard no at every trust level, for you,
too. Each has an @id and an @title, which is what you read when it strikes:

  @id("no-mail-at-night")
  @title("Nobody sends anything between 22:00 and 07:00")
  forbid (principal, action == mh::Action::"send", resource)
  when { context.hour >= 22 || context.hour < 7 };

  mh policy list                           yours, those that come along, and
                                           what waits for you
  mh policy explain no-mail-at-night
  mh policy check task.add '{"title":"Call"}' --as agent:organizer
  mh policy adopt

A stricter rule bites at the next start. A looser one, and one that was taken
out, waits for mh policy adopt. A file that cannot be read is named with its
line, and the last good rules stay in force.

No rule locks you out of stopping, resuming, looking, taking rights back and
changing rules, at this machine. mh doctor names a rule that would, or that
fails, and mh policy disable FILE takes a file of rules out of force.

The rules that come along (invariant.*) cannot be loosened by any file. An
error while judging denies.

  action      one of read, fetch, write, notify, local, send, spend, destroy
  context     risk, approved, hour, minuteOfDay, weekday, quietHours, amount,
              recipients, outsiders (who is none of your contacts), folders
              and domains (all that hold a path or a host), ...: mh why ID
              --json shows all of it, as it was for one command`;
