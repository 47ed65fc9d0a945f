import * as fs from "node:fs";
import pc from "picocolors";

/** What a command writes with. `line` is its result, `note` is for the person watching. */
export interface Printer {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** Whether a person can be asked. */
  readonly canAsk: boolean;
  readonly width: number;
  readonly color: ReturnType<typeof pc.createColors>;
  line(text?: string): void;
  json(value: unknown): void;
  note(text: string): void;
  /** Why it failed: shown even when quiet. */
  error(text: string): void;
  /** A line that replaces itself; nothing where nobody watches. */
  progress(text: string): void;
}

export function makePrinter(options: { json: boolean; quiet: boolean }): Printer {
  const isWatched = isatty(2);
  let isProgressShown = false;
  const clear = () => {
    if (isProgressShown) write(2, "\r\u001b[K");
    isProgressShown = false;
  };
  return {
    isJson: options.json,
    isQuiet: options.quiet,
    canAsk: isatty(0) && isWatched && !options.json,
    width: isatty(1) ? process.stdout.columns || 80 : 80,
    color: pc.createColors(pc.isColorSupported && (isatty(1) || process.env.FORCE_COLOR !== undefined)),
    line(text = "") {
      clear();
      write(1, `${text}\n`);
    },
    json: (value) => write(1, `${JSON.stringify(value)}\n`),
    note(text) {
      clear();
      if (!options.quiet) write(2, `${text}\n`);
    },
    error(text) {
      clear();
      write(2, `${text}\n`);
    },
    progress(text) {
      if (options.quiet || !isWatched) return;
      clear();
      if (text === "") return;
      write(2, text.slice(0, (process.stderr.columns || 80) - 1));
      isProgressShown = true;
    },
  };
}

/** `node:tty` brings the network along: it is asked only where there may be a terminal. */
function isatty(fd: number): boolean {
  return isCharacterDevice(fd) && process.getBuiltinModule("node:tty").isatty(fd);
}

function isCharacterDevice(fd: number): boolean {
  try {
    return fs.fstatSync(fd).isCharacterDevice();
  } catch {
    return false;
  }
}

/** Written at once: what was printed was printed, whatever happens next. `process.stdout` would cost 4 ms to make. */
function write(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += fs.writeSync(fd, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A reader that has seen enough (`mh memory list | head`) is no error.
      if (code === "EPIPE") process.exit(0);
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Wraps plain text at word ends. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width - indent.length) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.map((each) => indent + each).join("\n");
}

/** Rows in columns as wide as their widest cell; the last one takes what is left. */
export function table(rows: readonly (readonly string[])[], width: number): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, n) => Math.max(...rows.map((row) => (row[n] ?? "").length)));
  const left = widths.slice(0, -1).reduce((sum, w) => sum + w + 2, 0);
  return rows
    .map((row) =>
      row
        .map((cell, n) =>
          n < columns - 1 ? cell.padEnd((widths[n] ?? 0) + 2) : cell.slice(0, Math.max(20, width - left)),
        )
        .join(""),
    )
    .map((line) => line.trimEnd())
    .join("\n");
}
