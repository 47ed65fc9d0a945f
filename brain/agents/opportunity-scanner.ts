import { type AgentContext, defineAgent } from "@mh/core/agent";

/** Something that touches the owner's interests, and where it was found. */
interface Find {
  key: string;
  from: string;
  text: string;
  title: string;
  interests: string[];
}

/** Of one feed: a long one hides no other. */
const findsMax = 20;

export const agent = defineAgent({
  name: "opportunity-scanner",
  title: "Reads the feeds and pages that you name, and tells you what touches your interests",
  triggers: [{ every: "2h" }],
  may: ["feed.read", "web.fetch", "memory.import", "notify.send"],
  ensures: ["feed.read"],
  priority: "low",
  async run(agent) {
    const feeds = listed(agent, "feeds");
    const pages = listed(agent, "pages");
    const interests = listed(agent, "interests");
    if (feeds.length === 0 || interests.length === 0) {
      throw new Error("config.yaml, agents.opportunity-scanner: name `feeds` to read and `interests` to look for.");
    }
    const found = await Promise.all([
      ...feeds.map((url) => fromFeed(agent, url, interests)),
      ...pages.map((url) => fromPage(agent, url, interests)),
    ]);
    const fresh: Find[] = [];
    for (const finds of found) fresh.push(...(await keep(agent, finds.slice(0, findsMax))));
    agent.log(`${fresh.length} new of ${found.flat().length} that touch your interests`);
    if (fresh.length === 0) return;
    const lines = fresh.slice(0, 5).map(({ title, interests }) => `${title} (${interests.join(", ")})`);
    const more = fresh.length > 5 ? [`… and ${fresh.length - 5} more`] : [];
    const title = fresh.length === 1 ? "Something for you" : `${fresh.length} things for you`;
    await agent.need("notify.send", { title, body: [...lines, ...more].join("\n"), urgency: "low" });
  },
});

const listed = ({ config }: AgentContext, name: string): string[] =>
  Array.isArray(config[name]) ? config[name].map(String) : [];

/** One feed that cannot be read does not keep the others from being read. */
async function fromFeed(agent: AgentContext, url: string, interests: readonly string[]): Promise<Find[]> {
  const outcome = await agent.act("feed.read", { url });
  if (outcome.status !== "done") {
    agent.log(`${url}: ${outcome.status === "failed" ? outcome.fault.message : outcome.status}`);
    return [];
  }
  const { items } = outcome.value;
  return items.flatMap((item) => {
    const text = [item.title, item.summary, item.url].filter(Boolean).join("\n");
    const touched = touching(text, interests);
    return touched.length === 0
      ? []
      : [{ key: item.url ?? item.id, from: url, text, title: item.title, interests: touched }];
  });
}

/** A page counts once for each day on which it touches something. */
async function fromPage(agent: AgentContext, url: string, interests: readonly string[]): Promise<Find[]> {
  const outcome = await agent.act("web.fetch", { url });
  if (outcome.status !== "done") {
    agent.log(`${url}: ${outcome.status === "failed" ? outcome.fault.message : outcome.status}`);
    return [];
  }
  const { text, title = url } = outcome.value;
  const touched = touching(text ?? "", interests);
  if (touched.length === 0) return [];
  const key = `${url} ${agent.trigger.at.slice(0, 10)}`;
  return [{ key, from: url, text: `${title}\n${url}`, title, interests: touched }];
}

/** Whole words, in any case. */
function touching(text: string, interests: readonly string[]): string[] {
  const words = ` ${text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ")} `;
  return interests.filter((interest) => {
    const wanted = interest
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    return wanted !== "" && words.includes(` ${wanted} `);
  });
}

/** Remembers what was found, and answers what had not been known: what was told once is not told again. */
async function keep(agent: AgentContext, finds: readonly Find[]): Promise<Find[]> {
  const byKey = new Map(finds.map((find) => [find.key, find]));
  if (byKey.size === 0) return [];
  const items = [...byKey.values()].map(({ key, from, text, interests }) => ({
    externalId: key.slice(0, 2000),
    content: text,
    origin: `web:${from}`.slice(0, 500),
    kind: "artifact" as const,
    tags: interests,
  }));
  const { results } = await agent.need("memory.import", {
    ...{ source: "opportunity-scanner", from: "feeds", items },
  });
  return results.flatMap(({ externalId, status }) => (status === "added" ? (byKey.get(externalId) ?? []) : []));
}
