import system, * as fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test, vi } from "vitest";
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

type Asked = readonly [skill: string, args: unknown];
const capture: Asked = ["memory.capture", { text: "Tea" }];

interface Request {
  id: string;
  hash: string;
}

/** A home by the name of "before" in which one command waits. */
async function waiting(place: Place, [skill, args]: Asked = capture): Promise<Request> {
  fs.mkdirSync(place.at("before"));
  const asking = await homeAt(place, "before");
  asking.rule("ask.cedar", rule);
  await asking.own("grant.give", { principal: helper, skill });
  const { id } = await asking.act(helper, skill, args);
  const { hash } = await asking.own("approval.show", { id });
  await asking.close();
  return { id, hash };
}

/** Each state of the disk while a home's request is answered, by name: so much of the log is written, and the data or not. */
async function* crashes(
  place: Place,
  from: string,
  how: Answer,
  request: Request,
  cmd: string,
): AsyncGenerator<string> {
  const done = `${from}-done`;
  fs.cpSync(place.at(from), place.at(done), { recursive: true });
  const answering = await homeAt(place, done);
  expect((await answer(answering, how, request, cmd)).status).toBe("done");
  await answering.close();
  const names = filesBelow(place.at(done)).map((file) => path.relative(place.at(done), file));
  const changed = names.filter((file) => {
    const [before = "", after = ""] = [from, done].map((name) => path.join(place.at(name), file));
    return !fs.existsSync(before) || !fs.readFileSync(before).equals(fs.readFileSync(after));
  });
  const [log = ""] = changed.filter((file) => file.startsWith("home/logs/audit/"));
  const data = changed.filter((file) => /^home\/(memory\/.*\.ndjson$|logs\/objects\/)/.test(file));
  const [before = "", after = ""] = [from, done].map((name) => fs.readFileSync(path.join(place.at(name), log), "utf8"));
  const added = after.slice(before.length).split(/(?<=\n)/);
  expect(added.length).toBeGreaterThan(2);
  for (let lines = 0; lines <= added.length; lines += 1) {
    for (const hasData of data.length > 0 ? [false, true] : [false]) {
      // The data are written once the intents are there, and the ends once the data are.
      const ends = added.slice(0, lines).filter((line) => line.includes('"phase":"outcome"')).length;
      const intents = added.filter((line) => /"phase":"(intent|approve)"/.test(line)).length;
      if (hasData ? lines < intents : ends > 0 && data.length > 0) continue;
      const name = `${from}-${lines}-${hasData}`;
      fs.cpSync(place.at(from), place.at(name), { recursive: true });
      fs.writeFileSync(path.join(place.at(name), log), before + added.slice(0, lines).join(""));
      for (const file of hasData ? data : [])
        fs.cpSync(path.join(place.at(done), file), path.join(place.at(name), file));
      yield name;
    }
  }
}

test("R-1 R-16 after a crash at whatever record of a yes it ran, or it waits; the same yes again says the same", async () => {
  using place = makePlace();
  const cmd = "0199c1a2-0000-7000-8000-000000000001";
  const seen = new Set<string>();
  const request = await waiting(place);
  for await (const name of crashes(place, "before", "approve", request, cmd)) {
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
  const request = await waiting(place);
  const seen = new Set<string>();
  for await (const name of crashes(place, "before", "deny", request, cmd)) {
    await using home = await homeAt(place, name);
    const [{ status = "" } = {}] = (await home.own("approval.list", { all: true })).approvals;
    seen.add(status);
    const again = await answer(home, "deny", request, cmd);
    expect(status === "open" ? ["done", "interrupted"] : ["done"]).toContain(again.status);
    expect(await kept(home)).toEqual([]);
  }
  expect([...seen].sort()).toEqual(["open", "refused"]);
});

for (const asked of [capture, ["memory.search", { q: "tea" }]] as const)
  test(`R-1 what was cut off, waited again and is cut off once more costs nothing that was acknowledged in between: ${asked[0]}`, async () => {
    using place = makePlace();
    const request = await waiting(place, asked);
    const ids = ["0199c1a2-0000-7000-8000-000000000003", "0199c1a2-0000-7000-8000-000000000004"] as const;
    let count = 0;
    for await (const name of crashes(place, "before", "approve", request, ids[0])) {
      const home = await homeAt(place, name);
      const isOpen = (await home.own("approval.list", {})).approvals.length > 0;
      if (isOpen) await home.own("memory.capture", { text: "Milk" });
      await home.close();
      if (!isOpen) continue;
      for await (const again of crashes(place, name, "approve", request, ids[1])) {
        await using second = await homeAt(place, again);
        const [{ status = "" } = {}] = (await second.own("approval.list", { all: true })).approvals;
        const isKept = asked === capture && status !== "open";
        expect([again, (await kept(second)).sort()]).toEqual([again, isKept ? ["Milk", "Tea"] : ["Milk"]]);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(5);
  });

for (const code of ["EIO", "EACCES", "EMFILE"])
  test(`R-1 where the disk says ${code} as what was approved begins, it waits on, and a new yes lets it run`, async () => {
    let [failed, isOver] = [0, false];
    for (let nth = 1; !isOver; nth += 1) {
      using place = makePlace();
      const request = await waiting(place);
      await using home = await homeAt(place, "before");
      isOver = true;
      const { statSync } = system;
      let looks = 0;
      const failing = vi.spyOn(system, "statSync").mockImplementation(((
        file: fs.PathLike,
        options: fs.StatSyncOptions,
      ) => {
        looks += Number(String(file).endsWith("run/STOP"));
        if (!isOver || looks !== nth) return statSync(file, options);
        isOver = false;
        throw Object.assign(new Error(`${code}: stat`), { code, syscall: "stat" });
      }) as typeof statSync);
      syncBuiltinESMExports();
      const first = await answer(home, "approve", request, "0199c1a2-0000-7000-8000-000000000001");
      failing.mockRestore();
      syncBuiltinESMExports();
      if (first.status === "failed") {
        failed += 1;
        expect(first.fault.code).toBe(code === "EACCES" ? "home.read-only" : "disk.failed");
        expect((await home.own("approval.list", {})).approvals.map(({ id }: { id: string }) => id)).toEqual([
          request.id,
        ]);
        const again = await answer(home, "approve", request, "0199c1a2-0000-7000-8000-000000000002");
        expect(again.status).toBe("done");
      }
      await home.host.wait(request.id);
      expect(await kept(home)).toEqual(["Tea"]);
    }
    expect(failed).toBeGreaterThan(0);
  });
