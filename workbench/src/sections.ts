import type { Entry, Plain } from "./model";

export type Kind = "text" | "long" | "name" | "number" | "condition" | "flag" | "words" | "claims" | "choice" | "setting" | "party" | "zone" | "lever" | "settings" | "guards" | "types" | "levers" | "parties" | "about" | "tests" | "basis" | "odds" | "member" | "taken" | "own settings" | "guarding";
export interface Field { key: string; kind: Kind; choices?: string[]; of?: "types" | "settings" | "parties" }
export interface Section { key: string; list: boolean; fields: Field[]; title: string[]; start: (file: Entry) => Plain; named?: "party.lever" | "term" }

const HOLDS = ["certain", "probable", "possible", "uncommitted", "denied"];
const f = (key: string, kind: Kind, choices?: string[]): Field => (choices ? { key, kind, choices } : { key, kind });
const BACKED = [f("because", "claims"), f("basis", "basis"), f("assumed", "text")];
const ASSUMED = "to be replaced by a claim";
const firstOf = (file: Entry, section: string) => Object.keys((file[section] ?? {}) as Entry)[0] ?? "";

const dayOf = (file: Entry) => (/^\d{4}-\d{2}-\d{2}$/.test(String(file.as_of ?? "")) ? String(file.as_of) : "2025-01-01");
const firstSetting = (file: Entry) => { const lever = ((file.levers ?? {}) as Record<string, Entry>)[firstOf(file, "levers")]; return lever && Array.isArray(lever.settings) ? String(lever.settings[0]) : "no"; };

/** Every section of a case that is edited as forms: its fields, in the order in which an analyst thinks of them. */
export const SECTIONS: Section[] = [
  { key: "parties", list: false, title: ["name"], fields: [f("name", "text"), f("also", "words"), f("members", "words"), f("types", "types"), f("because", "claims"), f("assumed", "text")], start: () => ({ name: "…" }) },
  { key: "levers", list: false, title: ["is"], named: "party.lever", fields: [f("is", "text"), f("settings", "own settings"), f("now", "setting"), f("odds", "odds"), f("one_way", "choice", ["", "up", "down"]), f("needs", "guards"), f("zone", "zone"), ...BACKED], start: () => ({ is: "…", now: "no", assumed: ASSUMED }) },
  { key: "terms", list: false, title: [], named: "term", fields: [], start: (file) => firstOf(file, "levers") || "true" },
  { key: "wants", list: true, title: ["is", "that"], fields: [f("that", "condition"), f("is", "text"), f("red_line", "flag"), f("worth", "number"), ...BACKED], start: (file) => ({ that: firstOf(file, "levers") || "true", assumed: ASSUMED }) },
  { key: "never", list: true, title: ["is", "that"], fields: [f("that", "condition"), f("is", "text"), ...BACKED], start: () => ({ that: "false", assumed: ASSUMED }) },
  { key: "events", list: false, title: ["is"], fields: [f("is", "text"), f("sets", "settings"), f("when", "condition"), f("per_month", "number"), ...BACKED], start: (file) => ({ is: "…", sets: { [firstOf(file, "levers")]: firstSetting(file) }, per_month: 0.1, assumed: ASSUMED }) },
  { key: "observations", list: true, title: ["is", "lever", "on"], fields: [f("on", "text"), f("lever", "lever"), f("took", "taken"), f("not_given", "taken"), f("since", "text"), f("is", "text"), ...BACKED], start: (file) => ({ on: dayOf(file), lever: firstOf(file, "levers"), took: firstSetting(file), assumed: ASSUMED }) },
  { key: "hypotheses", list: false, title: ["claim"], fields: [f("claim", "long"), f("test", "tests"), ...BACKED], start: (file) => ({ claim: "…", assumed: ASSUMED, test: { ask: "reached", that: firstOf(file, "terms") || "true", expect: "yes" } }) },
  { key: "views", list: false, title: ["is"], fields: [f("is", "text"), f("vary", "levers"), f("fixed", "settings")], start: (file) => ({ vary: Object.keys((file.levers ?? {}) as Entry).slice(0, 2) }) },
  { key: "zones", list: false, title: ["name"], fields: [f("name", "text"), f("width_km", "number"), f("sector_km", "number"), f("attacker", "party"), f("attack", "condition"), f("surge_k", "number"), f("warning_days", "number"), f("guards", "guarding"), ...BACKED], start: (file) => ({ name: "…", width_km: 100, attacker: firstOf(file, "levers").split(".")[0] || firstOf(file, "parties"), attack: firstOf(file, "levers"), surge_k: 10, assumed: ASSUMED }) },
  { key: "areas", list: false, title: ["name"], fields: [f("name", "text"), f("iso", "words"), f("zone", "zone"), f("claimed_by", "parties"), f("held_by", "parties"), ...BACKED], start: () => ({ name: "…", iso: ["NL-UT"], assumed: ASSUMED }) },
  { key: "claims", list: false, title: ["gloss"], fields: [f("gloss", "long"), f("quote", "long"), f("source", "member", ["sources"]), f("says", "text"), f("via", "text"), f("author_holds", "choice", HOLDS), f("source_holds", "choice", ["", ...HOLDS]), f("hedge", "text"), f("condition", "text"), f("about", "about"), f("denies", "claims"), f("context", "flag")], start: (file) => ({ source: firstOf(file, "sources"), quote: "…", gloss: "…" }) },
  { key: "sources", list: false, title: ["title"], fields: [f("title", "text"), f("author", "text"), f("publisher", "text"), f("date", "text"), f("language", "text"), f("url", "text"), f("file", "text"), f("sha256", "text")], start: () => ({ title: "…", sha256: "0".repeat(64) }) },
  { key: "talks", list: false, title: ["is"], fields: [f("is", "text"), f("between", "parties"), f("by", "text"), f("place", "text"), f("date", "text"), f("result", "text"), ...BACKED], start: () => ({ is: "…", between: [], assumed: ASSUMED }) },
  { key: "incidents", list: false, title: ["is"], fields: [f("is", "text"), f("date", "text"), f("event", "member", ["events"]), ...BACKED], start: () => ({ is: "…", assumed: ASSUMED }) },
  { key: "unsaid", list: true, title: ["what"], fields: [f("what", "long"), f("instead", "long"), f("where", "words")], start: () => ({ what: "…", instead: "…" }) },
];
/** Numbers of a truce that belong to no one zone. */
export const DETERRENCE: Field[] = [
  f("truce", "condition"), f("breach", "condition"), f("view", "member", ["views"]), f("march_km_per_day", "number"), f("detection_km", "number"), f("decisiveness", "number"), f("provocation", "number"),
];
export const HEAD: Field[] = [f("title", "text"), f("as_of", "text"), f("present", "choice", ["", "unknown"]), f("language", "text"), f("summary", "long"), f("citation", "text")];
export const TEST: Field[] = [
  f("ask", "choice", ["rests", "reached", "possible", "gains", "holds_longer", "agreement", "unlocked", "undecidable"]), f("that", "condition"), f("without", "condition"), f("from", "condition"),
  f("party", "party"), f("hold", "settings"), f("against", "settings"), f("concept", "choice", ["nash", "gmr", "smr", "seq", "ssr"]), f("by", "choice", ["best", "paying", "any"]), f("months", "number"),
  f("expect", "choice", ["yes", "no", "more", "less", "same", "not more", "not less"]), f("reason", "text"),
];
