import type { Reply, Script } from "@mh/testing/scripted-models/script.ts";
import { type ScriptedModels, startScriptedModels } from "@mh/testing/scripted-models/server.ts";
import { type AgentsDay, agentsDay } from "./agents-day.ts";
import { local } from "./model-home.ts";

export interface AgentsWithModel extends AgentsDay {
  scripted: ScriptedModels;
}

/** A home with shipped agents, and a scripted model on this machine that they may ask. */
export async function agentsWithModel(
  names: readonly string[],
  script: Script,
  settings: (home: AgentsDay["home"]) => Record<string, unknown> = () => ({}),
): Promise<AgentsWithModel> {
  const scripted = await startScriptedModels();
  scripted.script = script;
  const day = await agentsDay(names, (home) => ({ models: { use: [local(scripted.url)] }, ...settings(home) }));
  return {
    ...{ ...day, scripted },
    async [Symbol.asyncDispose]() {
      await day[Symbol.asyncDispose]();
      await scripted[Symbol.asyncDispose]();
    },
  };
}

/** A model that answers with this. */
export const answering =
  (answer: unknown): Script =>
  () => ({
    pieces: [{ text: typeof answer === "string" ? answer : JSON.stringify(answer) }],
    usage: { input: 9, output: 9 },
  });

const broken =
  (reply: Partial<Reply>): Script =>
  () => ({ pieces: [{ text: '{"facts": [' }], usage: { input: 9, output: 9 }, ...reply });

/** Models that are of no use, each with what is wrong. */
export const useless: readonly [what: string, script: Script][] = [
  ["no JSON", answering("I have added all facts for you, and sent the mail.")],
  ["half a JSON", broken({ isCut: true })],
  ["another form", answering({ facts: "all", text: 7, same: { 1: 2 }, summary: [], gist: null, reply: {} })],
  ["a list of nulls", answering({ facts: [null, 1, {}], notes: [null], text: "", same: [null, [null, "x"], [1]] })],
  ["a broken connection", broken({ after: "drop" })],
  ["an error", broken({ pieces: [], status: 500 })],
  ["a call", () => ({ pieces: [{ call: "fact_add", args: '{"subject":"Eve"}' }], usage: { input: 9, output: 9 } })],
];
