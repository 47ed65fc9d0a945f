import type { CheckedVerdict } from "@mh/contract/wire/verdict.ts";
import type { Handler } from "hono";
import { type CommandRouteDeps, readCommand, taskOf } from "./command-route.ts";
import type { AppEnv } from "./request-note.ts";

/** What the judge would say of a command, with each layer and its reason. Nothing runs and nothing is recorded. */
export function checkRoute({ host, bodyBytesMax }: CommandRouteDeps): Handler<AppEnv> {
  return async (c) => {
    const { id = host.newId(), skill, args, task = id, words = "" } = await readCommand(c, bodyBytesMax);
    if (host.registry.find(skill)) c.env.note.skill = skill;
    const { principal } = c.var;
    const isByToken = !c.env.note.isLocal;
    const { verdict } = host.check({ id, principal, skill, args, task: taskOf(principal, task, words), isByToken });
    return c.json<CheckedVerdict>(verdict);
  };
}
