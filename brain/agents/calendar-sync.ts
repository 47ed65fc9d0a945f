import { defineAgent } from "@mh/core/agent";

export const agent = defineAgent({
  name: "calendar-sync",
  title: "Keeps the events of your calendars with your memories, each once and as it now stands there",
  triggers: [{ every: "30m" }],
  may: ["calendar.keep", "memory.file"],
  ensures: ["calendar.keep"],
  quietHours: "run",
  priority: "low",
  async run(agent) {
    const { added, updated, gone, same, refused, failed, notes } = await agent.need("calendar.keep", {});
    for (const { source, reason } of failed) agent.log(`${source} could not be read: ${reason}`);
    for (const { source, note } of notes) agent.log(`${source}: ${note}`);
    const left = refused === 0 ? "" : `, ${refused} as you left them`;
    agent.log(`${added} new, ${updated} changed, ${gone} gone, ${same} as before${left}`);
  },
});
