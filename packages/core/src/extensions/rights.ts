import { effects, risks } from "@mh/contract/values/effect.ts";
import type { ScriptManifest, SkillManifest } from "./skill-manifest.ts";

/** What a package may do, one right a line, in words for the person who is asked. */
export function rightsOf({ name, mh }: SkillManifest): string[] {
  if (!mh) return [];
  const { permissions, scripts, limits } = mh;
  return [
    ...Object.entries(scripts).map(
      ([script, { title, effect, risk }]) => `run ${name}.${script}: ${title} (${effect}, ${risk} risk)`,
    ),
    ...permissions.skills.map((skill) => `call ${skill}`),
    ...permissions.hosts.map((host) => `read from ${host}`),
    ...Object.entries(permissions.secrets).map(([secret, host]) => `send your secret ${name}.${secret} to ${host}`),
    `use up to ${limits.seconds} s and ${limits.memoryMiB} MiB a run`,
  ];
}

/** What a version asks for beyond what was allowed; nothing where it asks for the same, or less. */
export function widerRights(before: SkillManifest, after: SkillManifest): string[] {
  const [was, now] = [before.mh, after.mh];
  if (!now) return [];
  if (!was) return rightsOf(after);
  const more = (list: readonly string[], known: readonly string[]) => list.filter((each) => !known.includes(each));
  const hosts = Object.entries(now.permissions.secrets).filter(
    ([name, host]) => was.permissions.secrets[name] !== host,
  );
  return [
    ...more(now.permissions.skills, was.permissions.skills).map((skill) => `call ${skill}`),
    ...more(now.permissions.hosts, was.permissions.hosts).map((host) => `read from ${host}`),
    ...hosts.map(([secret, host]) => `send your secret ${after.name}.${secret} to ${host}`),
    ...(now.limits.seconds > was.limits.seconds ? [`run for ${now.limits.seconds} s`] : []),
    ...(now.limits.memoryMiB > was.limits.memoryMiB ? [`use ${now.limits.memoryMiB} MiB of memory`] : []),
    ...(now.limits.outputKiB > was.limits.outputKiB ? [`give back ${now.limits.outputKiB} KiB`] : []),
    ...widerScripts(before, after).map(
      (script) => `run ${after.name}.${script}, ${howWider(was.scripts[script], now.scripts[script])}`,
    ),
  ];
}

/** Scripts that are new, or do more than was allowed. Who may use one of these must be asked about again. */
export function widerScripts(before: SkillManifest, after: SkillManifest): string[] {
  const names = Object.keys(after.mh?.scripts ?? {});
  return names.filter((name) => howWider(before.mh?.scripts[name], after.mh?.scripts[name]) !== undefined);
}

function howWider(was: ScriptManifest | undefined, now: ScriptManifest | undefined): string | undefined {
  if (!now) return undefined;
  if (!was) return `which is new (${now.effect}, ${now.risk} risk)`;
  if (effects.indexOf(now.effect) > effects.indexOf(was.effect))
    return `whose effect is now ${now.effect}, not ${was.effect}`;
  if (risks.indexOf(now.risk) > risks.indexOf(was.risk)) return `whose risk is now ${now.risk}, not ${was.risk}`;
  const loose = was.control.filter((control) => !now.control.includes(control));
  if (loose.length > 0) return `where ${loose.join(", ")} is no longer declared to control it`;
  const other = Object.keys(was.types).filter((name) => now.types[name] && now.types[name] !== was.types[name]);
  if (other.length > 0) return `where ${other.join(", ")} is said to be of another kind`;
  if (was.undo !== null && now.undo === null) return "which can no longer be undone";
  if (was.retry === "never" && now.retry === "safe") return "which is now run again after a crash";
  return undefined;
}
