import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { agentFolders } from "../places.ts";
import { sandboxExecutor } from "../sandbox/executor.ts";
import { AgentFiles } from "./agent-files.ts";

test("K15 an agent came with mh by its text, wherever it lies; a byte more, and it did not", () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "mh-agents-"));
  const files = new AgentFiles({ folders: agentFolders(root), crypto: nodeCrypto, executor: sandboxExecutor() });
  const [shipped = ""] = agentFolders(root);
  const text = fs.readFileSync(path.join(shipped, "organizer.ts"), "utf8");
  const changed = [`${text}\n`, text.replace("a", "b"), "", text.slice(0, -1)];
  expect([text, ...changed].map((each) => files.isShipped(each))).toEqual([true, false, false, false, false]);
  fs.rmSync(root, { recursive: true });
});
