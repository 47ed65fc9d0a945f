import fc from "fast-check";
import { expect, test } from "vitest";
import { MergedRows, type Page } from "./merged-rows.ts";

interface Row {
  id: string;
  key: number;
  rev: number;
}
const idOf = ({ id }: Row) => id;
const compare = (a: Row, b: Row) => a.key - b.key || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
type Next = string;
const pageSize = 3;

/** A home that answers as it stands when it comes to a request, and announces each change after it is made. */
class Server {
  rows = new Map<string, Row>();
  revs = 0;
  sorted = () => [...this.rows.values()].sort(compare);
  page(next: Next | undefined): Page<Row, Next> {
    const [key, id] = next?.split(" ") ?? [];
    const after = id === undefined ? undefined : { id, key: Number(key), rev: 0 };
    const rest = this.sorted().filter((row) => !after || compare(row, after) > 0);
    const rows = rest.slice(0, pageSize);
    const last = rows.at(-1);
    return { rows, next: last && rest.length > pageSize ? `${last.key} ${last.id}` : null };
  }
  one = (id: string) => [this.rows.get(id)].filter((row) => row !== undefined);
}

type Step =
  | { do: "put"; id: number; key: number }
  | { do: "drop"; id: number }
  | { do: "first" | "more" | "head" | "hear" }
  /** The daemon works on a request; its answer arrives. */
  | { do: "work" | "arrive"; which: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("put" as const), id: fc.nat(9), key: fc.nat(6) }),
    fc.record({ do: fc.constant("drop" as const), id: fc.nat(9) }),
    fc.record({ do: fc.constantFrom("first" as const, "more" as const, "head" as const, "hear" as const) }),
    fc.record({ do: fc.constantFrom("work" as const, "arrive" as const), which: fc.nat(20) }),
  ),
  { maxLength: 60, size: "max" },
);

interface Request {
  work: () => () => void;
  land?: () => void;
}

/** Plays the steps, then lets everything arrive, and reads on to the end. */
function play(all: readonly Step[], check: (list: MergedRows<Row, Next>) => void) {
  const server = new Server();
  const list = new MergedRows<Row, Next>(idOf, compare);
  const unheard: string[] = [];
  const requests: Request[] = [];
  const pick = (which: number, from: Request[]) => from[which % Math.max(1, from.length)];
  const ask = <T>(begin: number, question: () => T, land: (turn: number, answer: T) => void) => {
    requests.push({
      work: () => {
        const answer = question();
        return () => land(begin, answer);
      },
    });
  };
  const first = () =>
    ask(
      list.begin(),
      () => server.page(undefined),
      (turn, page) => list.landFirst(turn, page),
    );
  const more = () => {
    const { next } = list;
    if (next !== null)
      ask(
        list.begin(),
        () => server.page(next),
        (turn, page) => list.landMore(turn, page, next),
      );
  };
  const head = () =>
    ask(
      list.begin(),
      () => server.page(undefined),
      (turn, page) => {
        if (!list.landHead(turn, page)) first();
      },
    );
  const hear = () => {
    const id = unheard.shift();
    if (id !== undefined)
      ask(
        list.begin(),
        () => server.one(id),
        (turn, rows) => list.landSingle(turn, id, rows),
      );
  };
  const work = (request: Request | undefined) => {
    if (request && !request.land) request.land = request.work();
  };
  const arrive = (request: Request | undefined) => {
    if (!request) return;
    work(request);
    requests.splice(requests.indexOf(request), 1);
    request.land?.();
    check(list);
  };
  for (let n = 0; n < 8; n += 1) server.rows.set(`r${n}`, { id: `r${n}`, key: n % 5, rev: 0 });
  first();
  for (const step of all) {
    if (step.do === "put") {
      const id = `r${step.id}`;
      server.revs += 1;
      server.rows.set(id, { id, key: step.key, rev: server.revs });
      unheard.push(id);
    } else if (step.do === "drop") {
      if (server.rows.delete(`r${step.id}`)) unheard.push(`r${step.id}`);
    } else if (step.do === "work") work(pick(step.which, requests));
    else if (step.do === "arrive") arrive(pick(step.which, requests));
    else ({ first, more, head, hear })[step.do]();
  }
  while (unheard.length > 0) hear();
  while (requests.length > 0) arrive(requests.at(-1));
  for (let reads = 0; list.next !== null && reads < 20; reads += 1) {
    more();
    arrive(requests[0]);
  }
  return { list, server };
}

test("H22 whatever the order of pages, events and answers, no row of a list is missing, doubled, old or out of order", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { list, server } = play(all, ({ rows = [] }) => {
        expect(new Set(rows.map(idOf)).size).toBe(rows.length);
        expect([...rows].sort(compare)).toEqual(rows);
      });
      expect(list.rows).toEqual(server.sorted());
    }),
    { numRuns: 1500 },
  );
});

test("H22 a row that is read while the whole list is under way is there when it arrives", () => {
  const list = new MergedRows<Row, Next>(idOf);
  const whole = list.begin();
  const one = list.begin();
  list.landSingle(one, "new", [{ id: "new", key: 1, rev: 1 }]);
  list.landFirst(whole, { rows: [{ id: "old", key: 2, rev: 1 }], next: null });
  expect(list.rows?.map(idOf)).toEqual(["new", "old"]);
});
