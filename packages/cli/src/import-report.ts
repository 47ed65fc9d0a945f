import type { ValueFor } from "@mh/contract/contracts.ts";
import type { ImportedFiles, ImportRemark } from "@mh/contract/import.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { counted, thousands } from "./numbers.ts";
import { type Printer, wrap } from "./print.ts";

type Imported = ValueFor<"import.run">;
type Preview = ValueFor<"import.preview">;

/** What was taken in, and what was not. */
export function tellImport(print: Printer, value: Imported): void {
  const { added, updated, duplicate, refused, remarks } = value;
  if (print.isJson) return print.json(value);
  print.note(`Read ${about(value)}.`);
  tellFiles(print, value.inventory);
  tellRemarks(print, remarks);
  if (added + updated + duplicate + refused === 0) print.note("There is nothing to import in it.");
  if (value.gone > 0)
    print.note(
      `${counted(value.gone, "memory is", "memories are")} no longer in your notes; \`mh proposal\` offers to retire them.`,
    );
  const { found, offered } = value.tasks;
  if (offered > 0) {
    const some = found > offered ? `${offered} of the ${thousands(found)} open tasks` : counted(offered, "open task");
    print.note(
      `${some} in your notes ${offered === 1 ? "waits" : "wait"} for you: \`mh proposal\` offers to take them up.`,
    );
  }
  print.line(`${added} added, ${duplicate} known already, ${updated} updated, ${refused} refused.`);
}

/** What would be taken in: a few lines of it, and how much there is. */
export function tellPreview(print: Printer, value: Preview): void {
  const { samples, remarks, refused, from, to, format } = value;
  if (print.isJson) return print.json(value);
  print.note(`Read ${about(value)}.`);
  for (const { where, kind, at, text } of samples) {
    const head = `  ${at?.slice(0, 10) ?? "no date   "}  ${kind.padEnd(8)}  ${visible(where)}: `;
    const room = Math.max(20, print.width - head.length);
    print.line(head + visible(text.replaceAll(/\s+/g, " ")).slice(0, room));
  }
  tellFiles(print, value.inventory);
  const found = Object.entries(value.kinds).filter(([, count]) => count > 0);
  const items = found.reduce((sum, [, count]) => sum + count, 0);
  if (items > samples.length) print.line(`  … and ${thousands(items - samples.length)} more`);
  tellRemarks(print, remarks);
  const kinds = found.map(([kind, count]) => `${thousands(count)} ${kind}`).join(", ");
  const when = from && to ? `, ${from.slice(0, 10)} to ${to.slice(0, 10)}` : "";
  const what = `${format}${kinds && `: ${kinds}`}${when}`;
  print.line(
    `Would take in ${counted(items, "memory", "memories")} (${what}); ${refused} refused. Nothing was written.`,
  );
}

const ends = {
  ...{ read: "Read", unchanged: "Unchanged since the last import", "passed over": "Passed over, see below" },
  ...{ skipped: "Of kinds that are not read", refused: "Refused, see below" },
};

/** What became of the files: a line an end, where they did not all end the same. */
function tellFiles(print: Printer, inventory: readonly ImportedFiles[]): void {
  if (inventory.length < 2 && inventory.every(({ fate }) => fate === "read")) return;
  for (const [fate, words] of Object.entries(ends)) {
    const kinds = inventory.filter((each) => each.fate === fate);
    if (kinds.length === 0) continue;
    const list = kinds.map(({ kind, files }) => `${thousands(files)} ${visible(kind)}`).join(", ");
    print.note(wrap(`${words}: ${list}.`, Math.max(40, print.width)));
  }
}

/** A line a reason with its count, and a few places each. */
function tellRemarks(print: Printer, remarks: readonly ImportRemark[]): void {
  const column = Math.max(0, ...remarks.map(({ count }) => thousands(count).length));
  for (const { what, reason, count, examples } of remarks) {
    const laid = wrap(visible(`${what}: ${reason}`), Math.max(40, print.width - column - 2));
    const [first = "", ...more] = laid.split("\n");
    print.note(`${thousands(count).padStart(column)}  ${first}`);
    for (const line of more) print.note(" ".repeat(column + 2) + line);
    for (const where of examples) print.note(" ".repeat(column + 4) + visible(where));
    const left = count - examples.length;
    if (left > 0) print.note(`${" ".repeat(column + 4)}… and ${thousands(left)} more`);
  }
}

function about({ format, files, bytes, source }: Pick<Imported, "format" | "files" | "bytes" | "source">): string {
  return `${format}: ${counted(files, "file")}, ${sizeWords(bytes)}, as ${visible(source)}`;
}

function sizeWords(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  let size = bytes;
  let unit = 0;
  for (; size >= 1_000 && unit < units.length - 1; unit++) size /= 1_000;
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}
