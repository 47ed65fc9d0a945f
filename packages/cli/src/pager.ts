import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

type Environment = Record<string, string | undefined>;

/** Gathers what is printed: what fits on the screen is written plainly, more is shown a page at a time. */
export interface Pager {
  readonly isOpen: boolean;
  write(text: string): void;
  /** Once the reader has read enough. */
  end(): Promise<void>;
}

/** `onQuit` is told when the reader leaves before the end. */
export function makePager(options: {
  command: string;
  rows: number;
  columns: number;
  environment: Environment;
  writePlain: (text: string) => void;
  onQuit: () => void;
}): Pager {
  const { command, rows, columns, environment, writePlain, onQuit } = options;
  let text = "";
  let height = 0;
  let child: ChildProcess | undefined;
  let closed: Promise<number | null> | undefined;
  let hasEnded = false;

  const open = () => {
    const { spawn } = process.getBuiltinModule("node:child_process");
    const env = { ...environment, LESS: environment.LESS ?? "FRX" };
    child = spawn(command, { shell: true, stdio: ["pipe", "inherit", "inherit"], env });
    // Quitting closes the pipe; that is no error.
    child.stdin?.on("error", () => undefined);
    closed = new Promise((resolve) => child?.once("close", resolve));
    child.once("close", () => !hasEnded && onQuit());
    child.stdin?.write(text);
  };
  return {
    get isOpen() {
      return child !== undefined;
    },
    write(more) {
      text += more;
      if (child) return void child.stdin?.write(more);
      for (const line of more.split("\n").slice(0, -1)) height += Math.max(1, Math.ceil(bare(line).length / columns));
      if (height >= rows) open();
    },
    async end() {
      hasEnded = true;
      child?.stdin?.end();
      const code = await closed;
      const hasRun = child !== undefined && code !== 126 && code !== 127;
      if (!hasRun) writePlain(text);
    },
  };
}

/** $MH_PAGER, else $PAGER, else `less` where there is one. Undefined where it is set to nothing, or to `cat`. */
export function pagerCommand(environment: Environment): string | undefined {
  const chosen = environment.MH_PAGER ?? environment.PAGER ?? (hasLess(environment) ? "less -FRX" : "");
  return chosen === "" || chosen === "cat" ? undefined : chosen;
}

const hasLess = ({ PATH = "" }: Environment): boolean =>
  PATH.split(path.delimiter).some((folder) => fs.existsSync(path.join(folder, "less")));

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with an escape
const bare = (line: string): string => line.replaceAll(/\u001b\[[\d;]*m/g, "");
