export const text = `Agents

An agent is a program in one file. It runs by a schedule or when something
happens, in a sandbox: without your disk, network, environment or a second
process. What it wants done, it asks of the gate, as any agent.

  mh agent list                     which there are, which are on, when next
  mh agent allow morning-brief      shows what it asks for, and lets it run
  mh agent run morning-brief        now, and waits
  mh agent logs morning-brief       what it said and did
  mh agent pause morning-brief      lets it rest; resume wakes it
  mh agent stop morning-brief       ends the run that is under way

They run while mh is up (mh help daemon). Done is a run whose commands stand in
the log as its file says they must; any other is tried again, three times in all
if the file says no more. What was done is not done twice. A missed run is made
up for once; quiet hours are waited for. The file of each says otherwise where
it should. When a file asks for more than before, the version before goes on
until you allow the new one.

Each has a section in config.yaml (mh config edit), and allow gives it the
hosts that stand there: change them, allow it again.

  agents:
    morning-brief: { schedule: "30 6 * * *" }      any agent; or "every 2h"
    email-monitor:
      accounts: [work]             of mail.accounts; else the first
      vips: [ada@example.org, "@example.org"]      always matter
      drafts: true                 a short reply to them, which waits
    opportunity-scanner:
      feeds: [https://example.org/feed.xml]
      pages: [https://example.org/news]
      interests: [heat pumps, sailing]
    align: { review: false }       no weekly look over what is expected of you

calendar-sync takes calendar.sources, transcriber audio.inbox; the others need
nothing. sleep-service, reflector, align and curator only propose (mh proposal).
model: false keeps one from asking a model. schedule is five cron fields in your
time zone, or a list, in place of the times in the file, not of events or idle.

Your own lie in brain/agents of the home, called after themselves. This is
nudge.ts:

  import { defineAgent } from "@mh/core/agent";
  export const agent = defineAgent({
    name: "nudge",
    title: "Reminds me to drink something",
    triggers: [{ every: "2h" }],    // also cron, event, idle
    may: ["notify.send"],           // the only skills that it may use
    ensures: ["notify.send"],       // what must be in the log afterwards
    async run(agent) {
      await agent.need("notify.send", { title: "A glass of water" });
    },
  });

agent.delegate has another agent work, on input that it finds in agent.given:
each of its commands must be allowed to both.

The sandbox is bubblewrap, on macOS Seatbelt. mh doctor tries it. Where
none holds, only the agents that came with mh run.`;
