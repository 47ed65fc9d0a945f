import { memoryRedate } from "@mh/contract/memory.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { EventTime } from "@mh/contract/values/memory.ts";
import { defineAdmin } from "../../kernel/skill.ts";
import { misdated } from "../misdated.ts";
import { draftOf, memory, store } from "../store.ts";
import { type CaptureDeps, knownPeople } from "./capture.ts";

const atOnceMax = 500;

/** Dates memories anew that a wrong clock dated, by as much as it was put right; what they say of a time is read again. */
export function redateSkill(deps: CaptureDeps) {
  return defineAdmin(memoryRedate, {
    stored: "kept",
    async prepare(_, { db }) {
      const known = knownPeople(db);
      const times = new Map<string, EventTime[]>();
      for (const { id, rightAt } of misdated(db, deps).slice(0, atOnceMax)) {
        const { content, eventAt } = memory(db, id);
        if (eventAt.length === 0) continue;
        const extract = await deps.extractor({ text: content, known });
        const found = extract(content, { at: new Date(rightAt), timeZone: deps.timeZone(), known });
        times.set(id, found.eventAt);
      }
      return times;
    },
    apply(_, { tx, commandId }, times: Map<string, EventTime[]>) {
      const all = misdated(tx.db, deps);
      if (all.length === 0) throw new Fault("memory.unchanged", "No memory was dated by a clock that was wrong.");
      const ids = all.slice(0, atOnceMax).map(({ id, rightAt }) => {
        const earlier = memory(tx.db, id);
        const eventAt = times.get(id) ?? earlier.eventAt;
        return store(tx, deps, commandId, { ...draftOf(earlier), at: rightAt, eventAt }, earlier).id;
      });
      return { ids, left: all.length - ids.length };
    },
  });
}
