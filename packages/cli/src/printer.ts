import * as fs from "node:fs";
import { day, moment } from "./dates.ts";
import { exitCodes } from "./exit.ts";
import { makePager, type Pager, pagerCommand } from "./pager.ts";

const styles = ["bold", "dim", "italic", "underline", "red", "green", "yellow", "blue", "magenta", "cyan"] as const;
type Style = (typeof styles)[number];

/** What a command writes with. `line` is its result, `note` is for the person watching. */
export interface Printer {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** Whether a person can be asked. */
  readonly canAsk: boolean;
  readonly width: number;
  readonly color: Record<Style, (text: string) => string>;
  line(text?: string): void;
  /** A piece of a line, as an answer is written; a person sees it at once. */
  piece(text: string): void;
  /** One line for programs. */
  json(value: unknown): void;
  note(text: string): void;
  /** Why it failed: shown even when quiet. */
  error(text: string): void;
  /** A line that replaces itself; nothing where nobody watches. */
  progress(text: string): void;
  /** An instant in the owner's words: `yesterday 14:03`. Programs get ISO 8601. */
  moment(at: string | number): string;
  /** The same in few words, for lists: `yesterday`. */
  day(at: string | number): string;
  /** Results may be long from here on: on a terminal they are shown a page at a time. */
  page(): void;
  /** Whether the pager has the screen. */
  readonly isPaging: boolean;
  /** Shows what was kept for the pager, and waits for its reader. */
  end(): Promise<void>;
}

export type Write = (fd: 1 | 2, text: string) => void;

export interface PrinterOptions {
  json: boolean;
  quiet: boolean;
  /** `false`: nothing is paged. */
  pager?: boolean;
  /** Lays what a person reads beside the result into lines; main's, because the layout costs 5 ms to load. */
  wrap?: (text: string, width: number) => string;
  /** The reader has left the pager before the end. */
  onQuit?: () => void;
  /** Takes all that is printed, which then no terminal shows. */
  write?: Write;
}

export function makePrinter(options: PrinterOptions): Printer {
  const { json, quiet, pager: mayPage = true, onQuit = () => undefined, wrap = (text: string) => text } = options;
  const { write = writeOut } = options;
  const environment = process.env;
  const isTerminal = write === writeOut && isatty(1);
  const isWatched = write === writeOut && isatty(2);
  let isProgressShown = false;
  let pager: Pager | undefined;
  const held: string[] = [];
  const clear = () => {
    if (isProgressShown) write(2, "\r\u001b[K");
    isProgressShown = false;
  };
  const tell = (text: string) => {
    clear();
    // It stands below the result, which is shown when it is whole; and never over the pager.
    const laid = isWatched ? wrap(text, process.stderr.columns || 80) : text;
    if (pager) held.push(laid);
    else write(2, `${laid}\n`);
  };
  return {
    isJson: json,
    isQuiet: quiet,
    get canAsk() {
      return isWatched && !json && isatty(0);
    },
    get width() {
      return isTerminal ? process.stdout.columns || 80 : 80;
    },
    color: makeColors(hasColor(environment, isTerminal)),
    line(text = "") {
      clear();
      if (pager) pager.write(`${text}\n`);
      else write(1, `${text}\n`);
    },
    piece(text) {
      clear();
      write(1, text);
    },
    json: (value) => write(1, `${JSON.stringify(value ?? null)}\n`),
    note(text) {
      if (!quiet) tell(text);
    },
    error: tell,
    progress(text) {
      if (quiet || !isWatched || pager?.isOpen) return;
      clear();
      if (text === "") return;
      write(2, text.slice(0, (process.stderr.columns || 80) - 1));
      isProgressShown = true;
    },
    moment: (at) => moment(at, Date.now()),
    day: (at) => day(at, Date.now()),
    page() {
      const command = isTerminal && mayPage && !json && !pager ? pagerCommand(environment) : undefined;
      if (!command) return;
      const { rows, columns } = process.stdout;
      const screen = { rows: rows || 24, columns: columns || 80 };
      pager = makePager({ command, ...screen, environment, onQuit, writePlain: (text) => write(1, text) });
    },
    get isPaging() {
      return pager?.isOpen ?? false;
    },
    async end() {
      const open = pager;
      await open?.end();
      pager = undefined;
      for (const text of held.splice(0)) write(2, `${text}\n`);
    },
  };
}

/** FORCE_COLOR, NO_COLOR and TERM=dumb, in this order, as Node itself reads them. */
function hasColor(environment: Record<string, string | undefined>, isTerminal: boolean): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = environment;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTerminal && !NO_COLOR && TERM !== "dumb";
}

function makeColors(isOn: boolean): Printer["color"] {
  const plain = (text: string) => text;
  const { styleText } = process.getBuiltinModule("node:util");
  const paint = (style: Style) => (text: string) => styleText(style, text, { validateStream: false });
  return Object.fromEntries(styles.map((style) => [style, isOn ? paint(style) : plain])) as Printer["color"];
}

/** `node:tty` brings the network along: it is asked only where there may be a terminal. */
function isatty(fd: number): boolean {
  return mayBeTerminal(fd) && process.getBuiltinModule("node:tty").isatty(fd);
}

/** What is no device is none, and the null device, which scripts and services are given, is none either. */
function mayBeTerminal(fd: number): boolean {
  try {
    const stat = fs.fstatSync(fd);
    return stat.isCharacterDevice() && stat.rdev !== fs.statSync("/dev/null", { throwIfNoEntry: false })?.rdev;
  } catch {
    return false;
  }
}

/** Written at once: what was printed was printed, whatever happens next. `process.stdout` would cost 4 ms to make. */
function writeOut(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += fs.writeSync(fd, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A reader that has seen enough (`mh memory list | head`) is no error.
      if (code === "EPIPE") process.exit(0);
      if (code === "ENOSPC" || code === "EIO") endUnheard(fd);
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** What was done is done; only the result found no room, and to tell it by the same way would fail again. */
function endUnheard(fd: number): never {
  if (fd === 1) writeOut(2, "mh: Standard output takes no more; a full disk? What was acknowledged is kept.\n");
  process.exit(exitCodes.failed);
}
