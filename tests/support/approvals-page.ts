import { agent } from "@mh/contract/values/principal.ts";
import { testClock } from "@mh/testing/test-clock.ts";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { serveHome, signInLink } from "../serve-home.ts";
import { bankSkills, shopSkill } from "./bank-skills.ts";
import { desk, signedIn } from "./site-browser.ts";

const clerk = agent("clerk");
export const known = { to: "DE89370400440532013000", amount: 118.4 };
const strange = { to: "LT121000011101001000", amount: 1240, note: "May" };

/** A home with a bank, a shop and an agent that may ask for both, served by this process. */
export async function bankHome() {
  const ordered: unknown[] = [];
  const served = await serveHome({
    clock: testClock(new Date().toISOString()),
    skills: [...bankSkills(), shopSkill(ordered)],
    declared: new Map([[clerk, ["bills.read", "bank.pay", "outbox.append", "shop.order", "plan.propose"]]]),
  });
  const { home } = served;
  for (const [name, value] of [
    ["spend.perDay", 2000],
    ["spend.perDayEach", 2000],
    ["spend.perWeek", 5000],
  ] as const)
    await home.own("config.set", { name, value });
  for (const skill of ["bills.read", "bank.pay", "outbox.append", "shop.order"])
    await home.own("grant.give", { principal: clerk, skill });
  let tasks = 0;
  /** The clerk does something for the owner, who said so much. */
  const asks = (skill: string, args: object, words: string, id?: string) => {
    tasks += 1;
    return home.act(clerk, skill, args, { task: { id: id ?? `task-${tasks}`, words } });
  };
  /** Requests of one kind, whatever their text. */
  const asksToWrite = (text: string) => {
    const args = { text, to: "sarah@example.org", effect: "send", scope: { recipients: ["sarah@example.org"] } };
    return asks("outbox.append", args, "Write to sarah@example.org");
  };
  return {
    ...{ home, ordered, asks, asksToWrite },
    /** A bill that was paid before, and one that somebody else wrote, which waits. */
    async withStrangeBill() {
      const first = await asks("bank.pay", known, "Pay 118.40 to DE89370400440532013000");
      await home.approve(first.id, (await home.own("approval.show", { id: first.id })).hash);
      await asks("bills.read", {}, "Pay my bills", "bills");
      return (await asks("bank.pay", strange, "Pay my bills", "bills")).id;
    },
    /** An answer of a shop's that asks for more before it is given. */
    async withQuestion() {
      await home.own("trust.set", { principal: "agent:clerk", level: "adaptive_auto" });
      return (await asks("shop.order", { size: "M" }, "Order a coat in M")).id;
    },
    /** Three requests that are answered together. */
    async withBatch() {
      for (const text of ["one", "two", "three"]) await asksToWrite(text);
    },
    async withPlan() {
      const slots = { to: { from: "bills", field: "from", kind: "email" } };
      const plan = {
        title: "Answer the bills",
        steps: [{ skill: "outbox.append", args: { effect: "write" }, slots, times: 3 }],
        sources: { bills: { skill: "bills.read", args: {} } },
      };
      return (await asks("plan.propose", plan, "Answer my bills")).id;
    },
    /** A link that signs a device of the owner's in. */
    async deviceLink() {
      const { token: own } = await home.own("device.add", { name: "phone" });
      return `${served.http.url.replace("127.0.0.1", "localhost")}/#token=${own}`;
    },
    visit: (browser: Browser, options: BrowserContextOptions = desk) =>
      signedIn(browser, signInLink(`${served.http.url}/approvals`), options),
    status: async (id: string) => (await home.own("approval.show", { id })).approval.status,
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}
