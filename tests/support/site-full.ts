import * as fs from "node:fs";
import * as path from "node:path";
import type { Mh } from "../fault/mh.ts";
import { fillHome, filling } from "./site-home.ts";

const fixture = path.join(import.meta.dirname, "../../../shared/fixtures/locomo-dev.json");
interface Conversation {
  id: string;
  sessions: { date_time: string; turns: { id: string; speaker: string; text: string }[] }[];
}

/** A home as after some weeks: imported conversations, agents with runs, requests of each kind, rules, proposals, versions. */
export function fillWhole(mh: Mh): void {
  const run = filling(mh);
  const act = (skill: string, args: object, ...more: string[]) => run("act", skill, JSON.stringify(args), ...more);
  fillHome(mh);
  if (fs.existsSync(fixture)) {
    const lines = path.join(mh.config, "conversations.ndjson");
    fs.writeFileSync(lines, linesOf(JSON.parse(fs.readFileSync(fixture, "utf8")).conversations));
    run("import", lines);
  }
  run(
    "persona",
    "set",
    "values",
    "Calm before speed.\n\nPeople before projects.\n\nSay what is true, early and kindly.",
  );
  run("persona", "set", "goals", "Ship the evaluation by February, with the set frozen.");
  run("persona", "set", "routines", "Read mail at nine and at four, not before and not between.");
  run("goal", "add", "Live by the sea", "--horizon", "long");
  run("goal", "add", "Save for a year", "--under", "sea", "--horizon", "medium", "--due", "2031-12-31");
  run("task", "add", "Write the cost sheet", "--goal", "save");
  run(
    "persona",
    "set",
    "decision-rules",
    "* Never send mail at night {hard}\n* A call rather than a mail {weight 2, with Sarah}",
  );
  run("decide", "Sarah asks for a favour", "--option", "call her", "--option", "write back");
  const decided = run("decide", "Sarah asks for a date", "--option", "call her", "--option", "write back", "--json");
  run("decision", "answer", JSON.parse(decided).id, "write back");
  run("no", "archive it instead, because I read these on Fridays");
  run("when", "Sarah writes", "remind me of the cost sheet");
  run("when", "every friday at 16:00, remind me to water the plants");
  run("policy", "forbid", "send mail to anyone outside my contacts", "--yes");
  run("policy", "ask", "agents notify me", "--yes");
  for (const agent of ["organizer", "digest", "morning-brief", "reflector"]) {
    run("agent", "allow", agent, "--yes");
    // A run may fail: nothing may show its notification here.
    mh.run(["agent", "run", agent]);
  }
  run("trust", "agent:organizer", "supervised_auto");
  const id = JSON.parse(run("capture", "Sarah moved to Lisbon in October.", "--json")).id as string;
  run("grant", "give", "agent:sleep-service", "proposal.make");
  const why = "Two of your notes say so.";
  const fact = { type: "fact", subject: "Sarah", predicate: "lives-in", object: "Lisbon" };
  act("proposal.make", { does: fact, why, sources: [id] }, "--as", "agent:sleep-service");
  const file = path.join(mh.config, "letter.txt");
  act("disk.write", { path: file, text: "Dear Sarah,\n\nthe set is frozen.\n" }, "--as", "agent:bill-keeper");
  const steps = [{ skill: "memory.capture", times: 3 }];
  run("grant", "give", "agent:planner", "memory.capture");
  run("grant", "give", "agent:planner", "plan.propose");
  act("plan.propose", { title: "Note what the letters say", steps }, "--as", "agent:planner");
  const chat = JSON.parse(act("chat.start", {})).id as string;
  act("chat.say", { chat, text: "What does Sarah want?" });
  run("device", "add", "phone");
}

const linesOf = (conversations: readonly Conversation[]): string =>
  conversations
    .flatMap(({ id, sessions }) =>
      sessions.flatMap(({ date_time, turns }) =>
        turns.map(({ id: turn, speaker, text }) =>
          JSON.stringify({
            id: `${id}/${turn}`,
            content: text,
            at: new Date(dateOf(date_time)).toISOString(),
            speaker,
            session: id,
          }),
        ),
      ),
    )
    .join("\n");

/** "1:56 pm on 8 May, 2023" */
function dateOf(text: string): number {
  const [time = "", day = ""] = text.split(" on ");
  return Date.parse(`${day.replace(",", "")} ${time} UTC`);
}
