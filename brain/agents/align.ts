import { type AgentContext, defineAgent, type ValueFor } from "@mh/core/agent";

type Patterns = ValueFor<"pattern.spot">;
type Drift = ValueFor<"decision.drift">;

const habitsMax = 3;
/** By what a habit rests on, how it was noticed. */
const seenIn = { doings: "was seen", calendar: "stood in your calendars" };
/** What changes less from one week to the next is no news. */
const steady = 0.05;

export const agent = defineAgent({
  name: "align",
  title: "Proposes each week the routines that it counted, and asks you to look over what is expected of you",
  triggers: [{ cron: "0 6 * * 1" }],
  may: ["pattern.spot", "decision.drift", "proposal.make"],
  ensures: ["pattern.spot", "decision.drift"],
  quietHours: "run",
  priority: "low",
  async run(agent) {
    const patterns = await agent.need("pattern.spot", {});
    const drift = await agent.need("decision.drift", { weeks: 2 });
    let made = 0;
    for (const [of, seen] of Object.entries(seenIn))
      for (const { what, when, at, days, memories } of patterns.habits
        .filter((each) => each.of === of)
        .slice(0, habitsMax)) {
        const text = `${plain(what)} {when ${at}}`;
        const why = `It ${seen} on ${days} of the last 28 days.`;
        made += await propose(agent, { type: "routine", title: `${plain(what)}, ${when}`, text }, why, memories);
      }
    for (const { on, energy, hours, at, days, memories } of patterns.cycles) {
      const activity = energy === "high" ? "Most active" : "Least active";
      const title = `${activity} from ${hours.map(({ from, to }) => `${two(from)}:00 to ${two(to)}:00`).join(" and from ")} on ${on}`;
      const much = energy === "high" ? "half of them or more have" : "hardly one of them has";
      const why = `Of ${days} days ${much} something on record then: what you did, noted, wrote in a chat or answered.`;
      const text = `${activity} {when ${at}, energy ${energy}}`;
      made += await propose(agent, { type: "routine", title, text }, why, memories);
    }
    const text = agent.config.review === false ? undefined : reviewText(patterns, drift);
    if (text === undefined) agent.log("There is nothing to look over.");
    else
      made += await propose(
        agent,
        { type: "review", period: weekOf(agent), text },
        "One look a week keeps what mh expects of you right.",
        [],
      );
    const told = drift.drift === null ? "none, for want of answers" : drift.drift.toFixed(2);
    agent.log(
      `${patterns.habits.length} habits, ${patterns.choices.length} recurring choices, drift ${told}; ${made} new proposals.`,
    );
  },
});

/** What there is to look over; undefined where the owner answered nothing in two weeks. */
function reviewText({ choices }: Patterns, { drift, weeks }: Drift): string | undefined {
  const [before, last] = weeks;
  if (drift === null || !last || last.answers + (before?.answers ?? 0) === 0) return undefined;
  const answered = `Last week you answered ${last.answers} decisions, ${last.otherwise} of them otherwise than expected.`;
  const lines = [`${answered} Drift is ${drift.toFixed(2)}${changeText(before?.drift ?? null, last.drift)}.`];
  for (const { option, chosen, offered } of choices.slice(0, 5))
    lines.push(`You took “${clip(option)}” ${chosen} of ${offered} times. \`mh memory prefer\` makes it a preference.`);
  lines.push(
    "`mh decision drift` shows its history, `mh decision list` what was chosen; `mh decision correct` says what was wrong.",
  );
  return lines.join("\n");
}

function changeText(before: number | null, now: number | null): string {
  if (before === null || now === null || Math.abs(now - before) < steady) return "";
  return now > before ? `, up from ${before.toFixed(2)}` : `, down from ${before.toFixed(2)}`;
}

async function propose(agent: AgentContext, does: object, why: string, sources: readonly string[]): Promise<number> {
  const args = { does, why, sources: sources.slice(-20) } as Parameters<typeof agent.act<"proposal.make">>[1];
  const outcome = await agent.act("proposal.make", args);
  if (outcome.status === "done") return outcome.value.known ? 0 : 1;
  agent.log(`Not proposed (${outcome.status === "failed" ? outcome.fault.message : outcome.status})`);
  return 0;
}

/** The week of the run, as ISO 8601 counts them. */
function weekOf({ trigger, owner: { timeZone } }: AgentContext): string {
  const day = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(new Date(trigger.at));
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const year = date.getUTCFullYear();
  const week = Math.ceil(((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7);
  return `${year}-W${two(week)}`;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** Without what the persona would read as its marks. */
const plain = (text: string): string => clip(text.replaceAll("{", "(").replaceAll("}", ")"));

/** On one line. */
function clip(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 100 ? `${line.slice(0, 99)}…`.toWellFormed() : line;
}
