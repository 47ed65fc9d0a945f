// Programs that use mh over MCP: who they are, what they may, and that nothing is done twice.
import { core, host, type Sabotage, system } from "./sabotage.ts";

const waits = "a call of 2025-11-25 that waits says where, and the same call is the same command once it is approved";

export const mcpSabotages: readonly Sabotage[] = [
  {
    name: "an approval of a program's first use is for all uses",
    file: core("approvals/shown.ts"),
    find: 'layer === "capability" && kindOf(principal) !== "client";',
    replace: 'layer === "capability";',
    test: system(
      "mcp-clients",
      "what a program may ask for waits for the owner each time, and an approval is for that one command",
    ),
  },
  {
    name: "a program's repeated call is another command, and is done twice",
    file: host("serve/mcp/http-door.ts"),
    find: "host.askedBefore(begun) ?? host.newId()",
    replace: "host.newId()",
    test: system("mcp-server", waits),
  },
  {
    name: "the owner's token speaks MCP",
    file: host("serve/http/mcp-route.ts"),
    find: 'if (kindOf(principal) !== "client") {',
    replace: 'if (principal === "") {',
    test: system(
      "mcp-server",
      "the owner's token speaks no MCP, nor a device's: a model that held it would be the owner",
    ),
  },
  {
    name: "a program that is started over stdio acts as the owner",
    file: host("serve/mcp/socket-door.ts"),
    find: "as: principal, task",
    replace: "task",
    test: system(
      "mcp-stdio",
      "a client that is connected has what it is granted then, and no more once that is taken back",
    ),
  },
  {
    name: "a program sees the approval requests of others",
    file: core("approvals/approvals.ts"),
    find: "WHERE principal = ? AND id = coalesce(?, id)",
    replace: "WHERE ? IS NOT NULL AND id = coalesce(?, id)",
    test: system("mcp-clients", "a program sees what became of its own requests, and of nobody else's"),
  },
  {
    name: "a program is offered tools that it may not use",
    file: core("tools/tool-list.ts"),
    find: "&& !isRefused(principal, name)",
    replace: "",
    test: system(
      "mcp-clients",
      "K1 tools are those that a program may use, as the contracts say them: nothing of what is stored, and none of the owner's",
    ),
  },
  {
    name: "a program may ask for what is the owner's alone",
    file: core("devices/client.ts"),
    find: 'if (registry.get(skill).contract.effects.every((effect) => effect === "admin"))',
    replace: "if (skill === registry.get(skill).contract.version)",
    test: system("mcp-clients", "nobody is given more to ask for than there is, nor what is the owner's alone"),
  },
  {
    name: "what the owner denied still waits for a program",
    file: core("kernel/park.ts"),
    find: 'if (asked.status !== "refused" && !isLapsed) return waiting(id, asked);',
    replace: "if (!isLapsed) return waiting(id, asked);",
    test: system("mcp-server", "the owner's denial ends it, and asking again does not ask the owner again"),
  },
  {
    name: "a program that cancels over HTTP in the older revision is not heard",
    file: host("serve/mcp/calls-under-way.ts"),
    find: "if (another === undefined) call?.abort();",
    replace: "if (another !== undefined) call?.abort();",
    test: system("mcp-server", "progress and cancelling in 2025-11-25 are those of the run"),
  },
  {
    name: "a program that floods has no bound of calls at a time",
    file: host("serve/mcp/mcp-server.ts"),
    find: "if (bound.count >= callsMax)",
    replace: "if (bound.count < 0)",
    test: system("mcp-stdio", "of a flood of calls no more than a few are under way at a time"),
  },
  {
    name: "a client has as many calls under way over HTTP as it opens connections",
    file: host("serve/mcp/http-handler.ts"),
    find: "mcpServer(door, { bound: boundOf(door.principal) })",
    replace: "mcpServer(door, { bound: { ...boundOf(door.principal) } })",
    test: system(
      "mcp-server",
      "of a client's calls no more than a few are under way at a time, however many connections it opens",
    ),
  },
];
