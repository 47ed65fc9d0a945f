import type { Evidence } from "@mh/contract/facts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context } from "../command.ts";
import { hang, type Printer, shortId, wrap } from "../print.ts";
import { toldOn } from "./told.ts";

/** Shows what speaks for a claim and what against it, each with its words, its day and how it came in. */
export async function showClaim(context: Context, claim: string): Promise<void> {
  const { print } = context;
  const found = await actOnce(context, "fact.why", { claim });
  if (print.isJson) return print.json(found);
  print.page();
  if (found.for.length + found.against.length === 0)
    return print.line("Nothing on record speaks for it, and nothing against it.");
  showSide(print, "For", found.for);
  showSide(print, "Against", found.against);
  if (found.read.length === 0)
    print.note("Compared by its words. A sentence as in “Sarah works at Acme” is understood.");
}

function showSide(print: Printer, title: string, all: readonly Evidence[]): void {
  const { bold, dim } = print.color;
  print.line(bold(all.length === 0 ? `${title}: nothing` : `${title}:`));
  for (const each of all) {
    const quote = visible(each.quote);
    print.line(wrap(each.kind === "fact" ? quote : `“${quote}”`, print.width, "  "));
    print.line(dim(hang("    — ", cameIn(print, each), print.width)));
  }
}

function cameIn(print: Printer, each: Evidence): string {
  const { id, speaker, source, origins, standing, until, sources } = each;
  const rests = sources.length > 0 ? `rests on ${sources.map(shortId).join(", ")}` : "";
  return [
    speaker && visible(speaker),
    toldOn(print, each),
    `by ${visible(source)} (${visible(origins.join(", "))})`,
    standing !== undefined && standing !== "now" && standing,
    until && `until ${until}`,
    rests,
    shortId(id),
  ]
    .filter(Boolean)
    .join(", ");
}
