export const text = `Memory

  mh memory list --about Sarah             the latest first; --all for all
  mh memory timeline --from 2026-01-01     what was told and what happened
  mh memory show a1b2c3d4                  one, with its origins and links
  mh memory edit a1b2c3d4 "Met with Sara"  a new revision; the old words stay
  mh memory archive a1b2c3d4               out of lists; mh memory unarchive
  mh memory forget a1b2c3d4                for good, everywhere; asks first
  mh memory stats                          how much there is of what

  mh memory people                         whom your memories speak of
  mh memory relate Sarah "ML project" works-on
  mh memory relationships Sarah            reads from both ends
  mh memory about Sarah                    the card: facts, names, last mentions
  mh memory reach Sarah --steps 3          who is connected, by which facts

Facts, habits and likes:

  mh memory fact Sarah works-at "Lindau Energie" --since 2026-03-01
  mh memory fact Sarah works-at "Town hall" --replace
  mh memory facts Sarah                    now, before, and what contradicts
  mh memory facts Sarah --as-of 2026-01-01 what was on record then
  mh memory facts Sarah --on 2025-06-01    what held on that day
  mh why "Sarah works at Acme"             what speaks for it, and against
  mh memory confirm a1b2c3d4               mh memory revoke a1b2c3d4
  mh memory learn "Restart the router" "Hold the button for ten seconds"
  mh memory prefer "No calls before ten"

Of facts that say since when, the newest holds, whichever was told first; the
others held before. A fact that contradicts another one is shown with it;
--replace ends the other one, which is kept with its dates. A revoked fact
stays on record.

  mh memory consolidate                    what says the same twice
  mh memory consolidate --apply            merges it; every trace is kept

Forgetting cannot be undone: the text goes from the files, the index and the
snapshots, and stays away when something is imported or restored. The log
keeps that something was forgotten, not what.

The files: memory/episodic/YYYY/MM/DD.ndjson, one JSON object a line. You may
edit them by hand; mh says at its next start what changed, and mh review shows
what is missing.`;
