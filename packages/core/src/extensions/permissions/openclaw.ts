import { z } from "zod";
import {
  eachOf,
  entriesSchema,
  type ImportContext,
  type Proposal,
  programAt,
  quoted,
  readCommand,
} from "./proposal.ts";

const names = entriesSchema(500);
const execSchema = z.looseObject({ security: z.string().optional(), ask: z.string().optional() });
const toolsSchema = z.looseObject({
  profile: z.string().optional(),
  ...{ allow: names, alsoAllow: names, deny: names },
  exec: execSchema.optional(),
  elevated: z.looseObject({ enabled: z.boolean().optional() }).optional(),
});

/** Of `openclaw.json`, what concerns tools: for all, and for single agents. */
export const openclawConfigSchema = z.looseObject({
  tools: toolsSchema.optional(),
  agents: z
    .looseObject({
      list: z.array(z.looseObject({ id: z.string().max(64), tools: toolsSchema.optional() })).default([]),
    })
    .optional(),
});

const hostPolicySchema = z.looseObject({
  ...{ security: z.string().optional(), ask: z.string().optional(), askFallback: z.string().optional() },
  autoAllowSkills: z.boolean().optional(),
  allowlist: entriesSchema(
    2_000,
    z.looseObject({ pattern: z.string().max(2_000) }).transform(({ pattern }) => pattern),
  ),
});

/** `exec-approvals.json`: which programs may run without approval, for all and for single agents. */
export const openclawApprovalsSchema = z.looseObject({
  version: z.number(),
  defaults: hostPolicySchema.optional(),
  agents: z.record(z.string().max(64), hostPolicySchema).default({}),
});

/** Tools and groups of theirs that have a like here. */
const skillsOf: Readonly<Record<string, readonly string[]>> = {
  ...{ exec: ["shell.run"], bash: ["shell.run"], process: ["shell.run"], "group:runtime": ["shell.run"] },
  ...{ read: ["disk.read", "disk.list"], write: ["disk.write"], edit: ["disk.write"], apply_patch: ["disk.write"] },
  "group:fs": ["disk.read", "disk.list", "disk.write"],
  ...{ web_fetch: ["web.fetch", "feed.read"], "group:web": ["web.fetch", "feed.read"] },
  ...{
    memory_search: ["memory.search"],
    memory_get: ["memory.show"],
    "group:memory": ["memory.search", "memory.show"],
  },
  ...{ message: ["mail.send", "notify.send"], "group:messaging": ["mail.send", "notify.send"] },
};

export function readOpenclawConfig(config: z.infer<typeof openclawConfigSchema>, context: ImportContext): Proposal[] {
  const { tools, agents } = config;
  return [
    ...(tools ? readTools("", tools, undefined) : []),
    ...(agents?.list ?? []).flatMap(({ id, tools: own }) =>
      own ? readTools(`${id}: `, own, principalOf(id, context)) : [],
    ),
  ];
}

function readTools(where: string, tools: z.infer<typeof toolsSchema>, whom: string | undefined): Proposal[] {
  const { deny, allow, alsoAllow, profile, exec, elevated } = tools;
  const denied = eachOf(`${where}deny`, deny, (name) => {
    const from = `${where}deny ${name}`;
    const skills = skillsOf[name.toLowerCase()];
    if (skills) return [against(from, skills, whom)];
    return [{ kind: "not", from, title: "There is nothing like it here, so nobody has it." }];
  });
  const given = [...allow, ...alsoAllow, ...(profile ? [`profile ${profile}`] : [])];
  const allowed = eachOf(`${where}allow`, given, (name) => [
    {
      ...{ kind: "kept", from: `${where}allow ${name}` },
      title: "Here a tool's first use needs approval, which grants it.",
    },
  ]);
  const high = elevated?.enabled === true ? [ignored(`${where}elevated`, "Nothing leaves the sandbox here.")] : [];
  return [...denied, ...allowed, ...(exec ? readSecurity(`${where}exec`, exec, whom) : []), ...high];
}

export function readOpenclawApprovals(
  { defaults, agents }: z.infer<typeof openclawApprovalsSchema>,
  context: ImportContext,
): Proposal[] {
  return [
    ...(defaults ? readHost("defaults", defaults, undefined, context) : []),
    ...Object.entries(agents).flatMap(([id, host]) =>
      readHost(id, host, id === "*" ? undefined : principalOf(id, context), context),
    ),
  ];
}

function readHost(
  where: string,
  host: z.infer<typeof hostPolicySchema>,
  whom: string | undefined,
  context: ImportContext,
): Proposal[] {
  const fallback =
    host.askFallback === undefined || host.askFallback === "deny"
      ? []
      : [ignored(`${where}: askFallback ${host.askFallback}`, "A request that nobody answers is denied here.")];
  const auto =
    host.autoAllowSkills === true
      ? [ignored(`${where}: autoAllowSkills`, "A skill's programs are asked about like all others.")]
      : [];
  const listed = eachOf(`${where}: allow`, host.allowlist, (pattern) => [
    allowedProgram(where, pattern, whom ?? context.principal, context),
  ]);
  return [...readSecurity(where, host, whom), ...fallback, ...auto, ...listed];
}

function readSecurity(
  where: string,
  { security, ask }: z.infer<typeof execSchema>,
  whom: string | undefined,
): Proposal[] {
  const said: Proposal[] = [];
  if (security === "deny") said.push(against(`${where}: security deny`, ["shell.run"], whom));
  if (security === "full") said.push(ignored(`${where}: security full`, "Programs are given one by one here."));
  if (ask === "off") said.push(ignored(`${where}: ask off`, "Nothing here switches approvals off for everything."));
  if (ask === "always")
    said.push({
      kind: "kept",
      from: `${where}: ask always`,
      title: "A run without a grant needs approval, every time.",
    });
  return said;
}

function allowedProgram(where: string, pattern: string, principal: string, context: ImportContext): Proposal {
  const from = `${where}: allow ${pattern}`;
  if (/[*?[\]{}]/.test(pattern)) return ignored(from, "A pattern names programs that may come later; name each.");
  const read = readCommand(pattern);
  if (!read?.isWhole) return ignored(from, "A grant is for one program, whatever its arguments.");
  const at = programAt(read.program);
  if (!at.startsWith("/usr/")) return ignored(from, "Only programs that the system installed are run here.");
  const name = at.slice(at.lastIndexOf("/") + 1);
  const refused = context.refusedProgram(name);
  if (refused !== undefined) return ignored(from, `${refused}, so it is not given for good.`);
  const title = `${principal} may run ${at}`;
  return { kind: "grant", from, title, principal, skill: "shell.run", scope: { paths: [at] } };
}

/** Against everyone but the owner, or against one agent. */
function against(from: string, skills: readonly string[], whom: string | undefined): Proposal {
  const who = whom === undefined ? "!principal.owner" : `principal == mh::Principal::${quoted(whom)}`;
  const list = `[${skills.map((skill) => `mh::Skill::${quoted(skill)}`).join(", ")}]`;
  const title = `${whom ?? "Everyone but you"}: no ${skills.join(", ")}`;
  const cedar = `@title(${quoted(title)})\nforbid (principal, action, resource)\nwhen { ${who} && ${list}.contains(resource) };\n`;
  return { kind: "rule", from, title, cedar };
}

const ignored = (from: string, title: string): Proposal => ({ kind: "not", from, title });

/** An agent of theirs by its own name, where that can be one here. */
const principalOf = (id: string, { principal }: ImportContext): string =>
  /^[a-z0-9][\w.-]{0,63}$/i.test(id) ? `agent:${id.toLowerCase()}` : principal;
