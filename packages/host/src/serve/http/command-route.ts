import type { ServerResponse } from "node:http";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { Outcome, Task } from "@mh/contract/wire/command.ts";
import { commandRequestSchema } from "@mh/contract/wire/request.ts";
import type { Run } from "@mh/core/kernel/run.ts";
import { issueWords } from "@mh/core/model/issue-words.ts";
import type { Context, Handler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Host } from "../../home/host.ts";
import { raiseStop } from "../../home/raise-stop.ts";
import type { Metrics } from "./metrics.ts";
import { readJson } from "./read-json.ts";
import type { AppEnv } from "./request-note.ts";
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
    const { id = host.newId(), skill, args, task = id, words = "", detach } = await readCommand(c, bodyBytesMax);
    const known = host.registry.find(skill);
    if (takes === "queries" && known && known.kind !== "query") {
      throw new HTTPException(400, { message: `${skill} does more than read. Send it to /v1/command.` });
    }
    const { note, outgoing } = c.env;
    if (known) note.skill = skill;
    note.command = id;
    // STOP waits for nobody: the file stands before the command has its turn.
    if (skill === "kernel.stop" && isOwner(c.var.principal)) raiseStop(host.root);
    const began = performance.now();
    const { principal } = c.var;
    const isByToken = !note.isLocal;
    const run = host.begin({ id, principal, skill, args, task: taskOf(principal, task, words), isByToken });
    const isAsync = wantsNoAnswer(c);
    if (isAsync || detach) run.detach();
    const ended = run.outcome.then((outcome) => {
      metrics.took(known ? skill : "unknown", (performance.now() - began) / 1000);
      note.outcome = outcome.status;
      return outcome;
    });
    // What was refused before it began is no run that could be asked for later.
    if (isAsync && host.running(id)) return begun(c, run);
    using _gone = cancelWhenGone(run, outgoing, !isAsync && !detach);
    const outcome = await ended;
    return c.json<Outcome>(outcome, statusOf(outcome));
  };
}

/** What a program says that it was told is no word of the owner's, and no task of the owner's is its own. */
export const taskOf = (principal: Principal, id: string, words: string): Task =>
  isOwner(principal) ? { id, words } : { id: `${principal}/${id}`, words: "" };

/** The command that a request carries. */
export async function readCommand(c: Context<AppEnv>, bodyBytesMax: number) {
  const parsed = commandRequestSchema().safeParse(await readJson(c.req.raw, bodyBytesMax), { error: issueWords });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message = `${issue?.path.join(".") || "The request"}: ${issue?.message ?? "not valid"}.`;
  throw new HTTPException(400, { message });
}

/** RFC 7240: the client wants to hear at once that it has begun. */
const wantsNoAnswer = (c: Context<AppEnv>): boolean =>
  /(^|,)\s*respond-async\s*(;|,|$)/i.test(c.req.header("prefer") ?? "");

function begun(c: Context<AppEnv>, { id, isNew }: Run): Response {
  c.header("location", `/v1/runs/${id}`);
  c.header("preference-applied", "respond-async");
  return c.json({ run: id, isNew }, 202);
}

/** Closing the connection cancels what it waits for. Who joined what somebody else began does not end it for them. */
function cancelWhenGone(run: Run, outgoing: ServerResponse, isTheirs: boolean): Disposable | undefined {
  if (!isTheirs || !run.isNew) return undefined;
  const cancel = () => run.cancel("Whoever asked for it over HTTP has gone");
  outgoing.once("close", cancel);
  if (outgoing.destroyed) cancel();
  return { [Symbol.dispose]: () => outgoing.off("close", cancel) };
}
