import type { Client } from "@mh/contract/client.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { SocketReply, SocketRequest } from "@mh/contract/wire/socket.ts";
import { reasonOf } from "@mh/core/kernel/fault-of.ts";
import type { Host } from "../home/host.ts";
import type { LocalClient } from "../home/local-client.ts";
import type { OpenOptions } from "../home/open-home.ts";
import { clientOf } from "./client.ts";
import { type Connection, Disconnected, dial } from "./dial.ts";

/** What an opened home takes counts where this process opens it itself, and not where another one holds it already. */
export interface ConnectOptions extends OpenOptions {
  /** Id of the invocation that everything done here belongs to. A new one for each client where absent. */
  task?: string;
  /** Aborted where the process that holds the home is not waited for any longer: then it is `home.busy`. */
  givenUp?: AbortSignal;
  /** Called when this process has opened the home itself. */
  onOpened?: (host: Host) => void;
  /** How this process opens the home itself. */
  open?: (root: string, options: OpenOptions) => Promise<LocalClient | undefined>;
}

/** A client of a home that is to be disposed: where this process opened the home itself, that closes it. */
export type HomeClient = Client & AsyncDisposable;

const patienceMs = 10_000;

/**
 * Finds the process that holds a home, or opens it. A connection that is lost is made again, and the same ids are sent
 * again. Throws `home.busy` where another process holds the home and does not answer, and `socket.refused` where it or this
 * process cannot prove that it is the owner's.
 */
export async function connectHome(root: string, options: ConnectOptions = {}): Promise<HomeClient> {
  let connection = await reach(root, options);
  let isClosed = false;
  const client = clientOf(async (request, onFrame) => {
    for (;;) {
      try {
        return await connection.request(request, onFrame);
      } catch (error) {
        if (!(error instanceof Disconnected) || isClosed) throw error;
        await connection[Symbol.asyncDispose]();
        try {
          connection = await reach(root, options);
        } catch (why) {
          return notKnown(request, why);
        }
      }
    }
  }, options.task);
  return {
    ...client,
    [Symbol.asyncDispose]() {
      isClosed = true;
      return connection[Symbol.asyncDispose]();
    },
  };
}

/** What was asked may be done: the process that did it is gone, and nobody can look. */
function notKnown(request: SocketRequest, why: unknown): SocketReply {
  if (request.do !== "act" && request.do !== "wait") throw why;
  const { n, id } = request;
  const what = "The process that held the home ended before it answered, and the home cannot be opened";
  const message = `${what}: ${reasonOf(why)} Whether this is done is not known: mh why ${id}.`;
  return { n, outcome: { status: "interrupted", id, message } };
}

async function reach(root: string, options: ConnectOptions): Promise<Connection> {
  const { task: _task, onOpened, givenUp, open = openHere, ...openOptions } = options;
  const start = performance.now();
  for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
    const remote = await dial(root, options.environment, givenUp);
    if (remote) return remote;
    const local = await open(root, openOptions);
    if (local) {
      try {
        onOpened?.(local.host);
        return local;
      } catch (error) {
        await local[Symbol.asyncDispose]();
        throw error;
      }
    }
    if (givenUp?.aborted || performance.now() - start > patienceMs) {
      throw new Fault("home.busy", `Another process holds ${root} and does not answer. \`mh doctor\` names it.`);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

// Loaded late: whoever reaches another process needs nothing of it.
async function openHere(root: string, options: OpenOptions): Promise<LocalClient | undefined> {
  const { LocalClient } = await import("../home/local-client.ts");
  return LocalClient.open(root, options);
}
