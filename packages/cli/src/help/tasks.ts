export const text = `Tasks

  mh task add "Send Sarah the cost sheet" --due "next friday" --project ML
  mh task add "Call the garage" --due tomorrow --start "in 2 hours"
  mh task list                             the most pressing first; -n for more
  mh task show a1b2c3d4
  mh task edit a1b2c3d4 --due monday
  mh task start a1b2c3d4
  mh task done a1b2c3d4 b2c3d4e5
  mh task drop a1b2c3d4                    not needed any more; it is kept
  mh task reopen a1b2c3d4

  mh goal add "Ship the ML project" --horizon medium
  mh task add "Write the cost sheet" --goal ship
  mh goal list                             how far each has come, by its tasks

Goals are a list in persona/goals.md, pleasant to edit by hand, too: a point is
a goal, one below it is a part of it, [x] is done, and braces say the rest, as
in {short, due 2026-05-31, #ship}.

Dates are in plain words, in your time zone. --after names what must be done
first. mh task COMMAND --help shows all that each takes.

Each task is a Markdown file, pleasant to edit by hand; mh takes in what you
changed at its next start. An agent may propose and change tasks like anything
else: within its trust, with an entry in the log, and so that mh undo takes it
back.`;
