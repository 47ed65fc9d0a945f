// Sockets, HTTP, devices, the files of a home and extensions.
import { core, host, type Sabotage, system } from "./sabotage.ts";

const doctorTest = {
  file: "tests/fault/doctor.test.ts",
  name: "doctor names everything that is wrong in a home, each with a command that there is, and nothing where all is right",
};

const captureLoads =
  "a capture that opens the home itself loads the libraries that it needs, and no other feature's work";

const watchTest = (name: string) => ({ file: host("daemon/watch-tree.test.ts"), name });

const upgradeTest = (name: string) => ({ file: "tests/fault/upgrade.test.ts", name });

export const hostSabotages: readonly Sabotage[] = [
  {
    name: "a swap that a crash cut off is not carried on",
    file: host("home/upgrade/upgrade.ts"),
    find: "  finishSwap(root);\n  const home = readHome",
    replace: "  const home = readHome",
    test: upgradeTest(
      "K14 killed at any step of an upgrade, the home is the former one or the upgraded one, and opens",
    ),
  },
  {
    name: "going back keeps the witness of the longer log",
    file: host("home/upgrade/upgrade.ts"),
    find: "if (note) writeWitness(",
    replace: "if (!note) writeWitness(",
    test: upgradeTest("K14 an upgrade is shown before, kept to go back to, and taken back"),
  },
  {
    name: "a backup writes where its paths lead",
    file: host("backup/restore.ts"),
    find: "if (isInside && type",
    replace: "if (type",
    test: {
      file: "tests/fault/backup.test.ts",
      name: "H21 an archive with a path that leads elsewhere, an unlocked key or another home writes nothing",
    },
  },
  {
    name: "what works on a home's files itself does not see that an upgrade was cut off",
    file: host("home/hold-home.ts"),
    find: "    finishSwap(root);\n    // What was copied",
    replace: "    // What was copied",
    test: upgradeTest(
      "K14 an upgrade that was killed half in place loses nothing to a backup, to encrypting and to locking",
    ),
  },
  {
    name: "what an upgrade that was killed had copied stays in the clear in an encrypted home",
    file: host("home/hold-home.ts"),
    find: "fs.rmSync(path.join(root, stageFolder)",
    replace: 'fs.rmSync(path.join(root, "run/none")',
    test: upgradeTest("K14 what an upgrade that was killed had copied is gone where the home is encrypted then"),
  },
  {
    name: "a preview of a backup lays out memories and keys",
    file: host("backup/restore.ts"),
    find: "if (isWanted(header.name)) await",
    replace: "if (isWanted(header.name) || facts) await",
    test: system("backup", "H21 a preview lays out no memory and no key, and leaves nothing"),
  },
  {
    name: "a backup is made of a log that does not add up",
    file: host("backup/create.ts"),
    find: "if (damage !== undefined)",
    replace: 'if (damage === "unreadable")',
    test: system("backup", "H21 of a home whose log does not add up no backup is made: nothing would restore it"),
  },
  {
    name: "a backup brings an unlocked key",
    file: host("backup/restore.ts"),
    find: " && !isUnlocked) return",
    replace: ") return",
    test: {
      file: "tests/fault/backup.test.ts",
      name: "H21 an archive with a path that leads elsewhere, an unlocked key or another home writes nothing",
    },
  },
  {
    name: "a backup adds to a folder of other keys",
    file: host("backup/restore.ts"),
    find: "if (other !== undefined || isOtherEnvelope)",
    replace: "if (isOtherEnvelope)",
    test: system(
      "backup",
      "H21 a backup brings no key to a home that has others, nor an envelope to one that is in the clear",
    ),
  },
  {
    name: "a backup that was made after a crash cannot be restored",
    file: host("backup/follow-log.ts"),
    find: '["ok", "repaired", "torn"]',
    replace: '["ok", "repaired"]',
    test: system("backup", "H21 a backup of a home whose last record a crash cut off is restored"),
  },
  {
    name: "bubblewrap is ended before there is a process inside",
    file: host("sandbox/end-tree.ts"),
    find: ".find((each) => pidNamespaces(each) > depth)",
    replace: "[0]",
    test: {
      file: host("sandbox/end-tree.test.ts"),
      name: "S16 bubblewrap is not ended before there is a process inside: one that it has beside that is none",
    },
  },
  {
    name: "a record of a home in the clear is hidden by covering it",
    file: core("journal/walk.ts"),
    find: "return mayCover ? record :",
    replace: "return mayCover !== false ? record :",
    test: system(
      "encryption-log",
      "H21 in the log of a home in the clear nobody covers a record: the home does not open",
    ),
  },
  {
    name: "without the key a covered record may be another one",
    file: core("journal/verify.ts"),
    find: "if (coveredAt) return",
    replace: "if (coveredAt && coveredAt.seq < 0) return",
    test: system(
      "encryption-log",
      "H21 a covered day of the log that somebody changed is named, with the key and without",
    ),
  },
  {
    name: "the index of an encrypted home lies in the clear",
    file: host("adapters/sqlite.ts"),
    find: "if (!key) return;",
    replace: "if (!key || key.length > 0) return;",
    test: system(
      "encryption",
      "H21 of an encrypted home no file holds a planted word, open or closed, its log and its index neither",
    ),
  },
  {
    name: "records of an encrypted home are written as they are",
    file: core("journal/sealed-record.ts"),
    find: 'if (!sealer || entry.phase === "checkpoint") return entry;',
    replace: 'if (!sealer || entry.phase !== "approve") return entry;',
    test: system(
      "encryption-log",
      "H21 the log of a locked home is verified without its key, and a changed record is named",
    ),
  },
  {
    name: "a daemon keeps the room that it made once",
    file: host("home/load-lean.ts"),
    find: 'growth-factor=1")',
    replace: 'growth-factor=2")',
    test: { file: host("home/load-lean.test.ts"), name: "a daemon keeps no room for what it made in passing" },
  },
  {
    name: "each file of a home is watched by itself",
    file: host("daemon/watch-tree.ts"),
    find: 'process.platform === "linux"',
    replace: "Number.isNaN(folder.length)",
    test: watchTest("a folder of many files takes one watch, and not one for each file"),
  },
  {
    name: "a folder that is made later is not watched",
    file: host("daemon/watch-tree.ts"),
    find: 'if (event === "rename" && name !== null) this.#lookAt(at);',
    replace: "",
    test: watchTest(
      "what is written, comes and goes is noticed, also in a folder that is made later or stands in another's place",
    ),
  },
  {
    name: "made up taps keep the owner's waiting",
    file: host("serve/http/press-route.ts"),
    find: "if (!host.isButton(device, press)) wrong.refuseWaiting(c);",
    replace: "wrong.refuseWaiting(c);",
    test: system("sign-in-attacked", "H25 made up taps keep no tap of the owner's waiting"),
  },
  {
    name: "what a passkey signed in outlives it",
    file: host("serve/http/authenticate.ts"),
    find: "if (!holder || (device && !isOfPasskey(device, holder.passkey))) return undefined;",
    replace: "if (!holder) return undefined;",
    test: system(
      "sign-in-attacked",
      "H25 what a passkey signed in goes with that passkey, and comes back with no other",
    ),
  },
  {
    name: "start-up: every command loads the registry's client",
    file: core("extensions/registry/registry-skills.ts"),
    find: "import type { Registry, RegistryDeps }",
    replace: "import { type Registry, type RegistryDeps }",
    test: system("start-up", captureLoads),
  },
  {
    name: "start-up: every command loads what answers in a chat",
    file: core("chat/say.ts"),
    find: "import type { AnswerDeps }",
    replace: "import { type AnswerDeps }",
    test: system("start-up", captureLoads),
  },
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
    file: host("adapters/plain-file.ts"),
    find: "if (stat.isFile()) return;",
    replace: "if (!stat.isBlockDevice()) return;",
    test: {
      file: host("adapters/node-files.test.ts"),
      name: "S17 a pipe or a device in a file's place is refused at once, and a link to a file is read",
    },
  },
  {
    name: "what a killed process left is synced without the folders that lead to it",
    file: host("adapters/node-files.ts"),
    find: "if (folder === root) return;",
    replace: "return;",
    test: {
      file: "tests/system/outlast.test.ts",
      name: "R-9 what a killed process wrote outlasts a power cut with its name and its folders, once it is asked for",
    },
  },
  {
    name: "a fault of ours has the index made anew each time",
    file: host("adapters/made-anew.ts"),
    find: "throw mayBeOurs(error) && why.includes((error as Error).message) ?",
    replace: "throw false ?",
    test: system(
      "index-own-fault",
      "R-13 a fault of ours (a column that there is not) costs the index once, and is then told as ours",
    ),
  },
];
