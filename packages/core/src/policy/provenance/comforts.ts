import type { Call } from "@mh/contract/values/provenance.ts";
import type { NamedLeaf } from "./arguments.ts";
import { isFoundInCatalogue } from "./catalogue.ts";
import { isOfNamedCollection } from "./collections.ts";
import { isConfirmation } from "./confirmations.ts";
import { isDownloadsFolder } from "./downloads.ts";
import { isExtreme } from "./extremes.ts";
import type { ArgumentReport } from "./judge-call.ts";
import { isMadeHere } from "./made-here.ts";
import { isMovedTime } from "./moved.ts";
import { isOnNamedHost } from "./named-hosts.ts";
import { isOneOfNamed } from "./one.ts";
import { isOfOwnList } from "./own-lists.ts";
import { isOwnPlace } from "./own-places.ts";
import { isNamePutTogether, isPathPutTogether } from "./put-together.ts";
import { isOfNamedRelation } from "./relations.ts";
import { hasItAlready } from "./shared-with.ts";
import { isTakingPart } from "./taking-part.ts";
import type { TracedTask } from "./traced.ts";

type Comfort = (trace: TracedTask, call: Call, leaf: NamedLeaf) => boolean;

/** What may control a call though the owner neither typed nor described it, and why. Each is narrow; see ADR 0022. */
const comforts: readonly (readonly [reason: string, applies: Comfort])[] = [
  ["the code that what you let this task do asked for", isConfirmation],
  ["put together of a folder and names that you named", isPathPutTogether],
  ["put together of a name that you named and your own account", isNamePutTogether],
  ["this task put it there", isOwnPlace],
  ["a link on the pages of a host that you named", isOnNamedHost],
  ["where downloads go", (_trace, call, leaf) => isDownloadsFolder(call, leaf)],
  ["one of those things of yours that you named", isOfNamedCollection],
  ["the one at that end of your list", isExtreme],
  ["so long after a time of yours as you said", isMovedTime],
  ["what this task made", isMadeHere],
  ["one of what you named", isOneOfNamed],
  ["found by your words in a catalogue that is open to all", isFoundInCatalogue],
  ["of your own list, and this task read nothing of others", isOfOwnList],
  ["they have it already", hasItAlready],
  ["whom the entry that you named lists as what you named", isOfNamedRelation],
  ["takes part in the entry that you named", isTakingPart],
];

/**
 * The reports of a call's controls, with those vouched for that a comfort covers. A question's arguments are not
 * comforted: what it finds is the owner's only where the question is.
 */
export function comforted(
  trace: TracedTask,
  call: Call,
  reports: readonly ArgumentReport[],
  of: readonly NamedLeaf[],
): readonly ArgumentReport[] {
  return reports.map((report, n) => {
    const leaf = of[n];
    if (report.vouched || !leaf) return report;
    const known = comforts.find(([, applies]) => applies(trace, call, leaf));
    return known ? { ...report, vouched: true, reason: known[0] } : report;
  });
}
