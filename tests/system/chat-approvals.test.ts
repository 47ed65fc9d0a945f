import { expect, test } from "vitest";
import { type ChatHome, calls, chatHome, inTurn, says } from "../support/chat-home.ts";
import { local } from "../support/model-home.ts";

type Call = [tool: string, args: object];
const line = (n: number): Call => ["outbox_append", { text: `line ${n}`, to: `p${n}` }];
const five = [1, 2, 3, 4, 5].map(line);

/** A chat that may append to the outbox, where each line for somebody else asks. */
async function outboxHome(): Promise<ChatHome> {
  const made = await chatHome();
  await made.home.own("grant.give", { principal: "module:chat", skill: "outbox.append" });
  return made;
}

async function approve({ home }: ChatHome, id: string) {
  return home.approve(id, (await home.own<{ hash: string }>("approval.show", { id })).hash);
}

const lastAsked = ({ scripted }: ChatHome) => scripted.asked.at(-1)?.messages.at(-1)?.text ?? "";

test("K16 calls that would ask are one plan, in however many answers of a turn they come; its five steps run, and a sixth asks", async () => {
  await using made = await outboxHome();
  made.scripted.script = inTurn(...five.map((each) => calls(each)), says("It waits for you."));
  const { refusals, acts } = await made.say("Append five lines to the outbox");
  expect(refusals).toMatchObject([{ skill: "plan.propose", status: "waiting", mayAskInstead: false }]);
  expect([acts.length, made.home.outbox()]).toEqual([1, []]);
  const { approvals } = await made.home.own("approval.list", {});
  expect(approvals).toHaveLength(1);
  expect((await approve(made, refusals[0]?.command ?? "")).status).toBe("done");
  made.scripted.script = inTurn(calls(...five), calls(line(6)), says("Five are done, and one waits."));
  const next = await made.say();
  expect(made.home.outbox()).toEqual(["line 1", "line 2", "line 3", "line 4", "line 5"]);
  expect(next.refusals).toMatchObject([{ skill: "outbox.append", status: "waiting" }]);
});

test("K16 one call that would ask is no plan, and the same one twice is one request", async () => {
  await using made = await outboxHome();
  made.scripted.script = inTurn(calls(line(1)), calls(line(1)), says("It waits for you."));
  expect((await made.say("Append a line")).refusals).toMatchObject([{ skill: "outbox.append", status: "waiting" }]);
});

test("K16 where the model makes a plan itself, what that holds waits for its approval, and is no second request", async () => {
  await using made = await outboxHome();
  // The form of a plan is large: a small model is not offered it.
  await made.models({ use: [{ ...local(made.scripted.url), contextTokens: 40_000 }] });
  const steps = five.map(([, args]) => ({ skill: "outbox.append", args }));
  const plan: Call = ["plan_propose", { title: "Five lines", steps }];
  made.scripted.script = inTurn(calls(plan, line(1)), says("It waits for you."));
  const { refusals } = await made.say("Append five lines to the outbox");
  expect(refusals).toMatchObject([{ skill: "plan.propose" }]);
  expect(lastAsked(made)).toContain("a plan waits for the owner");
});

test("H24 a call that was approved elsewhere is done once, and the chat goes on with what it gave", async () => {
  await using made = await outboxHome();
  made.scripted.script = inTurn(calls(line(1)), says("It waits for you."));
  const { refusals } = await made.say("Append a line to the outbox");
  const nothing = await made.home.act("owner", "chat.say", { chat: made.chat });
  expect(nothing).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
  await approve(made, refusals[0]?.approval ?? "");
  made.scripted.script = inTurn(calls(line(1)), says("It is done."));
  const { end, acts } = await made.say();
  const told = made.scripted.asked.at(-2)?.messages.at(-1)?.text;
  expect(told).toContain(`outbox.append {"effect":"send","risk":"low","scope":{},"text":"line 1","to":"p1"}: done`);
  expect([end, acts, made.home.outbox()]).toEqual(["answered", [], ["line 1"]]);
  expect(await made.home.act("owner", "chat.say", { chat: made.chat })).toMatchObject({ status: "failed" });
});

test("H24 a call that the owner refused is not done, and the chat says so when it goes on", async () => {
  await using made = await outboxHome();
  made.scripted.script = inTurn(calls(line(1)), says("It waits for you."));
  const { refusals } = await made.say("Append a line to the outbox");
  await made.home.own("approval.deny", { id: refusals[0]?.approval ?? "" });
  made.scripted.script = () => says("You refused it.");
  await made.say();
  expect(lastAsked(made)).toContain("refused");
  expect(made.home.outbox()).toEqual([]);
});

test("H24 while the daemon runs, a chat goes on by itself once nothing of it waits any more", async () => {
  await using made = await outboxHome();
  const { home, chat } = made;
  const service = home.host.services.find(({ name }) => name === "chat");
  await using _running = await service?.start();
  made.scripted.script = inTurn(calls(line(1)), says("It waits for you."));
  const first = await made.say("Append a line to the outbox");
  made.scripted.script = inTurn(calls(line(2)), says("That waits as well."));
  const second = await made.say("And another one");
  made.scripted.script = () => says("Both are done.");
  await approve(made, first.refusals[0]?.approval ?? "");
  await approve(made, second.refusals[0]?.approval ?? "");
  const answers = async () =>
    (await home.own("chat.show", { chat })).messages.filter(({ by }) => by === "chat").map(({ text }) => text);
  await expect.poll(answers).toEqual(["It waits for you.", "That waits as well.", "Both are done."]);
  expect([...home.outbox()].toSorted()).toEqual(["line 1", "line 2"]);
});

test("K2 under STOP no chat goes on by itself", async () => {
  await using made = await outboxHome();
  const { home } = made;
  const started: string[] = [];
  using _events = home.host.bus.subscribe("chat.*", ({ name }) => void started.push(name));
  const service = home.host.services.find(({ name }) => name === "chat");
  await using _running = await service?.start();
  made.scripted.script = inTurn(calls(line(1)), says("It waits for you."));
  const { refusals } = await made.say("Append a line to the outbox");
  await home.own("kernel.stop", {});
  const before = made.scripted.asked.length;
  const { hash } = await home.own<{ hash: string }>("approval.show", { id: refusals[0]?.approval ?? "" });
  await home.act("owner", "approval.approve", { id: refusals[0]?.approval ?? "", hash });
  expect(home.host.runs().filter(({ skill }) => skill === "chat.say")).toEqual([]);
  expect(made.scripted.asked.length).toBe(before);
});

test("H24 what an attempt did before it was cut off is shown to the next one, which may call for it in other words", async () => {
  await using made = await chatHome();
  const { home, scripted, chat } = made;
  scripted.script = inTurn(calls(["task_add", { title: "Tea" }]), { ...says("and so on "), after: "again for ever" });
  const run = home.host.begin({ principal: "owner", skill: "chat.say", args: { chat, text: "Add a task: Tea" } });
  await new Promise<void>((resolve) => void run.watch((progress) => progress.text && resolve()));
  run.cancel("You pressed Ctrl-C");
  await run.outcome;
  scripted.script = () => says("It is added already.");
  await made.say();
  expect(lastAsked(made)).toMatch(
    /^Add a task: Tea\n\n\[mh\] By the log, and not yet in an answer:\n- task\.add: done/,
  );
  await made.say("Thanks");
  expect(lastAsked(made)).toBe("Thanks");
});

test("K16 the form of a plan keeps none of the usual tools from a small model, whatever words call for plans", async () => {
  await using made = await chatHome();
  made.scripted.script = () => says("Fine.");
  await made.say("Five steps, please: step 1, step 2, step 3, step 4, step 5");
  const offered = made.scripted.asked.at(-1)?.tools ?? [];
  expect(offered).toEqual(expect.arrayContaining(["memory_search", "memory_show", "task_list", "task_add"]));
});
