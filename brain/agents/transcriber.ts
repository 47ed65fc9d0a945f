import { defineAgent } from "@mh/core/agent";

/** So many files a run; the next run goes on. */
const filesMax = 20;

export const agent = defineAgent({
  name: "transcriber",
  title: "Transcribes the recordings that lie in your inbox for them (audio.inbox), one after the other",
  triggers: [{ every: "15m" }],
  may: ["audio.next", "audio.note"],
  ensures: ["audio.next"],
  quietHours: "run",
  priority: "low",
  limits: { timeMs: 3_600_000 },
  async run(agent) {
    for (let n = 0; n < filesMax; n += 1) {
      const outcome = await agent.act("audio.next", {});
      if (outcome.status === "parked") return agent.log("Asking the transcription server waits for your approval.");
      if (outcome.status !== "done") {
        throw new Error(outcome.status === "failed" ? outcome.fault.message : `audio.next: ${outcome.status}`);
      }
      const { taken, waiting, server } = outcome.value;
      if (!taken) return agent.log(n === 0 ? "Nothing waits." : `${n} files; ${waiting} wait.`);
      agent.log(`${taken.name}: ${taken.status}${taken.reason ? `: ${taken.reason}` : ""}`);
      agent.progress({ done: n + 1, total: n + 1 + waiting, unit: "files", note: taken.name });
      // It would be asked about the same file again; the next run does that.
      if (server && taken.status === "waiting") return;
    }
  },
});
