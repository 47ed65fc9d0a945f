import * as os from "node:os";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { observedSources } from "@mh/contract/values/observed-sources.ts";
import { defineFeature } from "@mh/core/feature.ts";
import { whyNotDone } from "@mh/core/kernel/why-not-done.ts";
import { forgetObservedSkill, listObservedSkill, type ObserveDeps, observeSkill } from "@mh/core/observe/observe.ts";
import { isObserved, observeSettings } from "@mh/core/observe/settings.ts";
import type { HomeParts } from "./home-parts.ts";
import { outsideSkill } from "./outside-parts.ts";

const everyMs = 30 * 60_000;

/** What the owner lets mh see of what they do: each source a skill of its own, off until they turn it on. */
export const observeFeature = defineFeature<HomeParts>({
  name: "observe",
  settings: [observeSettings],
  install(parts) {
    const userFolder = os.homedir();
    const file: ObserveDeps["file"] = async (args, { principal, commandId, task = commandId }) => {
      const caused = { cause: commandId, task: { id: task, words: "" } };
      const outcome = await parts.act({ principal, skill: "memory.file", args, ...caused });
      if (outcome.status === "done") return outcome.value as ValueFor<"memory.file">;
      throw new Fault(
        "observe.unreadable",
        `What was seen was not kept: ${whyNotDone(outcome)} \`mh why ${outcome.id}\``,
      );
    };
    const visits: ObserveDeps["visits"] = async (history) =>
      (await import("../adapters/browser-history.ts")).visitsIn(history);
    return {
      skills: [
        ...observedSources.map((source) =>
          outsideSkill(parts, (given) => observeSkill(source, { ...given, userFolder, file, visits })),
        ),
        listObservedSkill({ userFolder }),
        forgetObservedSkill(parts),
      ],
      maintenance: observedSources.map((source) => ({
        ...{ skill: `observe.${source}`, everyMs },
        isDue: () => isObserved(parts.config(), source),
      })),
    };
  },
});
