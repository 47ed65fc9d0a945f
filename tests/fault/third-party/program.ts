// Opens a home with the feature, and prints what came of it as JSON. Its types are checked, too: a wrong use is an error.
import * as fs from "node:fs";
import { Fault } from "@mh/contract";
import { connectHome, openHome, serveHttp } from "@mh/host";
import { makeHost } from "@mh/testing";
import { quoteAdd, quoteRandom, quotes } from "./quotes.ts";

const [root = "", HOME = ""] = process.argv.slice(2);
const create = { owner: "Ada", timeZone: "UTC" };
const options = { environment: { HOME }, features: [quotes], create };
const found: Record<string, unknown> = {};

async function opened() {
  const host = await openHome(root, options);
  if (!host) throw new Error("Somebody else holds it.");
  return host;
}

{
  await using _made = await opened();
  fs.appendFileSync(`${root}/config.yaml`, "quotes:\n  keep: 2\n");
}

{
  await using host = await opened();
  const client = host.client();
  const text = "The Analytical Engine weaves algebraic patterns.";
  const id = host.newId();
  const added = await client.act(quoteAdd, { text, by: "Ada", year: 1843 }, { id });
  const again = await client.act(quoteAdd, { text, by: "Ada", year: 1843 }, { id });
  found.added = [added, again].map((each) => (each.status === "done" ? each.value.path : each));

  const outcome = await client.act(quoteRandom, { by: "Ada" });
  if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  const value: { text: string; year: number } = outcome.value;
  found.quote = `${value.text} (${value.year})`;
  // @ts-expect-error: the answer has no such field.
  found.wrongField = outcome.value.author;
  // @ts-expect-error: the year is a number.
  const wrongType: string = outcome.value.year;
  found.wrongType = typeof wrongType;
  // @ts-expect-error: `by` is a text.
  const refused = await client.act(quoteRandom, { by: 7 });
  found.refused = refused.status === "failed" && refused.fault.code;
  const unknown = await client.act(quoteRandom, { by: "Eve" });
  found.unknown = unknown.status === "failed" && unknown.fault;

  // The maintenance job keeps two of three.
  for (const year of [1842, 1841]) await client.act(quoteAdd, { text, by: "Ada", year });
  await using scheduler = host.schedule({
    onRun: () => undefined,
    onTrouble: (why) => {
      throw why;
    },
  });
  await scheduler.tick();
  await scheduler.settled();
  found.files = fs.readdirSync(`${root}/quotes`).sort();

  const agents = await client.act("agent.list", {});
  found.agents = agents.status === "done" && (agents.value as { agents: object[] }).agents.length;
  // What the agent declares is read in the sandbox, by the program that lies in the host's package.
  const allowed = await client.act("agent.allow", { name: "organizer" });
  found.allowed = allowed.status;

  // Words have vectors that lie in the host's package.
  await client.act("memory.capture", { text: "We adopted a poodle" });
  const searched = await client.act("memory.search", { q: "adopted dogs" });
  const { hits } = (searched.status === "done" ? searched.value : { hits: [] }) as {
    hits: { signals: Record<string, number> }[];
  };
  found.kindred = hits.map(({ signals }) => signals.kindred);

  const token = "a token of this test with more than 32 characters".replaceAll(" ", "-");
  await using http = await serveHttp({ host, token, settings: { port: 0 } });
  const answer = await fetch(`${http.url}/v1/query`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ skill: "quote.random", args: { by: "Ada" } }),
  });
  found.http = answer.status;
}

{
  // The feature's table is a cache of its files.
  fs.rmSync(`${root}/memory/index`, { recursive: true });
  await using client = await connectHome(root, options);
  const outcome = await client.act(quoteRandom, { by: "Ada" });
  found.afterRebuild = outcome.status === "done" && outcome.value.of;
  try {
    await client.act("quote.random", { by: "Ada" }, { as: "owner/somebody" });
  } catch (error) {
    found.isOneFault = error instanceof Fault && error.code;
  }
}

{
  await using home = await makeHost({ features: [quotes] });
  await home.own(quoteAdd, { text: "Tested.", by: "Ada", year: 2026 });
  const { text, of }: { text: string; of: number } = await home.own(quoteRandom, { by: "Ada" });
  found.tested = { text, of };
}

process.stdout.write(JSON.stringify(found));
