import { z } from "zod";

/** As ISO 4217 writes them. */
export const currencySchema = z.string().regex(/^[A-Z]{3}$/, "a currency is three letters, as in EUR");
