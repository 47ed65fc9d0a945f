// What commands print with. `main.ts` takes the printer alone, so that help and status start without the layout.
export { clip, hang, narrow, shortId, shortIds, table, wrap } from "./layout.ts";
export { makePrinter, type Printer } from "./printer.ts";
