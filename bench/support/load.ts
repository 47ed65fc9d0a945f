// What a busy house asks of its daemon: captures, lists, searches, questions, tasks, approvals, chats, imports, runs of an agent, and
// pages that come and go. Whatever was acknowledged is remembered.
import * as fs from "node:fs";
import * as path from "node:path";
import type { Client } from "@mh/contract/client.ts";
import { httpClient } from "@mh/contract/http-client.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { connectHome } from "@mh/host/connect/connect-home.ts";
import { newId } from "@mh/host/connect/new-id.ts";
import { daemonToken } from "@mh/host/daemon/token.ts";

export interface LoadOptions {
  root: string;
  environment: Record<string, string | undefined>;
  /** Folder for what is imported. */
  scratch: string;
  /** An agent that may run. */
  agent: string;
  /** Called before each round; false ends it. */
  goesOn: (round: number) => boolean | Promise<boolean>;
}

export interface Loaded {
  rounds: number;
  /** How many commands were acknowledged, by skill. */
  acknowledged: Record<string, number>;
  /** Ids of the commands that changed something, as the checker wants them. */
  done: string[];
  /** Texts that must be found. */
  there: string[];
  /** Texts that must not be found. */
  gone: string[];
  events: number;
  /** Whatever did not end as it should, in the words of the daemon; the first hundred. */
  wrong: string[];
}

const words = ["offer", "Sarah", "review", "Lisbon", "budget", "dentist", "release", "garden", "train", "contract"];

export async function load({ root, environment, scratch, agent, goesOn }: LoadOptions): Promise<Loaded> {
  const read = (file: string) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8")) as Record<string, string>;
  const origin = read(path.join("run", "daemon.json")).url as string;
  const token = daemonToken(read("home.json").id as string, environment);
  const http = httpClient({ origin, token: () => token });
  await using socket = await connectHome(root, { environment });
  const loaded: Loaded = { rounds: 0, acknowledged: {}, done: [], there: [], gone: [], events: 0, wrong: [] };

  const act = async (client: Client, skill: string, args: object, as?: string): Promise<unknown> => {
    const id = newId();
    const outcome: Outcome = await client.act(skill, args, { id, ...(as !== undefined && { as }) });
    if (outcome.status === "parked") return id;
    if (outcome.status !== "done") {
      if (loaded.wrong.length < 100) loaded.wrong.push(`${skill}: ${JSON.stringify(outcome)}`);
      return undefined;
    }
    loaded.acknowledged[skill] = (loaded.acknowledged[skill] ?? 0) + 1;
    if (changing.has(skill)) loaded.done.push(id);
    return outcome.value;
  };
  const word = (n: number) => words[n % words.length] as string;

  const capture = async (n: number) => {
    const text = `Load ${n}: ${word(n)} and ${word(n * 7 + 3)}, as ${word(n * 3 + 1)} said.`;
    if (await act(http, "memory.capture", { text })) loaded.there.push(text);
  };
  /** What an agent would forget waits for a yes. */
  const approve = async (n: number) => {
    const text = `Forgotten ${n}: ${word(n)}`;
    const made = (await act(http, "memory.capture", { text })) as { id: string } | undefined;
    if (!made) return;
    const id = (await act(socket, "memory.forget", { id: made.id }, `agent:${agent}`)) as string | undefined;
    const shown = (await act(socket, "approval.show", { id })) as { hash: string } | undefined;
    if (!shown || !(await act(socket, "approval.approve", { id, hash: shown.hash }))) return;
    const outcome = await socket.wait(id as string);
    if (outcome.status === "done") loaded.gone.push(text);
    else if (loaded.wrong.length < 100) loaded.wrong.push(`approved: ${JSON.stringify(outcome)}`);
  };
  const importFolder = async (n: number) => {
    const folder = path.join(scratch, `notes-${n}`);
    fs.mkdirSync(folder, { recursive: true });
    const texts = [1, 2, 3].map((each) => `Note ${n} of file ${each} about ${word(n + each)}`);
    for (const [at, text] of texts.entries()) fs.writeFileSync(path.join(folder, `note-${at}.md`), `${text}\n`);
    if (await act(http, "import.run", { path: folder })) loaded.there.push(...texts);
    fs.rmSync(folder, { recursive: true });
  };

  let chat = "";
  const counted = () => {
    loaded.events += 1;
  };
  await using _following = http.follow({ events: "**", onEvent: counted });
  for (let round = 0; await goesOn(round); round += 1) {
    for (let each = 0; each < 4; each += 1) await capture(round * 4 + each);
    await act(http, "memory.list", { limit: 50 });
    await act(http, "memory.search", { q: `${word(round)} ${word(round + 4)}` });
    if (round % 2 === 0) await act(http, "memory.ask", { q: `What did ${word(round)} say about the offer?` });
    if (round % 3 === 0) {
      const title = `Call about load ${round}`;
      const task = (await act(http, "task.add", { title })) as { id: string } | undefined;
      if (task && (await act(http, "task.edit", { id: task.id, notes: `Round ${round}` }))) loaded.there.push(title);
      if (task && round % 6 === 0) await act(http, "task.finish", { id: task.id });
      await act(http, "task.list", {});
    }
    if (round % 4 === 0) await act(http, "home.status", {});
    if (round % 5 === 0) await act(http, "audit.tail", { limit: 20 });
    if (round % 8 === 0) await approve(round);
    if (round % 10 === 0) {
      if (round % 100 === 0) chat = ((await act(http, "chat.start", {})) as { id: string } | undefined)?.id ?? chat;
      await act(http, "chat.say", { chat, text: `What about ${word(round)}?` });
    }
    if (round % 12 === 0) await importFolder(round);
    if (round % 25 === 0) await pageOpened(http);
    if (round % 60 === 0) {
      const at = new Date().toISOString();
      const args = { agent, trigger: "owner", kind: "owner", slot: String(round), attempt: 1, at };
      await act(socket, "agent.run", args, `agent:${agent}`);
    }
    loaded.rounds = round + 1;
  }
  return loaded;
}

const changing = new Set(["memory.capture", "task.add", "task.edit", "task.finish", "chat.say"]);

/** What a page does first, and then it is closed. */
async function pageOpened(http: Client): Promise<void> {
  const live = Promise.withResolvers<void>();
  const following = http.follow({ events: "**", after: 0, onEvent: () => live.resolve() });
  await Promise.race([live.promise, following.ended]);
  await following[Symbol.asyncDispose]();
}
