import type { Run } from "@mh/core/ports/executor.ts";
import { expect, test } from "vitest";
import { McpConnection } from "./mcp-connection.ts";
import { StdioTransport } from "./mcp-stdio.ts";

const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;

/** A server that says one line when it is asked something first. */
function saying(line: string): { run: Run; killed: string[] } {
  const killed: string[] = [];
  const ended = Promise.withResolvers<unknown>();
  let speak: (chunk: Uint8Array) => void = () => undefined;
  const run = {
    input: { isOpen: true, unreadBytes: 0, write: () => speak(Buffer.from(`${line}\n`)) },
    output: {
      listen: (onChunk: typeof speak) => {
        speak = onChunk;
      },
    },
    errors: { listen: () => undefined },
    end: ended.promise,
    kill(why: string) {
      killed.push(why);
      ended.resolve({ status: "killed", reason: "stopped", message: why });
    },
  };
  return { run: run as unknown as Run, killed };
}

const hostile = [
  `{"jsonrpc":"2.0","id":77,"result":{"x":${deep}}}`,
  `{"jsonrpc":"2.0","id":0,"result":{"x":${deep}}}`,
  `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${deep}}}`,
  `{"jsonrpc":"2.0","method":"notifications/message","params":{"x":${deep}}}`,
];

test("a server that sends what is nested too deep is ended, and nothing is thrown where nobody catches it", async () => {
  for (const line of hostile) {
    const { run, killed } = saying(line);
    await expect(McpConnection.open(new StdioTransport(run, (text) => text))).rejects.toThrow();
    expect(killed[0]).toMatch(/nested too deep/);
  }
});
