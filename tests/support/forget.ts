import type { TestHost } from "@mh/testing";
import { doReady } from "./do-ready.ts";

/** Forgets a memory as its owner, who is asked and approves. */
export async function forget(home: TestHost, id: string | undefined): Promise<void> {
  const outcome = await doReady(home, "memory.forget", { args: { id } });
  if (outcome.status !== "done") throw new Error(`memory.forget: ${JSON.stringify(outcome)}`);
}
