import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import type { Executor, Service } from "@mh/core/ports/executor.ts";
import { type AuthProvider, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import { demandSandbox } from "../sandbox/missing.ts";
import { McpConnection } from "./mcp-connection.ts";
import { httpTransport } from "./mcp-http.ts";
import { type ProgramDeps, serverJob } from "./mcp-program.ts";
import { StdioTransport } from "./mcp-stdio.ts";
import { type McpTokens, signInAgain } from "./mcp-tokens.ts";
import { compareFiles } from "./server-files.ts";

export interface Session {
  connection: McpConnection;
  /** What it was given of what is secret. */
  given: readonly string[];
  /** What it is known to have said last; for a fault. */
  story: () => string;
}

/** The sessions with one server, one after the other. */
export type Sessions = Pick<Service<Session>, "state" | "use" | "renew" | "stop">;

interface Opening {
  /** The server's settings with its secrets in their places, and what of them is secret. */
  filled(): Promise<{ filled: McpServer; given: readonly string[] }>;
}

interface LocalOpening extends Opening, ProgramDeps {
  executor: Executor;
  /** What it was allowed to be started from: SHA-256 by path. */
  files: Readonly<Record<string, string>>;
  redact: (text: string) => string;
  /** Whether somebody waits for an answer, which is a sign of life enough. */
  isInUse: () => boolean;
}

/** A server on this machine: a service, started at its first use, and again at the next when it ended. */
export function localSessions(name: string, opening: LocalOpening): Sessions {
  const { executor, redact, isInUse } = opening;
  let given: readonly string[] = [];
  let story = () => "it ended";
  // Some older servers end at the first request that they do not know.
  let isOlder = false;
  let hasNegotiated = true;
  let wasEnded = () => false;
  const service = executor.serve<Session>({
    async job() {
      await demandSandbox(executor, "MCP servers run only in one.");
      const settings = await opening.filled();
      given = settings.given;
      compareFiles(name, opening.files);
      const job = serverJob(name, settings.filled, opening);
      return { ...job, whenUp: async (root) => compareFiles(name, opening.files, root) };
    },
    async ready(run) {
      const transport = new StdioTransport(run, redact);
      const life = { given, story: () => transport.story };
      story = life.story;
      wasEnded = () => transport.wasEnded;
      hasNegotiated = false;
      const connection = await McpConnection.open(transport, { isOlder });
      hasNegotiated = true;
      return { ...life, connection };
    },
    explain: () => story(),
    health: {
      check: async ({ connection }) => {
        if (!isInUse()) await connection.ping();
      },
      ...{ everyMs: 60_000, timeoutMs: 20_000, failuresMax: 2 },
    },
    restart: "on-demand",
    backOff: { firstMs: 500, maxMs: 8_000 },
    crashLoop: { crashes: 5, withinMs: 60_000 },
    stopWithinMs: 2_000,
  });
  return {
    get state() {
      return service.state;
    },
    async use() {
      try {
        return await service.use();
      } catch (error) {
        const isTooLate = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
        if (isOlder || hasNegotiated || isTooLate || wasEnded() || service.state === "failed") throw error;
        isOlder = true;
        return service.use();
      }
    },
    renew: (message) => service.renew(message),
    stop: (message) => service.stop(message),
  };
}

interface RemoteOpening extends Opening {
  tokens: McpTokens;
}

/** A server at an address. There is nothing to start, and nothing to end but the session. */
export function remoteSessions(name: string, { filled, tokens }: RemoteOpening): Sessions {
  let current: { opening: Promise<Session>; ending: AbortController } | undefined;
  const open = async (signal: AbortSignal): Promise<Session> => {
    const { filled: settings, given } = await filled();
    const { url = "", headers } = settings;
    const isKeyed = Object.keys(headers).some((each) => each.toLowerCase() === "authorization");
    const transport = httpTransport(url, headers, isKeyed ? undefined : signedIn(name, url, tokens, signal));
    return { connection: await McpConnection.open(transport, { signal }), given, story: () => "it ended" };
  };
  const begin = () => {
    const ending = new AbortController();
    const begun = { opening: open(ending.signal), ending };
    const forget = () => {
      if (current === begun) current = undefined;
    };
    begun.opening.then(({ connection }) => connection.closed.then(forget), forget);
    current = begun;
    return begun;
  };
  const end = async (message: string) => {
    const former = current;
    current = undefined;
    former?.ending.abort(message);
    const session = await former?.opening.catch(() => undefined);
    await session?.connection[Symbol.asyncDispose]();
  };
  return {
    get state() {
      return current ? "up" : "idle";
    },
    use: () => (current ?? begin()).opening,
    renew: (message) => void end(message),
    stop: end,
  };
}

/** What the owner signed in with, where they did: renewed once where the server refuses it. */
const signedIn = (name: string, url: string, tokens: McpTokens, signal: AbortSignal): AuthProvider => ({
  token: () => tokens.access(name, url, signal),
  async onUnauthorized() {
    if (!(await tokens.signIn(name))) throw signInAgain(name, "wants you to sign in first");
    await tokens.renew(name, signal);
  },
});
