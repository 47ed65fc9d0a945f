import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { visible } from "@mh/core/model/visible.ts";
import type { Verdict } from "@mh/core/policy/judge.ts";
import { socketPath } from "@mh/host/places.ts";
import type { Reply, Request } from "@mh/host/serve/socket/protocol.ts";
import { v7 } from "uuid";
import { shortId } from "./layout.ts";
import type { Printer } from "./print.ts";
import { makeProgress } from "./progress.ts";

export interface ActOptions {
  id?: string;
  as?: string | undefined;
  words?: string;
}

/** A way to the one writer of a home: this process itself, or another over its socket. */
export interface Client extends AsyncDisposable {
  act<Name extends string>(skill: Name, args: ArgsFor<Name>, options?: ActOptions): Promise<Outcome<ValueFor<Name>>>;
  check(skill: string, args: unknown, options?: ActOptions): Promise<Verdict>;
  /** How a run ends that something else began, as an approval does. */
  wait(run: string): Promise<Outcome>;
}

type Send = { request(request: Request): Promise<Reply> } & AsyncDisposable;

const patienceMs = 10_000;
/** Everything that this process does is one thing to undo. */
const task = v7();

/** Finds whoever holds the home, or takes it. A connection that is lost is made again, and the same ids are sent again. */
export async function connect(root: string, print: Printer): Promise<Client> {
  let send = await reach(root, print);
  const request = async (message: Omit<Request, "n" | "id">, id = v7()): Promise<Reply> => {
    for (;;) {
      try {
        return await send.request({ n: 0, id, ...message });
      } catch (error) {
        if (!(error instanceof Disconnected)) throw error;
        await send[Symbol.asyncDispose]();
        send = await reach(root, print);
      }
    }
  };
  const message = (skill: string, args: unknown, { as, words }: ActOptions) => ({
    skill,
    args,
    task,
    ...(as && { as }),
    ...(words && { words }),
  });
  return {
    async act<Name extends string>(skill: Name, args: ArgsFor<Name>, options: ActOptions = {}) {
      const reply = await request({ do: "act", ...message(skill, args, options) }, options.id);
      if ("outcome" in reply) return reply.outcome as Outcome<ValueFor<Name>>;
      throw faultOf(reply);
    },
    async check(skill, args, options = {}) {
      const reply = await request({ do: "check", ...message(skill, args, options) });
      if ("verdict" in reply) return reply.verdict;
      throw faultOf(reply);
    },
    async wait(run) {
      const reply = await request({ do: "wait", args: null, task }, run);
      if ("outcome" in reply) return reply.outcome;
      throw faultOf(reply);
    },
    [Symbol.asyncDispose]: () => send[Symbol.asyncDispose](),
  };
}

/** Makes a home with this machine's settings where there is none and the folder holds nothing of somebody else's. */
export async function makeHome(
  where: { root: string; codeRoot: string; environment: Record<string, string | undefined> },
  print: Printer,
): Promise<void> {
  const { root, codeRoot, environment } = where;
  if (fs.existsSync(path.join(root, "home.json"))) return;
  // What a crash in the middle of making a home leaves is no stranger's.
  const isHalfMade = (name: string) => /^(config\.yaml|home\.json|persona)(\.\d+\.tmp)?$/.test(name);
  const isEmpty = !fs.existsSync(root) || fs.readdirSync(root).every(isHalfMade);
  if (root !== codeRoot && !isEmpty) return;
  const { createHome, machineSettings } = await import("@mh/host/home/home-file.ts");
  createHome(root, environment, machineSettings(environment));
  print.note(`Made a home at ${root}. \`mh init --help\` and config.yaml say what can be set.`);
}

async function reach(root: string, print: Printer): Promise<Send> {
  const start = performance.now();
  for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
    const remote = fs.existsSync(socketPath(root)) ? await dial(socketPath(root)) : undefined;
    if (remote) return remote;
    const local = await hold(root, print);
    if (local) return local;
    if (performance.now() - start > patienceMs) {
      throw new Fault("home.busy", `Another process holds ${root} and does not answer. \`mh doctor\` names it.`);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function hold(root: string, print: Printer): Promise<Send | undefined> {
  const { loadLean } = await import("@mh/host/home/load-lean.ts");
  const { LocalClient } = await loadLean(() => import("@mh/host/home/local-client.ts"));
  using progress = makeProgress(print, { doing: "Reading", unit: "lines" });
  const onProgress = (_what: string, count: number) => progress.update({ count });
  const client = await LocalClient.open(root, { onProgress });
  if (!client) return undefined;
  const { torn, interrupted, memories, rebuilt } = client.host.report;
  if (rebuilt) print.note(`The index was made anew from your files: ${rebuilt}.`);
  for (const tail of torn)
    print.note(`A write was cut off in ${tail.path}; its ${tail.bytes} bytes are kept in ${tail.keptAs}.`);
  for (const row of interrupted)
    print.note(`Interrupted: ${row.skill.split("@", 1)[0]} by ${row.principal}. \`mh why ${shortId(row.id)}\``);
  for (const edit of memories.handEdits) {
    print.note(`Changed by hand: ${edit.path} (${edit.added} new, ${edit.changed} changed, ${edit.missing} gone).`);
  }
  for (const text of client.host.notTaken()) print.note(notTaken(text));
  for (const bad of memories.badLines) print.note(`Cannot be read: ${bad.path} line ${bad.line}: ${bad.reason}.`);
  return client;
}

/** Of settings or rules that cannot be read. Each command says it: whoever wrote them thinks that they hold. */
export const notTaken = (text: string): string =>
  `Not taken: ${visible(text)} What was good last is in force. \`mh doctor\``;

class Disconnected extends Error {}

/** Undefined where nobody listens. */
async function dial(name: string): Promise<Send | undefined> {
  const socket = net.connect(name);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
  if (!isOpen) return undefined;
  const waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  let count = 0;
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const reply = JSON.parse(line) as Reply;
      waiting.get(reply.n)?.resolve(reply);
      waiting.delete(reply.n);
    }
  });
  const lost = () => {
    for (const { reject } of waiting.values()) reject(new Disconnected());
    waiting.clear();
  };
  socket.on("error", () => undefined);
  socket.on("close", lost);
  return {
    request(message) {
      count += 1;
      const n = count;
      if (socket.destroyed || socket.readyState !== "open") return Promise.reject(new Disconnected());
      return new Promise((resolve, reject) => {
        waiting.set(n, { resolve, reject });
        socket.write(`${JSON.stringify({ ...message, n })}\n`);
      });
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
    },
  };
}

function faultOf(reply: Reply): Fault {
  if ("fault" in reply) return new Fault(reply.fault.code as FaultCode, reply.fault.message);
  return new Fault(
    "protocol.invalid",
    "The process that holds the home answered something else. Are both of one version?",
  );
}
