// What each of the clients does in a round. Whatever it tells is told once, so that what is there twice shows.
import * as fs from "node:fs";
import * as path from "node:path";
import type { Client } from "@mh/contract/client.ts";
import type { HomeClient } from "@mh/host/connect/connect-home.ts";
import { newId } from "@mh/host/connect/new-id.ts";
import type { Client as McpClient } from "@modelcontextprotocol/client";
import { callOf, connectMcp, httpTransport, revisions } from "../../tests/support/mcp-client.ts";
import type { Act, Loaded } from "./load.ts";

export interface LoadClients {
  page: Client;
  phone: Client;
  origin: string;
  tokens: { owner: string; phone: string; program: string };
  connect: () => Promise<HomeClient>;
}

export interface Lane {
  round: (n: number) => Promise<void>;
  end?: () => Promise<void>;
}

interface House {
  clients: LoadClients;
  act: Act;
  loaded: Loaded;
  complain: (what: string) => void;
  agent: string;
  scratch: string;
}

interface Made {
  id: string;
}

export const lanes = (house: House): Lane[] => [
  { round: ownersPage(house) },
  { round: phone(house) },
  { round: terminal(house) },
  { round: nonsense(house) },
  program(house),
];

const words = ["offer", "Sarah", "review", "Lisbon", "budget", "dentist", "release", "garden", "train", "contract"];
const word = (n: number) => words[n % words.length] as string;

function ownersPage({ clients: { page }, act, loaded, scratch }: House): Lane["round"] {
  let chat = "";
  const importFolder = async (n: number) => {
    const folder = path.join(scratch, `notes-${n}`);
    fs.mkdirSync(folder, { recursive: true });
    const texts = [1, 2, 3].map((each) => `Note ${n} of file ${each} about ${word(n + each)}`);
    for (const [at, text] of texts.entries()) fs.writeFileSync(path.join(folder, `note-${at}.md`), `${text}\n`);
    if (await act(page, "import.run", { path: folder })) loaded.there.push(...texts);
    fs.rmSync(folder, { recursive: true });
  };
  const tasks = async (n: number) => {
    const title = `Call about load ${n}`;
    const task = (await act(page, "task.add", { title })) as Made | undefined;
    if (task && (await act(page, "task.edit", { id: task.id, notes: `Round ${n}` }))) loaded.there.push(title);
    if (task && n % 6 === 0) await act(page, "task.finish", { id: task.id });
    await act(page, "task.list", {});
  };
  return async (n) => {
    for (let each = 0; each < 2; each += 1) {
      const text = `Load ${n}.${each}: ${word(n)} and ${word(n * 7 + 3)}, as ${word(n * 3 + each)} said.`;
      if (await act(page, "memory.capture", { text })) loaded.once.push(text);
    }
    await act(page, "memory.list", { limit: 50 });
    await act(page, "memory.search", { q: `${word(n)} ${word(n + 4)}` });
    if (n % 2 === 0) await act(page, "memory.ask", { q: `What did ${word(n)} say about the offer?` });
    if (n % 3 === 0) await tasks(n);
    if (n % 4 === 0) await act(page, "home.status", {});
    if (n % 5 === 0) await act(page, "audit.tail", { limit: 20 });
    if (n % 7 === 0) await act(page, "history.list", {});
    if (n % 10 === 0) {
      if (n % 100 === 0) chat = ((await act(page, "chat.start", {})) as Made | undefined)?.id ?? chat;
      await act(page, "chat.say", { chat, text: `What about ${word(n)}?` });
    }
    if (n % 12 === 0) await importFolder(n);
  };
}

/** Corrects itself, and sends again what it may have sent before; what it told is forgotten and taken back on the page. */
function phone(house: House): Lane["round"] {
  const { clients, act, loaded } = house;
  const { phone: client, page } = clients;
  return async (n) => {
    const id = newId();
    const first = `Phone ${n}: ${word(n + 1)} before ${word(n + 5)}`;
    const made = (await act(client, "memory.capture", { text: first }, { id })) as Made | undefined;
    if (!made) return;
    if (n % 4 === 0) {
      const text = `Phone ${n} put right: ${word(n + 2)}`;
      if (await act(client, "memory.edit", { id: made.id, text })) loaded.once.push(text);
    } else if (n % 4 === 1) {
      await forget(house, page, { memory: made.id, text: first });
    } else if (n % 4 === 2) {
      if (await act(page, "history.undo", { id })) loaded.undone.push(first);
    } else {
      await act(client, "memory.capture", { text: first }, { id });
      loaded.once.push(first);
    }
    if (n % 4 === 0) await act(client, "memory.show", { id: made.id });
    if (n % 3 === 0) await act(client, "command.explain", { which: id });
    if (n % 5 === 0) await act(client, "approval.list", {});
  };
}

/** Forgetting waits for the owner's approval, also where they asked for it themselves. */
async function forget(
  { act, loaded, complain }: House,
  client: Client,
  { memory, text, as }: { memory: string; text: string; as?: string },
): Promise<void> {
  const id = (await act(client, "memory.forget", { id: memory }, as === undefined ? {} : { as })) as string | undefined;
  const shown = (await act(client, "approval.show", { id })) as { hash: string } | undefined;
  if (!shown || !(await act(client, "approval.approve", { id, hash: shown.hash }))) return;
  const outcome = await client.wait(id as string);
  if (outcome.status === "done") loaded.gone.push(text);
  else complain(`approved: ${JSON.stringify(outcome)}`);
}

/** Comes with each command and goes after it; what its agent would forget waits, and now and then one runs. */
function terminal(house: House): Lane["round"] {
  const { clients, act, agent } = house;
  const { connect } = clients;
  const askedByAgent = async (socket: Client, n: number) => {
    const text = `Forgotten ${n}: ${word(n)}`;
    const made = (await act(socket, "memory.capture", { text })) as Made | undefined;
    if (made) await forget(house, socket, { memory: made.id, text, as: `agent:${agent}` });
  };
  return async (n) => {
    await using socket = await connect();
    await act(socket, "memory.timeline", { limit: 20 });
    if (n % 8 === 0) await askedByAgent(socket, n);
    if (n % 60 === 0) {
      const args = {
        agent,
        trigger: "owner",
        kind: "owner",
        slot: String(n),
        attempt: 1,
        at: new Date().toISOString(),
      };
      await act(socket, "agent.run", args, { as: `agent:${agent}` });
    }
  };
}

/** Pages that open and close, and what no page would send. */
function nonsense({ clients: { page, origin, tokens }, loaded, complain }: House): Lane["round"] {
  const bad = (token: string, body: string, at = "/v1/command") =>
    fetch(`${origin}${at}`, {
      ...{ method: "POST", body },
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    });
  const asks: (() => Promise<Response>)[] = [
    () => bad(tokens.owner, '{"skill": "memory.capture", "args": {'),
    () => bad(tokens.owner, JSON.stringify({ id: newId(), skill: `no.${newId()}`, args: {} })),
    () => bad(tokens.phone, JSON.stringify({ id: newId(), skill: "memory.capture", args: { text: 7 } })),
    () => bad(newId(), JSON.stringify({ id: newId(), skill: "home.status", args: {} })),
    () => bad(tokens.owner, "{}", `/v1/${newId()}`),
    () => bad(tokens.phone, JSON.stringify({ id: newId(), skill: "memory.show", args: { id: newId() } })),
  ];
  return async (n) => {
    if (n % 25 === 0) await pageOpened(page);
    if (n % 3 !== 0) return;
    const answer = await (asks[(n / 3) % asks.length] as () => Promise<Response>)();
    const text = await answer.text();
    if (answer.ok && !text.includes('"failed"')) complain(`accepted: ${text}`);
    else loaded.refused += 1;
  };
}

/** What a page does first, and then it is closed. */
async function pageOpened(page: Client): Promise<void> {
  const live = Promise.withResolvers<void>();
  const following = page.follow({ events: "**", after: 0, onEvent: () => live.resolve() });
  await Promise.race([live.promise, following.ended]);
  await following[Symbol.asyncDispose]();
}

/** Comes anew from time to time, in either revision of the protocol. */
function program({ clients: { origin, tokens }, loaded, complain }: House): Lane {
  let client: McpClient | undefined;
  const call = async (name: string, args: Record<string, unknown>) => {
    const answer = await callOf(client as McpClient, name, args);
    // A program has a rate of its own, which an hour of this uses up.
    if (answer.refused?.includes("in a short time")) loaded.refused += 1;
    else if ("refused" in answer) complain(`${name}: ${answer.refused}`);
    else loaded.acknowledged[`mcp ${name}`] = (loaded.acknowledged[`mcp ${name}`] ?? 0) + 1;
  };
  const end = async () => client?.close();
  return {
    end,
    async round(n) {
      if (n % 40 === 0) {
        await end();
        const revision = revisions[(n / 40) % revisions.length] as (typeof revisions)[number];
        client = await connectMcp(httpTransport(origin, tokens.program), { revision });
        if (n === 0) await client.listTools();
      }
      if (n % 2 === 0) await call("memory_search", { q: `${word(n + 2)} ${word(n + 3)}` });
      if (n % 4 === 1) await call("memory_ask", { q: `When is the ${word(n)}?` });
      if (n % 4 === 3) await call("task_list", {});
    },
  };
}
