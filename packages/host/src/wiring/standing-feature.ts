import { defineFeature } from "@mh/core/feature.ts";
import { loadWhen } from "@mh/core/memory/language.ts";
import { accountsWithMail, heardEvents, lookSkill, untold } from "@mh/core/standing/look.ts";
import { isTimeUp, matchSkill } from "@mh/core/standing/match.ts";
import { activeIn } from "@mh/core/standing/notes.ts";
import {
  addStandingSkill,
  listStandingSkill,
  pauseStandingSkill,
  removeStandingSkill,
  resumeStandingSkill,
  showStandingSkill,
} from "@mh/core/standing/standing.ts";
import { mailReadOf, standingTables } from "@mh/core/standing/standing-table.ts";
import type { HomeParts } from "./home-parts.ts";

/** Mail is looked at so often where somebody's is waited for; and what failed is tried again then. */
const mailMs = 5 * 60_000;

/** What is to be done when something comes: kept as notes, matched by rules on events, mail, calendars and the clock. */
export const standingFeature = defineFeature<HomeParts>({
  name: "standing",
  tables: [standingTables],
  install(parts) {
    const { bus, clock, config, reader, timeZone } = parts;
    const standing = { ...parts, readWhen: loadWhen };
    // What came before this process began, and what a look did not get done, is looked at first.
    let isHeard = true;
    let lookedMs = Number.NEGATIVE_INFINITY;
    const hear = () => {
      isHeard = true;
    };
    for (const name of heardEvents) bus.subscribe(name, hear);
    let hasFailed = false;
    for (const end of ["command.failed", "command.denied"] as const)
      bus.subscribe(end, ({ skill }) => {
        hasFailed ||= skill === "standing.match" || skill === "standing.look";
      });
    const isDue = () => {
      const now = clock.now();
      const active = activeIn(reader, now);
      if (active.length === 0) return false;
      const mailboxes = active.some(({ condition }) => condition.type === "mail") ? accountsWithMail(config()) : [];
      const waitsLong = Math.abs(now - lookedMs) >= mailMs;
      const hasMore = () => mailboxes.some(({ name }) => mailReadOf(reader, name)?.more);
      const isMailDue = mailboxes.length > 0 && (waitsLong || (!hasFailed && hasMore()));
      const isLate = waitsLong && (hasFailed || untold(parts, now).length > 0);
      if (!isHeard && !isMailDue && !isLate && !isTimeUp(reader, active, { now, timeZone: timeZone() })) return false;
      isHeard = false;
      hasFailed = false;
      lookedMs = now;
      return true;
    };
    return {
      skills: [
        addStandingSkill(standing),
        listStandingSkill(parts),
        showStandingSkill(parts),
        pauseStandingSkill(standing),
        resumeStandingSkill(standing),
        removeStandingSkill(standing),
        matchSkill(parts),
        lookSkill(parts),
      ],
      maintenance: [{ skill: "standing.look", everyMs: 10_000, isDue }],
    };
  },
});
