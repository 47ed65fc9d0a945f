import type { ServerResponse } from "node:http";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Host } from "../../home/host.ts";
import { taskOf } from "../http/command-route.ts";
import type { RequestNote } from "../http/request-note.ts";
import { answersOf, approvalPageAt, type McpDoor } from "./door.ts";

export interface HttpDoorDeps {
  host: Host;
  principal: Principal;
  note: RequestNote;
  outgoing: ServerResponse;
  /** Where the daemon's page is. */
  address: string;
  /** Aborted where the client cancels the call by another request. */
  ended: AbortSignal;
}

/** The way of a request that showed a program's token. What it began ends with its connection. */
export function httpDoor({ host, principal, note, outgoing, address, ended }: HttpDoorDeps): McpDoor {
  return {
    principal,
    async act({ skill, args, signal, onProgress }) {
      const begun = { principal, skill, args, isByToken: !note.isLocal };
      const id = host.askedBefore(begun) ?? host.newId();
      if (host.registry.find(skill)) note.skill = skill;
      note.command = id;
      const run = host.begin({ ...begun, id, task: taskOf(principal, id, "") });
      using cleanup = new DisposableStack();
      if (onProgress) cleanup.use(run.watch(onProgress));
      const cancel = () => run.cancel("The program that asked for it over MCP cancelled it, or has gone");
      // What an approval lets run, and what another call began, is not this one's to end.
      if (run.isNew) {
        const given = AbortSignal.any([signal, ended]);
        given.addEventListener("abort", cancel, { once: true });
        outgoing.once("close", cancel);
        cleanup.defer(() => given.removeEventListener("abort", cancel));
        cleanup.defer(() => void outgoing.off("close", cancel));
        if (given.aborted || outgoing.destroyed) cancel();
      }
      const outcome = await run.outcome;
      note.outcome = outcome.status;
      return outcome;
    },
    watchAnswers: () => answersOf((take) => host.bus.subscribe("approval.*", take)),
    approvalPage: (approval) => approvalPageAt(address, approval),
  };
}
