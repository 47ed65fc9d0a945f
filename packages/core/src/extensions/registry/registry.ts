import { Fault } from "@mh/contract/values/fault.ts";
import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import { z } from "zod";
import { canonical } from "../../model/canonical.ts";
import { isLoopback } from "../../model/loopback.ts";
import { decodeUtf8 } from "../../ports/bytes.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { Http } from "../../ports/http.ts";
import { type ServerJson, serverJsonSchema } from "./server-json.ts";

const timeoutMs = 20_000;
const bytesMax = 4_000_000;
const listedMax = 50;
const official = "io.modelcontextprotocol.registry/official";

const itemSchema = z.looseObject({
  server: z.record(z.string(), z.unknown()),
  _meta: z.record(z.string(), z.unknown()).default({}),
});
const listSchema = z.looseObject({ servers: z.array(itemSchema).max(1_000) });

export interface RegistryEntry {
  server: ServerJson;
  status: string;
  hash: string;
}

export interface RegistryDeps {
  http: Http;
  crypto: Crypto;
}

/** What a registry of MCP servers says (its API v0.1). Throws `mcp.failed` with the next step. */
export class Registry {
  readonly #deps: RegistryDeps;
  readonly #base: URL;

  constructor(deps: RegistryDeps, url: string) {
    this.#deps = deps;
    this.#base = new URL(url.endsWith("/") ? url : `${url}/`);
  }

  get host(): string {
    return this.#base.host;
  }

  async find(words: string, signal: AbortSignal): Promise<ServerJson[]> {
    const query = new URLSearchParams({ search: words, version: "latest", limit: String(listedMax) });
    const listed = listSchema.safeParse(await this.#get(`v0.1/servers?${query}`, signal));
    if (!listed.success) throw this.#unreadable();
    const read = listed.data.servers.slice(0, listedMax).map(({ server }) => serverJsonSchema.safeParse(server));
    return read.flatMap(({ data }) => (data ? [data] : []));
  }

  /** Of exactly that name, and of that version where one is asked for: what it says is of another is not taken. */
  async entry(name: string, version: string | undefined, signal: AbortSignal): Promise<RegistryEntry> {
    const path = `v0.1/servers/${encodeURIComponent(name)}/versions/${encodeURIComponent(version ?? "latest")}`;
    const item = itemSchema.safeParse(await this.#get(path, signal, `${name} ${version ?? ""}`.trim()));
    const read = item.success ? serverJsonSchema.safeParse(item.data.server) : undefined;
    if (!item.success || !read?.success) throw this.#unreadable();
    const server = read.data;
    if (server.name !== name || (version !== undefined && server.version !== version))
      throw new Fault("skill.refused", `${this.host} was asked for ${name}, and answers of another. It is not taken.`);
    const { status } = z.looseObject({ status: z.string().max(50) }).safeParse(item.data._meta[official]).data ?? {};
    // All of it as it came, and not what was read of it.
    const hash = this.#deps.crypto.sha256Hex(canonical(item.data.server));
    return { server, status: status ?? "active", hash };
  }

  /** Looks whether it still says of a server what the owner added. Throws `skill.changed`, `mcp.failed`. */
  async comparePinned(server: string, { registry: pin }: McpServer, signal: AbortSignal): Promise<void> {
    if (!pin) return;
    const { hash, status } = await this.entry(pin.name, pin.version, signal);
    const again = `\`mh mcp add ${server} --registry ${pin.name}\` shows it and asks you again`;
    if (status === "deleted") throw new Fault("skill.changed", `${this.host} has taken ${pin.name} away. ${again}.`);
    if (hash === pin.hash) return;
    throw new Fault(
      "skill.changed",
      `What ${this.host} says of ${pin.name} ${pin.version} is not what you added. ${again}.`,
    );
  }

  async #get(path: string, signal: AbortSignal, what = "it"): Promise<unknown> {
    const url = new URL(path, this.#base);
    let answer: Awaited<ReturnType<Http["request"]>>;
    try {
      answer = await this.#deps.http.request({
        ...{ method: "GET", url: url.href, headers: { accept: "application/json", "user-agent": "mh" } },
        ...{ reach: isLoopback(url.hostname) ? "any" : "public", timeoutMs, bytesMax, signal },
      });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const next = "Without the network, `mh mcp add NAME --url` or `-- PROGRAM` names a server.";
      throw new Fault("mcp.failed", `The registry ${this.host} cannot be reached. ${next}`, { cause: error });
    }
    if (answer.status === 404)
      throw new Fault("mcp.failed", `${this.host} has no server ${what}. \`mh mcp find WORD\` looks for one.`);
    if (answer.status !== 200)
      throw new Fault("mcp.failed", `The registry ${this.host} answered with status ${answer.status}. Try it later.`);
    try {
      return JSON.parse(decodeUtf8(answer.body) ?? "");
    } catch {
      throw this.#unreadable();
    }
  }

  #unreadable(): Fault {
    return new Fault("mcp.failed", `The registry ${this.host} answered what cannot be read. Try it later.`);
  }
}
