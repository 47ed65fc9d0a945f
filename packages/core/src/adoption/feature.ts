import { adoptionList, type Waiting } from "@mh/contract/adoption.ts";
import { defineFeature, type FeatureParts, type WaitingSource } from "../feature.ts";
import { defineQuery } from "../kernel/skill.ts";
import { adoptionTables } from "./adoptions-table.ts";

/** What was adopted of every kind, and what waits to be. */
export const adoptionFeature = defineFeature<FeatureParts & { waiting: readonly WaitingSource[] }>({
  name: "adoption",
  tables: [adoptionTables],
  install: ({ waiting }) => ({ skills: [listWaitingSkill(waiting)] }),
});

function listWaitingSkill(sources: readonly WaitingSource[]) {
  return defineQuery(adoptionList, {
    async run(_args, context) {
      const found = await Promise.all(sources.map((source) => source(context)));
      return { waiting: found.flat().sort(byKindAndName) };
    },
  });
}

const byKindAndName = (a: Waiting, b: Waiting): number =>
  a.kind === b.kind ? Number(a.name > b.name) - Number(a.name < b.name) : a.kind < b.kind ? -1 : 1;
