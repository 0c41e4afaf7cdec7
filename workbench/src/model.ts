import type { Language } from "./words";
/** What the server tells, as it tells it. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };
export type Entry = { [key: string]: Plain };
export type Step = string | number;

export interface Problem {
  code: string;
  what: string;
  at: string;
  line: number | null;
  column: number | null;
  hint: string;
}
export interface Sheet {
  version: number;
  digest: string;
  name: string;
  folder: string;
  file: Entry | null;
  quotes: Record<string, string>;
  hedged: string[];
  problems: Problem[];
  undo: boolean;
  redo: boolean;
  view: string;
  language: Language;
}
export interface Line {
  at: string;
  kind: string;
  party: string;
  words: string;
  basis: string | null;
  because: string[];
  assumed: string;
  hedged: string[];
  firm: boolean;
}
export interface Sentence {
  kind: string;
  about: string;
  lead: string;
  text: string;
  more: string[];
}
export interface Conclusion {
  kind: string;
  about: string;
  title: string;
  holds: boolean;
  share: number | null;
  lines: Line[];
  turned: Line[][] | null;
}
export interface Finding {
  code: string;
  severity: string;
  what: string;
  at: string;
  line: number | null;
  advice: string;
  parts: Record<string, string>;
}
export interface Fallen {
  who: string;
  claims: string[];
  lines: Line[];
  turned: string[];
}
export interface Verdict {
  name: string;
  claim: string;
  status: string;
  because: string[];
  told: string[];
}
export interface Witness {
  party: string;
  stays: boolean;
  told: string[];
}
export interface Answer {
  version: number;
  stage: string;
  sentences: Sentence[];
  states: number;
  counts: Record<string, number>;
  classical: Record<string, number>;
  conclusions: Conclusion[];
  falls: Fallen[];
  hypotheses: Verdict[];
  findings: Finding[];
  today: Witness[];
  draws: number;
}
export interface Rest {
  key: string;
  state: number;
  name: string;
  terms: string[];
  concepts: string[];
  alike: number;
  improving: boolean;
  way: string[] | null;
}
export interface Moves {
  picture: string | null;
  rests: Rest[];
  keys: Record<string, string>;
  counts: Record<string, number>;
  states: number;
}
export interface Move {
  key: string;
  changes: string;
  gain: number;
  best: boolean;
  because: string;
  line: Line | null;
}
export interface PartyAt {
  party: string;
  name: string;
  stays: boolean;
  told: string[];
  against_now: number;
  moves: Move[];
}
export interface State {
  key: string;
  state: number;
  now: boolean;
  name: string;
  differs: string[];
  terms: string[];
  rests: string[];
  parties: PartyAt[];
  events: { key: string; name: string; changes: string }[];
  way: string[];
}
export interface Dot {
  x: number;
  y: number;
  deal: boolean;
  edge: boolean;
  key: string;
  name: string;
}
export interface Deals {
  goal: string;
  terms: { term: string; name: string }[];
  n: number;
  states: number;
  gains: number;
  deals: { key: string; name: string; rests: boolean | null; gains: Record<string, number> }[];
  clashes: string[][];
  parties: { party: string; name: string; chance: boolean; signs: boolean }[];
  demands: { at: string; party: string; words: string }[];
  scatter: { scale: string; across: string; up: string; now: [number, number]; dots: Dot[] };
}
export interface Without {
  answer: Answer;
  turned: { kind: string; about: string; title: string }[];
}
export interface Zones {
  asked: boolean;
  truce: string;
  events: string[];
  leaves: boolean;
  zones: {
    zone: string;
    name: string;
    width_km: number;
    attacker: string;
    guards: { party: string; lever: string; troops_k: Record<string, number> }[];
  }[];
  levers: {
    lever: string;
    label: string;
    settings: { setting: string; name: string }[];
    now: string | null;
    odds: Record<string, number>;
    backstop: boolean;
  }[];
}
export interface Truce {
  picture: string;
  draws: number;
  months: number;
  told: { name: string; share: number; error: number | null; low: number; high: number; draws: number }[];
}
export interface SourceHead {
  name: string;
  title: string;
  author: string;
  date: string;
  language: string;
  at_hand: boolean;
  says_we: boolean;
  claims: number;
}
export interface ClaimAt {
  name: string;
  start: number | null;
  end: number | null;
  status: string;
  hedged: boolean;
  said_by_author: boolean;
  claim: Entry;
  lines: string[];
}
export interface SourceText {
  name: string;
  text: string | null;
  claims: ClaimAt[];
  proposed: { name: string; start: number; end: number }[];
}
/** A quote as it was looked up; `read` is what drafting makes of its speaker and of how surely it is said. */
export interface Quote {
  ok: boolean;
  problems: Problem[];
  read: Record<string, string>;
  words: number;
  start?: number;
  end?: number;
}
export interface Mistake extends Problem {
  first: number;
  last: number;
}
export interface Condition {
  ok: boolean;
  canonical: string;
  mistakes: Mistake[];
}
export interface Version {
  number: number;
  kind: string;
  what: string;
  when: string;
}
export interface Versions {
  versions: Version[];
  commits: { commit: string; day: string; subject: string }[];
  more: boolean;
}
export interface Turned {
  turned: { now: string; before: string; causes: string[] }[];
  notes: string[];
  view: string | null;
}
export interface Cell {
  text: string;
  claims: string[];
}
export interface Block {
  title: string;
  notes: string[];
  columns: string[];
  rows: Cell[][];
  after: string[];
  picture: string | null;
  folded: boolean;
  shown: number;
}
export interface Watched {
  version: number;
  blocks: Block[];
}
export interface Presents {
  version: number;
  ways: number;
  blocks: Block[];
}
export interface Note {
  fate: string;
  words: string;
}
export interface Carried {
  format: string;
  notes: Note[];
}
export interface Exported extends Carried {
  name: string;
  content: string;
}
export interface Change {
  at: string;
  kind: string;
  before: string;
  after: string;
}
export interface Compared {
  changes: Change[];
  old: string;
  new: string;
}
export interface Proposed {
  proposals: Proposal[];
  set_aside: (Proposal & { fallen: boolean })[];
  names: Record<string, string>;
}
export interface Proposal {
  id: string;
  kind: string;
  words: string;
  fields: Entry;
  because?: string[];
  generated_by?: string;
  passage?: string;
}
export type Edit =
  | { op: "set"; at: Step[]; value: Plain }
  | { op: "remove"; at: Step[] }
  | { op: "order"; at: Step[]; items: number[]; new?: Plain[] }
  | { op: "nest"; at: Step[]; under: string }
  | { op: "rename"; at: Step[]; to: string };
