import { spawn } from "node:child_process";

export interface Kill {
  /** The child's file and its arguments. */
  program: readonly string[];
  environment?: Record<string, string>;
  /** How many lines it prints before it is killed, and how much longer it then lives. */
  lines: number;
  laterMs: number;
}

/** Runs a child until it is killed with -9, and gives the whole lines that it printed. One that ends by itself is an error. */
export function killChild({ program, environment = {}, lines, laterMs }: Kill): Promise<string[]> {
  const child = spawn(process.execPath, program, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  let [printed, complaint, count] = ["", "", 0];
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk;
  });
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    printed += chunk;
    const before = count;
    count += chunk.split("\n").length - 1;
    if (before < lines && count >= lines) setTimeout(() => child.kill("SIGKILL"), laterMs);
  });
  return new Promise((resolve, reject) => {
    child.on("close", (_code, signal) => {
      if (signal === "SIGKILL") resolve(printed.split("\n").slice(0, -1));
      else reject(new Error(`The child ended by itself: ${complaint}`));
    });
  });
}
