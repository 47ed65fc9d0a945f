import { defineAgent } from "@mh/core/agent";

export const agent = defineAgent({
  name: "organizer",
  title: "Merges memories that say the same while you are away; every merge can be undone",
  triggers: [{ idle: "30m" }],
  may: ["memory.propose", "memory.consolidate"],
  ensures: ["memory.propose"],
  priority: "low",
  async run(agent) {
    const { merges } = await agent.need("memory.propose", { limit: 50 });
    if (merges.length === 0) return agent.log("Nothing says the same as anything else.");
    const outcome = await agent.act("memory.consolidate", { limit: 50 });
    if (outcome.status === "done") {
      for (const { content, others } of merges) agent.log(`Merged ${others.length + 1}: ${content}`);
    } else if (outcome.status === "parked") agent.log(`${merges.length} merges wait for your approval.`);
    else throw new Error(`memory.consolidate: ${outcome.status}`);
  },
});
