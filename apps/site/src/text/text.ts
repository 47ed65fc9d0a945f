import { en } from "./en.ts";
import { pseudo } from "./pseudo.ts";

export type Text = typeof en;

const isBrowser = typeof window !== "undefined";
/** `pseudo` in the browser's storage shows every text of ours lengthened and marked: what stays plain is in no file. */
const wanted = isBrowser ? localStorage.getItem("mh-locale") : null;

/** Every text of the interface. */
export const text: Text = wanted === "pseudo" ? pseudo(en) : en;

if (isBrowser && localStorage.getItem("mh-direction") === "rtl") document.documentElement.dir = "rtl";
