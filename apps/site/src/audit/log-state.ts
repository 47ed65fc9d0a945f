/** How a log is told, by what verification says of it: repaired is neither unbroken nor damaged. */
export const logState = (status: string): "unbroken" | "repaired" | "bad" =>
  status === "ok" ? "unbroken" : status === "repaired" ? "repaired" : "bad";
