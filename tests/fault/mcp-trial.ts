// What the tests of MCP servers over standard input share: a sandbox, the trial server, and how a home is given it.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { McpView, ToolView } from "@mh/contract/mcp.ts";
import { owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { findSandbox } from "@mh/host/sandbox/executor.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import type { TestHost } from "@mh/testing";
import { build } from "esbuild";
import { afterAll, test } from "vitest";

const sandbox = await findSandbox();
if (sandbox.kind === "none" && process.env.CI === "true") throw new Error(`No sandbox in CI: ${sandbox.reason}`);
if (sandbox.kind === "none") process.emitWarning(`Skipped: there is no sandbox here: ${sandbox.reason}.`);
export const sandboxed: ReturnType<typeof test.skipIf> = test.skipIf(sandbox.kind === "none");

/** Of the test file that imports this, with the trial server (`mcp-child.ts`) as one file in it. */
export const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-mcp-"));
export const child = path.join(folder, "server.mjs");
await build({
  entryPoints: [path.join(import.meta.dirname, "mcp-child.ts")],
  ...{ outfile: child, bundle: true, platform: "node", format: "esm", target: "node24", logLevel: "error" },
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

export const failure = (outcome: Outcome): string =>
  outcome.status === "failed" ? `${outcome.fault.code} ${outcome.fault.message}` : outcome.status;

export const local = (how = "honest", more: { args?: string[]; [key: string]: unknown } = {}) => {
  const { args = [], ...others } = more;
  return { command: "node", args: [child, how, ...args], ...others };
};

export const configure = (home: TestHost, mcpServers: object) =>
  home.own("config.write", {
    text: JSON.stringify({ owner: "Ada", secrets: { store: "keyfile" }, mcpServers }, null, 2),
  });
export const look = (home: TestHost, server = "trial") => home.own("mcp.look", { server });
export const tryLook = async (home: TestHost, server = "trial") =>
  failure(await home.act(owner, "mcp.look", { server }));

export async function allow(home: TestHost, more: object = {}, server = "trial"): Promise<string[]> {
  const { stage, hash } = await look(home, server);
  return (await home.own("mcp.allow", { stage, hash, ...more })).skills;
}

export const call = async (home: TestHost, tool: string, args: object = {}) => {
  const outcome = await home.act(owner, `mcp-trial.${tool}`, args);
  return outcome.status === "done" ? (outcome.value as { text: string }).text : failure(outcome);
};
export const toolNamed = (view: McpView, name: string) => view.tools.find(({ tool }) => tool === name) as ToolView;

export const keep = async (home: TestHost, name: string, value: string) => {
  await home.own("config.set", { name: "secrets.store", value: "keyfile" });
  const offer = offerSecret(home.root, home.environment, value);
  await home.own("secret.set", { name, offer: offer.id });
};

export const reads = { effect: "read", risk: "low", control: [] };

/** As the system has it; empty where the process has gone. */
export function commandLine(pid: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
