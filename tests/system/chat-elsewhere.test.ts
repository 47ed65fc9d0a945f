import { expect, test } from "vitest";
import { calls, chatHome, inTurn, says } from "../support/chat-home.ts";
import { cloud, local, paid } from "../support/model-home.ts";

const chat = "module:chat";
const hello = "Hello, Ada. 你好 🎉";
const gone = { ...local("http://127.0.0.1:9"), name: "gone" };
const grantFor = (...hosts: string[]) => ({ principal: chat, skill: "llm.generate", scope: { hosts } });

test("S2 a model elsewhere is sent nothing of a chat by itself: a request shows the words and the host, and its answer is the chat's", async () => {
  await using made = await chatHome();
  const { home } = made;
  await made.models({ use: [cloud], cloud: true });
  const waits = await made.say("My PIN is 4711");
  expect(waits).toMatchObject({
    end: "failed",
    answer: null,
    refusals: [{ skill: "llm.generate", status: "waiting" }],
  });
  expect(waits.text).toMatch(/mh grant give module:chat llm\.generate --host models\.example/);
  expect(made.asked).toEqual([]);
  const [{ approval } = { approval: null }] = waits.refusals;
  const { hash, shown } = await home.own("approval.show", { id: approval ?? "" });
  const text = shown.map((line) => `${line.label}: ${line.text}`).join("\n");
  expect(text).toContain("what it is told leaves this machine for models.example");
  expect(text).toContain("My PIN is 4711");
  await home.approve(approval ?? "", hash);
  expect(await made.say()).toMatchObject({ end: "answered", text: hello, model: "cloud" });
  expect(made.asked).toEqual(["models.example"]);
  // It was for these words alone.
  expect((await made.say("And another")).refusals).toMatchObject([{ status: "waiting" }]);
  expect(made.asked).toHaveLength(1);
});

test("K9 with a grant for its host a paid model elsewhere answers, and the chat's own allowance pays it", async () => {
  await using made = await chatHome();
  const { home } = made;
  await made.secret("claude", "sk-test-1234567890");
  await made.models({ use: [paid], cloud: true });
  await home.own("grant.give", grantFor("other.example"));
  expect((await made.say("Hello")).end).toBe("failed");
  expect(made.asked).toEqual([]);
  await home.own("grant.give", grantFor("claude.example"));
  expect(await made.say("Hello")).toMatchObject({ end: "answered", text: hello, model: "paid", acts: [] });
  const { spent } = await home.own("home.status", {});
  expect(spent.map(({ principal }) => principal)).toEqual([chat]);
  await home.own("config.set", { name: "spend.perDayEach", value: 0 });
  expect(await made.say("Hello")).toMatchObject({ end: "failed", refusals: [{ status: "denied" }] });
});

test("S2 where the model here fails, what was read is not sent elsewhere either, but by grant or approval", async () => {
  await using made = await chatHome();
  const { home, scripted } = made;
  await home.own("memory.capture", { text: "The walnut code is 4711" });
  await made.models({ use: [local(scripted.url), cloud], cloud: true });
  scripted.script = inTurn(calls(["memory_search", { q: "walnut" }]), { pieces: [], status: 500 });
  const waits = await made.say("What is the walnut code?");
  expect(waits).toMatchObject({ end: "failed", refusals: [{ skill: "llm.generate", status: "waiting" }] });
  expect(made.asked).not.toContain("models.example");
  const { command } = await home.own("approval.show", { id: waits.refusals[0]?.approval ?? "" });
  expect(JSON.stringify(command?.args)).toContain("walnut code is 4711");
  expect(command?.args).toMatchObject({ model: "cloud" });
  await home.own("grant.give", grantFor("models.example"));
  await made.models({ use: [gone, cloud], cloud: true });
  scripted.script = () => says("It is 4711.");
  expect(await made.say("And now?")).toMatchObject({ end: "answered", text: "It is 4711.", model: "cloud" });
});

test("what broke off after its first word is not begun anew elsewhere", async () => {
  await using made = await chatHome();
  const { home, scripted } = made;
  await home.own("grant.give", grantFor("models.example"));
  await made.models({ use: [local(scripted.url), cloud], cloud: true });
  expect((await made.say("[drops]")).end).toBe("failed");
  expect(made.asked).not.toContain("models.example");
});

test("P1 the planner itself asks no model: that is no tool of its", async () => {
  await using made = await chatHome();
  const { scripted } = made;
  await made.home.own("grant.give", grantFor("models.example"));
  await made.models({ use: [local(scripted.url), cloud], cloud: true });
  const ask = { messages: [{ role: "user", text: "secret" }], model: "cloud" };
  scripted.script = inTurn(
    calls(["chat_tools", { need: "ask a language model" }]),
    calls(["llm_generate", ask]),
    says("No."),
  );
  const { acts } = await made.say("Ask the other language model");
  expect(acts.map(({ skill }) => skill)).toEqual(["chat.tools"]);
  expect(scripted.asked.at(-1)?.tools).not.toContain("llm_generate");
  expect(made.asked).not.toContain("models.example");
});

test("P11 an agent that the chat delegates to asks the model here, and one elsewhere by a grant of both alone", async () => {
  const thinker = `export const agent = { name: "thinker", title: "Thinks", triggers: [], may: ["llm.generate", "task.list"],
    ensures: ["task.list"], async run(agent) {
      await agent.need("task.list", {});
      const args = { messages: [{ role: "user", text: "Think" }] };
      const ends = [];
      for (const model of ["local", "cloud"]) ends.push((await agent.act("llm.generate", { ...args, model })).status);
      return ends;
    } };`;
  await using made = await chatHome({ agents: { thinker } });
  const { home, scripted } = made;
  await made.models({ use: [local(scripted.url), cloud], cloud: true });
  await home.own("agent.allow", { name: "thinker" });
  await home.own("grant.give", { principal: chat, skill: "agent.delegate" });
  const think = async () => {
    scripted.script = inTurn(calls(["agent_delegate", { agent: "thinker" }]), says("Thought."), (asked) =>
      says(String(asked.messages.at(-1)?.text)),
    );
    const { text } = await made.say("Delegate this to the agent thinker");
    return /"result":(\[[^\]]*\])/.exec(text)?.[1];
  };
  await home.own("grant.give", { ...grantFor("models.example"), principal: "agent:thinker" });
  expect(await think()).toBe('["done","parked"]');
  expect(made.asked).not.toContain("models.example");
});
