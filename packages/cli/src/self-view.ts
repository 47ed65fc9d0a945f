import type { ValueFor } from "@mh/contract/contracts.ts";
import type { SelfKind, SelfStandings } from "@mh/contract/self.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { counted, thousands } from "./numbers.ts";
import { hang, type Printer, shortId, wrap } from "./print.ts";

type Compared = ValueFor<"self.preview">;

/** Each kind as one of it is called, and many. */
const names: Record<SelfKind, readonly [one: string, many: string]> = {
  memory: ["memory", "memories"],
  revision: ["earlier revision", "earlier revisions"],
  forgotten: ["forgotten memory", "forgotten memories"],
  task: ["task", "tasks"],
  note: ["note", "notes"],
  persona: ["part of the persona", "parts of the persona"],
  settings: ["file of settings", "files of settings"],
  rule: ["file of rules", "files of rules"],
  agent: ["agent", "agents"],
  skill: ["file of a skill", "files of skills"],
  prompt: ["prompt", "prompts"],
  file: ["file", "files"],
  grant: ["grant", "grants"],
  trust: ["trust level", "trust levels"],
  record: ["record of the log", "records of the log"],
};

const kinds = Object.keys(names) as SelfKind[];

function listed(counts: Partial<Record<SelfKind, number>>): string {
  const parts = kinds.flatMap((kind) => (counts[kind] ? [counted(counts[kind], ...names[kind])] : []));
  return parts.join(", ") || "nothing";
}

export function tellExported(print: Printer, value: ValueFor<"self.export">): void {
  const { path, bytes, key, counts, redacted, secrets } = value;
  print.line(
    wrap(`Written to ${visible(path)} (${thousands(Math.ceil(bytes / 1024))} KB): ${listed(counts)}.`, print.width),
  );
  for (const name of redacted) print.note(`A secret's value was replaced in ${visible(name)}.`);
  if (secrets.length > 0)
    print.note(wrap(`Not in it, to be set anew: ${secrets.map((name) => visible(name)).join(", ")}.`, print.width));
  print.line(`Signed by your home's key ${key}: the import asks for it.`);
  print.note("It is not encrypted: anyone who has the file can read it.");
}

/** What an archive would bring, what differs, and what is left to decide. */
export function tellCompared(print: Printer, value: Compared): void {
  const { from, key, standings, log, secrets } = value;
  const whose = from.isThisHome ? "this very home" : `the home ${from.home}`;
  print.line(`An archive of ${whose}, made ${print.moment(from.at)} by mh ${visible(from.mh)}, signed by ${key}.`);
  for (const kind of kinds) {
    const standing = standings[kind];
    if (!standing) continue;
    const said = words.flatMap(([end, text]) => {
      const told = kind === "forgotten" ? (forgottenWords[end] ?? text) : text;
      return standing[end] > 0 ? [`${thousands(standing[end])} ${told}`] : [];
    });
    print.line(`  ${names[kind][1].padEnd(22)} ${said.join(", ")}`);
  }
  print.line(`Its log of ${counted(log.records, "record")} was followed to the end: nothing was touched.`);
  tellOpen(print, value);
  if (secrets.length > 0)
    print.note(
      wrap(
        `Passwords and tokens to set anew: ${secrets.map((name) => visible(name)).join(", ")}. \`mh secret set\``,
        print.width,
      ),
    );
}

const words: readonly (readonly [keyof SelfStandings, string])[] = [
  ["new", "new"],
  ["same", "here already"],
  ["newerThere", "newer there"],
  ["newerHere", "newer here"],
  ["forgotten", "forgotten, and stays so"],
  ["removed", "removed here"],
  ["kept", "still here"],
  ["left", "without a place in what is told here"],
];

/** Of what was forgotten there something else is said. */
const forgottenWords: Partial<Record<keyof SelfStandings, string>> = {
  new: "that their sources bring in here no more",
  same: "known here already",
};

export function tellTaken(print: Printer, value: ValueFor<"self.import">): void {
  const { taken, snapshot } = value;
  const { forgotten = 0, ...came } = taken;
  tellCompared(print, value);
  print.line(wrap(`Taken in: ${listed(came)}.`, print.width));
  if (forgotten > 0) print.line(`Brought in by no source any more: ${listed({ forgotten })}.`);
  if (snapshot) print.note(`Before it: snapshot ${visible(snapshot)}. \`mh undo\` takes the import back.`);
}

function tellOpen(print: Printer, { differences, decisions }: Compared): void {
  if (differences.length > 0) print.line("Different here, and left as it is (--newer takes what is newer there):");
  for (const { kind, name, newer, about } of differences) {
    const what = kind === "memory" || kind === "revision" ? `${shortId(name)} ${about}` : name;
    print.line(hang("  ", `newer ${newer}: ${visible(what)}`, print.width));
  }
  if (decisions.length > 0) print.line("Yours to decide; nothing of it is in force by the import:");
  for (const { kind, name, about, next } of decisions) {
    print.line(hang("  ", `${kind} ${visible(name)}: ${visible(about)}.`, print.width));
    print.line(`      ${visible(next)}`);
  }
}
