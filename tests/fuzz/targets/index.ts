import type { Target } from "../target.ts";

const targets: Record<string, () => Promise<{ open: () => Promise<Target> }>> = {
  "socket-frames": () => import("./socket-frames.ts"),
  "http-bodies": () => import("./http-bodies.ts"),
  "worker-frames": () => import("./worker-frames.ts"),
  "mcp-frames": () => import("./mcp-frames.ts"),
  "mcp-requests": () => import("./mcp-requests.ts"),
  "policy-files": () => import("./policy-files.ts"),
  "plain-words": () => import("./plain-words.ts"),
  "memory-lines": () => import("./memory-lines.ts"),
  "journal-lines": () => import("./journal-lines.ts"),
  archives: () => import("./archives.ts"),
  imports: () => import("./imports.ts"),
  simulation: () => import("./simulation.ts"),
  strace: () => import("./strace.ts"),
  "full-disk": () => import("./full-disk.ts"),
};

/** Without the one that tries the harness itself. */
export const targetNames = Object.keys(targets);

export async function openTarget(name: string): Promise<Target> {
  const target = await (name === "broken" ? import("./broken.ts") : targets[name]?.());
  if (!target) throw new Error(`There is no target ${name}.`);
  return target.open();
}
