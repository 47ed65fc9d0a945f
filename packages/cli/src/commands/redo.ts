import { takeBackCommand } from "../take-back.ts";

export const command = takeBackCommand({ verb: "redo", skill: "history.redo", done: "Done again" });
