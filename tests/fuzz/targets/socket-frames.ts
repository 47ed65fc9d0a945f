import { createHash, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import { proofOf } from "@mh/host/connect/socket-proof.ts";
import { socketPath } from "@mh/host/places.ts";
import { serve } from "@mh/host/serve/socket/serve.ts";
import { provenSocket } from "../../support/raw-socket.ts";
import { type Dice, diceFrom } from "../dice.ts";
import { fuzzedHome } from "../fuzzed-home.ts";
import { mutatedBytes } from "../mutate.ts";
import { mutatedJson } from "../mutate-json.ts";
import { checkFault, Finding, type Target } from "../target.ts";

const probe = 987_654_321;

/** The home's socket, by clients that proved to be its owner and by others. The first letter of an input says which. */
export async function open(): Promise<Target> {
  const fuzzed = await fuzzedHome();
  const { home, commands } = fuzzed;
  const serving = await serve(home.host);
  const name = socketPath(home.root);
  const frames = framesFrom(commands);
  const strangers = [
    JSON.stringify({ n: 1, do: "hello", nonce: hex() }),
    JSON.stringify({
      n: 2,
      do: "prove",
      proof: proofOf("client", { key: randomBytes(32), socket: "1:1", client: hex(), server: hex() }),
    }),
    ...frames.slice(0, 20),
  ];
  const someOf = (dice: Dice, from: readonly string[]) => {
    const lines = Array.from({ length: 1 + dice.below(4) }, () =>
      dice.chance(0.8) ? mutatedJson(dice, from) : dice.pick(from),
    );
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
    return dice.chance(0.25)
      ? mutatedBytes(
          dice,
          bytes,
          from.map((each) => Buffer.from(each)),
        )
      : bytes;
  };
  return {
    renewAfter: 1_500,
    make(dice) {
      const isOwner = dice.chance(0.75);
      return Buffer.concat([Buffer.from(isOwner ? "P" : "A"), someOf(dice, isOwner ? frames : strangers)]);
    },
    async feed(input) {
      if (fs.existsSync(home.file("run/STOP"))) await home.own("kernel.resume", {});
      const bytes = input.subarray(1);
      if (input[0] === 0x50) await asOwner(bytes);
      else await asStranger(bytes);
      await fuzzed.check();
    },
    async [Symbol.asyncDispose]() {
      await serving[Symbol.asyncDispose]();
      await fuzzed[Symbol.asyncDispose]();
    },
  };

  /** In pieces, cut as the input says; then a question whose answer must come on the same connection. */
  async function asOwner(bytes: Buffer): Promise<void> {
    using raw = await provenSocket(home);
    for (const piece of pieces(bytes)) raw.socket.write(piece);
    let refused = 0;
    let question = `\n${JSON.stringify({ n: probe, do: "act", id: randomUUID(), skill: "memory.stats", args: {} })}\n`;
    for (;;) {
      const reply = await raw.ask(question);
      question = "";
      // A client that sends a hundred lines that are no request is disconnected.
      if (reply === undefined && refused > 100) return;
      if (reply === undefined) throw new Finding(`The connection of the owner was closed after ${refused} refusals.`);
      checkReply(reply);
      if ((reply.fault as { code?: string } | undefined)?.code === "protocol.invalid") refused += 1;
      if (reply.n === probe && "outcome" in reply) return;
    }
  }

  async function asStranger(bytes: Buffer): Promise<void> {
    await fuzzed.settled();
    const records = home.host.committed;
    const socket = net.connect(name);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", () => undefined);
    for (const piece of pieces(bytes)) socket.write(piece);
    socket.end("\n".repeat(600));
    await once(socket, "close");
    for (const line of text.split("\n").filter(Boolean)) {
      const reply = JSON.parse(line) as Record<string, unknown>;
      if ("outcome" in reply || "verdict" in reply || "proven" in reply)
        throw new Finding(`A stranger was answered: ${line.slice(0, 300)}`);
      checkReply(reply);
    }
    if (home.host.committed !== records) throw new Finding("A stranger left a record.");
  }
}

function checkReply(reply: Record<string, unknown>): void {
  checkFault(reply.fault as never);
  const outcome = reply.outcome as { status?: string; fault?: never } | undefined;
  if (outcome?.status === "failed") checkFault(outcome.fault);
}

function framesFrom(commands: readonly string[]): string[] {
  const [key, id] = [randomUUID(), randomUUID()];
  const acts = commands.flatMap((command, n) => {
    const asked = { n, id: randomUUID(), ...JSON.parse(command) };
    return [
      { ...asked, do: "act", progress: true },
      { ...asked, do: "check", as: "agent:x" },
      { ...asked, do: "act", as: "agent:x", task: key, words: "x", detach: true },
    ];
  });
  const others = [
    { n: 1, do: "wait", id, progress: true },
    { n: 2, do: "cancel", id, reason: "Enough" },
    { n: 3, do: "follow", key, events: "**", after: 0, progress: true },
    { n: 4, do: "follow", key: id, events: "memory.*", follower: "me" },
    { n: 5, do: "unfollow", key },
    { n: 6, do: "acknowledge", follower: "me", after: 1 },
  ];
  return [...others, ...others, ...acts].map((each) => JSON.stringify(each));
}

/** Where a stream is cut depends on nothing but its bytes. */
export function pieces(bytes: Buffer): Buffer[] {
  const dice = diceFrom(createHash("sha256").update(bytes).digest().readUInt32LE());
  if (dice.chance(0.5)) return [bytes];
  const cuts = [0, ...Array.from({ length: dice.below(6) }, () => dice.below(bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return cuts.slice(1).map((cut, n) => bytes.subarray(cuts[n], cut));
}

const hex = () => randomBytes(32).toString("hex");
