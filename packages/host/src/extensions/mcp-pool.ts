import { Fault } from "@mh/contract/values/fault.ts";
import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import { isLoginSecret, isOwnSecret } from "@mh/contract/values/secret-store.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { OfferAsked } from "@mh/core/extensions/mcp.ts";
import { type Offer, readOffer } from "@mh/core/extensions/mcp-offer.ts";
import { changedServer, programFilesIn, serverIn, settingsHash } from "@mh/core/extensions/mcp-server.ts";
import type { ToolAnswer, ToolCall, ToolQuestion } from "@mh/core/extensions/mcp-tool.ts";
import { secretsNamedBy, withSecretValues } from "@mh/core/extensions/secret-places.ts";
import { canonical } from "@mh/core/model/canonical.ts";
import type { Config } from "@mh/core/model/config.ts";
import { isLoopback } from "@mh/core/model/loopback.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Executor } from "@mh/core/ports/executor.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { withoutSecretsIn } from "@mh/core/web/web-secrets.ts";
import { InsufficientScopeError, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import { standing } from "../sandbox/missing.ts";
import type { McpConnection } from "./mcp-connection.ts";
import type { ProgramDeps } from "./mcp-program.ts";
import { callUntilAsked } from "./mcp-rounds.ts";
import { localSessions, remoteSessions, type Session, type Sessions } from "./mcp-sessions.ts";
import { type McpTokens, signInAgain } from "./mcp-tokens.ts";

export interface PoolDeps extends ProgramDeps {
  executor: Executor;
  crypto: Crypto;
  hmacKey: Uint8Array;
  secrets: Secrets;
  /** A text without the values of secrets. */
  redact: (text: string) => string;
  config: () => Config;
  /** Of servers that the owner signed in to. */
  tokens: McpTokens;
}

/** A server that runs, or is being started, for everybody who calls it with these settings. */
interface Started {
  settings: string;
  sessions: Sessions;
  /** The one that was opened last. */
  session?: Session;
  users: number;
  timer?: NodeJS.Timeout;
}

const idleMs = 5 * 60_000;

/** What most often keeps a program from starting here that starts elsewhere. */
const inSandbox =
  "It sees no folder and no host but those that its settings name: `read`, `write` and `network` in config.yaml.";

/** Sessions with MCP servers: one of each, opened at first use, and closed when it rests or the home does. */
export class McpPool implements AsyncDisposable {
  readonly #deps: PoolDeps;
  readonly #started = new Map<string, Started>();

  constructor(deps: PoolDeps) {
    this.#deps = deps;
  }

  /** Asks a server anew what it offers. Throws `mcp.failed`, `sandbox.missing`. */
  async offer({ name, server, programFiles, signal }: OfferAsked): Promise<Offer> {
    await this.#drop(name);
    return this.#with(name, server, programFiles, ({ connection }) => this.#offerOf(connection, signal));
  }

  /**
   * Calls a tool, if it still is what the owner allowed: settings, description and schema are looked at before every
   * call. Throws `skill.changed`, `mcp.failed`, `sandbox.missing`.
   */
  async call(call: ToolCall): Promise<ToolAnswer | ToolQuestion> {
    const { row, tool, signal } = call;
    const server = serverIn(this.#deps.config(), row.name);
    if (settingsHash(this.#deps, server) !== row.hash) {
      await this.#drop(row.name);
      throw changedServer(row.name);
    }
    return this.#with(row.name, server, programFilesIn(row), async ({ connection }) => {
      const { tools } = await this.#offerOf(connection, signal);
      const now = tools.find((each) => each.tool === tool.tool);
      if (now?.hash !== tool.hash) {
        const what = now ? `describes ${tool.tool} differently now` : `does not offer ${tool.tool} any more`;
        throw new Fault(
          "skill.changed",
          `${row.name} ${what}. It is not used until you look: \`mh mcp allow ${row.name}\``,
        );
      }
      const holdMs = this.#deps.config().approvals.expireAfterMinutes * 60_000;
      return withoutSecretsIn(await callUntilAsked(connection, call, holdMs), this.#deps.redact);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#started.keys()].map((name) => this.#drop(name)));
  }

  /** What it says of its tools goes into the log, where a secret that it was given has no place. */
  async #offerOf(connection: McpConnection, signal: AbortSignal): Promise<Offer> {
    return readOffer(this.#deps.crypto, withoutSecretsIn(await connection.tools(signal), this.#deps.redact));
  }

  async #with<T>(
    name: string,
    server: McpServer,
    files: Readonly<Record<string, string>>,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    if (this.#deps.executor.isStopped()) throw new Fault("stopped", standing);
    const started = this.#startedAs(name, server, files);
    started.users += 1;
    clearTimeout(started.timer);
    let session: Session | undefined;
    try {
      session = await started.sessions.use();
      started.session = session;
      const value = await work(session);
      if (this.#deps.executor.isStopped()) throw new Fault("stopped", standing);
      return value;
    } catch (error) {
      if (this.#deps.executor.isStopped()) throw new Fault("stopped", standing, { cause: error });
      if (error instanceof Fault) throw error;
      if (isRefusal(error)) throw signInAgain(name, "does not take what you signed in with", error);
      const why = session?.connection.isOpen === false ? session.story() : (error as Error).message;
      // What one call left behind, or gave up waiting for, the next one shall not meet.
      if (session && started.session === session) started.sessions.renew("it failed");
      // Cut after it was redacted: half a secret is none that anybody knows.
      const told = visible(this.#deps.redact(String(why)).slice(0, 300)).replace(/^It /, "it ");
      const advice = this.#advice(name, started, server, session);
      throw new Fault("mcp.failed", `${name} failed: ${told}.`.replace(/\.\.$/, ".") + advice, { cause: error });
    } finally {
      started.users -= 1;
      if (started.users === 0 && this.#started.get(name) === started) this.#rest(name, started);
    }
  }

  /** Ends it when nobody has used it for a while, and none of its calls waits for the owner. */
  #rest(name: string, started: Started): void {
    started.timer = setTimeout(() => {
      if ((started.session?.connection.heldCalls ?? 0) > 0) this.#rest(name, started);
      else void this.#end(name, started);
    }, idleMs).unref();
  }

  #advice(name: string, { sessions }: Started, { command }: McpServer, session: Session | undefined): string {
    if (sessions.state === "failed") return ` \`mh mcp look ${name}\` tries it again.`;
    return session === undefined && command !== undefined ? ` ${inSandbox}` : "";
  }

  /** Without waiting for anything, so that whoever comes second finds what the first one started. */
  #startedAs(name: string, server: McpServer, files: Readonly<Record<string, string>>): Started {
    const settings = `${settingsHash(this.#deps, server)} ${canonical(files)}`;
    const known = this.#started.get(name);
    if (known?.settings === settings && this.#isFit(known.session)) return known;
    if (known) void this.#end(name, known);
    const opening = { ...this.#deps, files, filled: () => this.#withSecrets(name, server) };
    const isInUse = () => started.users > 0;
    const sessions =
      server.url === undefined ? localSessions(name, { ...opening, isInUse }) : remoteSessions(name, opening);
    const started: Started = { settings, sessions, users: 0 };
    this.#started.set(name, started);
    return started;
  }

  /** Not where it works with a secret that is none any more: replaced, or thrown away. */
  #isFit(session: Session | undefined): boolean {
    return session === undefined || session.given.every((value) => this.#isSecret(value));
  }

  #isSecret(value: string): boolean {
    return this.#deps.redact(value) !== value;
  }

  /** At the last moment: the settings and the log have only their names. */
  async #withSecrets(name: string, server: McpServer): Promise<{ filled: McpServer; given: string[] }> {
    refuseClear(name, server);
    const names = secretsNamedBy(server);
    const own = names.find((each) => isOwnSecret(each) || isLoginSecret(each));
    if (own !== undefined)
      throw new Fault("mcp.failed", `${name} asks for ${own}, which is mh's own and given to nobody.`);
    const read = names.map(async (secret) => [secret, await this.#deps.secrets.read(secret)] as const);
    const values = new Map(await Promise.all(read));
    const [env, headers] = [withSecretValues(server.env, values), withSecretValues(server.headers, values)];
    const filled = { ...server, env, headers };
    return { filled, given: [...values.values()].filter((value) => this.#isSecret(value)) };
  }

  async #drop(name: string): Promise<void> {
    const started = this.#started.get(name);
    if (started) await this.#end(name, started);
  }

  async #end(name: string, started: Started): Promise<void> {
    if (this.#started.get(name) === started) this.#started.delete(name);
    clearTimeout(started.timer);
    await started.sessions.stop("it was ended");
  }
}

/** It wants another sign-in, or one that permits more. */
const isRefusal = (error: unknown): boolean =>
  error instanceof InsufficientScopeError ||
  (error instanceof SdkError && error.code === SdkErrorCode.ClientHttpAuthentication);

/** A secret goes in the clear to this machine only. */
function refuseClear(name: string, { url, headers }: McpServer): void {
  const { protocol, hostname } = new URL(url ?? "https://none.example");
  if (protocol === "https:" || isLoopback(hostname) || secretsNamedBy({ headers }).length === 0) return;
  const what = `${name} would be sent a secret of yours without encryption`;
  throw new Fault("mcp.failed", `${what}. Write https:// before ${hostname} in config.yaml.`);
}
