import type { Taken } from "./events.ts";

/**
 * The programs of a shell's history (bash with times, zsh, fish), and nothing that was written behind their names: an argument may be
 * a password. A name that stands there once may be one, too, typed at the wrong moment.
 */
export function shellEvents(text: string): Taken {
  const { lines, undated } =
    text.includes("\n  when: ") || text.startsWith("- cmd:") ? fishLines(text) : datedLines(text);
  const named = lines.map(({ ms, line }) => ({ ms, what: programOf(line) }));
  const times = new Map<string, number>();
  for (const { what } of named) if (what !== undefined) times.set(what, (times.get(what) ?? 0) + 1);
  const events = named.flatMap(({ ms, what }) =>
    what !== undefined && (times.get(what) ?? 0) > 1 ? [{ ms, what }] : [],
  );
  return {
    events,
    left: [
      { why: "what stood behind the name of the program", count: events.length },
      { why: "names that stand there once, or are none", count: named.length - events.length },
      { why: "lines without a time", count: undated },
    ],
  };
}

interface Line {
  ms: number;
  line: string;
}

/** bash writes `#SECONDS` above a command, zsh `: SECONDS:0;` before it. */
function datedLines(text: string): { lines: Line[]; undated: number } {
  const lines: Line[] = [];
  let undated = 0;
  let seconds: string | undefined;
  for (const line of text.split("\n")) {
    const stamp = /^#(\d{9,11})$/.exec(line)?.[1];
    const [, zsh, command] = /^: (\d{9,11}):\d+;(.*)$/.exec(line) ?? [];
    if (stamp !== undefined) seconds = stamp;
    else if (zsh !== undefined) lines.push({ ms: Number(zsh) * 1_000, line: command ?? "" });
    else if (seconds !== undefined && line.trim() !== "") {
      lines.push({ ms: Number(seconds) * 1_000, line });
      // What follows without a time of its own belongs to the command above.
      seconds = undefined;
    } else if (line.trim() !== "") undated += 1;
  }
  return { lines, undated };
}

function fishLines(text: string): { lines: Line[]; undated: number } {
  const found = [...text.matchAll(/^- cmd: (.*)\n {2}when: (\d{9,11})$/gm)];
  const lines = found.map(([, line = "", seconds]) => ({ ms: Number(seconds) * 1_000, line }));
  return { lines, undated: (text.match(/^- cmd: /gm)?.length ?? 0) - lines.length };
}

/**
 * Values that are given first, and the word behind them. One that cannot be told from what follows, as where something else is run
 * in it, stays the word, and names nothing.
 */
const command = /^(?:(?:sudo|[A-Za-z_]\w*=(?:[^\s'"`$\\(){};|&<>]|'[^']*'|"[^"`$\\]*")*)\s+)*(\S+)/;

/** The first word that names a program, without its folder. */
function programOf(line: string): string | undefined {
  const first = command.exec(line.trim())?.[1] ?? "";
  const name = first.slice(first.lastIndexOf("/") + 1);
  return /^[a-z][a-z0-9._+-]{0,30}$/i.test(name) && !/\d{4}/.test(name) ? name : undefined;
}
