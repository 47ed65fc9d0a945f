import type { Event } from "@mh/contract/wire/event.ts";
import { home } from "./home.svelte.ts";

const gatherMs = 30;
/** Beyond so many things at once, reading each costs more than reading the list again. */
const namedMax = 50;
const atOnce = 4;

/** After these any row of any list may be another: what takes back, restores, imports, or reads in files and settings. */
export const wholesale = /^(history|snapshot|damage|file|config|import|self)\.|\.imported$/;

interface Following {
  /** The kind in `subjects` of events, as in `task` of `task:<id>`. */
  subject: string;
  /** Reads one thing again. */
  read: (id: string) => Promise<void>;
  /** Reads the list again: more was named than is worth reading one by one. */
  readAll: () => Promise<void>;
  /** Events after which any row may be another, though they name none. */
  reloadsOn?: RegExp | undefined;
}

/**
 * Follows the things that events name: those of a moment are gathered, each is read once, a few at a time, and what is
 * named meanwhile waits for the next turn. However many events come, no more than that is asked.
 */
export function followNamed({ subject, read, readAll, reloadsOn }: Following): () => void {
  const named = new Set<string>();
  let isAll = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isReading = false;

  const hear = ({ name, subjects }: Event) => {
    const ids = subjects.filter((each) => each.startsWith(`${subject}:`)).map((each) => each.slice(subject.length + 1));
    for (const id of ids) named.add(id);
    if (ids.length === 0 && reloadsOn?.test(name)) isAll = true;
    later();
  };
  const later = () => {
    if ((named.size > 0 || isAll) && !isReading) timer ??= setTimeout(() => void turn(), gatherMs);
  };
  const turn = async () => {
    timer = undefined;
    isReading = true;
    const ids = [...named];
    const wantsAll = isAll || ids.length > namedMax;
    named.clear();
    isAll = false;
    if (wantsAll) await readAll();
    else await inTurn(ids, read);
    isReading = false;
    later();
  };
  const off = home.on(hear);
  return () => {
    off();
    clearTimeout(timer);
  };
}

/** Reads each, a few at a time. */
export async function inTurn(ids: string[], read: (id: string) => Promise<void>): Promise<void> {
  const reader = async () => {
    for (let id = ids.shift(); id !== undefined; id = ids.shift()) await read(id);
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
}
