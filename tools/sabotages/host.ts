// Sockets, HTTP, devices, the files of a home and extensions.
import { core, host, type Sabotage, system } from "./sabotage.ts";

const doctorTest = {
  file: "tests/fault/doctor.test.ts",
  name: "doctor names everything that is wrong in a home, each with a command that there is, and nothing where all is right",
};

export const hostSabotages: readonly Sabotage[] = [
  {
    name: "a skill whose hosts are judged reaches any",
    file: host("wiring/permitted.ts"),
    find: "judged?.scope.hosts?.includes(host.toLowerCase()) === true",
    replace: "true",
    test: system("http-stream", "a stream is held to the hosts of the contract"),
  },
  {
    name: "a stream asks any host",
    file: host("wiring/permitted.ts"),
    find: `      check(request);
      return http.stream(request);`,
    replace: "      return http.stream(request);",
    test: system("http-stream", "a stream is held to the hosts of the contract"),
  },
  {
    name: "what another process writes into the index is not looked for while the home is open",
    file: host("home/projection.ts"),
    find: "if (seal.isForeign() && !seal.isSound()) {",
    replace: "if (seal.isForeign() && seal.isSound()) {",
    test: system(
      "rights-in-index",
      "S7 a grant, a level of trust and a device that stand in the index alone let nobody do anything",
    ),
  },
  {
    name: "a program stops everyone by its token",
    file: host("serve/http/command-route.ts"),
    find: `skill === "kernel.stop" && isOwner(c.var.principal)`,
    replace: `skill === "kernel.stop"`,
    test: system(
      "device-roles",
      "P11 a program with a token of its own is a principal of its own: it observes, and its words are not the owner's",
    ),
  },
  {
    name: "who joined a run ends it for who began it",
    file: host("serve/socket/answer.ts"),
    find: "else if (run.isNew) cleanup.use(",
    replace: "else cleanup.use(",
    test: system("runs", "a connection that closes ends what it began, but not what it joined or detached"),
  },
  {
    name: "S2 what a revoked device has under way goes on",
    file: core("devices/device.ts"),
    find: "endRunsOf(runs, principal, context.commandId);",
    replace: "",
    test: system(
      "devices",
      "S2 revoking a device ends what it has under way, and names what it changed and what waits",
    ),
  },
  {
    name: "S2 the next program of a revoked one's name has its grants",
    file: core("devices/client.ts"),
    find: "revokeGrants(context, { principal });",
    replace: "",
    test: system("devices", "S2 who gets a revoked program's name gets none of its grants, plans and trust"),
  },
  {
    name: "S2 half-open connections do not give way",
    file: host("serve/http/connections.ts"),
    find: "this.#oldestUnknown()?.destroy();",
    replace: "socket.destroy();",
    test: system(
      "http-connections",
      "S2 connections that send half a request line keep nobody from the port, however many they are",
    ),
  },
  {
    name: "S2 one token keeps all connections",
    file: host("serve/http/connections.ts"),
    find: "theirs < this.#max / 2",
    replace: "theirs < this.#max",
    test: system("http-connections", "S2 one token keeps no more than half of the connections"),
  },
  {
    name: "S2 any proof opens the home's socket",
    file: host("serve/socket/door.ts"),
    find: 'if (!given || !isSameProof(given.proof, proofOf("client", handshake)))',
    replace: "if (!given)",
    test: system("socket-proof", "S2 a proof that was overheard is worth nothing on another connection"),
  },
  {
    name: "S2 any process that listens is believed to hold the home",
    file: host("connect/prove.ts"),
    find: 'if (!isSameProof(welcome.proof, proofOf("server", handshake))) throw impostor(name);',
    replace: "",
    test: system("socket-proof", "S2 a client tells an impostor nothing but a nonce, and says what is wrong"),
  },
  {
    name: "S2 a proof that was passed on from another socket holds",
    file: host("connect/socket-proof.ts"),
    find: '["mh.socket.v1", side, socket, client, server]',
    replace: '["mh.socket.v1", side, client, server]',
    test: system("socket-proof", "S2 another home's socket in the place of this one is no door into either"),
  },
  {
    name: "S2 over the home's socket HTTP wants no token",
    file: host("serve/http/app.ts"),
    find: 'callerOf(c.req.header("authorization"), tokens);',
    replace: 'c.env.note.isLocal ? "owner" : callerOf(c.req.header("authorization"), tokens);',
    test: system(
      "http",
      "S2 the home's socket speaks JSON lines and HTTP, the latter with a token and for nobody but programs",
    ),
  },
  {
    name: "S3 other homes are not closed",
    file: host("home/closed-places.ts"),
    find: 'const toSkills = () => withReal([root, code, "/dev", ...inner, ...others()]);',
    replace: 'const toSkills = () => withReal([root, code, "/dev", ...inner]);',
    test: system(
      "homes",
      "S3 every home that mh knows is closed to every other, whatever it is called, and from the moment it is made",
    ),
  },
  {
    name: "S3 a copy of a home is opened like a home",
    file: host("home/known-homes.ts"),
    find: "if (original !== undefined) throw",
    replace: "if (original === root) throw",
    test: system(
      "homes",
      "S3 a copy of a home is named with the next step, and the original goes on as if there were none",
    ),
  },
  {
    name: "S14 the networks of this machine's interfaces are not looked at",
    file: host("adapters/public-address.ts"),
    find: "isOpenRange(address) && !isConnected(address, interfaces)",
    replace: "isOpenRange(address)",
    test: {
      file: host("adapters/public-address.test.ts"),
      name: "S14 21.10.3.1 leads to this machine or its network, and is no address of the open Internet",
    },
  },
  {
    name: "S14 what NAT64 translates is not looked at",
    file: host("adapters/public-address.ts"),
    find: "address.match(nat64) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address",
    replace: "address",
    test: {
      file: host("adapters/public-address.test.ts"),
      name: "P17 64:ff9b::8.8.8.8 is an address of the open Internet",
    },
  },
  {
    name: "doctor takes what was changed for what was allowed",
    file: host("home/check-adopted.ts"),
    find: "!isShipped && allowed.get(name) !== hash",
    replace: "!isShipped && !allowed.has(name) && hash",
    test: doctorTest,
  },
  {
    name: "doctor looks at no folder of a socket",
    file: host("home/check-doors.ts"),
    find: "if (!isOpenToOthers(folder)) return [];",
    replace: "if (folder) return [];",
    test: doctorTest,
  },
  {
    name: "a connection that sends no requests is read for ever",
    file: host("serve/socket/serve.ts"),
    find: "if (invalids > invalidMax) socket.destroySoon();",
    replace: "",
    test: system(
      "socket",
      "S5 a client that sends line after line that is no request is disconnected, before the process did a million things",
    ),
  },
  {
    name: "a message that is nested without end reaches the library that speaks with an MCP server",
    file: host("extensions/mcp-stdio.ts"),
    find: "if (isNestedTooDeep(message, nestingMax)) return",
    replace: "if (false) return",
    test: {
      file: host("extensions/mcp-stdio.test.ts"),
      name: "a server that sends what is nested too deep is ended, and nothing is thrown where nobody catches it",
    },
  },
  {
    name: "a pipe in a file's place is read",
    file: host("adapters/node-files.ts"),
    find: "if (!stat.isFile() && !stat.isDirectory())",
    replace: "if (stat.isBlockDevice())",
    test: {
      file: host("adapters/node-files.test.ts"),
      name: "S17 a pipe or a device in a file's place is refused at once, and a link to a file is read",
    },
  },
];
