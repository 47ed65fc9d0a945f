import { openHome } from "@mh/host/home/open-home.ts";
import { randomFrom } from "@mh/testing/random.ts";

export interface BigHome {
  memories: number;
  /** Lines of the log, at least. */
  records: number;
  tasks: number;
  approvals: number;
  seed: number;
}

export const bigHome: BigHome = { memories: 100_000, records: 100_000, tasks: 10_000, approvals: 300, seed: 14 };

const atOnce = 500;
const importedAtOnce = 1000;
const halfHourMs = 1_800_000;
const words = "river boiler garage cost sheet deadline walk tea train notes pump valve garden letter bridge".split(" ");
const people = "Sarah Tom Marta Lena Ada Yusuf Ines Piotr".split(" ");

/** Fills a home that nobody holds with as much as somebody has after years, by the home's own commands. */
export async function fillBig(root: string, environment: NodeJS.ProcessEnv, wanted: BigHome): Promise<void> {
  const random = randomFrom(wanted.seed);
  const oneOf = (from: readonly string[]) => from[Math.floor(random() * from.length)] as string;
  const sentence = (n: number) => Array.from({ length: 6 + (n % 30) }, () => oneOf(words)).join(" ");
  await using host = await openHome(root, { environment });
  if (!host) throw new Error(`The home at ${root} is held by somebody else.`);
  const own = async (skill: string, args: object) => {
    const outcome = await host.act({ principal: "owner", skill, args });
    if (outcome.status !== "done") throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
  };

  for (let from = 0; from < wanted.memories; from += importedAtOnce) {
    const items = Array.from({ length: Math.min(importedAtOnce, wanted.memories - from) }, (_, i) => ({
      externalId: `m${from + i}`,
      at: new Date(Date.UTC(2020, 0, 1) + (from + i) * halfHourMs).toISOString(),
      session: `s${Math.floor((from + i) / 50)}`,
      content: `Entry ${from + i}: ${oneOf(people)} on the ${sentence(from + i)}`,
    }));
    await own("memory.import", { source: "years", from: "years.ndjson", items });
  }
  await many(wanted.tasks, async (n) => {
    const due =
      n % 3 === 0 ? { due: new Date(Date.now() + ((n % 400) - 20) * 86_400_000).toISOString().slice(0, 10) } : {};
    await own("task.add", { title: `Task ${n}: ${sentence(n % 5)}`, ...due });
  });
  const levels = ["observe", "suggest"];
  await many(Math.max(0, (wanted.records - host.committed) / 2), (n) =>
    own("trust.set", { principal: `agent:agent-${n % 40}`, level: levels[Math.floor(n / 40) % 2] }),
  );
  await many(wanted.approvals, async (n) => {
    const agent = `agent:clerk-${n}`;
    await own("grant.give", { principal: agent, skill: "mail.send" });
    const args = { to: [`person-${n}@new.example`], subject: `Numbers ${n}`, body: sentence(n) };
    const asked = await host.act({ principal: agent as "agent:clerk", skill: "mail.send", args });
    if (asked.status !== "parked") throw new Error(`mail.send: ${JSON.stringify(asked)}`);
  });
}

/** So many times, some at once: one sync of the disk then does for all of them. */
async function many(times: number, work: (n: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < times; from += atOnce)
    await Promise.all(Array.from({ length: Math.min(atOnce, times - from) }, (_, i) => work(from + i)));
}
