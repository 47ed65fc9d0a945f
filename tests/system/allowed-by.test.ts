import { agent, owner } from "@mh/contract/values/principal.ts";
import { explainCommand } from "@mh/host/audit/explain-command.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const mail = agent("mail");
const task = { id: "0199c1a2-0000-7000-8000-000000000001", words: "tell them" };

const why = async (home: TestHost, which: string) => {
  const shown = await home.own("command.explain", { which });
  expect(explainCommand(home.root, home.environment, which)?.allowedBy).toEqual(shown.allowedBy);
  return shown.allowedBy.map(({ kind, id, step, title }) => [kind, id, step, title]);
};

const send = (home: TestHost, to: string, text: string) =>
  home.act(mail, "outbox.append", { text, to, effect: "notify" }, { task });

test("K16 why tells which approval, which step of a plan and which endorsement let a command happen, and where none did", async () => {
  await using home = await makeHost({ declared: new Map([[mail, ["outbox.append", "memory.capture"]]]) });
  await home.own("grant.give", { principal: mail, skill: "outbox.append" });
  await home.own("grant.give", { principal: mail, skill: "memory.capture" });
  const asked = await send(home, "room 4", "first");
  expect(asked.status).toBe("parked");
  expect(await why(home, asked.id)).toEqual([]);
  await home.approve(asked.id, (await home.own("approval.show", { id: asked.id })).hash);
  expect(await why(home, asked.id)).toEqual([["approval", asked.id, undefined, undefined]]);
  const endorsed = await send(home, "room 4", "second");
  expect(endorsed.status).toBe("done");
  expect(await why(home, endorsed.id)).toEqual([["endorsement", asked.id, undefined, undefined]]);
  const steps = [{ skill: "memory.capture" }, { skill: "outbox.append", args: { to: "room 5" } }];
  const { id } = await home.own("grant.plan", { principal: mail, task: task.id, title: "Tell them", steps });
  const planned = await send(home, "room 5", "third");
  expect(await why(home, planned.id)).toEqual([["plan", id, "2", "Tell them"]]);
  const { records } = await home.own("command.explain", { which: id });
  expect(records.map(({ phase, skill }) => [phase, skill?.split("@")[0]])).toContainEqual(["intent", "grant.plan"]);
  const own = await home.act(owner, "memory.capture", { text: "mine" });
  expect(await why(home, own.id)).toEqual([]);
});
