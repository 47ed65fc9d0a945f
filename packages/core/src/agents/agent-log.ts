import { z } from "zod";
import { defineQuery } from "../kernel/legacy.ts";
import { readManifest } from "../kernel/read-manifest.ts";
import { always } from "../kernel/skill.ts";
import { agentNameSchema } from "./scheduler/agent-manifest.ts";

/** One line of a run's log. */
export interface RunLine {
  at: string;
  /** `log` by the agent, `out` and `err` by its console, `act` for each command and how it ended, `end` for the last. */
  stream: "log" | "out" | "err" | "act" | "end";
  text: string;
}

/** A run as it was written down. */
export interface RunText {
  file: string;
  lines: RunLine[];
}

const input = z.strictObject({ name: agentNameSchema, runs: z.number().int().min(1).max(50).default(1) });

/** What an agent's last runs said and did, the latest last. */
export function agentLogSkill({ read }: { read: (agent: string, runs: number) => RunText[] }) {
  return defineQuery<z.infer<typeof input>, { runs: RunText[] }>({
    manifest: readManifest(
      "agent.log",
      "Show what an agent's last runs said and did",
      input,
      z.strictObject({ runs: z.array(z.custom<RunText>()) }),
    ),
    classify: always("read"),
    run: ({ name, runs }) => ({ runs: read(name, runs) }),
  });
}
