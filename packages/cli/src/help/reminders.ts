export const text = `Reminders

  mh when "Sarah writes" "remind me of the cost sheet"
  mh when "30 minutes before I meet Tom, remind me of his birthday"
  mh when "every friday at 16:00, remind me to water the plants"
  mh when "tomorrow at 9:00, remind me to call Eve"
  mh when "I note the garden" "add a task: order soil"
  mh when "the task Buy milk is done" "remind me to bake"

Rules read the sentence, in English or German, and show what they understood;
one that cannot be read is refused. Say the same in a chat, and it is kept.

  mh when                                  all of them, and when they last came
  mh when show a1b2c3d4                    each time that it came, and why
  mh when pause a1b2c3d4                   resume: for what comes from then on
  mh when remove a1b2c3d4                  mh undo brings it back

What can be waited for: a mail from somebody, or from a domain (@example.org),
perhaps about something; an event of your calendars that begins soon; a task
that is done; a note that you capture; a time, once or again and again.

Mail from a name is mail from the addresses that you stated for it
(mh memory fact Sarah email sarah@example.org), and from no other, whatever a
sender calls themselves. Mail is looked at every five minutes.

It reminds you on your own channels (mh help notifications) or writes a task,
and does nothing else. Each thing that comes counts once. The daemon looks
(mh help daemon); what came while it was down is told when it is up again.

Each is a note in memory/procedural. One that was edited by hand, or that
anybody but you wrote, waits until mh when resume takes it as it stands.`;
