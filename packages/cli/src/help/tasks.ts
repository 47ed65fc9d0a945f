export const text = `Tasks

  mh task add "Send Sarah the cost sheet"
  mh task list                             what is open
  mh task show a1b2c3d4
  mh task edit a1b2c3d4                    its words, its date
  mh task start a1b2c3d4
  mh task done a1b2c3d4
  mh task drop a1b2c3d4                    not needed any more; it is kept

mh task COMMAND --help shows what each takes.

Each task is a Markdown file, pleasant to edit by hand; mh takes in what you
changed at its next start. An agent may propose and change tasks like anything
else: within its trust, with an entry in the log, and so that mh undo takes it
back.`;
