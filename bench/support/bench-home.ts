import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createHome } from "@mh/host/home/home-file.ts";
import type { Host } from "@mh/host/home/host.ts";
import { type OpenOptions, openHome } from "@mh/host/home/open-home.ts";

/** A home of the bench's own, open in this process. */
export interface BenchHome extends AsyncDisposable {
  readonly host: Host;
  readonly root: string;
  /** As the owner; anything but `done` throws. */
  own(skill: string, args: unknown): Promise<unknown>;
  /** Writes an agent's file and lets it run. */
  allow(name: string, text: string): Promise<void>;
  close(): Promise<void>;
  /** Closes it, unless it is closed, and opens it again. */
  reopen(): Promise<void>;
}

/** Without a folder it is a temporary one; in a folder it stays, and is the same the next time. */
export async function benchHome(
  kept?: string,
  options: Pick<OpenOptions, "clock" | "skills" | "onRecords"> = {},
): Promise<BenchHome> {
  const folder = kept ?? fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));
  const [root, environment] = [path.join(folder, "home"), { HOME: folder }];
  const files = path.join(folder, "agents");
  fs.mkdirSync(files, { recursive: true });
  if (!fs.existsSync(root)) createHome(root, environment, { owner: "Bench", timeZone: "UTC" });
  const open = async (): Promise<Host> => {
    const opened = await openHome(root, { ...options, environment, agentFolders: [files], isShippedAgent: () => true });
    if (!opened) throw new Error("The bench's own home is held by somebody else.");
    return opened;
  };
  let host = await open();
  let isOpen = true;
  const close = async () => {
    if (isOpen) await host[Symbol.asyncDispose]();
    isOpen = false;
  };
  const own = async (skill: string, args: unknown): Promise<unknown> => {
    const outcome = await host.act({ principal: "owner", skill, args });
    if (outcome.status !== "done") throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
    return outcome.value;
  };
  return {
    get host() {
      return host;
    },
    root,
    own,
    async allow(name, text) {
      fs.writeFileSync(path.join(files, `${name}.ts`), text);
      await own("agent.allow", { name });
    },
    close,
    async reopen() {
      await close();
      host = await open();
      isOpen = true;
    },
    async [Symbol.asyncDispose]() {
      await close();
      if (!kept) fs.rmSync(folder, { recursive: true });
    },
  };
}

/** The text of an agent's file. */
export const agentText = (name: string, trigger: string, may: readonly string[], body: string): string => `
import { defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "${name}", title: "Is measured", triggers: [${trigger}],
  may: ${JSON.stringify(may)}, ensures: ["${may[0]}"],
  async run(agent) { ${body} },
});`;
