import type { ActOptions, Client } from "./client.ts";
import type { AnyContract } from "./contract.ts";
import { type FollowHooks, followByHttp, pauseFor } from "./http-follow.ts";
import { unreached } from "./unreached.ts";
import { Fault, type FaultCode } from "./values/fault.ts";
import type { Outcome } from "./wire/command.ts";
import type { RunView } from "./wire/run.ts";
import type { CheckedVerdict } from "./wire/verdict.ts";

export interface HttpClientOptions extends FollowHooks {
  /** As in `http://127.0.0.1:7717`; empty for the origin of the page. */
  origin: string;
  token: () => string | undefined;
  fetch?: typeof fetch;
}

const lookEveryMs = 150;

/**
 * A client over HTTP, for browsers and programs elsewhere. Needs `fetch` and `crypto`. A request that does not reach the
 * daemon throws the fault `daemon.refused`; each command has an id, so that it may be sent again.
 */
export function httpClient(options: HttpClientOptions): Client {
  const { origin, token, fetch: ask = fetch } = options;
  const headers = (more: Record<string, string> = {}) => ({ authorization: `Bearer ${token() ?? ""}`, ...more });
  const send = (path: string, init: RequestInit) =>
    ask(`${origin}${path}`, { cache: "no-store", ...init }).catch((cause: unknown) => {
      if (isAbort(cause)) throw cause;
      throw unreached(cause);
    });
  const post = (path: string, body: unknown, more: Record<string, string> = {}) =>
    send(path, {
      method: "POST",
      headers: headers({ "content-type": "application/json", ...more }),
      body: JSON.stringify(body),
    });

  const cancel = async (run: string) => {
    const answer = await send(`/v1/runs/${run}`, { method: "DELETE", headers: headers() });
    if (answer.status === 404) return false;
    if (!answer.ok) throw await faultOf(answer);
    return true;
  };

  /** With `onProgress` it is looked at again and again, for what was written so far; else its end is waited for. */
  const wait: Client["wait"] = async (run, { onProgress, leave } = {}) => {
    for (;;) {
      leave?.throwIfAborted();
      const answer = await send(`/v1/runs/${run}${onProgress ? "" : "?wait=30"}`, {
        headers: headers(),
        ...(leave && { signal: leave }),
      });
      if (!answer.ok) throw await faultOf(answer);
      const state = (await answer.json()) as RunState;
      if (state.state === "over") return state.outcome;
      if (!onProgress) continue;
      const { skill, principal, progress } = state;
      if (progress) onProgress({ run, skill, principal, ...progress });
      await pauseFor(lookEveryMs);
    }
  };

  return {
    async act(skill: string | AnyContract, args: unknown, options: ActOptions = {}) {
      const { signal, detach, onProgress } = options;
      const body = { ...requestOf(skill, args, options), ...(detach && { detach }) };
      // That it could not be cancelled shows in how it ends.
      const onAbort = () => void cancel(body.id).catch(() => undefined);
      signal?.addEventListener("abort", onAbort, { once: true });
      const asking = post("/v1/command", body, onProgress ? { prefer: "respond-async" } : {});
      if (signal?.aborted) onAbort();
      try {
        const answer = await asking;
        const hasBegun = answer.headers.get("preference-applied") === "respond-async";
        const outcome = hasBegun ? await wait(body.id, { ...(onProgress && { onProgress }) }) : await outcomeOf(answer);
        // biome-ignore lint/suspicious/noExplicitAny: the overloads of the interface say what the value is.
        return outcome as Outcome<any>;
      } finally {
        signal?.removeEventListener("abort", onAbort);
      }
    },
    async check(skill, args, options = {}) {
      const answer = await post("/v1/check", requestOf(skill, args, options));
      if (!answer.ok) throw await faultOf(answer);
      return (await answer.json()) as CheckedVerdict;
    },
    wait,
    cancel,
    follow: (followed) => {
      const events = (query: string, more: Record<string, string>, signal: AbortSignal) =>
        send(`/v1/events?${query}`, { headers: headers(more), signal });
      return followByHttp({ ...options, ask: events, faultOf }, followed);
    },
    async acknowledge(follower, after) {
      const answer = await post(`/v1/followers/${follower}`, { after });
      if (!answer.ok) throw await faultOf(answer);
    },
  };
}

type RunState = ({ state: "running" } & RunView) | { state: "over"; outcome: Outcome };

function requestOf(skill: string | AnyContract, args: unknown, { id, words, task, as, repeats }: ActOptions) {
  // Left out in silence, the command would be the owner's own, or a new one.
  if (as !== undefined || repeats)
    throw new Fault("protocol.invalid", "Over HTTP a token speaks for one principal, and each call is a new command.");
  return {
    id: id ?? crypto.randomUUID(),
    skill: typeof skill === "string" ? skill : skill.name,
    args,
    ...(task && { task }),
    ...(words && { words }),
  };
}

/** Every end of a command has a status of its own in HTTP, and is a value here. */
async function outcomeOf(answer: Response): Promise<Outcome> {
  const body = (await answer.json().catch((cause: unknown) => {
    // It was cut off on the way.
    if (answer.ok) throw unreached(cause);
  })) as Outcome | { fault?: FaultBody } | undefined;
  if (body && "status" in body) return body;
  throw toFault(answer.status, body?.fault);
}

interface FaultBody {
  code: string;
  message: string;
}

async function faultOf(answer: Response): Promise<Fault> {
  const body = (await answer.json().catch(() => undefined)) as { fault?: FaultBody } | undefined;
  return toFault(answer.status, body?.fault);
}

const toFault = (status: number, fault: FaultBody | undefined): Fault =>
  new Fault((fault?.code ?? "protocol.invalid") as FaultCode, fault?.message ?? `The daemon answered ${status}.`);

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";
