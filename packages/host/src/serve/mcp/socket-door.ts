import type { Principal } from "@mh/contract/values/principal.ts";
import { newId } from "../../connect/new-id.ts";
import { findDaemon } from "../../daemon/daemon-file.ts";
import { answersOf, approvalPageAt, type McpDoor } from "./door.ts";
import type { SharedHome } from "./shared-home.ts";

/** The way of a program that the owner has start `mh mcp serve`: over the owner's own channel, as the lesser one it is. */
export function socketDoor({
  principal,
  home,
  root,
}: {
  principal: Principal;
  home: SharedHome;
  root: string;
}): McpDoor {
  return {
    principal,
    act: ({ skill, args, signal, onProgress }) =>
      home.use((client) =>
        client.act(skill, args, {
          // A task of its own each time: what one call read vouches for nothing in another.
          ...{ as: principal, task: newId(), repeats: true, signal },
          ...(onProgress && { onProgress }),
        }),
      ),
    watchAnswers: () =>
      answersOf((take) => {
        const over = Promise.withResolvers<void>();
        const watching = home.use(async (client) => {
          await using _following = client.follow({ events: "approval.*", onEvent: take });
          await over.promise;
        });
        // That it cannot be watched ends no call: its patience runs out, and it asks again.
        watching.catch(() => undefined);
        return {
          async [Symbol.asyncDispose]() {
            over.resolve();
            await watching.catch(() => undefined);
          },
        };
      }),
    approvalPage(approval) {
      const daemon = findDaemon(root);
      return daemon && approvalPageAt(daemon.url, approval);
    },
  };
}
