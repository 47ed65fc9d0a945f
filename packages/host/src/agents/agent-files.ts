import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { AgentFile } from "@mh/core/agents/agent-view.ts";
import type { AgentManifest } from "@mh/core/agents/scheduler/agent-manifest.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Executor } from "@mh/core/ports/executor.ts";
import { describeAgent } from "../sandbox/describe-agent.ts";
import { shippedAgents } from "./shipped-agents.ts";

const sourceBytesMax = 1_000_000;
/** Each is described in a process of its own: a folder full of them must not take the machine. */
const describedAtOnceMax = 2;
const faultKeptMs = 60_000;

export interface AgentFilesDeps {
  /** Each with one file for each agent. Of two files of one name the later folder's counts. */
  folders: readonly string[];
  crypto: Crypto;
  executor: Executor;
  /** What a file says, where that is not as it lies. */
  read?: (file: string) => Uint8Array | undefined;
  /** Whether a text of that hash came with mh, where not by what was written down at the release. */
  isShipped?: ((hash: string) => boolean) | undefined;
}

const released = new Map(Object.values(shippedAgents).map(({ hash, manifest }) => [hash, manifest]));
const cameWithMh = (hash: string): boolean => released.has(hash);

/** The files of agents, each described once for each version of it. */
export class AgentFiles {
  readonly #folders: readonly string[];
  readonly #crypto: Crypto;
  readonly #executor: Executor;
  readonly #read: (file: string) => Uint8Array | undefined;
  readonly #isShipped: (hash: string) => boolean;
  readonly #described = new Map<string, Promise<Described>>();

  constructor({ folders, crypto, executor, read = fs.readFileSync, isShipped = cameWithMh }: AgentFilesDeps) {
    this.#folders = folders;
    this.#crypto = crypto;
    this.#executor = executor;
    this.#read = read;
    this.#isShipped = isShipped;
  }

  async all(): Promise<AgentFile[]> {
    const waiting = this.#sources();
    const lying = new Set(waiting.map(keyOf));
    for (const key of this.#described.keys()) if (!lying.has(key)) this.#described.delete(key);
    const files: AgentFile[] = [];
    const describeNext = async (): Promise<void> => {
      for (let file = waiting.shift(); file; file = waiting.shift())
        files.push({ ...file, ...(await this.#describe(file)) });
    };
    await Promise.all(Array.from({ length: describedAtOnceMax }, describeNext));
    return files.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Whether that text came with mh. */
  isShipped(source: string): boolean {
    return this.#isShipped(this.#crypto.sha256Hex(source));
  }

  /** Which versions lie there, without describing them. */
  hashes(): Map<string, string> {
    return new Map(this.#sources().map(({ name, hash }) => [name, hash]));
  }

  /** What lies there, without describing it. */
  versions(): Pick<AgentFile, "name" | "hash" | "isShipped">[] {
    return this.#sources();
  }

  #sources(): AgentFile[] {
    const found = this.#folders.flatMap((folder) =>
      namesIn(folder).flatMap((file): AgentFile[] => {
        const source = this.#text(path.join(folder, file));
        if (source === undefined) return [];
        const name = file.slice(0, -".ts".length);
        const hash = this.#crypto.sha256Hex(source);
        return [{ name, path: path.join(folder, file), isShipped: this.#isShipped(hash), source, hash }];
      }),
    );
    return [...new Map(found.map((file) => [file.name, file])).values()];
  }

  /** Undefined where the file went away meanwhile, or is none that anybody wrote by hand. */
  #text(file: string): string | undefined {
    try {
      const facts = fs.statSync(file);
      const bytes = facts.isFile() && facts.size <= sourceBytesMax ? this.#read(file) : undefined;
      return bytes && decodeLossy(bytes);
    } catch {
      return undefined;
    }
  }

  #describe(file: AgentFile): Promise<Described> {
    const key = keyOf(file);
    const known = this.#described.get(key);
    if (known) return known;
    const described = describe(this.#executor, file);
    this.#described.set(key, described);
    // A busy machine may be why: it is asked again, but not at every look.
    const keptMs = () => (this.#executor.isStopped() ? 0 : faultKeptMs);
    const forget = () => setTimeout(() => this.#described.delete(key), keptMs()).unref();
    described.then(({ fault }) => fault !== undefined && forget(), forget);
    return described;
  }
}

type Described = Pick<AgentFile, "manifest" | "fault">;

/** The same text under another name is another agent. */
const keyOf = ({ name, hash }: AgentFile): string => `${name} ${hash}`;

async function describe(executor: Executor, { name, source, hash, isShipped }: AgentFile): Promise<Described> {
  try {
    // What a text declares that came with mh was written down at the release: no process is started for it.
    const manifest: AgentManifest = released.get(hash) ?? (await describeAgent(executor, source, isShipped));
    if (manifest.name === name) return { manifest };
    return { fault: `it calls itself ${manifest.name}; a file is called after its agent` };
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message };
    throw error;
  }
}

function namesIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).filter((file) => /^[a-z][a-z0-9-]*\.ts$/.test(file));
}
