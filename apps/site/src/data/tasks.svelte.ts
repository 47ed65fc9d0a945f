import type { ValueFor } from "@mh/contract/contracts.ts";
import { type TaskPlace, taskPlaces } from "@mh/contract/values/task-place.ts";
import { home } from "./home.svelte.ts";
import { Look } from "./look.svelte.ts";
import { followNamed, wholesale } from "./named.ts";
import { Pages } from "./pages.svelte.ts";
import { unlessGone } from "./rows.svelte.ts";

export type TaskRow = ValueFor<"task.list">["tasks"][number];

const pageSize = 100;
const countPauseMs = 300;

/** The owner's tasks by their place in the day, each a list that is read by pages; an event moves a task between them. */
class Tasks {
  readonly places = Object.fromEntries(taskPlaces.map((place) => [place, pagesAt(place)])) as Record<
    TaskPlace,
    Pages<TaskRow, string>
  >;
  readonly #count = new Look("task.count");
  #isAsked = false;

  /** How many stand where, also those that were not read. */
  get counts(): Record<TaskPlace, number> | undefined {
    return this.#count.value?.places;
  }
  get isLoaded(): boolean {
    return this.#all().every(({ rows }) => rows !== undefined);
  }
  get fault(): string | undefined {
    return this.#all().find(({ fault }) => fault !== undefined)?.fault;
  }

  /** Begins to load and to listen, at the first call. */
  open(): this {
    if (this.#isAsked) return this;
    this.#isAsked = true;
    const load = () => this.load();
    followNamed({ subject: "task", reloadsOn: wholesale, read: (id) => this.refresh(id), readAll: load });
    home.onReset(() => void load());
    this.#count.after(({ name, subjects }) => wholesale.test(name) || subjects.some(isTask), countPauseMs);
    void home.live.then(load);
    return this;
  }

  async load(): Promise<void> {
    await Promise.all([this.#count.ask({}), ...this.#all().map((list) => list.first())]);
  }

  /** Reads one task again: it leaves the list where it stood, and comes to the one where it stands. */
  async refresh(id: string): Promise<void> {
    const reading = unlessGone(home.get("task.show", { id }));
    await Promise.all(
      taskPlaces.map((place) =>
        this.places[place].single(id, async () => {
          const task = (await reading)?.task;
          return task?.place === place ? [task] : [];
        }),
      ),
    );
  }

  #all = () => taskPlaces.map((place) => this.places[place]);
}

const isTask = (subject: string): boolean => subject.startsWith("task:");

function pagesAt(place: TaskPlace): Pages<TaskRow, string> {
  const keyOf = ({ due, closed }: TaskRow) => (place === "over" ? closed : due) ?? "9999";
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return new Pages({
    async read(after) {
      const { tasks, next } = await home.get("task.list", { place, limit: pageSize, ...(after && { after }) });
      return { rows: tasks, next };
    },
    idOf: ({ id }) => id,
    compare: (a, b) => (place === "over" ? -1 : 1) * order(keyOf(a), keyOf(b)) || order(a.id, b.id),
  });
}

export const tasks = new Tasks();
