import type { ValueFor } from "@mh/contract/contracts.ts";

type Listed = ValueFor<"adoption.list">;

/** What was changed by hand and waits for the owner. An agent that is new is an offer: it stands with the agents. */
export const byHandOf = (listed: Listed | undefined): Listed["waiting"] =>
  (listed?.waiting ?? []).filter(({ kind, state }) => !(kind === "agent" && state === "new"));
