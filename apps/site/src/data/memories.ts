import type { ValueFor } from "@mh/contract/contracts.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import { afterEvents } from "./after-events.ts";
import { home } from "./home.svelte.ts";
import { followNamed } from "./named.ts";
import type { Pages } from "./pages.svelte.ts";
import { unlessGone } from "./rows.svelte.ts";

type Memory = ValueFor<"memory.show">["memory"];

const wholesale = /^(history|snapshot|damage|self)\.|consolidated/;
const newsPauseMs = 200;

/** These bring memories that they do not name: as many as came, or what was said in a chat. */
const bringsUnnamed = ({ name, subjects }: Event): boolean =>
  /^(memory|fact|chat|import)\./.test(name) && !subjects.some((each) => each.startsWith("memory:"));

/** Keeps pages of memories true: a memory that an event names is read again, and what came unnamed is read from the head. */
export function followMemories<Row, Next>(
  pages: Pages<Row, Next>,
  rowsOf: (memory: Memory) => readonly Row[],
): () => void {
  const read = (id: string) =>
    pages.single(id, async () => {
      const shown = await unlessGone(home.get("memory.show", { id }));
      return shown ? rowsOf(shown.memory) : [];
    });
  const readAll = () => pages.first();
  const offs = [
    followNamed({ subject: "memory", reloadsOn: wholesale, read, readAll }),
    afterEvents({
      concerns: (event) => bringsUnnamed(event) && !wholesale.test(event.name),
      waitMs: newsPauseMs,
      work: () => void pages.newer(),
      readAll: () => void readAll(),
    }),
  ];
  return () => {
    for (const off of offs) off();
  };
}
