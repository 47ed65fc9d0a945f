import { serveHome } from "../../serve-home.ts";
import type { Dice } from "../dice.ts";
import { checksOf } from "../fuzzed-home.ts";
import { oddText } from "../mutate.ts";
import { mutatedJson } from "../mutate-json.ts";
import { Finding, type Target } from "../target.ts";

const claimed = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "owner", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": { elicitation: { url: {} } },
};
const capture = { name: "memory_capture", arguments: { text: "The train leaves at nine" } };
const frames = [
  {
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } },
  },
  { method: "tools/list" },
  { method: "tools/list", params: { _meta: claimed } },
  { method: "tools/call", params: capture },
  { method: "tools/call", params: { ...capture, _meta: claimed, inputResponses: { approval: { action: "decline" } } } },
  { method: "tools/call", params: { name: "memory_search", arguments: { q: "x" }, _meta: { progressToken: 1 } } },
  { method: "tools/call", params: { name: "approval_approve", arguments: { id: "x", hash: "x" } } },
  {
    method: "tools/call",
    params: { name: "grant_give", arguments: { principal: "client:claude", skill: "memory.capture" } },
  },
  { method: "notifications/cancelled", params: { requestId: 1 } },
  { method: "server/discover", params: { _meta: claimed } },
  { method: "subscriptions/listen", params: { _meta: claimed, notifications: { toolsListChanged: true } } },
].map((frame, id) => JSON.stringify({ jsonrpc: "2.0", id, ...frame }));

/** Requests of MCP by a program that may read and ask: each is answered, and nothing is written that nobody approved. */
export async function open(): Promise<Target> {
  const checks = checksOf();
  const served = await serveHome(checks.options);
  const { home } = served;
  const { token, principal } = await home.own("client.add", { name: "claude", may: ["memory.capture"] });
  await home.own("trust.set", { principal, level: "suggest" });
  for (const skill of ["tool.list", "memory.search"]) await home.own("grant.give", { principal, skill });
  const { grants } = await home.own("grant.list", {});
  const headers = (dice: Dice) => ({
    ...(dice.chance(0.5) && { "mcp-protocol-version": dice.pick(["2025-11-25", "2026-07-28", "1999-01-01", "x"]) }),
    ...(dice.chance(0.4) && { "mcp-method": dice.pick(["tools/call", "tools/list", "x"]) }),
    ...(dice.chance(0.2) && { "mcp-session-id": oddText(dice).replaceAll(/[^\x20-\x7e]/g, "") }),
    ...(dice.chance(0.2) && { "last-event-id": "1" }),
  });
  return {
    renewAfter: 400,
    make: (dice) =>
      Buffer.from(JSON.stringify([headers(dice), dice.chance(0.8) ? mutatedJson(dice, frames) : dice.pick(frames)])),
    async feed(input) {
      const [more, body] = read(input);
      await checks.settled(home);
      const accept = "application/json, text/event-stream";
      const answer = await served.post("/mcp", undefined, {}).catch(() => undefined);
      if (answer && answer.status < 400) throw new Finding("The owner's token was answered over MCP.");
      const sent = await served.fetch("/mcp", {
        method: "POST",
        body,
        headers: { ...more, accept, authorization: `Bearer ${token}`, "content-type": "application/json" },
        signal: AbortSignal.timeout(20_000),
      });
      const text = await sent.text();
      if (sent.status >= 500 && !text.includes("jsonrpc")) throw new Finding(`${sent.status}: ${text.slice(0, 300)}`);
      const { memories } = await home.own("memory.list", {});
      if (memories.length > 0) throw new Finding("Something was remembered that nobody approved.");
      const now = await home.own("grant.list", {});
      if (now.grants.length !== grants.length) throw new Finding("A program gave itself a grant.");
      await checks.check(home);
    },
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

/** What was made here; of anything else, the bytes as a body. */
function read(input: Buffer): [Record<string, string>, string] {
  try {
    const [headers, body] = JSON.parse(input.toString("utf8")) as [Record<string, string>, string];
    return [headers, String(body)];
  } catch {
    return [{}, input.toString("utf8")];
  }
}
