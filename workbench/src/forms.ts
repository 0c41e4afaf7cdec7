import { signal } from "@preact/signals";
import { entry, file, isMap, keys, settingsOf, short, told } from "./case";
import type { Entry, Plain, Step } from "./model";
import { get } from "./server";
import { t } from "./words";

/** What kind of value stands at a place, as the format says it. */
export interface Kind {
  kind: string;
  of?: (string | Kind)[];
  model?: string;
  short?: string;
  item?: Kind;
  keys?: Kind;
  each?: Kind;
  least?: number;
  one?: boolean;
  low?: number | null;
  high?: number | null;
  whole?: boolean;
  what?: string;
  known?: string[];
  value?: Plain;
  usual?: boolean;
}
interface Key extends Kind {
  key: string;
  must: boolean;
}

/** Every model of the format with its keys; empty until the server has told them. */
export const forms = signal<Record<string, Key[]>>({});
export const loadForms = async () => {
  forms.value = (await get<{ models: Record<string, Key[]> }>("/forms")).models;
};
export const keysOf = (model: string): Key[] => forms.value[model] ?? [];
export const keyOf = (model: string, key: string): Key | undefined => keysOf(model).find((each) => each.key === key);

/** What a key is called, and what is good to know about it. */
export const labelOf = (model: string, key: string) => t(`field_${model}_${key}`) || t(`field_${key}`) || key;
export const hintOf = (model: string, key: string) => t(`hint_${model}_${key}`) || t(`hint_${key}`);

export const firstOf = (section: string) => membersOf(section)[0] ?? "";
/** Names of the members of a section, or of what lies deeper, as `deterrence.postures`. */
export const membersOf = (section: string): string[] => Object.keys(entry(section.split(".")));
export const sectionsOf = (kind: Kind): string[] => (kind.of ?? []).filter((each): each is string => typeof each === "string");
export const dayOf = (of: Entry) => (/^\d{4}-\d{2}-\d{2}$/.test(String(of.as_of ?? "")) ? String(of.as_of) : "2025-01-01");

/** The lever whose settings stand at a place: the one named on the way there, or beside it. */
export function leverAt(at: Step[], made: Entry = {}): string {
  if (typeof made.lever === "string") return made.lever;
  const known = keys("levers");
  for (let k = at.length; k > 0; k -= 1) {
    const step = at[k - 1];
    if (typeof step === "string" && known.includes(step)) return step;
    const beside = entry(at.slice(0, k - 1));
    if (isMap(beside) && typeof beside.lever === "string") return beside.lever;
  }
  return "";
}

/** What a setting is called in a list to choose from: its name, and what it means where the case says so. */
export const settingName = (lever: string, setting: string) => {
  const means = told(entry(["levers", lever, "meaning"])[setting]);
  const name = told(setting.replace(/_/g, " "));
  return means ? `${name} – ${short(means, 120)}` : name;
};

const MADE: Record<string, () => Entry> = {
  Past: () => ({ reference: keyOf("Past", "reference")?.known?.[0] ?? "" }),
  Listed: () => ({ moves: { [firstOf("parties")]: [] } }),
};

/** A part to begin with: what was given for it, what must be there besides, and what it rests on. */
export function partOf(model: string, at: Step[], title = "", given: Entry = {}): Entry {
  const named = title ? ["is", "name", "title", "what", "claim"].find((each) => keyOf(model, each)) : undefined;
  const made: Entry = { ...(named ? { [named]: title } : {}), ...(MADE[model]?.() ?? {}), ...given };
  for (const each of keysOf(model)) if (each.must && made[each.key] === undefined) made[each.key] = startOf(each, [...at, each.key], made);
  if (named) made[named] = title;
  return keyOf(model, "assumed") ? { ...made, assumed: t("assumed_start") } : made;
}

const settled = (low: number | null | undefined, high: number | null | undefined) =>
  high !== null && high !== undefined && high <= 1 ? 0.5 : Math.max(low ?? 1, Math.min(1, high ?? 1));

/** A value of a kind to begin with. */
export function startOf(kind: Kind, at: Step[], made: Entry = {}, title = ""): Plain {
  switch (kind.kind) {
    case "words":
    case "text":
      return title || kind.known?.[0] || "…";
    case "day":
      return dayOf(file());
    case "flag":
      return true;
    case "number":
    case "quantity":
    case "rates":
      return settled(kind.low, kind.high);
    case "condition":
      return "true";
    case "choice":
      return String(kind.of?.[0] ?? "");
    case "name":
      return firstOf(sectionsOf(kind)[0] ?? "");
    case "setting":
      return settingsOf(leverAt(at, made))[0] ?? "no";
    case "state":
      return firstOf("states") || "1";
    case "part":
      return partOf(kind.model ?? "", at, title);
    case "list":
      return kind.least && kind.item ? Array.from({ length: kind.least }, () => startOf(kind.item as Kind, at, made)) : [];
    case "rows":
      return [];
    case "map":
      return mapOf(kind, at, made);
    case "fixed":
      return kind.value ?? "";
    default:
      return "…";
  }
}

function mapOf(kind: Kind, at: Step[], made: Entry): Entry {
  const item = kind.item as Kind;
  const all =
    kind.keys?.kind === "setting"
      ? settingsOf(leverAt(at, made))
      : kind.keys?.kind === "name" && kind.least
        ? [firstOf(sectionsOf(kind.keys)[0] ?? "")]
        : [];
  return Object.fromEntries(all.filter(Boolean).map((each) => [each, startOf(item, [...at, each], made)]));
}

/** Lines of words for a list of pairs or of ties, and back again. */
export const linesOf = (value: Plain | undefined): string =>
  Array.isArray(value) ? value.map((each) => (Array.isArray(each) ? each.map(String).join(", ") : String(each))).join("\n") : "";
export function rowsOf(typed: string, item: Kind): Plain[] {
  const numbers = item.kind === "together" && (item.of?.[0] as Kind | undefined)?.kind === "number";
  return typed
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const parts = line
        .split(/\s*,\s*/)
        .filter(Boolean)
        .map((each): Plain => (numbers && Number.isFinite(Number(each)) ? Number(each) : each));
      return item.kind === "either" && parts.length === 1 ? (parts[0] as Plain) : parts;
    });
}
/** A list as it stands put over by another: what stays by its number, what is new by -1, -2, … */
export function rearranged(old: Plain[], now: Plain[]): { items: number[]; fresh: Plain[] } {
  const left = old.map((each) => JSON.stringify(each));
  const fresh: Plain[] = [];
  const items = now.map((each) => {
    const at = left.indexOf(JSON.stringify(each));
    if (at >= 0) {
      left[at] = "";
      return at;
    }
    fresh.push(each);
    return -fresh.length;
  });
  return { items, fresh };
}
