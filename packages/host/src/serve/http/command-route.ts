import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Host } from "../../home/host.ts";
import { raiseStop } from "../../home/raise-stop.ts";
import type { Metrics } from "./metrics.ts";
import { readJson } from "./read-json.ts";
import type { AppEnv } from "./request-note.ts";
import { commandRequestSchema } from "./schemas.ts";
import { statusOf } from "./status-of.ts";

export interface CommandRouteDeps {
  host: Host;
  metrics: Metrics;
  bodyBytesMax: number;
}

/** A command of the owner's, or of one of the owner's devices. `queries` takes what only reads, and nothing else. */
export function commandRoute(deps: CommandRouteDeps, takes: "commands" | "queries"): Handler<AppEnv> {
  const { host, metrics, bodyBytesMax } = deps;
  return async (c) => {
    const parsed = commandRequestSchema.safeParse(await readJson(c.req.raw, bodyBytesMax));
    if (!parsed.success) throw new HTTPException(400, { message: firstIssue(parsed.error.issues) });
    const { id = host.newId(), skill, args, task = id, words = "" } = parsed.data;
    const known = host.registry.find(skill);
    if (takes === "queries" && known && known.kind !== "query") {
      throw new HTTPException(400, { message: `${skill} does more than read. Send it to /v1/command.` });
    }
    const { note } = c.env;
    if (known) note.skill = skill;
    note.command = id;
    // STOP waits for nobody: the file stands before the command has its turn.
    if (skill === "kernel.stop") raiseStop(host.root);
    const began = performance.now();
    const outcome = await host.act({ id, principal: c.var.principal, skill, args, task: { id: task, words } });
    metrics.took(known ? skill : "unknown", (performance.now() - began) / 1000);
    note.outcome = outcome.status;
    return c.json<Outcome>(outcome, statusOf(outcome));
  };
}

function firstIssue(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  const [issue] = issues;
  return `${issue?.path.join(".") || "The request"}: ${issue?.message ?? "not valid"}.`;
}
