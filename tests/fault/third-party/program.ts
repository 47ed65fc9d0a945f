// Opens a home with the feature, and prints what came of it as JSON. Its types are checked, too: a wrong use is an error.
import { Fault } from "@mh/contract";
import { connectHome, openHome, serveHttp } from "@mh/host";
import { makeHost } from "@mh/testing";
import { quoteRandom, quoteSkill } from "./quotes.ts";

const [root = "", HOME = ""] = process.argv.slice(2);
const options = { environment: { HOME }, skills: [quoteSkill] };
const found: Record<string, unknown> = {};

{
  await using host = await openHome(root, { ...options, create: { owner: "Ada", timeZone: "UTC" } });
  if (!host) throw new Error("Somebody else holds it.");
  const client = host.client();
  const outcome = await client.act(quoteRandom, { by: "Ada" });
  if (outcome.status !== "done") throw new Error(JSON.stringify(outcome));
  const { text, year }: { text: string; year: number } = outcome.value;
  found.quote = `${text} (${year})`;
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

  const agents = await client.act("agent.list", {});
  found.agents = agents.status === "done" && (agents.value as { agents: { name: string }[] }).agents.length;
  // What the agent declares is read in the sandbox, by the program that lies in the host's package.
  const allowed = await client.act("agent.allow", { name: "organizer" });
  found.allowed = allowed.status;

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
  await using client = await connectHome(root, options);
  const outcome = await client.act(quoteRandom, { by: "Ada" });
  found.connected = outcome.status === "done" && outcome.value.by;
  try {
    await client.act("quote.random", {}, { as: "owner/somebody" });
  } catch (error) {
    found.isOneFault = error instanceof Fault && error.code;
  }
}

{
  await using home = await makeHost({ skills: [quoteSkill] });
  const { by } = await home.own<{ by: string }>("quote.random", { by: "Ada" });
  found.tested = by;
}

process.stdout.write(JSON.stringify(found));
