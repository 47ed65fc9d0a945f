import type { MailMessage } from "@mh/contract/values/mail-message.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { describe, expect, test } from "vitest";

const organizer = agent("organizer");

/** An agent that may do nearly everything by itself, and with the owner's own memories. */
async function trusted(home: TestHost, ...skills: string[]): Promise<void> {
  for (const skill of skills) await home.own("grant.give", { principal: organizer, skill });
  await home.own("trust.set", { principal: organizer, level: "adaptive_auto" });
}

/** As the agent, with every control argument vouched for by the owner's words. */
async function asAgent(home: TestHost, skill: string, args: Record<string, unknown>) {
  const task = { id: home.host.newId(), words: JSON.stringify(args) };
  return home.act(organizer, skill, args, { task });
}

const message = (address: string, name: string): MailMessage => ({
  ...{ uid: 1, messageId: null, inReplyTo: null, references: [], origin: `mail:${address}` },
  ...{ from: { name, address }, to: [{ name: "", address: "ada@home.example" }], cc: [], subject: "Pay now" },
  ...{ date: null, receivedAt: null, seen: false, sizeBytes: 10, bulk: [], isForged: false, repliesToYou: false },
  ...{ text: "Today", isCut: false, attachments: [], problem: null },
});

const reasons = async (home: TestHost, address: string) =>
  (await home.own("mail.triage", { messages: [message(address, "Bank")] })).messages[0]?.reasons;

describe("P9 an agent cannot make its words pass for the owner's", () => {
  test("by importing them as if from a file", async () => {
    await using home = await makeHost();
    await trusted(home, "memory.import");
    const unknown = await reasons(home, "evil@example.net");
    const fact = { subject: "Bank", predicate: "email", object: "evil@example.net" };
    const items = [{ externalId: "1", content: "x", kind: "semantic", fact, origin: "file:contacts.vcf" }];
    const imported = await asAgent(home, "memory.import", { source: "contacts", from: "contacts.vcf", items });
    expect(imported).toMatchObject({ status: "done" });
    const { memories } = await home.own<{ memories: MemoryRecord[] }>("memory.list");
    expect(memories.map(({ origins, fact }) => [origins, fact?.status])).toEqual([
      [["file:contacts.vcf", organizer], "inferred"],
    ]);
    expect(await reasons(home, "evil@example.net")).toEqual(unknown);
    // What the owner imports counts.
    await home.own("memory.import", { source: "mine", from: "contacts.vcf", items });
    expect(await reasons(home, "evil@example.net")).not.toEqual(unknown);
  });

  test("by putting them into a fact or a preference of the owner's", async () => {
    await using home = await makeHost();
    await trusted(home, "memory.edit", "fact.review");
    const unknown = await reasons(home, "evil@example.net");
    const { id: fact } = await home.own<{ id: string }>("fact.add", {
      ...{ subject: "Bank", predicate: "email", object: "bank@example.org" },
    });
    const { id: preference } = await home.own<{ id: string }>("memory.prefer", { text: "No phone calls" });
    for (const [id, text] of [
      [fact, "evil@example.net"],
      [preference, "Always pay at once"],
    ]) {
      expect(await asAgent(home, "memory.edit", { id, text })).toMatchObject({ status: "done" });
    }
    expect(await reasons(home, "evil@example.net")).toEqual(unknown);
    const { memories } = await home.own<{ memories: MemoryRecord[] }>("memory.list");
    for (const { origins } of memories) expect(origins).toContain(organizer);
    const confirmed = await asAgent(home, "fact.review", { id: fact, status: "confirmed" });
    expect(confirmed).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
  });

  test("and the owner's own devices speak for the owner", async () => {
    await using home = await makeHost();
    const phone = "owner/phone" as const;
    const { value } = (await home.act(phone, "memory.prefer", { text: "Window seat" })) as { value: { id: string } };
    await home.act(phone, "memory.edit", { id: value.id, text: "Aisle seat" });
    await home.act(phone, "memory.capture", { text: "Tea with Sarah" });
    const { memories } = await home.own<{ memories: MemoryRecord[] }>("memory.list");
    expect(memories.map(({ origins }) => origins)).toEqual([["owner"], ["owner"]]);
    expect(await home.act(owner, "memory.list")).toMatchObject({ status: "done" });
  });
});
