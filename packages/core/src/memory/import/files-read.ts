import type { ImportedFile, ImportResult } from "@mh/contract/memory.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Ended, FileStamp, Found } from "./found.ts";

/** Another way of importing, or another source, gives other memories of the same file. */
export const readBy = ({ readAs }: FileStamp, principal: Principal, source = ""): string =>
  `${principal} ${readAs} ${source}`.slice(0, 200);

/** What is said of a memory that was followed to where it stands now. */
export const followedReason = "it moved, and is the same memory";

/** Whether all of an item was taken, now or before: where it was not, its file is read again. */
export const isTaken = ({ reason }: Pick<ImportResult, "reason">): boolean =>
  reason === undefined || reason === followedReason;

/** Follows an import file by file, to say which of them are read whole with a group of it. */
export class FilesRead {
  readonly #principal: Principal;
  readonly #source: string | undefined;
  /** Of the file that a group ends in the middle of: how many of its items the group has, and all before it. */
  #open = 0;
  #before = 0;
  #isWhole = true;

  constructor(principal: Principal, source: string | undefined) {
    this.#principal = principal;
    this.#source = source;
  }

  /** The files that end in a group, each with its items in it; not those of which something was refused. */
  endedIn(group: readonly (Found | Ended)[]): ImportedFile[] {
    const files: ImportedFile[] = [];
    let seen = 0;
    let first = 0;
    for (const each of group) {
      if ("item" in each) seen += 1;
      else if ("refused" in each) this.#isWhole = false;
      else if ("end" in each) {
        const { stamp } = each.end;
        const items = seen - first;
        if (stamp && this.#isWhole && items > 0)
          files.push({
            ...stamp,
            readAs: readBy(stamp, this.#principal, this.#source),
            ...{ memories: this.#before + items, first, items },
          });
        first = seen;
        this.#before = 0;
        this.#isWhole = true;
      }
    }
    this.#open = seen - first;
    return files;
  }

  /** How the items of that group ended. */
  ended(results: readonly ImportResult[]): void {
    if (this.#open === 0) return;
    this.#before += this.#open;
    this.#isWhole &&= results.slice(-this.#open).every(isTaken);
  }
}
