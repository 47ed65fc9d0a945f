import { type Offer, readOffer } from "@mh/core/extensions/mcp-offer.ts";
import type { Config } from "@mh/core/model/config.ts";
import { Fault } from "@mh/core/model/fault.ts";
import type { McpServer } from "@mh/core/model/mcp-server.ts";
import { visible } from "@mh/core/model/visible.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Secrets } from "@mh/core/ports/secrets.ts";
import { changedServer, serverIn, settingsHash } from "@mh/core/skills/mcp.ts";
import type { ToolAnswer, ToolCall } from "@mh/core/skills/mcp-tool.ts";
import { withoutSecretsIn } from "@mh/core/skills/web-secrets.ts";
import { McpConnection } from "./mcp-connection.ts";
import { httpTransport } from "./mcp-http.ts";
import { type ProgramDeps, startProgram } from "./mcp-program.ts";
import { StdioTransport } from "./mcp-stdio.ts";

export interface PoolDeps extends ProgramDeps {
  crypto: Crypto;
  hmacKey: Uint8Array;
  secrets: Secrets;
  /** A text without the values of secrets. */
  redact: (text: string) => string;
  config: () => Config;
}

interface Session {
  settings: string;
  connection: McpConnection;
  /** What it is known to have said last; for a fault. */
  story: () => string;
  timer: NodeJS.Timeout | undefined;
}

const idleMs = 5 * 60_000;

/** Where a secret stands in a setting. */
const secretPlace = /\{\{secret:([\w.-]+)\}\}/g;

/** Sessions with MCP servers: one of each, opened at first use, and closed when it rests or the home does. */
export class McpPool implements AsyncDisposable {
  readonly #deps: PoolDeps;
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(deps: PoolDeps) {
    this.#deps = deps;
  }

  /** Asks a server anew what it offers. Throws `mcp.failed`, `sandbox.missing`. */
  async offer(name: string, server: McpServer, signal: AbortSignal): Promise<Offer> {
    await this.#drop(name);
    return this.#with(name, server, signal, async ({ connection }) =>
      readOffer(this.#deps.crypto, await connection.tools(signal)),
    );
  }

  /**
   * Calls a tool, if it still is what the owner let in: settings, description and schema are looked at before every call.
   * Throws `skill.changed`, `mcp.failed`, `sandbox.missing`.
   */
  async call({ row, tool, args, signal }: ToolCall): Promise<ToolAnswer> {
    const server = serverIn(this.#deps.config(), row.name);
    if (settingsHash(this.#deps, server) !== row.hash) {
      await this.#drop(row.name);
      throw changedServer(row.name);
    }
    return this.#with(row.name, server, signal, async ({ connection }) => {
      const { tools } = readOffer(this.#deps.crypto, await connection.tools(signal));
      const now = tools.find((each) => each.tool === tool.tool);
      if (now?.hash !== tool.hash) {
        const what = now ? `describes ${tool.tool} differently now` : `does not offer ${tool.tool} any more`;
        throw new Fault(
          "skill.changed",
          `${row.name} ${what}. It is not used until you look: \`mh mcp allow ${row.name}\``,
        );
      }
      return withoutSecretsIn(await connection.call(tool.tool, args, signal), this.#deps.redact);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((name) => this.#drop(name)));
  }

  async #with<T>(
    name: string,
    server: McpServer,
    signal: AbortSignal,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    let session: Session | undefined;
    try {
      session = await this.#session(name, server, signal);
      clearTimeout(session.timer);
      return await work(session);
    } catch (error) {
      if (error instanceof Fault) throw error;
      const isOver = session !== undefined && !session.connection.isOpen;
      const why = isOver ? session?.story() : (error as Error).message;
      await this.#drop(name);
      throw new Fault("mcp.failed", `${name} failed: ${visible(String(why).slice(0, 300))}.`.replace(/\.\.$/, "."), {
        cause: error,
      });
    } finally {
      if (session) session.timer = setTimeout(() => void this.#drop(name), idleMs).unref();
    }
  }

  async #session(name: string, server: McpServer, signal: AbortSignal): Promise<Session> {
    const settings = settingsHash(this.#deps, server);
    const known = await this.#sessions.get(name)?.catch(() => undefined);
    if (known?.settings === settings && known.connection.isOpen) return known;
    if (known) await this.#drop(name);
    const opening = this.#open(name, server, settings, signal);
    this.#sessions.set(name, opening);
    opening.catch(() => this.#sessions.delete(name));
    return opening;
  }

  async #open(name: string, server: McpServer, settings: string, signal: AbortSignal): Promise<Session> {
    const filled = await this.#withSecrets(server);
    if (filled.url !== undefined) {
      const connection = await McpConnection.open(httpTransport(filled.url, filled.headers), signal);
      return { settings, connection, story: () => "it ended", timer: undefined };
    }
    const transport = new StdioTransport(await startProgram(name, filled, this.#deps));
    try {
      const connection = await McpConnection.open(transport, signal);
      return { settings, connection, story: () => transport.story, timer: undefined };
    } catch (error) {
      throw new Error(
        /^it ended$|closed/i.test((error as Error).message) ? transport.story : (error as Error).message,
        { cause: error },
      );
    }
  }

  /** At the last moment: the settings and the log have only their names. */
  async #withSecrets(server: McpServer): Promise<McpServer> {
    const texts = [...Object.values(server.env), ...Object.values(server.headers)];
    const names = new Set(texts.flatMap((text) => [...text.matchAll(secretPlace)].map(([, name = ""]) => name)));
    const read = [...names].map(async (name) => [name, await this.#deps.secrets.read(name)] as const);
    const values = new Map(await Promise.all(read));
    const fill = (given: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(given).map(([key, text]) => [
          key,
          text.replace(secretPlace, (_whole, name: string) => values.get(name) ?? ""),
        ]),
      );
    return { ...server, env: fill(server.env), headers: fill(server.headers) };
  }

  async #drop(name: string): Promise<void> {
    const session = await this.#sessions.get(name)?.catch(() => undefined);
    this.#sessions.delete(name);
    clearTimeout(session?.timer);
    await session?.connection[Symbol.asyncDispose]();
  }
}
