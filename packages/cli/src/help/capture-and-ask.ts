export const text = `Capture and ask

  mh capture "Met with Sarah about the ML project"
  mh capture --at 2026-05-08 --tag work "Signed the lease"
  pbpaste | mh capture -                   from standard input

What you tell is kept word for word. From it mh works out who and what it is
about, the tags, and the dates it speaks of; both that time and the time of
telling are kept. The same words on the same day are one memory with a count.

  mh search Sarah deadline -k 5            the best matches, and why they match
  mh search author:ann desert              in notes that say so of themselves
  mh search "what about Lindau" --from 2026-05-01 --to 2026-06-01
  mh ask "When did I last meet Sarah?"     an answer that quotes memories

An answer quotes memories with their ids, so that you can look them up:

  mh memory show a1b2c3d4                  one memory whole, with its origins
  mh memory list --about Sarah

Without a model the answer is made from a template: it only quotes, and says
so. What agents and assistants wrote is kept apart, and named where nothing
else is found; mh search --artifacts searches it, too.
So it is with what you archived: mh search --archived.

A day is a day in your time zone (timeZone in config.yaml).`;
