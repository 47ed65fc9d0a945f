// Writes down which agents come with mh: the hash of each file of brain/agents that git knows. Run it when one changed.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const root = join(import.meta.dirname, "..");
const tracked = execFileSync("git", ["ls-files", "-z", "brain/agents/*.ts"], { cwd: root, encoding: "utf8" });
const lines = tracked
  .split("\0")
  .filter((file) => file !== "" && !file.endsWith(".test.ts"))
  .map((file) => {
    const hash = createHash("sha256")
      .update(readFileSync(join(root, file)))
      .digest("hex");
    return `  "${basename(file, ".ts")}": "${hash}",`;
  });
const text = `// Made by \`npm run shipped-agents\`. An agent whose file changed by one byte is none of these.

/** SHA-256 of the file of each agent that comes with mh. By these they are known, never by where they lie. */
export const shippedAgents: Readonly<Record<string, string>> = {
${lines.join("\n")}
};
`;
writeFileSync(join(root, "packages/host/src/agents/shipped-agents.ts"), text);
