import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { agentManifestSchema } from "@mh/core/agents/scheduler/agent-manifest.ts";
import { expect, test } from "vitest";
import { shippedAgents } from "./shipped-agents.ts";

test("what is written down of the agents that come with mh is what lies there: `npm run shipped-agents` after a change", async () => {
  const folder = path.resolve(import.meta.dirname, "../../../../brain/agents");
  // Of the owner's own, which may lie there as well, git knows nothing. Where there is no git, each that is named is there.
  const { status, stdout } = spawnSync("git", ["ls-files", "*.ts"], { cwd: folder, encoding: "utf8" });
  const names = stdout.split("\n").map((file) => path.basename(file, ".ts"));
  const known = status === 0 && stdout !== "" ? names.filter(Boolean) : Object.keys(shippedAgents);
  const knownOf = async (name: string) => {
    const file = path.join(folder, `${name}.ts`);
    const { run: _run, ...declared } = (await import(file)).agent;
    const hash = createHash("sha256").update(fs.readFileSync(file)).digest("hex");
    return [name, { hash, manifest: agentManifestSchema().parse(declared) }] as const;
  };
  expect(shippedAgents).toEqual(Object.fromEntries(await Promise.all(known.map(knownOf))));
});
