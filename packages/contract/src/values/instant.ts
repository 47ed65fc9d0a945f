import { z } from "zod";

/** An instant as arguments give it, with its offset. */
export const instantSchema = z.iso.datetime({ offset: true, error: "a time is ISO 8601, as in 2026-05-08T13:56:00Z" });
