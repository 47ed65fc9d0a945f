import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, test, vi } from "vitest";
import { startInBackground } from "./background.ts";

test("R-17 a daemon in the background reads no compiled code, which Node would keep for as long as it lives", async () => {
  using folder = fs.mkdtempDisposableSync(path.join(os.tmpdir(), "mh-background-"));
  const program = path.join(folder.path, "mh.mjs");
  const says = "'compiled: ' + process.env.NODE_COMPILE_CACHE + ', ' + (process.env.PATH !== undefined)";
  fs.writeFileSync(program, `process.send({ fault: { code: "daemon.refused", message: ${says} } });\n`);
  vi.stubEnv("NODE_COMPILE_CACHE", path.join(folder.path, "compiled"));
  try {
    await expect(startInBackground(folder.path, program)).rejects.toThrow("compiled: undefined, true");
  } finally {
    vi.unstubAllEnvs();
  }
});
