import { z } from "zod";
import { haveNamesOfTheirOwn, nameSchema, passwordlessUrl } from "../model/settings-values.ts";
import { defineSettings } from "../settings/section.ts";

const passwordlessSchema = passwordlessUrl("name it with `secret`, and its user with `user`");

/**
 * A calendar: an iCalendar file, an address that serves one, or a CalDAV collection. A file in the home and a collection
 * can be written, too. With `secret` alone it is a token, with `user` a password.
 */
const calendarSourceSchema = z
  .looseObject({
    name: nameSchema,
    /** Relative to the home, or absolute. */
    file: z
      .string()
      .regex(/\.(?:ics|ical)$/i, "a calendar file's name ends in .ics")
      .optional(),
    url: passwordlessSchema.optional(),
    caldav: passwordlessSchema.optional(),
    user: z.string().optional(),
    secret: z.string().optional(),
    readOnly: z.boolean().default(false),
  })
  .refine(({ file, url, caldav }) => [file, url, caldav].filter((each) => each !== undefined).length === 1, {
    error: "a calendar has one of file, url and caldav",
  });
export type CalendarSource = z.infer<typeof calendarSourceSchema>;

/** The calendars that are read and written. */
export const calendarSettings = defineSettings(
  "calendar",
  z
    .looseObject({
      sources: z
        .array(calendarSourceSchema)
        .refine(haveNamesOfTheirOwn, { error: "two calendars have the same name" })
        .default([]),
    })
    .prefault({}),
  { named: ["sources"] },
);
