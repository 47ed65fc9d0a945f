import { readRecords } from "@mh/core/journal/walk.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import { httpOf } from "@mh/testing/http-of.ts";
import { Finding } from "./target.ts";

/** Those that end everything else, look at the whole home, or reach far beyond it. */
const leftOut =
  /^(kernel\.stop|home\.check|audit\.verify|shell\.run|agent\.(run|allow|renew)|mcp\.|skill\.(fetch|add)|secret\.(move|unlock)|snapshot\.|import\.run|policy\.matrix)/;

/** What a home that is fuzzed is opened with, and what is asked of it after each input. */
export function checksOf() {
  let seen = 0;
  const http = httpOf(() => ({ status: 404, headers: {}, body: new Uint8Array() }));
  return {
    /** No network, and no way out but an outbox. */
    options: { http } satisfies HostOptions,
    /** Commands as contracts show them, as JSON: of every skill that can be tried a thousand times. */
    commandsOf: (home: TestHost): string[] =>
      home.host.registry
        .all()
        .filter(({ contract }) => !leftOut.test(contract.name))
        .flatMap(({ contract: { name, examples } }) =>
          examples.map(({ args }) => JSON.stringify({ skill: name, args })),
        ),
    /** Waits for what earlier inputs began, and left. */
    async settled(home: TestHost): Promise<void> {
      for (let runs = home.host.runs(); runs.length > 0; runs = home.host.runs())
        await Promise.allSettled(runs.map(({ outcome }) => outcome));
      // Behind what they still write.
      await home.act("owner", "memory.stats");
    },
    /** Throws where the home does not answer any more, or something happened that no record tells of. */
    async check(home: TestHost): Promise<void> {
      const { status } = await home.act("owner", "memory.stats");
      if (status !== "done") throw new Finding(`The home answers a usual question with ${status}.`);
      const done = home.outbox().length;
      if (done === seen) return;
      seen = done;
      const records = [...readRecords(journalReader(home.root))].filter(
        ({ record: { phase, skill } }) => phase === "intent" && skill?.startsWith("outbox.append"),
      );
      if (done > records.length)
        throw new Finding(`${done} lines in the outbox, and ${records.length} records of them.`);
    },
  };
}

export interface FuzzedHome extends AsyncDisposable {
  home: TestHost;
  commands: string[];
  check(): Promise<void>;
  settled(): Promise<void>;
}

/** A real home with what is asked of it. */
export async function fuzzedHome(options: HostOptions = {}): Promise<FuzzedHome> {
  const checks = checksOf();
  const home = await makeHost({ ...checks.options, ...options });
  return {
    home,
    commands: checks.commandsOf(home),
    check: () => checks.check(home),
    settled: () => checks.settled(home),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}
