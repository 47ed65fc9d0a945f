import { takeBackCommand } from "../take-back.ts";

export const command = takeBackCommand({ verb: "undo", skill: "history.undo", done: "Undone" });
