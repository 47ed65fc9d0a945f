import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import { mcpServerSchema } from "@mh/contract/values/mcp-server.ts";
import { z } from "zod";
import { refusedLauncher, remoteBehind } from "./launchers.ts";
import { type KeptSecret, placedSecrets, strayName } from "./placed-secrets.ts";

/** Of another program; nothing of it is believed before it was read. */
export type Foreign = unknown;
/** What a file says of values that it asks for, by id: whether they are passwords. */
export type Inputs = ReadonlyMap<string, boolean>;

export interface Entry {
  name: string;
  server: Foreign;
  inputs: Inputs;
}

export interface Taken {
  /** Its name here. */
  name: string;
  server: Partial<McpServer>;
  /** Values that go where secrets lie, and not into the settings. */
  secrets: KeptSecret[];
  /** What is to be done before it works, a sentence each. */
  notes: string[];
}

export interface Left {
  name: string;
  /** A clause. */
  why: string;
}

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const pairs = z.record(z.string(), text).default({});
/** What programs write, by whatever name they have for it. */
const foreignSchema = z.looseObject({
  command: z.union([z.string(), z.array(z.string()), z.looseObject({ path: z.string() })]).optional(),
  args: z.array(text).default([]),
  env: pairs,
  environment: pairs,
  envFile: z.string().optional(),
  cwd: z.string().optional(),
  url: z.string().optional(),
  serverUrl: z.string().optional(),
  httpUrl: z.string().optional(),
  headers: pairs,
  http_headers: pairs,
  type: z.string().optional(),
  transport: z.string().optional(),
  disabled: z.boolean().optional(),
  enabled: z.boolean().optional(),
});

/** Why an entry cannot be written here, as a clause. */
class InvalidEntry extends Error {}

/** One server of another program, as it would stand in `config.yaml`. Nothing is started or asked for it. */
export function readEntry({ name, server, inputs }: Entry, home: string | undefined): Taken | Left {
  const read = foreignSchema.safeParse(server);
  if (!read.success) return { name, why: "it is not written as a server is" };
  const given = read.data;
  const ours = nameHere(name);
  if (ours === undefined) return { name, why: "its name has nothing in it that a name here may have" };
  try {
    if (given.disabled === true || given.enabled === false) throw new InvalidEntry("it is switched off there");
    const form = addressOf(given) ?? programOf(given, home);
    const placed = placedSecrets(ours, form.values, inputs);
    const { values, secrets, notes } = placed;
    const stray = strayName(placed);
    if (stray !== undefined)
      throw new InvalidEntry(`it would have a secret of yours or of mh's, ${stray.slice(0, 60)}`);
    const more = "url" in form ? { url: form.url, headers: values } : { ...form.program, env: values };
    const bare = Object.fromEntries(Object.entries(more).filter(([, each]) => !isEmpty(each)));
    const checked = mcpServerSchema().safeParse(bare);
    if (!checked.success) throw new InvalidEntry(checked.error.issues[0]?.message ?? "it cannot be written here");
    const folders =
      "url" in form ? [] : ["It sees no folder and no host until its `read`, `write` and `network` name them."];
    return { name: ours, server: bare as Partial<McpServer>, secrets, notes: [...notes, ...folders] };
  } catch (error) {
    if (error instanceof InvalidEntry) return { name, why: error.message };
    throw error;
  }
}

/** Small letters, digits and single dashes. */
function nameHere(name: string): string | undefined {
  const plain = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40)
    .replace(/-$/, "");
  return plain === "" ? undefined : plain;
}

interface Remote {
  url: string;
  values: Record<string, string>;
}

function addressOf(given: z.output<typeof foreignSchema>): Remote | undefined {
  const url = given.httpUrl ?? given.serverUrl ?? given.url;
  if (url === undefined) return undefined;
  const kind = given.type ?? given.transport ?? "";
  if (kind === "sse" || (kind === "" && /\/sse\/?$/.test(url)))
    throw new InvalidEntry(
      "it speaks by server-sent events alone, which is not spoken any more: its maker has a newer address",
    );
  return { url: plainAddress(url), values: { ...given.http_headers, ...given.headers } };
}

/** An address is shown and stands in the settings: nothing that lets anybody in may stand in it. */
function plainAddress(text: string): string {
  if (/\$\{|\{\{/.test(text)) throw new InvalidEntry("its address has a variable in it");
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw new InvalidEntry("its address is none of http or https");
  if (url.username !== "" || url.password !== "") throw new InvalidEntry("its address holds a password");
  if ([...url.searchParams.keys()].some((key) => /key|token|secret|pass|auth|sig/i.test(key)))
    throw new InvalidEntry("its address holds a key: give it by a header, with --header");
  return text;
}

interface Program {
  program: Partial<McpServer>;
  values: Record<string, string>;
}

function programOf(given: z.output<typeof foreignSchema>, home: string | undefined): Program | Remote {
  const { command = "", args, cwd } = given;
  const [program = "", ...words] =
    typeof command === "string"
      ? [command, ...args]
      : Array.isArray(command)
        ? [...command, ...args]
        : [command.path, ...args];
  if (program === "") throw new InvalidEntry("it names neither a program nor an address");
  const remote = remoteBehind(program, words);
  if (remote) return { url: plainAddress(remote.url), values: remote.headers };
  const refused = refusedLauncher(program, words);
  if (refused !== undefined) throw new InvalidEntry(refused);
  const whole = [program, ...words].map((word) =>
    word.replace(/^(?:~|\$\{userHome\}|\$HOME|\$\{HOME\})(?=\/|$)/, home ?? "~"),
  );
  const variable = whole.find((word) => /\$\{|\$[A-Z_]|%[A-Z_]+%/.test(word));
  if (variable !== undefined) throw new InvalidEntry(`it is started with a variable, ${variable.slice(0, 60)}`);
  if (whole.some(holdsKey))
    throw new InvalidEntry("its arguments hold what looks like a key: give it by a variable instead");
  if (given.envFile !== undefined) throw new InvalidEntry("its variables lie in a file of their own");
  if (cwd !== undefined && !cwd.startsWith("/")) throw new InvalidEntry("its folder is not named by its whole path");
  const [first = "", ...rest] = whole;
  return {
    program: { command: first, args: rest, ...(cwd !== undefined && { cwd }) },
    values: { ...given.environment, ...given.env },
  };
}

/** `--token x`, `KEY=x`, or a word that is nothing but letters and digits, and many. */
const holdsKey = (word: string): boolean =>
  /^(?:--?)?[\w-]*(?:api-?key|token|secret|password)[\w-]*=./i.test(word) ||
  /^--?[\w-]*(?:api-?key|token|secret|password)[\w-]*$/i.test(word) ||
  /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{28,}$/.test(word);

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
