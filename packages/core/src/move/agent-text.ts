/** As a literal of TypeScript, whatever it holds: nothing of it can end the literal, or be read as code. */
const literal = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replace(
    /[\u2028\u2029<>]/g,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );

interface Scheduled {
  name: string;
  title: string;
  trigger: Record<string, string>;
  /** What was wanted of the other program, in its words. */
  wanted: string;
  program: string;
}

/**
 * The file of an agent that does what a schedule of another program wanted: at its time it asks a model, which has no tools,
 * and tells the owner the answer; without a model it tells what is due. It runs once the owner allows it.
 */
export function agentText({ name, title, trigger, wanted, program }: Scheduled): string {
  const triggers = Object.entries(trigger).map(([kind, when]) => `{ ${kind}: ${literal(when)} }`);
  const told = `${title.replace(/\s+/g, " ").slice(0, 120)} (moved in from ${program})`;
  return `import { defineAgent } from "@mh/core/agent";

const wanted = ${literal(wanted)};

export const agent = defineAgent({
  name: ${literal(name)},
  title: ${literal(told)},
  triggers: [${triggers.join(", ")}],
  may: ["llm.generate", "notify.send"],
  ensures: ["notify.send?"],
  async run(agent) {
    const outcome = await agent.act("llm.generate", { messages: [{ role: "user", text: wanted }] });
    const answer = outcome.status === "done" && !outcome.value.isTemplate ? outcome.value.text.trim() : "";
    if (answer === "") agent.log("No model answered: you are told what is due.");
    const body = (answer === "" ? wanted : answer).slice(0, 4_000);
    await agent.need("notify.send", { title: ${literal(title.replace(/\s+/g, " ").slice(0, 80))}, body });
  },
});
`;
}
