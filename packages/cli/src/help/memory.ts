export const text = `Memory

  mh memory list --about Sarah             the latest first; --all for all
  mh memory show a1b2c3d4                  one, with its origins and links
  mh memory edit a1b2c3d4 "Met with Sara"  a new revision; the old words stay
  mh memory forget a1b2c3d4                for good, everywhere; asks first
  mh memory people                         whom your memories speak of

  mh memory timeline                       what was when
  mh memory relate                         how two memories belong together
  mh memory stats                          how much of what there is

Facts and habits are made from memories and point back to them:

  mh memory fact                           what holds, since when, from where
  mh memory learn                          how something is done
  mh memory prefer                         what you like
  mh memory consolidate                    proposes summaries and facts

A new fact takes the place of an old one, and the old one is kept with its
dates. A proposal waits for you in mh review; nothing is deleted silently.

Forgetting cannot be undone: the text goes from the file, the index and the
snapshots, and stays away when something is imported or restored. The log
keeps that something was forgotten, not what.

The files: memory/episodic/YYYY/MM/DD.ndjson, one JSON object a line. You may
edit them by hand; mh says at its next start what changed.`;
