import type { DateOrder } from "@mh/contract/values/import-format.ts";
import { instantOf } from "../../model/wall-clock.ts";
import { dateInFigures, isInFigures } from "./date-in-figures.ts";
import { momentOf } from "./properties.ts";
import { readWrittenDate } from "./written-date.ts";

const serial = /^(\d{5})(?:[.,](\d+))?$/;
/** 1954 to 2119, counted from the day that spreadsheets count from. */
const [serialMin, serialMax] = [20_000, 80_000];
const serialStart = Date.UTC(1899, 11, 30);

/** Whether a cell is a date wherever it stands. Five or ten digits are one only in a column of dates. */
export const looksDated = (cell: string): boolean => isInFigures(cell) || readWrittenDate(cell, "UTC") !== undefined;

/** Whether a cell of a column of dates can be read as one. */
export const isDated = (cell: string): boolean =>
  looksDated(cell) || momentOf(cell, "UTC") !== undefined || isSerial(cell);

function isSerial(cell: string): boolean {
  const days = Number(serial.exec(cell)?.[1] ?? 0);
  return days >= serialMin && days < serialMax;
}

/** Reads a cell of a column of dates. Points stand between day and month in that order; all else is as the column says. */
export function dateOfCell(cell: string, order: () => DateOrder | undefined, timeZone: string): string | undefined {
  const written = momentOf(cell, timeZone);
  if (written !== undefined) return written;
  if (isSerial(cell)) return ofSerial(cell, timeZone);
  return dateInFigures(cell, order, timeZone);
}

/** Days since 1899-12-30, and the part of a day, on the clock of the wall. */
function ofSerial(cell: string, timeZone: string): string {
  const day = new Date(serialStart + Math.round(Number(cell.replace(",", ".")) * 86_400) * 1_000);
  const local = { year: day.getUTCFullYear(), month: day.getUTCMonth(), day: day.getUTCDate() };
  const at = instantOf({ ...local, hour: day.getUTCHours(), minute: day.getUTCMinutes() }, timeZone);
  return new Date(at + day.getUTCSeconds() * 1_000).toISOString();
}
