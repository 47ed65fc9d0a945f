// What a busy house asks of its daemon, by several clients at once: the owner's page, a phone, a program over MCP, a terminal, pages
// that come and go, and some that ask for nonsense. What was acknowledged is remembered, and so is what must not be there.
import * as fs from "node:fs";
import * as path from "node:path";
import type { Client } from "@mh/contract/client.ts";
import { httpClient } from "@mh/contract/http-client.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { connectHome } from "@mh/host/connect/connect-home.ts";
import { newId } from "@mh/host/connect/new-id.ts";
import { daemonToken } from "@mh/host/daemon/token.ts";
import { type LoadClients, lanes } from "./load-lanes.ts";

export interface LoadOptions {
  root: string;
  environment: Record<string, string | undefined>;
  /** Folder for what is imported. */
  scratch: string;
  /** An agent that may run. */
  agent: string;
  /** Tokens of a phone and of a program. */
  tokens: { phone: string; program: string };
  /** Called before each round; false ends it. */
  goesOn: (round: number) => boolean | Promise<boolean>;
}

export interface Loaded {
  rounds: number;
  /** How many commands were acknowledged, by skill. */
  acknowledged: Record<string, number>;
  /** Ids of the commands that changed something, as the checker wants them. */
  done: string[];
  /** Texts of memories that must be there, each in one memory. */
  once: string[];
  /** Other texts that must be found. */
  there: string[];
  /** Texts that must not be found anywhere. */
  gone: string[];
  /** Texts that no memory may have. */
  undone: string[];
  events: number;
  /** Requests that had to be refused, and were. */
  refused: number;
  /** Whatever did not end as it should, in the words of the daemon; the first hundred. */
  wrong: string[];
}

/** Gives what was done, or undefined after it noted what went wrong; of what waits for the owner, its id. */
export type Act = (
  client: Client,
  skill: string,
  args: object,
  options?: { as?: string; id?: string },
) => Promise<unknown>;

export async function load({ root, environment, scratch, agent, tokens, goesOn }: LoadOptions): Promise<Loaded> {
  const read = (file: string) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8")) as Record<string, string>;
  const origin = read(path.join("run", "daemon.json")).url as string;
  const owner = daemonToken(read("home.json").id as string, environment);
  const [page, phone] = [owner, tokens.phone].map((token) => httpClient({ origin, token: () => token })) as [
    Client,
    Client,
  ];
  const loaded: Loaded = { ...{ rounds: 0, acknowledged: {}, events: 0, refused: 0, wrong: [] }, ...noTexts() };
  const complain = (what: string) => void (loaded.wrong.length < 100 && loaded.wrong.push(what));

  const act: Act = async (client, skill, args, { as, id = newId() } = {}) => {
    const outcome: Outcome = await client.act(skill, args, { id, ...(as !== undefined && { as }) });
    if (outcome.status === "parked") return id;
    if (outcome.status !== "done") return complain(`${skill}: ${JSON.stringify(outcome)}`);
    loaded.acknowledged[skill] = (loaded.acknowledged[skill] ?? 0) + 1;
    if (changing.has(skill) && !loaded.done.includes(id, -20)) loaded.done.push(id);
    return outcome.value;
  };
  const connect = () => connectHome(root, { environment });
  const clients: LoadClients = { page, phone, origin, tokens: { ...tokens, owner }, connect };
  const all = lanes({ clients, act, loaded, complain, agent, scratch });
  const onEvent = () => {
    loaded.events += 1;
  };
  await using _following = page.follow({ events: "**", onEvent });
  await using cleanup = new AsyncDisposableStack();
  for (const lane of all) if (lane.end) cleanup.defer(lane.end);
  for (let round = 0; await goesOn(round); round += 1) {
    await Promise.all(all.map((lane) => lane.round(round).catch((error) => complain(String(error)))));
    loaded.rounds = round + 1;
  }
  return loaded;
}

const noTexts = () => ({ done: [], once: [], there: [], gone: [], undone: [] });

const changing = new Set([
  ...["memory.capture", "memory.edit", "memory.forget", "history.undo"],
  ...["task.add", "task.edit", "task.finish", "chat.say"],
]);
