import { z } from "zod";
import { mcpNoun, verbOf } from "../mcp-offer.ts";
import {
  eachOf,
  entriesSchema,
  type ImportContext,
  type Proposal,
  programAt,
  quoted,
  readCommand,
  ruleFor,
} from "./proposal.ts";

const lines = entriesSchema(2_000);

/** Of Claude Code's `settings.json`, what concerns permissions. */
export const claudeSettingsSchema = z.looseObject({
  permissions: z.looseObject({
    ...{ allow: lines, ask: lines, deny: lines, additionalDirectories: lines },
    defaultMode: z.string().optional(),
    disableBypassPermissionsMode: z.string().optional(),
  }),
});

type Verdict = "allow" | "ask" | "deny";

/** Tools that have a like here, by the skills that do the same. */
const skillsOf: Readonly<Record<string, readonly string[]>> = {
  ...{ Bash: ["shell.run"], WebFetch: ["web.fetch", "feed.read"] },
  ...{ Read: ["disk.read", "disk.list"], Grep: ["disk.read", "disk.list"], Glob: ["disk.list"], LS: ["disk.list"] },
  ...{ Edit: ["disk.write"], Write: ["disk.write"], MultiEdit: ["disk.write"], NotebookEdit: ["disk.write"] },
};

/** Each line of the file as a proposal. What it allows is never taken wider than it was written. */
export function readClaudeCode(settings: z.infer<typeof claudeSettingsSchema>, context: ImportContext): Proposal[] {
  const { allow, ask, deny, additionalDirectories, defaultMode } = settings.permissions;
  const each = (verdict: Verdict, rules: z.infer<typeof lines>) =>
    eachOf(verdict, rules, (rule) => readRule(verdict, rule, context));
  const mode: Proposal[] =
    defaultMode === undefined || defaultMode === "default" || defaultMode === "plan"
      ? []
      : [
          {
            kind: "not",
            from: `defaultMode ${defaultMode}`,
            title: "Nothing here switches approvals off for everything.",
          },
        ];
  const folders = eachOf("additionalDirectories", additionalDirectories, (folder) => [
    {
      ...{ kind: "not", from: `additionalDirectories ${folder}` },
      title: "A folder is given skill by skill: `mh grant give … disk.read --path …`.",
    },
  ]);
  return [...each("deny", deny), ...each("ask", ask), ...each("allow", allow), ...mode, ...folders];
}

function readRule(verdict: Verdict, text: string, context: ImportContext): Proposal[] {
  const from = `${verdict} ${text}`;
  const not = (title: string): Proposal[] => [{ kind: "not", from, title }];
  const [, tool = "", , inside] = /^([A-Za-z_][\w-]*\*?)(\((.*)\))?$/s.exec(text.trim()) ?? [];
  if (tool.startsWith("mcp__")) return mcpRule(verdict, tool, from, context);
  const skills = skillsOf[tool];
  if (!skills) return not(tool ? `There is nothing like ${tool} here.` : "It cannot be read.");
  const isAnything = inside === undefined || ["", "*", "**"].includes(inside.trim());
  if (isAnything) return anything(verdict, tool, skills, from);
  if (tool === "Bash") return commandRule(verdict, inside, from, context);
  if (tool === "WebFetch") return hostRule(verdict, inside, skills, from, context);
  return pathRule(verdict, { pattern: inside, skills }, from, context);
}

function anything(verdict: Verdict, tool: string, skills: readonly string[], from: string): Proposal[] {
  const title = `Everyone but you: no ${skills.join(", ")}`;
  if (verdict === "deny") return [ruleFor(from, "deny", { title, skills })];
  if (verdict === "ask") return [ruleFor(from, "ask", { title: `You are asked before ${skills.join(", ")}`, skills })];
  return [
    { kind: "not", from, title: `All of ${tool} at once is not given here: name a folder, a host or a program.` },
  ];
}

function commandRule(verdict: Verdict, pattern: string, from: string, context: ImportContext): Proposal[] {
  const read = readCommand(pattern);
  const not = (title: string): Proposal[] => [{ kind: "not", from, title }];
  if (!read) return not("It names no single program; a line for a shell is not run here at all.");
  const { program, isWhole } = read;
  const at = programAt(program);
  if (verdict === "allow") {
    const refused = context.refusedProgram(program);
    if (refused !== undefined) return not(`${refused}, so it is not given for good.`);
    if (!isWhole) return not(`A grant is for all of ${program}, which does more than this. Each run needs approval.`);
    const title = `${context.principal} may run ${at}`;
    return [{ kind: "grant", from, title, principal: context.principal, skill: "shell.run", scope: { paths: [at] } }];
  }
  const condition = `context.paths.contains(${quoted(at)})`;
  if (isWhole) {
    const title = verdict === "deny" ? `Nobody but you runs ${at}` : `You are asked before ${at} runs`;
    return [ruleFor(from, verdict, { title, skills: ["shell.run"], condition })];
  }
  if (verdict === "ask")
    return [{ kind: "kept", from, title: `Each run of ${program} needs approval, and is shown whole.` }];
  const title = `Nobody but you runs ${at}`;
  const note = `Wider than it was written: a rule knows programs, not their arguments. Without it each run of ${program} needs approval.`;
  return [ruleFor(from, "deny", { title, skills: ["shell.run"], condition, note })];
}

function hostRule(
  verdict: Verdict,
  inside: string,
  skills: readonly string[],
  from: string,
  { principal }: ImportContext,
): Proposal[] {
  const host = /^domain:((?:\*\.)?[a-z0-9.-]+)$/i.exec(inside.trim())?.[1]?.toLowerCase();
  if (host === undefined) return [{ kind: "not", from, title: "Only `domain:` and a host can be read." }];
  const isBelow = host.startsWith("*.");
  const domain = isBelow ? host.slice(2) : host;
  if (verdict === "allow") {
    if (isBelow) return [{ kind: "not", from, title: `A grant names each host; ${host} names many.` }];
    const title = `${principal} may read from ${host}`;
    return [{ kind: "grant", from, title, principal, skill: "web.fetch", scope: { hosts: [host] } }];
  }
  const condition = `context.${isBelow ? "domains" : "hosts"}.contains(${quoted(domain)})`;
  const title =
    verdict === "deny" ? `Nobody but you reads from ${host}` : `You are asked before anybody reads from ${host}`;
  return [ruleFor(from, verdict, { title, skills, condition })];
}

function pathRule(
  verdict: Verdict,
  { pattern, skills }: { pattern: string; skills: readonly string[] },
  from: string,
  context: ImportContext,
): Proposal[] {
  const place = placeOf(pattern.trim(), context);
  const not = (title: string): Proposal[] => [{ kind: "not", from, title }];
  if (!place) return not("A pattern in the middle of a path cannot be said here: name the folder.");
  const { path, kind } = place;
  if (verdict === "allow") {
    if (kind === "children") return not(`A grant for ${path} is for all below it, which is more than this.`);
    return skills.map((skill) => {
      const title = `${context.principal} may use ${skill} in ${path}`;
      return { kind: "grant", from, title, principal: context.principal, skill, scope: { paths: [path] } };
    });
  }
  // A folder's rule covers all below it; a file's is the same with nothing below.
  const condition = `context.folders.contains(${quoted(path)})`;
  const what = skills.join(", ");
  const title =
    verdict === "deny" ? `Everyone but you: no ${what} in ${path}` : `You are asked before ${what} in ${path}`;
  const wider = kind === "children" ? `Wider than it was written: all below ${path}.` : undefined;
  const note =
    kind === "anywhere"
      ? `Narrower than it was written: only ${path}, not files of that name below other folders.`
      : wider;
  return [ruleFor(from, verdict, { title, skills, condition, ...(note && { note }) })];
}

/** `//` begins at the root, `~/` at home, everything else at the project. */
function placeOf(
  pattern: string,
  { base, home }: ImportContext,
): { path: string; kind: "all" | "children" | "anywhere" } | undefined {
  const [, stem = "", tail = ""] = /^(.*?)(\/?\*\*(?:\/\*)?|\/?\*)?$/s.exec(pattern) ?? [];
  if (/[*?[\]{}!]/.test(stem) || /\p{C}/u.test(stem)) return undefined;
  const isBare = tail === "" && !stem.includes("/");
  const whole = stem.startsWith("//")
    ? stem.slice(1)
    : stem === "~" || stem.startsWith("~/")
      ? `${home}${stem.slice(1)}`
      : `${base}/${stem}`;
  const path = normal(whole);
  if (path === undefined) return undefined;
  return { path, kind: isBare ? "anywhere" : tail.includes("**") || tail === "" ? "all" : "children" };
}

/** Without `.`, `..` and doubled slashes; undefined where it climbs past the root. */
function normal(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return `/${parts.join("/")}`;
}

/** `mcp__server__tool`; without a tool, or with `*`, all of a server's. */
function mcpRule(verdict: Verdict, name: string, from: string, { principal }: ImportContext): Proposal[] {
  const [, server = "", tool = "*"] = /^mcp__(.+?)(?:__(.+))?$/.exec(name) ?? [];
  if (tool === "*" || server.includes("*") || tool.includes("*")) {
    const title =
      verdict === "deny"
        ? `A server's tools are none of anybody's until you allow them: leave it out, or \`mh mcp remove ${server}\`.`
        : "A server's tools are allowed one by one: `mh mcp allow`.";
    return [{ kind: verdict === "ask" ? "kept" : "not", from, title }];
  }
  const skill = `${mcpNoun(server.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"))}.${verbOf(tool)}`;
  if (verdict === "allow")
    return [
      {
        kind: "grant",
        from,
        title: `${principal} may use ${skill}`,
        principal,
        skill,
        scope: {},
        note: "Allow the tool first: `mh mcp allow`.",
      },
    ];
  const title = verdict === "deny" ? `Nobody but you uses ${skill}` : `You are asked before ${skill}`;
  return [ruleFor(from, verdict, { title, skills: [skill] })];
}
