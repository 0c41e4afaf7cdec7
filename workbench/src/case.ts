import { valueAt } from "./logic";
import type { Entry, Plain, Problem, Step } from "./model";
import { words } from "./parts";
import { edit, sheet } from "./server";
import { language } from "./words";

export const file = () => sheet.value?.file ?? {};
/** Which case is open, among those of all folders. */
export const whichCase = () => `${sheet.value?.folder}/${sheet.value?.name}`;
export const version = () => sheet.value?.version ?? 0;
export const entry = (at: Step[]) => (valueAt(file(), at) ?? {}) as Entry;
export const isMap = (value: Plain | undefined): value is Entry => typeof value === "object" && value !== null && !Array.isArray(value);
export const keys = (section: string) => Object.keys(entry([section]));
export const list = (value: Plain | undefined): string[] =>
  Array.isArray(value) ? value.map(words) : value === undefined || value === null || value === "" ? [] : [words(value)];
export const settingsOf = (lever: string) => list(entry(["levers", lever]).settings ?? ["no", "yes"]);

/** A text of the case as the reader is told it: in the page's language, where the case has it. */
export const told = (value: Plain | undefined): string => {
  const text = words(value);
  return text ? words(entry(["translations", language.value])[text]) || text : text;
};

/** Sets a value, or takes it out where it is empty: what is not said does not stand in the file. */
export const put = (
  at: Step[],
  value: Plain,
  empty = value === "" || value === false || (Array.isArray(value) && !value.length),
): Promise<Problem[]> => {
  const holder = at.slice(0, -1);
  const short = at.length > 1 ? valueAt(file(), holder) : undefined; // a condition or a number that stands for the whole part
  if ((typeof short === "string" || typeof short === "number") && !empty) {
    const own = typeof short === "number" ? "value" : "that";
    return edit([{ op: "set", at: holder, value: at.at(-1) === own ? value : { [own]: short, [String(at.at(-1))]: value } }]);
  }
  if (empty) return valueAt(file(), at) === undefined ? Promise.resolve([]) : edit([{ op: "remove", at }]);
  return edit([{ op: "set", at, value }]);
};
export const number = (typed: string): Plain =>
  typed.trim() === "" ? "" : Number.isFinite(Number(typed.replace(",", "."))) ? Number(typed.replace(",", ".")) : typed;
export const plainNumber = (value: Plain | undefined) => (isMap(value) ? words(value.value) : words(value));
export const putNumber = (at: Step[], typed: string) => put(isMap(valueAt(file(), at)) ? [...at, "value"] : at, number(typed));

const UNNAMED = "…"; // the name of a party that is still to be named
export const isNamed = (party: string) => words(entry(["parties", party]).name) !== UNNAMED;

/** What a member is called: its name or its words, else the name by which the case knows it. */
export const calledIn = (section: string, name: string): string => {
  const here = entry(section.split(".")) as Entry;
  const member = here[name];
  const said = isMap(member) ? told(member.name ?? member.is ?? member.gloss ?? member.title ?? member.claim) : "";
  return said && said !== UNNAMED ? said : name;
};
/** Words cut after some letters, with a sign that they are. */
export const short = (said: string, most = 60) => (said.length > most ? `${said.slice(0, most).trimEnd()} …` : said);
/** A member in a list to choose from: how the case names it, and what that is. */
export const inList = (section: string, name: string): string => {
  const said = calledIn(section, name);
  return said === name ? name : section === "parties" || section === "zones" ? said : `${name} – ${short(said)}`;
};
