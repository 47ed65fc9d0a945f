import { Fault } from "@mh/contract/values/fault.ts";
import { owner } from "@mh/contract/values/principal.ts";
import type { Command } from "@mh/contract/wire/command.ts";
import type { Progress } from "@mh/contract/wire/progress.ts";
import {
  type SocketFrame,
  type SocketReply,
  type SocketRequest,
  socketRequestSchema,
} from "@mh/contract/wire/socket.ts";
import type { Run } from "@mh/core/kernel/run.ts";
import type { Ask } from "../../connect/dial.ts";
import type { Host } from "../../home/host.ts";
import { follow } from "./follow.ts";

/** Whoever asks, as far as answering needs it. */
export interface Asker {
  /** Takes what comes before the answer. Resolves once there is room for more. */
  send(frame: SocketFrame): Promise<void>;
  /** Aborted when the asker has gone: what it began and did not detach is cancelled. */
  gone: AbortSignal;
  /** Aborted when the home is about to be closed. */
  closing: AbortSignal;
  /** Ends what is followed, by its key. */
  following: Map<string, () => void>;
}

/** Asks in the process that holds the home, until `closing`; then the kernel ends what still runs. */
export function askLocally(host: Host, closing: AbortSignal): Ask {
  const rest = { closing, gone: new AbortController().signal, following: new Map() };
  return (request, onFrame) => answer(host, request, { ...rest, send: async (frame) => onFrame?.(frame) });
}

type Asked<Do extends SocketRequest["do"]> = Extract<SocketRequest, { do: Do }>;

/** What was sent as a request, or the answer to what is none: that would end up in the log. */
export function readRequest(given: unknown): { request: SocketRequest } | { refusal: SocketReply } {
  const parsed = socketRequestSchema.safeParse(given);
  if (parsed.success) return { request: parsed.data };
  return { refusal: invalid(given, parsed.error.issues[0]?.message ?? "not valid") };
}

/** Answers one request of the owner's channel, whoever sends it. */
async function answer(host: Host, given: unknown, asker: Asker): Promise<SocketReply> {
  const read = readRequest(given);
  return "refusal" in read ? read.refusal : answerRequest(host, read.request, asker);
}

/** Answers what `readRequest` took. */
export async function answerRequest(host: Host, request: SocketRequest, asker: Asker): Promise<SocketReply> {
  const { n } = request;
  try {
    return await answerTo(host, request, asker);
  } catch (error) {
    if (error instanceof Fault) return { n, fault: { code: error.code, message: host.redact(error.message) } };
    throw error;
  }
}

/** Under the number that was asked with, where there is one: whoever asked waits for it. */
export function invalid(value: unknown, why: string): SocketReply {
  const { n } = (value ?? {}) as { n?: unknown };
  const fault = { code: "protocol.invalid", message: `Not a request: ${why}.` };
  return { n: Number.isInteger(n) ? (n as number) : -1, fault };
}

async function answerTo(host: Host, request: SocketRequest, asker: Asker): Promise<SocketReply> {
  const { n } = request;
  switch (request.do) {
    case "act":
      return act(host, request, asker);
    case "check":
      return { n, verdict: host.check(commandOf(request)).verdict };
    case "wait":
      return wait(host, request, asker);
    case "cancel":
      return { n, cancelled: cancel(host, request) };
    case "follow":
      return { n, ended: await follow(host, request, asker) };
    case "unfollow":
      asker.following.get(request.key)?.();
      return { n, ended: "unfollowed" };
    case "acknowledge":
      return { n, acknowledged: acknowledge(host, request) };
  }
}

async function act(host: Host, request: Asked<"act">, asker: Asker): Promise<SocketReply> {
  const { n } = request;
  const command = commandOf(request);
  const run = host.begin({ ...command, id: (request.repeats && host.askedBefore(command)) || request.id });
  using cleanup = new DisposableStack();
  if (request.progress) cleanup.use(showProgress(run, n, asker));
  if (request.detach) run.detach();
  // Who joined what somebody else began does not end it for them.
  else if (run.isNew) cleanup.use(onAbort(asker.gone, () => run.cancel("Whoever asked for it has gone")));
  return { n, outcome: await run.outcome };
}

async function wait(host: Host, { n, id, progress }: Asked<"wait">, asker: Asker): Promise<SocketReply> {
  const run = host.running(id);
  using cleanup = new DisposableStack();
  if (run && progress) cleanup.use(showProgress(run, n, asker));
  const outcome = await host.wait(id);
  if (outcome) return { n, outcome };
  throw new Fault("run.not-found", `There is no command ${id}.`);
}

function cancel(host: Host, { id, reason = "You cancelled it" }: Asked<"cancel">): boolean {
  const run = host.running(id);
  run?.cancel(reason);
  return run !== undefined;
}

function acknowledge(host: Host, { follower, after }: Asked<"acknowledge">): number {
  if (after < host.committed) return host.cursors.acknowledge(owner, follower, after);
  throw new Fault("args.invalid", `There is no event ${after} yet: this log has ${host.committed} records.`);
}

function commandOf({ id, skill, args, task, words = "", as }: Asked<"act" | "check">): Command {
  return {
    ...{ id, skill, args, principal: as ?? owner, task: { id: task ?? id, words } },
    ...(as && { onBehalfOf: owner }),
  };
}

/** Frames of one run: the last that it said first. Of what the asker takes too slowly, only the latest. */
function showProgress(run: Run, n: number, asker: Asker): Disposable {
  const { id, skill, principal } = run;
  let isSending = false;
  let next: SocketFrame | undefined;
  const send = async () => {
    if (isSending) return;
    isSending = true;
    for (let frame = next; frame; frame = next) {
      next = undefined;
      await asker.send(frame);
    }
    isSending = false;
  };
  const show = (progress: Progress) => {
    next = { n, progress: { run: id, skill, principal, ...progress } };
    void send();
  };
  if (run.progress) show(run.progress);
  return run.watch(show);
}

function onAbort(signal: AbortSignal, listener: () => void): Disposable {
  signal.addEventListener("abort", listener, { once: true });
  if (signal.aborted) listener();
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", listener) };
}
