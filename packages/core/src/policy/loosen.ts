import { type Decision, type Effect, type Risk, risks, type Scope } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import type { Crypto } from "../ports/crypto.ts";
import { comparer } from "./compare.ts";
import { parsePolicyFile } from "./policy-set.ts";
import { fileOf } from "./rule-file.ts";

/** `ask`: from now on an approval lifts it. `allow`: from now on nobody is asked. */
export type Loosening = "ask" | "allow";

/** One kind of command: who does what, with which skill, to whom and where, at what risk at most. */
export interface CommandKind {
  principal: Principal;
  effect: Effect;
  skill: string;
  /** Whom and what it touches, in plain; it says nothing of a command that asks. */
  scope: Scope;
  risk: Risk;
}

/** A file of the owner's, new or changed. */
export interface LoosenedFile {
  name: string;
  text: string;
  /** SHA-256 of the text that it takes the place of; absent where the file is new. */
  replaces?: string;
}

/** A change of the owner's rules that would decide a command of the past less strictly. */
export interface LoosenedRules {
  title: string;
  /** The rules that come, as Cedar. */
  added: PolicyRule[];
  /** Ids of those that go. */
  gone: string[];
  files: LoosenedFile[];
  before: Decision;
  after: Decision;
}

export interface LoosenDeps {
  crypto: Crypto;
  /** How the journal names an address. */
  seal: (address: string) => string;
  /** A file of rules as it stands on disk. */
  readFile: (name: string) => string | undefined;
}

/**
 * The narrowest change of the owner's rules after which a recorded command would be asked about, or let through. Undefined
 * where no rule of theirs could: an invariant forbids it, or the journal does not keep what the rules look at.
 */
export function loosen(
  deps: LoosenDeps,
  rules: readonly PolicyRule[],
  decided: { requests: readonly PolicyRequest[]; rules: readonly string[] },
  kinds: readonly CommandKind[],
  how: Loosening,
): LoosenedRules | undefined {
  const own = rules.filter(
    ({ id, effect, origin }) => origin === "owner" && effect === "forbid" && decided.rules.includes(id),
  );
  const exceptions = own.length > 0 ? exceptionsFrom(deps, own, kinds, how) : none;
  const permit = permitFor(deps, kinds, how);
  // The fewest changes that do: an exception to what forbade it, a permit where nothing permits it, both.
  for (const change of [exceptions, permit, joined(exceptions, permit)]) {
    if (!change || change.files.length === 0) continue;
    const after = [...rules.filter(({ id }) => !change.gone.includes(id)), ...change.added];
    const compared = comparer(deps.crypto, { before: rules, after, seal: deps.seal })(decided.requests);
    if (typeof compared !== "object" || compared.after !== how) continue;
    return { title: titleOf(kinds, how), ...change, before: compared.before, after: compared.after };
  }
  return undefined;
}

type Change = Pick<LoosenedRules, "added" | "gone" | "files">;

const none: Change = { added: [], gone: [], files: [] };

function joined(a: Change | undefined, b: Change | undefined): Change | undefined {
  if (!a || !b) return undefined;
  return { added: [...a.added, ...b.added], gone: [...a.gone, ...b.gone], files: [...a.files, ...b.files] };
}

/** The rules that forbade it, each with one more exception; undefined where one of their files cannot be changed. */
function exceptionsFrom(
  { crypto, readFile }: LoosenDeps,
  own: readonly PolicyRule[],
  kinds: readonly CommandKind[],
  how: Loosening,
): Change | undefined {
  const change: Change = { added: [], gone: own.map(({ id }) => id), files: [] };
  for (const name of new Set(own.map(({ id }) => fileOf(id)))) {
    const before = name === undefined ? undefined : readFile(name);
    if (name === undefined || before === undefined) return undefined;
    let text = before;
    for (const rule of own.filter(({ id }) => fileOf(id) === name)) {
      // What stands there more than once, or no longer as it is in force, is the owner's to change.
      if (text.split(rule.text).length !== 2) return undefined;
      text = text.replace(rule.text, () => excepting(rule.text, kinds, how));
    }
    const changed = parsedOrNothing(name, text);
    if (!changed) return undefined;
    const ids = own.map(({ id }) => id);
    change.added.push(...changed.filter(({ id }) => ids.includes(id)));
    change.files.push({ name, text, replaces: crypto.sha256Hex(before) });
  }
  return change;
}

const excepting = (rule: string, kinds: readonly CommandKind[], how: Loosening): string =>
  `${rule.trimEnd().replace(/;$/, "").trimEnd()}\nunless {\n  ${kinds.map((kind) => conditionOf(kind, how)).join(" ||\n  ")}\n};`;

/** A file of its own that permits just this; undefined where all of it is done by the owner, who needs none. */
function permitFor({ readFile }: LoosenDeps, all: readonly CommandKind[], how: Loosening): Change | undefined {
  const kinds = all.filter(({ principal }) => !isOwner(principal));
  if (kinds.length === 0) return undefined;
  const title = titleOf(kinds, how);
  const rules = kinds.map(
    (kind) =>
      `@title(${JSON.stringify(title)})\npermit (principal, action, resource)\nwhen {\n  ${conditionOf(kind, how)}\n};\n`,
  );
  const text = `// Written by mh, when you chose it.\n\n${rules.join("\n")}`;
  const slug = `${how}-${kinds[0]?.principal}-${kinds[0]?.skill}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 70);
  const names = Array.from({ length: 100 }, (_, n) => (n === 0 ? `${slug}.cedar` : `${slug}-${n + 1}.cedar`));
  const name = names.find((each) => readFile(each) === undefined);
  const added = name === undefined ? undefined : parsedOrNothing(name, text);
  return name === undefined || !added ? undefined : { added, gone: [], files: [{ name, text }] };
}

const and = " &&\n  ";

/** What holds of commands of this kind alone; as Cedar, in which `&&` binds more than `||`. */
function conditionOf({ principal, effect, skill, scope, risk }: CommandKind, how: Loosening): string {
  const parts = [
    `principal == mh::Principal::${JSON.stringify(principal)}`,
    `action == mh::Action::${JSON.stringify(effect)}`,
    `resource == mh::Skill::${JSON.stringify(skill)}`,
  ];
  if (how === "ask") return [...parts, "context.approved"].join(and);
  const places = (["recipients", "hosts", "paths"] as const).map((name) => {
    const listed = scope[name] ?? [];
    return listed.length === 0 ? `context.${name}.isEmpty()` : `${JSON.stringify(listed)}.containsAll(context.${name})`;
  });
  const some = (["recipients", "hosts", "paths"] as const)
    .filter((name) => (scope[name] ?? []).length > 0)
    .map((name) => `!context.${name}.isEmpty()`);
  return [...parts, `context.riskLevel <= ${risks.indexOf(risk)}`, ...places, ...some].join(and);
}

function titleOf(kinds: readonly CommandKind[], how: Loosening): string {
  const [first] = kinds;
  const who = kinds.map(({ principal }) => principal).join(" and ");
  const { recipients = [], hosts = [], paths = [] } = how === "ask" ? {} : (first?.scope ?? {});
  const where = [
    ...recipients.map((each) => `to ${each}`),
    ...hosts.map((each) => `with ${each}`),
    ...paths.map((each) => `in ${each}`),
  ];
  const what = [first?.skill, where.join(", ")].filter(Boolean).join(" ");
  return how === "ask" ? `${who} may use ${what} after you approve it` : `${who} may use ${what} without asking`;
}

/** What Cedar does not take is offered to nobody: a name may hold what no rule can say. */
function parsedOrNothing(name: string, text: string): PolicyRule[] | undefined {
  try {
    return parsePolicyFile(name, text);
  } catch (error) {
    if (error instanceof Fault && error.code === "policy.invalid") return undefined;
    throw error;
  }
}
