import { once } from "@mh/contract/once.ts";
import { type Effect, effects, risks } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { readMarkdown } from "../documents/markdown.ts";
import { withDot } from "../model/plain-sentence.ts";
import { untrustedSchema } from "./untrusted-schema.ts";

const textMax = 200_000;
/** As agentskills.io has it. */
const packageName = once(() =>
  z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a name is small letters, digits and single dashes"),
);
/** Of one that has scripts, which are called by it. */
const nounName = once(() =>
  packageName()
    .regex(/^[a-z]/, "the name of a package with scripts begins with a letter")
    .refine((name) => !name.startsWith("mcp-"), "names that begin with mcp- are those of MCP servers"),
);
const scriptName = once(() =>
  z
    .string()
    .max(40)
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "a script's name is small letters, digits and single dashes"),
);
const skillName = once(() =>
  z
    .string()
    .max(110)
    .regex(/^[a-z][a-z0-9-]*\.[a-z0-9][a-z0-9_-]*$/, "a skill is called noun.verb"),
);
const host = once(() =>
  z
    .string()
    .max(253)
    .regex(
      /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
      "a host is written out, in small letters",
    ),
);
const sentence = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !/\p{C}/u.test(seen(text)), "it holds characters that cannot be seen");
/** Without lines, tabs, and what joins pictures to one. */
const seen = (text: string): string =>
  text.replace(/[\n\t]/g, "").replace(/(?<=\p{Extended_Pictographic}\ufe0f?)\u200d(?=\p{Extended_Pictographic})/gu, "");
const version = once(() => z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/, "a version is three numbers, as in 1.0.0"));

/** Kinds of value that an argument can be, for the rules on where it may come from: see policy/provenance/kinds.ts. */
const argumentTypes = ["text", "name", "email", "iban", "url", "path", "amount", "date", "id", "secret"] as const;

/** What a third party's code may ask for. Anything else is unknown, and refused. */
const permissionsSchema = once(() =>
  z.strictObject({
    /** Skills that its scripts may call, each judged as ever. */
    skills: z.array(skillName()).max(30),
    /** Hosts that it may read from, by `web.fetch`. */
    hosts: z.array(host()).max(30),
    /** Secrets by the only host each goes to; a script sees none of them. */
    secrets: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/), host()),
  }),
);

const scriptSchema = once(() =>
  z.strictObject({
    title: sentence(200),
    /** JavaScript or TypeScript, exporting `run(args, host)`. */
    file: z.string().regex(/^[\w./-]+\.(js|mjs|ts|mts)$/, "a script is a .js, .mjs, .ts or .mts file of the package"),
    input: z.record(z.string(), z.unknown()),
    output: z.record(z.string(), z.unknown()),
    effect: z.enum(effects).exclude(["admin"], { error: "no third party's code administers" }),
    risk: z.enum(risks),
    control: z.array(z.string().max(100)).max(30),
    types: z.record(z.string(), z.enum(argumentTypes)),
    undo: sentence(200).nullable(),
    retry: z.enum(["safe", "never"]),
    /** With what a new version is run before it takes the place of another, and what it must give back then. */
    trial: z
      .strictObject({
        input: z.record(z.string(), z.unknown()),
        output: z.record(z.string(), z.unknown()).optional(),
      })
      .optional(),
  }),
);
export type ScriptManifest = z.infer<ReturnType<typeof scriptSchema>>;

const limitsSchema = once(() =>
  z.strictObject({
    seconds: z.number().int().min(1).max(300),
    memoryMiB: z.number().int().min(64).max(1024),
    outputKiB: z.number().int().min(1).max(256),
  }),
);

/** What mh needs to run scripts of a package: the key `mh` of its front matter. Everything must be said. */
const blockSchema = once(() =>
  z.strictObject({
    abi: z.literal(1),
    version: version(),
    requires: z.record(nounName(), z.strictObject({ version: version(), from: z.string().max(300).optional() })),
    permissions: permissionsSchema(),
    limits: limitsSchema(),
    scripts: z
      .record(scriptName(), scriptSchema())
      .refine((scripts) => Object.keys(scripts).length <= 30, "at most 30 scripts"),
  }),
);

const metadataMax = 30;
const metadataCharsMax = 500;

/**
 * Whatever its author or another program keeps there, as text: versions are written as numbers, and some keep whole objects.
 * Nobody here goes by it.
 */
const metadataSchema = once(() =>
  z
    .record(z.string().max(100), z.unknown())
    .refine((metadata) => Object.keys(metadata).length <= metadataMax, `at most ${metadataMax} entries`)
    .transform((metadata) =>
      Object.fromEntries(
        Object.entries(metadata).map(([key, value]) => {
          const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
          return [key, text.toWellFormed().slice(0, metadataCharsMax).toWellFormed()];
        }),
      ),
    ),
);

/** Words with blanks between them, as it is specified, or a list, as some write it. */
const wishesSchema = once(() =>
  z
    .union([
      z.string().max(2_000),
      z
        .array(z.string().max(200))
        .max(100)
        .transform((list) => list.join(" ")),
    ])
    .refine((text) => !/\p{C}/u.test(text), "it holds characters that cannot be seen"),
);

/** The front matter of a SKILL.md, as agentskills.io has it; keys of other programs are left alone. */
const frontSchema = once(() =>
  z.looseObject({
    name: packageName(),
    description: sentence(1024),
    license: sentence(500).nullish(),
    compatibility: sentence(500).nullish(),
    metadata: metadataSchema().nullish(),
    "allowed-tools": wishesSchema().nullish(),
    mh: blockSchema().optional(),
  }),
);

/** A package as it is pinned. Without `mh` it is instructions alone, and nothing of it runs. */
export interface SkillManifest {
  name: string;
  description: string;
  license: string | null;
  /** What was not kept before it was read. */
  compatibility?: string | null;
  metadata?: Record<string, string>;
  /** Tools that its author would have it use. A wish: it gives nothing to anybody. */
  allowedTools?: string | null;
  mh: z.infer<ReturnType<typeof blockSchema>> | null;
  /** The owner said that they wrote it, as it was then. */
  mine?: true;
}

/** Reads a SKILL.md. Throws `skill.misdeclared` where a field is missing, or is none that there is. */
export function readSkillFile(text: string): SkillManifest {
  if (text.length > textMax) throw wrong(`SKILL.md has more than ${textMax / 1000} kB`);
  const { name, description, license = null, compatibility = null, metadata, mh = null, ...front } = frontOf(text);
  const noun = mh ? nounName().safeParse(name) : undefined;
  if (noun?.error) throw wrong(`name: ${noun.error.issues[0]?.message}`);
  if (mh) for (const [script, each] of Object.entries(mh.scripts)) checkScript(`${name}.${script}`, each, mh);
  const allowedTools = front["allowed-tools"] ?? null;
  return { name, description, license, compatibility, metadata: metadata ?? {}, allowedTools, mh };
}

/** A text of a package without its front matter. */
export const bodyOf = (text: string): string => readMarkdown("SKILL.md", text, z.unknown()).body;

function frontOf(text: string): z.infer<ReturnType<typeof frontSchema>> {
  try {
    return readMarkdown("SKILL.md", text, frontSchema()).front;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw wrong(error.message.replace(/ Repair it by hand; the rest works\.$/, ""), error);
  }
}

function checkScript(name: string, script: ScriptManifest, { permissions }: NonNullable<SkillManifest["mh"]>): void {
  const input = untrustedSchema(script.input, `The input of ${name}`);
  const output = untrustedSchema(script.output, `The output of ${name}`);
  const { trial } = script;
  if (trial && !input.safeParse(trial.input).success) throw wrong(`${name}: the input of its trial is none`);
  if (trial?.output && !output.safeParse(trial.output).success) throw wrong(`${name}: the output of its trial is none`);
  const known = Object.keys((script.input.properties ?? {}) as object);
  for (const control of script.control)
    if (!known.includes(control)) throw wrong(`${name}: there is no argument ${control} to control anything`);
  const untyped = known.find((argument) => !Object.hasOwn(script.types, argument));
  if (untyped !== undefined) throw wrong(`${name}: types says nothing of the argument ${untyped}`);
  const stray = Object.keys(script.types).find((argument) => !known.includes(argument));
  if (stray !== undefined) throw wrong(`${name}: types names ${stray}, which is no argument`);
  const reaches = permissions.skills.includes("web.fetch") || permissions.hosts.length > 0;
  if (reaches && isMilder(script.effect, "fetch"))
    throw wrong(`${name}: it reaches the web, and its effect is ${script.effect}`);
  if (permissions.hosts.length > 0 && !permissions.skills.includes("web.fetch"))
    throw wrong("it names hosts, but not web.fetch, by which they are reached");
  const elsewhere = Object.entries(permissions.secrets).find(([, to]) => !permissions.hosts.includes(to));
  if (elsewhere) throw wrong(`the secret ${elsewhere[0]} goes to ${elsewhere[1]}, which is none of its hosts`);
}

const isMilder = (a: Effect, b: Effect): boolean => effects.indexOf(a) < effects.indexOf(b);

const wrong = (why: string, cause?: unknown): Fault =>
  new Fault("skill.misdeclared", `This skill is refused: ${withDot(why)}`, { cause });
