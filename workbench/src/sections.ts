import { firstOf } from "./forms";
import type { Entry } from "./model";
import { t } from "./words";

/** A section of a case: its model, what is usually said of each of its members, and what a new one begins with that is not asked for.
 *  form: a list in order, members by name, wants by party, one part for the case, or a mapping by party. */
export interface Section {
  key: string;
  form: "named" | "list" | "wants" | "part" | "map" | "translations";
  model: string;
  first: string[];
  title: string[];
  start?: () => Entry;
  named?: "party.lever" | "term" | "text";
}
const BACKED = ["because", "assumed"];

/** Every section of a case that is edited as forms, as an analyst thinks of them. */
export const GROUPS: [string, Section[]][] = [
  [
    "group_who",
    [
      {
        key: "parties",
        form: "named",
        model: "Party",
        title: ["name"],
        first: ["name", "also", "members", "types", ...BACKED],
        start: () => ({ name: "…" }),
      },
      {
        key: "levers",
        form: "named",
        model: "Lever",
        title: ["is"],
        named: "party.lever",
        first: ["is", "settings", "now", "needs", ...BACKED],
        start: () => ({ is: "…", now: "no", assumed: t("assumed_start") }),
      },
      { key: "terms", form: "named", model: "Term", title: [], named: "term", first: ["that", "is"] },
      { key: "wants", form: "wants", model: "Want", title: ["is", "that"], first: ["that", "is", "red_line", "worth", ...BACKED] },
      { key: "never", form: "list", model: "Ban", title: ["is", "that"], first: ["that", "is", ...BACKED] },
      { key: "events", form: "named", model: "Event", title: ["is"], first: ["is", "sets", "when", "per_month", ...BACKED] },
      { key: "views", form: "named", model: "View", title: ["is"], first: ["is", "vary", "fixed"] },
    ],
  ],
  [
    "group_evidence",
    [
      {
        key: "sources",
        form: "named",
        model: "Source",
        title: ["title"],
        first: ["title", "author", "publisher", "date", "language", "url", "reliability"],
        start: () => ({ title: "…", sha256: "0".repeat(64) }),
      },
      {
        key: "claims",
        form: "named",
        model: "Claim",
        title: ["gloss"],
        first: ["gloss", "quote", "source", "says", "via", "author_holds", "source_holds", "hedge"],
        start: () => ({ source: firstOf("sources"), quote: "…", gloss: "…" }),
      },
      { key: "hypotheses", form: "named", model: "Hypothesis", title: ["claim"], first: ["claim", "test", ...BACKED] },
      {
        key: "observations",
        form: "list",
        model: "Observation",
        title: ["is", "lever", "on"],
        first: ["on", "lever", "took", "not_given", "since", "is", ...BACKED],
      },
      {
        key: "talks",
        form: "named",
        model: "Talk",
        title: ["is"],
        first: ["is", "between", "by", "place", "date", "result", ...BACKED],
        start: () => ({ is: "…", between: [], assumed: t("assumed_start") }),
      },
      {
        key: "incidents",
        form: "named",
        model: "Incident",
        title: ["is"],
        first: ["is", "date", "event", "framings", ...BACKED],
        start: () => ({ is: "…", assumed: t("assumed_start") }),
      },
      {
        key: "unsaid",
        form: "list",
        model: "Unsaid",
        title: ["what"],
        first: ["what", "instead", "where"],
        start: () => ({ what: "…", instead: "…" }),
      },
    ],
  ],
  [
    "group_truce",
    [
      {
        key: "zones",
        form: "named",
        model: "Zone",
        title: ["name"],
        first: ["name", "attacker", "attack", "width_km", "surge_k", "guards", ...BACKED],
      },
      { key: "areas", form: "named", model: "Area", title: ["name"], first: ["name", "iso", "zone", "claimed_by", "held_by", ...BACKED] },
      {
        key: "deterrence",
        form: "part",
        model: "Deterrence",
        title: [],
        first: ["truce", "breach", "view", "postures", "strategies", "backstop", "hub", "past"],
      },
    ],
  ],
  [
    "group_time",
    [
      { key: "clocks", form: "named", model: "Clock", title: ["is"], first: ["is", "days", "on", "while", "sets", ...BACKED] },
      {
        key: "credibility",
        form: "named",
        model: "Credibility",
        title: ["is"],
        first: ["is", "lever", "threat", "deed", "levels", "now", "fades_per_month", ...BACKED],
      },
      { key: "budgets", form: "named", model: "SharedMeans", title: ["is"], first: ["is", "party", "of", "costs", ...BACKED] },
      { key: "channels", form: "named", model: "Channel", title: ["is"], first: ["is", "carries", "to", "stands", ...BACKED] },
      { key: "play", form: "part", model: "Tempo", title: [], first: ["tempo", "noise", "discount", "move_cost"] },
    ],
  ],
  [
    "group_rest",
    [
      { key: "states", form: "named", model: "NamedState", title: ["is"], named: "text", first: ["is", "at"], start: () => ({ is: "…" }) },
      { key: "ranking", form: "map", model: "", title: [], first: [] },
      { key: "graph", form: "part", model: "Listed", title: [], first: ["moves", "now"] },
      { key: "translations", form: "translations", model: "", title: [], first: [] },
    ],
  ],
];
export const SECTIONS: Section[] = GROUPS.flatMap(([, sections]) => sections);
/** What is said of the case as a whole. */
export const HEAD = ["title", "as_of", "present", "sizes", "language", "summary", "citation"];
