import type { OutputOf } from "@mh/contract/contract.ts";
import type { StandingFact } from "@mh/contract/facts.ts";
import { relationshipReach } from "@mh/contract/relationships.ts";
import { defineQuery } from "../kernel/skill.ts";
import { entityKey } from "../memory/project.ts";
import { localDay } from "../model/wall-clock.ts";
import { factsWith } from "./facts.ts";
import { type FactListDeps, inOrder, withStanding } from "./list.ts";
import { keysOf, nameMeant } from "./names-of.ts";

type Reached = OutputOf<typeof relationshipReach>["reached"][number];
type Node = Reached & { key: string };

/** What tells a property and leads to nobody: two people with one birthday are not connected by it. */
const properties = new Set(
  "email phone address website note birthday anniversary chat profile nickname also-known-as name is title".split(" "),
);
/** Of what many facts name (a country, a company), so many lead on. */
const factsEach = 200;

/** Who and what is connected with somebody: a walk over facts, the nearest first, each with one shortest way. */
export function reachSkill(deps: FactListDeps) {
  return defineQuery(relationshipReach, {
    run({ name, steps, limit }, { db, now }) {
      const meant = nameMeant(db, name, deps.config().owner);
      const start = keysOf(db, meant, deps.config().owner);
      const day = localDay(now, deps.timeZone());
      const seen = new Set(start);
      const found: Node[] = [];
      let frontier: Node[] = [{ key: start[0] ?? "", name: meant, steps: 0, way: [] }];
      for (let step = 1; step <= steps && found.length <= limit; step++) {
        const next: Node[] = [];
        for (const node of frontier) {
          const keys = step === 1 ? start : [node.key];
          const records = factsWith(db, keys)
            .filter(({ fact }) => !properties.has(fact.predicate))
            .slice(0, factsEach);
          for (const each of records) deps.check(db, each);
          for (const each of inOrder(withStanding(db, records, day))) {
            const other = keys.includes(entityKey(each.fact.subject)) ? each.fact.object : each.fact.subject;
            if (seen.has(entityKey(other))) continue;
            seen.add(entityKey(other));
            next.push({ key: entityKey(other), name: other, steps: step, way: [...node.way, stepOf(each)] });
          }
        }
        found.push(...next);
        frontier = next;
      }
      return { reached: found.slice(0, limit).map(({ key: _, ...each }) => each), more: found.length > limit };
    },
  });
}

function stepOf({ id, fact: { subject, predicate, object }, standing }: StandingFact): Reached["way"][number] {
  return { id, subject, predicate, object, standing };
}
