import * as fs from "node:fs";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { filesBelow } from "../support/files-below.ts";
import { makePlace, type Place } from "../support/make-place.ts";

const helper = agent("helper");
const rule = `@id("ask") @title("Ask about what a helper remembers")
  forbid (principal == mh::Principal::"agent:helper", action, resource) unless { context.approved };`;

/** A home by name in a place, with everything that belongs to it. */
const homeAt = (place: Place, name: string): Promise<TestHost> =>
  makeHost({ root: path.join(place.at(name), "home"), environment: { HOME: place.at(name) } });

const answers = { approve: "approved", deny: "refused" } as const;
type Answer = keyof typeof answers;
const answer = (home: TestHost, how: Answer, request: { id: string; hash: string }, id: string) =>
  home.act(owner, `approval.${how}`, how === "approve" ? request : { id: request.id }, { id });

async function kept(home: TestHost): Promise<string[]> {
  const { memories } = await home.own("memory.list", {});
  return memories.map(({ content }) => content);
}

/** Each state of the disk between a question and its answer: so much of the log is written, and the data or not. */
async function* crashes(place: Place, how: Answer, cmd: string) {
  fs.mkdirSync(place.at("before"));
  const asking = await homeAt(place, "before");
  asking.rule("ask.cedar", rule);
  await asking.own("grant.give", { principal: helper, skill: "memory.capture" });
  const { id } = await asking.act(helper, "memory.capture", { text: "Tea" });
  const { hash } = await asking.own("approval.show", { id });
  await asking.close();
  fs.cpSync(place.at("before"), place.at("after"), { recursive: true });
  const answering = await homeAt(place, "after");
  expect((await answer(answering, how, { id, hash }, cmd)).status).toBe("done");
  await answering.close();
  const names = filesBelow(place.at("after")).map((file) => path.relative(place.at("after"), file));
  const changed = names.filter((file) => {
    const [before = "", after = ""] = ["before", "after"].map((name) => path.join(place.at(name), file));
    return !fs.existsSync(before) || !fs.readFileSync(before).equals(fs.readFileSync(after));
  });
  const [log = ""] = changed.filter((file) => file.startsWith("home/logs/audit/"));
  const data = changed.filter((file) => /^home\/(memory\/.*\.ndjson$|logs\/objects\/)/.test(file));
  const [before, after] = ["before", "after"].map((name) => fs.readFileSync(path.join(place.at(name), log), "utf8"));
  const added = (after ?? "").slice(before?.length).split(/(?<=\n)/);
  expect(added.length).toBeGreaterThan(how === "approve" ? 4 : 2);
  for (let lines = 0; lines <= added.length; lines += 1) {
    for (const hasData of data.length > 0 ? [false, true] : [false]) {
      // The data are written once the intents are there, and the ends once the data are.
      const ends = added.slice(0, lines).filter((line) => line.includes('"phase":"outcome"')).length;
      const intents = added.filter((line) => /"phase":"(intent|approve)"/.test(line)).length;
      if (hasData ? lines < intents : ends > 0 && data.length > 0) continue;
      const name = `crash-${lines}-${hasData}`;
      fs.cpSync(place.at("before"), place.at(name), { recursive: true });
      fs.writeFileSync(path.join(place.at(name), log), before + added.slice(0, lines).join(""));
      for (const file of hasData ? data : [])
        fs.cpSync(path.join(place.at("after"), file), path.join(place.at(name), file));
      yield { name, request: { id, hash } };
    }
  }
}

test("R-1 R-16 after a crash at whatever record of a yes it ran, or it waits; the same yes again says the same", async () => {
  using place = makePlace();
  const cmd = "0199c1a2-0000-7000-8000-000000000001";
  const seen = new Set<string>();
  for await (const { name, request } of crashes(place, "approve", cmd)) {
    await using home = await homeAt(place, name);
    const { approvals } = await home.own("approval.list", { all: true });
    const [{ status = "" } = {}] = approvals;
    expect([name, status, await kept(home)]).toEqual([name, status, status === "open" ? [] : ["Tea"]]);
    seen.add(status);
    const again = await answer(home, "approve", request, cmd);
    if (status === "approved") {
      expect([name, again]).toMatchObject([name, { status: "done", value: { approval: request.id, run: request.id } }]);
    } else if (again.status !== "done") {
      // Under its own id it is told as cut off; a new yes lets it run.
      expect([name, again.status]).toEqual([name, "interrupted"]);
      expect((await home.approve(request.id, request.hash)).status).toBe("done");
    }
    await home.host.wait(request.id);
    expect([name, await kept(home)]).toEqual([name, ["Tea"]]);
    expect((await home.act(helper, "memory.capture", { text: "Tea" }, { id: request.id })).status).toBe("done");
    expect((await home.own("audit.verify", {})).status).toBe("ok");
  }
  expect([...seen].sort()).toEqual(["approved", "open"]);
});

test("R-16 after a crash at whatever record of a no it is refused, or it waits; the same no again says the same", async () => {
  using place = makePlace();
  const cmd = "0199c1a2-0000-7000-8000-000000000002";
  for await (const { name, request } of crashes(place, "deny", cmd)) {
    await using home = await homeAt(place, name);
    const [{ status = "" } = {}] = (await home.own("approval.list", { all: true })).approvals;
    expect(["open", "refused"]).toContain(status);
    const again = await answer(home, "deny", request, cmd);
    expect([name, status, again.status]).toEqual([name, status, status === "open" ? again.status : "done"]);
    expect(await kept(home)).toEqual([]);
  }
});
