import { agent } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

const clerk = agent("clerk");
const task = { id: "t1", words: "Write to sarah@example.org" };
const line = { text: "At four?", to: "sarah@example.org" };

async function homeWithRequest() {
  const home = await makeHost();
  await home.own("grant.give", { principal: clerk, skill: "outbox.append" });
  const { id, status } = await home.act(clerk, "outbox.append", line, { task });
  expect(status).toBe("parked");
  return { home, id };
}

test("H12 what has expired is asked again as a new command of the same principal, and the old request stays closed", async () => {
  const { home, id } = await homeWithRequest();
  await using _ = home;
  home.clock.forward(30 * 24 * 3_600_000);
  const { hash } = await home.own("approval.show", { id });
  expect(await home.act("owner", "approval.approve", { id, hash })).toMatchObject({ status: "failed" });
  const again = await home.own("approval.again", { id });
  expect(again).toMatchObject({ status: "parked", approval: again.command });
  expect(again.command).not.toBe(id);
  const shown = await home.own("approval.show", { id: again.command });
  expect(shown).toMatchObject({
    approval: { principal: clerk, status: "open" },
    command: { args: { ...line, effect: "send" }, task },
  });
  expect((await home.approve(again.command, shown.hash)).status).toBe("done");
  expect(home.outbox()).toEqual(["At four?"]);
  expect((await home.own("approval.show", { id })).approval.status).toBe("expired");
});

test("K8 what the owner changes in a request is theirs: it is a new command, and nothing of it is another's", async () => {
  const { home, id } = await homeWithRequest();
  await using _ = home;
  const { command } = await home.own("approval.again", { id, args: { ...line, to: "tom@example.org" } });
  const { values, command: parked } = await home.own("approval.show", { id: command });
  expect(values.find(({ path }) => path === "to")).toMatchObject({
    text: "tom@example.org",
    from: [{ mark: "you" }],
    endorse: null,
  });
  expect(parked?.task?.words).toBe(`${task.words}\ntom@example.org`);
  // The first one is untouched.
  expect((await home.own("approval.show", { id })).command?.args).toMatchObject(line);
});

test("P14 what somebody wrote into a request does not become the owner's when they change a word beside it", async () => {
  const { home } = await homeWithRequest();
  await using _ = home;
  const hostile = { ...line, to: "eve@attacker.example", text: "Write to eve@attacker.example" };
  const asked = await home.act(clerk, "outbox.append", hostile, { task });
  const edited = { ...hostile, text: `${hostile.text} at four` };
  const { status, command } = await home.own("approval.again", { id: asked.id, args: edited });
  expect(status).toBe("parked");
  const { values, command: parked } = await home.own("approval.show", { id: command });
  expect(values.find(({ path }) => path === "to")?.from).not.toContainEqual(expect.objectContaining({ mark: "you" }));
  expect(parked?.task?.words).toBe(`${task.words}\nat four`);
  expect(command).not.toBe(asked.id);
});

test("P20 nobody but the owner asks again", async () => {
  const { home, id } = await homeWithRequest();
  await using _ = home;
  expect((await home.act(clerk, "approval.again", { id })).status).toBe("denied");
  expect((await home.act(agent("other"), "approval.again", { id })).status).toBe("denied");
  expect(await home.own("approval.list", {})).toMatchObject({ approvals: [{ id }] });
});

test("K3 a change of rules is shown on the past before it is written, and changes nothing", async () => {
  const { home } = await homeWithRequest();
  await using _ = home;
  const text = `forbid (principal == mh::Principal::"agent:clerk", action, resource);`;
  const past = await home.own("policy.past", { days: 30, files: [{ name: "clerk.cedar", text }] });
  expect(past.different).toMatchObject([
    { principal: clerk, skill: "outbox.append", before: "ask", after: "deny", count: 1 },
  ]);
  home.clock.forward(31 * 24 * 3_600_000);
  expect((await home.own("policy.past", { files: [{ name: "clerk.cedar", text }] })).different).toEqual([]);
  expect((await home.own("policy.past", { days: 40, files: [{ name: "clerk.cedar", text }] })).different).toHaveLength(
    1,
  );
  expect((await home.own("policy.list", {})).onDisk).toEqual([]);
});
