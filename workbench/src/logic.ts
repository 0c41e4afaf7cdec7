import type { Answer, Edit, Entry, Plain, Sentence, Step } from "./model";

/** The kinds of sentences of the answer in short, in the order in which they stand, as the report has them. */
export const KINDS = ["now", "ends", "term", "deal", "truce", "hypotheses", "sensitivity", "caveat"];
/** The stage after which a kind of sentence stands as it will stay. */
const FINAL: Record<string, string> = { sensitivity: "drawn", hypotheses: "hypotheses", deal: "deals", truce: "truces" };
/** The stage after which what qualifies a kind of sentence stands as it will stay: what it leans on is known when all that turns it has been tried. */
const QUALIFIED: Record<string, string> = { term: "drawn" };
const STAGES = ["core", "checked", "carried", "drawn", "deals", "hypotheses", "truces"];

export interface Shown extends Sentence {
  old: boolean;
  was: string | null;
  just: boolean;
}

const reached = (stage: string, wanted: string) => STAGES.indexOf(stage) >= STAGES.indexOf(wanted);
export const nameOf = (each: Sentence) => `${each.kind}/${each.about}`;
export const isFinal = (kind: string, stage: string) => reached(stage, FINAL[kind] ?? "core");

/** Sentences to show: new where they are known, those of the version before, marked old, where they are still worked out. */
export function shownSentences(now: Answer, before: Sentence[], marked: Record<string, string>): Shown[] {
  const known = new Set(now.sentences.filter((each) => isFinal(each.kind, now.stage)).map((each) => each.kind));
  const kinds = [...new Set([...now.sentences, ...before].map((each) => each.kind))];
  kinds.sort((a, b) => KINDS.indexOf(a) - KINDS.indexOf(b));
  return kinds.flatMap((kind) => {
    const settled = known.has(kind) || isFinal(kind, now.stage);
    const mine = now.sentences.filter((each) => each.kind === kind);
    const theirs = before.filter((each) => each.kind === kind);
    const shown = settled || theirs.length === 0 ? mine : theirs;
    const then = byName(theirs);
    return shown.map((each) => ({
      ...each,
      old: !settled,
      was: settled ? wasBefore(each, marked, now.stage) : null,
      just: settled && before.length > 0 && !saysAs(each, then[nameOf(each)], now.stage),
    }));
  });
}

/** What a sentence said in the version compared with; null where it says the same, empty where it was not there. */
function wasBefore(each: Sentence, marked: Record<string, string>, stage: string): string | null {
  if (Object.keys(marked).length === 0) return null;
  const was = marked[nameOf(each)] ?? "";
  return saysAs(each, was, stage) ? null : was;
}

/** Whether a sentence says what it said; what qualifies it is compared once it is known. */
function saysAs(each: Sentence, was: string | undefined, stage: string): boolean {
  return (
    was === whole(each) ||
    (!reached(stage, QUALIFIED[each.kind] ?? "core") && was !== undefined && (was === each.text || was.startsWith(`${each.text} `)))
  );
}

/** All that a paragraph says, what qualifies it too. */
export const whole = (each: Sentence) => [each.text, ...each.more].join(" ");

/** One text per language, as a case may give what a reader reads; null for anything else. */
export function byLanguage(value: Plain | undefined): [string, string][] | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const pairs = Object.entries(value);
  return pairs.length && pairs.every(([key, text]) => /^[a-z]{2,3}$/.test(key) && typeof text === "string") ? (pairs as [string, string][]) : null;
}

/** Sentences by name, as they are kept for comparison. */
export const byName = (sentences: Sentence[]) => Object.fromEntries(sentences.map((each) => [nameOf(each), whole(each)]));

/** The order of a list after one item has been moved to another place. */
export function movedTo(n: number, from: number, to: number): number[] {
  const items = Array.from({ length: n }, (_, k) => k);
  const [item] = items.splice(from, 1);
  if (item !== undefined) items.splice(Math.max(0, Math.min(to, n - 1)), 0, item);
  return items;
}

/** The value at a place; undefined where there is none. */
export function valueAt(file: Plain | undefined, at: Step[]): Plain | undefined {
  let here: Plain | undefined = file;
  for (const step of at) {
    if (here === null || typeof here !== "object") return undefined;
    here = Array.isArray(here) ? here[Number(step)] : here[String(step)];
  }
  return here;
}

/** A key path such as `wants.ru[2].that` as steps; names of levers have a dot in them. */
export function stepsOf(at: string, file: Entry | null): Step[] {
  const found: Step[] = [];
  let here: Plain | undefined = file ?? undefined;
  let rest = at;
  while (rest) {
    const number = /^\[(\d+)\]/.exec(rest);
    if (number) {
      found.push(Number(number[1]));
      here = Array.isArray(here) ? here[Number(number[1])] : undefined;
      rest = rest.slice(number[0].length).replace(/^\./, "");
      continue;
    }
    const names = here && typeof here === "object" && !Array.isArray(here) ? Object.keys(here) : [];
    const longest = names.filter((name) => rest === name || rest.startsWith(`${name}.`) || rest.startsWith(`${name}[`));
    const name = longest.sort((a, b) => b.length - a.length)[0] ?? /^[^.[]+/.exec(rest)?.[0] ?? rest;
    found.push(name);
    here = here && typeof here === "object" && !Array.isArray(here) ? here[name] : undefined;
    rest = rest.slice(name.length).replace(/^\./, "");
  }
  return found;
}

/** The screen on which a place of the case is edited. */
export function screenOf(at: string, file: Entry | null): string {
  const steps = stepsOf(at, file);
  return steps.length
    ? `#/build/${steps
        .slice(0, 4)
        .map((step) => encodeURIComponent(String(step)))
        .join("/")}`
    : "#/build";
}

/** Offsets in code points, as the server counts, as offsets in the page's own units; both ascending. */
export function unitsOf(text: string, points: number[]): number[] {
  const wanted = [...points].sort((a, b) => a - b);
  const at = new Map<number, number>();
  let point = 0;
  let next = 0;
  for (let unit = 0; unit <= text.length && next < wanted.length; point += 1) {
    while (next < wanted.length && wanted[next] === point) {
      at.set(point, unit);
      next += 1;
    }
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  }
  return points.map((each) => at.get(each) ?? text.length);
}

interface Marked {
  text: string;
  claims: string[];
}

/** A text cut at the borders of its marks; a piece may lie under several. */
export function pieces(text: string, marks: { name: string; start: number; end: number }[]): Marked[] {
  const borders = [...new Set([0, text.length, ...marks.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
  return borders.slice(0, -1).map((start, k) => {
    const end = borders[k + 1] ?? text.length;
    return { text: text.slice(start, end), claims: marks.filter((mark) => mark.start <= start && end <= mark.end).map((mark) => mark.name) };
  });
}

/** Places in a text moved out to the borders of the words they cut: what is quoted is whole words, and a hand is not that steady. */
export function wholeWords(text: string, start: number, end: number): [number, number] {
  const words = new Intl.Segmenter(undefined, { granularity: "word" }).segment(text);
  const [first, last] = [words.containing(start), words.containing(end - 1)];
  return [first?.isWordLike ? first.index : start, last?.isWordLike ? last.index + last.segment.length : end];
}

export type Line = Marked[];

/** A marked text in paragraphs: a line that was broken only because the next word did not fit goes on, all others stay lines of their own. */
export function paragraphs(text: string, marks: { name: string; start: number; end: number }[]): Line[] {
  const goesOn = brokenToFit(text);
  const lines: Line[] = [[]];
  let at = 0;
  for (const piece of pieces(text, marks)) {
    for (const [k, part] of piece.text.split("\n").entries()) {
      const broken = k > 0 && goesOn(at++);
      if (k > 0 && !broken) lines.push([]);
      if (part || broken) lines.at(-1)?.push({ text: `${broken ? " " : ""}${part}`, claims: piece.claims });
    }
  }
  return lines;
}

const WRAPPED = 40; // letters of a line from which on it can be one that was broken to fit
const WIDEST = 160; // letters of a line that anybody breaks by hand
const FULL = 0.85; // share of the width that a full line fills: letters are not equally wide

/** Whether a line of a text, by its number, was broken because the next word did not fit: the longest lines of its paragraph say how wide that was. */
function brokenToFit(text: string): (line: number) => boolean {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const wide = lines
    .map((line) => line.length)
    .filter((n) => n >= WRAPPED)
    .sort((a, b) => a - b);
  const width = wide[Math.floor(0.97 * (wide.length - 1))] ?? Number.POSITIVE_INFINITY;
  const even = wide.length > 2 && width <= WIDEST && (wide.at(-1) ?? 0) <= 1.2 * width; // a text of long paragraphs has no such width
  return (line) => {
    const [here = "", next = ""] = [lines[line], lines[line + 1]];
    const word = /^\s*(\S+)/.exec(next)?.[1] ?? "";
    return even && word !== "" && here.trim() !== "" && here.length + 1 + word.length > FULL * width && !/^\s*([-*•–]|\d+[.)])\s/.test(next);
  };
}

/** Names that fit what is being typed before a place in a condition, by themselves or by the words for them. */
export function completions(
  before: string,
  names: string[],
  settings: Record<string, string[]>,
  called: (name: string) => string = () => "",
): { from: number; options: string[] } {
  const compared = /([\w.]+)\s*(=|!=|<=|>=|<|>)\s*([\w+-]*)$/.exec(before);
  if (compared) {
    const typed = compared[3] ?? "";
    return { from: before.length - typed.length, options: (settings[compared[1] ?? ""] ?? []).filter((each) => each.startsWith(typed)) };
  }
  const typed = /[\w.]*$/.exec(before)?.[0] ?? "";
  const all = [...names, "and", "or", "not", "implies", "iff"];
  const first = all.filter((each) => each.startsWith(typed));
  const inside = all.filter((each) => !each.startsWith(typed) && `${each} ${called(each)}`.toLowerCase().includes(typed.toLowerCase()));
  return { from: before.length - typed.length, options: [...first, ...inside] };
}

/** A name that is free among those taken. */
export function freeName(base: string, taken: string[]): string {
  for (let k = 1; ; k += 1) if (!taken.includes(`${base}${k}`)) return `${base}${k}`;
}
export const percent = (share: number) =>
  share > 0 && share < 0.005 ? "< 1 %" : share < 1 && share >= 0.995 ? "> 99 %" : `${Math.round(100 * share)} %`;

/** Names that a new member of a section cannot have: those of its section, and of what is written out as the same: clocks and threats are levers. */
export function namesTaken(file: Entry, section: string): string[] {
  const names = (key: string) => Object.keys((file[key] ?? {}) as Entry);
  const controlled = names("levers").map((each) => each.slice(each.indexOf(".") + 1));
  const also: Record<string, string[]> = {
    terms: names("levers"),
    clocks: [...names("credibility"), ...controlled],
    credibility: [...names("clocks"), ...controlled],
  };
  return [...names(section), ...(also[section] ?? [])];
}

const SMALL = new Set("a an the its their his her of for to in on with de het een zijn haar hun van voor op te met".split(" "));

/** Words about a member without the name of whose it is, which its own name has already. */
export function withoutName(words: string, called: string[]): string {
  const begun = called
    .filter(Boolean)
    .sort((a, b) => b.length - a.length)
    .find((each) => words.toLowerCase().startsWith(`${each.toLowerCase()} `));
  return begun ? words.slice(begun.length).trim() : words;
}
/** A name for the case made of words: the first few of them that say something, in plain letters. */
export function nameFrom(words: string, most = 3): string {
  const plain = words
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim()
    .split(" ");
  const telling = plain.filter((each) => each && !SMALL.has(each));
  const name = (telling.length ? telling : plain).slice(0, most).join("_").slice(0, 40).replace(/_+$/, "");
  return /^\d/.test(name) ? `n_${name}` : name;
}
/** A name made of words that is free among those taken; one of the base with a number where there are no words. */
export function freeFrom(words: string, taken: string[], base: string, lead = ""): string {
  const name = nameFrom(words);
  return !name ? freeName(`${lead}${base}`, taken) : taken.includes(lead + name) ? freeName(`${lead}${name}_`, taken) : lead + name;
}
/** Chances that are left when one is taken out: the others in the proportions that they had, and one in all. */
export function chancesWithout(chances: Record<string, number>, gone: string): Record<string, number> {
  const left = Object.entries(chances).filter(([name]) => name !== gone);
  const sum = left.reduce((so_far, [, each]) => so_far + each, 0);
  const shares = left.map(([, each]) => Math.round(1e4 * (sum > 0 ? each / sum : 1 / left.length)) / 1e4);
  const rest = Math.round(1e4 * (1 - shares.slice(0, -1).reduce((so_far, each) => so_far + each, 0))) / 1e4;
  return Object.fromEntries(left.map(([name], k) => [name, k === left.length - 1 ? rest : (shares[k] ?? 0)]));
}

const USUAL = ["no", "yes"]; // settings of a lever that names none

/** Edits that give a lever other settings: where it stands now goes along by its place, if its setting is gone. */
export function settingsGiven(file: Entry, at: Step[], given: string[]): Edit[] {
  const held = at.slice(0, -1);
  const lever = (valueAt(file, held) ?? {}) as Entry;
  const [stood, now] = [Array.isArray(lever.settings) ? lever.settings.map(String) : USUAL, given.length ? given : USUAL];
  const place = Math.min(Math.max(0, stood.indexOf(String(lever.now))), now.length - 1);
  const edits: Edit[] = given.length ? [{ op: "set", at, value: given }] : lever.settings === undefined ? [] : [{ op: "remove", at }];
  return lever.now === undefined || now.includes(String(lever.now))
    ? edits
    : [...edits, { op: "set", at: [...held, "now"], value: now[place] ?? "" }];
}

/** A list with one name taken out, or put in where it was not: to be asked of the list as it is when the switch falls. */
export const switched =
  (name: string) =>
  (all: string[]): string[] =>
    all.includes(name) ? all.filter((each) => each !== name) : [...all, name];

interface Said {
  at: string;
  party: string;
  words: string;
}
/** A line that is switched off, as it was read when it was. */
export interface Off extends Said {
  spoken: string;
}
/** Places of lines that are switched off, as the case is now: known again by what they say, since another line may have come to their place. */
export const stillOff = (off: Off[], lines: Said[], spoken: string): string[] => [
  ...new Set(
    off.flatMap((each) => {
      const says = (line: Said) => line.party === each.party && (each.spoken !== spoken || line.words === each.words);
      const line = lines.find((line) => line.at === each.at && says(line)) ?? lines.find((line) => each.spoken === spoken && says(line));
      return line ? [line.at] : [];
    }),
  ),
];
/** Lines with more of them switched off. */
export const switchedOff = (more: Said[], off: Off[], lines: Said[], spoken: string): Off[] => {
  const already = stillOff(off, lines, spoken);
  return [...off, ...more.filter((each) => !already.includes(each.at)).map(({ at, party, words }) => ({ at, party, words, spoken }))];
};
/** Lines with one of them switched off, or on again: to be asked of the lines as they are when the switch falls. */
export const switchedLine =
  (line: Said, lines: Said[], spoken: string) =>
  (off: Off[]): Off[] =>
    stillOff(off, lines, spoken).includes(line.at)
      ? off.filter((each) => !stillOff([each], lines, spoken).includes(line.at))
      : switchedOff([line], off, lines, spoken);

const WORD_BEGINS = "(?<![\\p{sc=Latn}\\p{sc=Cyrl}\\p{sc=Grek}])"; // in writings that put blanks between words and nothing before them

/** The party that words speak of: the one that is named first; else the only first one there is, if any. */
export function partyIn(texts: string[], parties: Record<string, Entry>): string {
  const all = texts.join(" \n ");
  const called = (party: Entry) =>
    [party.name, ...(Array.isArray(party.also) ? party.also : [party.also])].filter(
      (each): each is string => typeof each === "string" && each.length > 1,
    );
  const at = Object.entries(parties).map(
    ([name, party]) =>
      [
        name,
        Math.min(
          ...called(party)
            .map((each) => all.search(new RegExp(WORD_BEGINS + each.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "iu")))
            .filter((place) => place >= 0),
        ),
      ] as const,
  );
  at.sort((a, b) => a[1] - b[1]);
  return at[0]?.[0] ?? "";
}

/** A stretch of lines of a text that another has in its place; without the end of the last, where both have one. */
export interface Hunk {
  from: number;
  to: number;
  insert: string;
}

/** Where two texts differ: between their first and their last difference, line by line where there are as many lines. */
export function hunks(before: string, after: string): Hunk[] {
  const [a, b] = [before, after].map((text) => text.split(/(?<=\n)/)) as [string[], string[]];
  let first = 0;
  while (first < a.length && first < b.length && a[first] === b[first]) first += 1;
  let last = 0;
  while (last < Math.min(a.length, b.length) - first && a[a.length - 1 - last] === b[b.length - 1 - last]) last += 1;
  const [theirs, mine] = [a.slice(first, a.length - last), b.slice(first, b.length - last)];
  let from = a.slice(0, first).join("").length;
  const hunk = (was: string, is: string): Hunk => {
    const end = Number(was.endsWith("\n") && is.endsWith("\n"));
    return { from, to: from + was.length - end, insert: is.slice(0, is.length - end) };
  };
  if (theirs.length !== mine.length) return [hunk(theirs.join(""), mine.join(""))];
  return theirs.flatMap((line, k) => {
    const changed = line === mine[k] ? [] : [hunk(line, mine[k] ?? "")];
    from += line.length;
    return changed;
  });
}
