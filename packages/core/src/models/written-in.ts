import type { ModelEvent } from "../ports/model.ts";

/** What of an event the model wrote, thoughts and the arguments of calls too: what it is counted and cut by. */
export function writtenIn(event: ModelEvent): string {
  switch (event.type) {
    case "text":
    case "thought":
    case "bad-call":
      return event.text;
    case "call":
      return JSON.stringify(event.call.args);
    default:
      return "";
  }
}
