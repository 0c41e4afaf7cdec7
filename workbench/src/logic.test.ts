import { describe, expect, test } from "vitest";
import {
  byLanguage,
  byName,
  chancesWithout,
  completions,
  freeFrom,
  freeName,
  movedTo,
  nameFrom,
  namesTaken,
  paragraphs,
  hunks,
  KINDS,
  partyIn,
  percent,
  pieces,
  screenOf,
  settingsGiven,
  shownSentences,
  stepsOf,
  stillOff,
  switched,
  switchedLine,
  unitsOf,
  valueAt,
  wholeWords,
  withoutName,
} from "./logic";
import type { Answer, Entry, Plain, Sentence } from "./model";
import { language, numeral, t, WORDS } from "./words";

const said = (kind: string, text: string, about = ""): Sentence => ({ kind, about, lead: "", text, more: [] });
const answer = (stage: string, ...sentences: Sentence[]): Answer => ({
  version: 2,
  stage,
  sentences,
  states: 1,
  counts: {},
  classical: {},
  conclusions: [],
  falls: [],
  hypotheses: [],
  findings: [],
  today: [],
  draws: 1,
});

describe("a source", () => {
  const read = (text: string) => paragraphs(text, []).map((line) => line.map((piece) => piece.text).join(""));
  const wrapped = [
    "The mayor would sign a truce on pumping if the upper",
    "village let the spring run, said the newspaper that",
    "is read in both of them.",
    "",
    "What they want:",
    "- water for the animals in every week of the summer",
    "- and a road that no truck of the other side blocks",
    "",
    "It has not done so yet, as far as anybody knew then.",
  ].join("\n");
  test("is read in paragraphs where its lines were broken to fit, and lists stay lists", () => {
    expect(read(wrapped)).toEqual([
      "The mayor would sign a truce on pumping if the upper village let the spring run, said the newspaper that is read in both of them.",
      "",
      "What they want:",
      "- water for the animals in every week of the summer",
      "- and a road that no truck of the other side blocks",
      "",
      "It has not done so yet, as far as anybody knew then.",
    ]);
  });
  test("keeps the lines that it has where they were not", () => {
    for (const text of [
      "Short line\nanother\nand a third",
      [
        "A paragraph of its own that is as long as the next one is. ".repeat(7),
        "Another such, of which no line was broken by any hand at all. ".repeat(7),
        "And a third, since three lines of one width look like a text. ".repeat(7),
      ].join("\n"),
      `${"A long paragraph of its own. ".repeat(9)}\n${"Another one. ".repeat(30)}\n${"And a third that is longer still. ".repeat(20)}`,
    ])
      expect(read(text)).toEqual(text.split("\n"));
  });
  test("is quoted in whole words, in languages without blanks between them too", () => {
    const text = "Naar verluidt wil Zuidkust betalen. De visser";
    expect(text.slice(...wholeWords(text, 7, 16))).toBe("verluidt wil");
    expect(text.slice(...wholeWords(text, 0, text.indexOf(".") + 1))).toBe("Naar verluidt wil Zuidkust betalen.");
    expect("停火会持续".slice(...wholeWords("停火会持续", 1, 2))).toBe("停火");
  });
  test("has its marks in the same words, broken or not", () => {
    const start = wrapped.indexOf("if the upper");
    const marked = paragraphs(wrapped, [{ name: "c1", start, end: start + "if the upper\nvillage let".length }])
      .flat()
      .filter((piece) => piece.claims.includes("c1"));
    expect(marked.map((piece) => piece.text).join("")).toBe("if the upper village let");
  });
});

test("numbers are written as the language does", () => {
  language.value = "nl";
  expect([numeral(13824), numeral(1.5, 1), numeral(0.45), numeral(9999), t("both_readings", { n: 13824 })]).toEqual([
    "13.824",
    "1,5",
    "0,45",
    "9999",
    "Toestanden die rusten, van 13.824",
  ]);
  language.value = "en";
  expect([numeral(13824), numeral(-12345.5, 1)]).toEqual(["13,824", "-12,345.5"]);
});

describe("sentences", () => {
  test("those still worked out are shown as they were, and marked old", () => {
    const shown = shownSentences(
      answer("core", said("now", "n2")),
      [said("now", "n1"), said("deal", "d1")],
      byName([said("now", "n1"), said("deal", "d1")]),
    );
    expect(shown.map((each) => [each.text, each.old, each.was])).toEqual([
      ["n2", false, "n1"],
      ["d1", true, null],
    ]);
  });
  test("they stand in the order of the report, and how sure is worked out late", () => {
    const shown = shownSentences(answer("carried", ...[...KINDS].reverse().map((kind) => said(kind, kind))), [said("sensitivity", "before")], {});
    expect(shown.map((each) => each.text)).toEqual(KINDS.map((kind) => (kind === "sensitivity" ? "before" : kind)));
  });
  test("one that says the same is not marked", () => {
    const shown = shownSentences(answer("truces", said("now", "n1"), said("deal", "d2")), [], byName([said("now", "n1"), said("deal", "d1")]));
    expect(shown.map((each) => each.was)).toEqual([null, "d1"]);
  });
  test("one of which only what qualifies it changed is marked", () => {
    const was = said("now", "n1");
    const shown = shownSentences(answer("truces", { ...was, more: ["but"] }), [], byName([was]));
    expect(shown.map((each) => each.was)).toEqual(["n1"]);
  });
  test("what the last edit changed stands out from what changed before", () => {
    const shown = shownSentences(
      answer("truces", said("now", "n3"), said("ends", "e2")),
      [said("now", "n2"), said("ends", "e2")],
      byName([said("now", "n1"), said("ends", "e1")]),
    );
    expect(shown.map((each) => [each.was, each.just])).toEqual([
      ["n1", true],
      ["e1", false],
    ]);
  });
  test("what qualifies an outcome is compared once it is known", () => {
    const then = { ...said("term", "t.", "truce"), more: ["Leans on x, y."] };
    const marks = (stage: string, text: string, more: string[]) =>
      shownSentences(answer(stage, { ...said("term", text, "truce"), more }), [then], byName([then])).map((each) => each.was !== null && each.just);
    expect([
      marks("core", "t.", ["Leans on x."]),
      marks("drawn", "t.", ["Leans on x, y."]),
      marks("drawn", "t.", ["Leans on x."]),
      marks("core", "u.", ["Leans on x."]),
    ]).toEqual([[false], [false], [true], [true]]);
  });
  test("one that was not there is marked as new, one that is gone is not shown", () => {
    const shown = shownSentences(answer("truces", said("term", "t", "truce")), [said("ends", "e")], byName([said("ends", "e")]));
    expect(shown.map((each) => [each.text, each.was])).toEqual([["t", ""]]);
  });
  test("nothing is marked where there is nothing to compare with", () => {
    expect(shownSentences(answer("truces", said("now", "n")), [], {}).map((each) => each.was)).toEqual([null]);
  });
});

test("one text per language is told from other maps", () => {
  expect(byLanguage({ en: "a bridge", nl: "een brug" })).toEqual([
    ["en", "a bridge"],
    ["nl", "een brug"],
  ]);
  const others: Plain[] = ["a bridge", {}, { that: "a bridge" }, { en: 1 }, ["en"], null];
  for (const other of others) expect(byLanguage(other)).toBeNull();
});

test("an item moved ends up in its place, and every item stays", () => {
  expect(movedTo(4, 0, 2)).toEqual([1, 2, 0, 3]);
  expect(movedTo(4, 3, 0)).toEqual([3, 0, 1, 2]);
  expect(movedTo(3, 1, 9)).toEqual([0, 2, 1]);
  for (let from = 0; from < 5; from += 1) for (let to = 0; to < 5; to += 1) expect(movedTo(5, from, to)[to]).toBe(from);
});

const FILE = {
  levers: { "a.stops": { is: "A", needs: { yes: "x" } } },
  wants: { a: [{ that: "a.stops" }], b: { hawk: [{ that: "x" }, { that: "y" }] } },
};
test("key paths are read with the dots that names of levers have", () => {
  expect(stepsOf("levers.a.stops.needs.yes", FILE)).toEqual(["levers", "a.stops", "needs", "yes"]);
  expect(stepsOf("wants.b.hawk[1].that", FILE)).toEqual(["wants", "b", "hawk", 1, "that"]);
  expect(valueAt(FILE, stepsOf("wants.b.hawk[1].that", FILE))).toBe("y");
  expect(screenOf("levers.a.stops.needs.yes", FILE)).toBe("#/build/levers/a.stops/needs/yes");
  expect(screenOf("", FILE)).toBe("#/build");
});

test("offsets in code points become offsets in the page's units", () => {
  const text = "a😀b😀c";
  const all = Array.from({ length: 6 }, (_, k) => k);
  expect(unitsOf(text, all)).toEqual([0, 1, 3, 4, 6, 7]);
  expect(unitsOf(text, [4, 1])).toEqual([6, 1]);
});

test("a marked text is cut without losing a letter, also where marks overlap", () => {
  const cut = pieces("abcdefgh", [
    { name: "one", start: 1, end: 5 },
    { name: "two", start: 3, end: 7 },
  ]);
  expect(cut.map((each) => each.text).join("")).toBe("abcdefgh");
  expect(cut.map((each) => each.claims.join("+"))).toEqual(["", "one", "one+two", "two", ""]);
});

test("completion offers names, and after a comparison the settings of that lever", () => {
  expect(completions("not ru.at", ["ru.attacks", "us.at"], {}).options[0]).toBe("ru.attacks");
  expect(completions("not ru.at", ["ru.attacks"], {}).from).toBe(4);
  expect(completions("not counc", ["eg.un", "eg.pays"], {}, (name) => (name === "eg.un" ? "takes it to the Council" : "pays")).options).toEqual([
    "eg.un",
  ]);
  expect(completions("ru.attacks >= q", ["x"], { "ru.attacks": ["no", "quiet"] })).toEqual({ from: 14, options: ["quiet"] });
  expect(completions("ru.attacks = ", [], { "ru.attacks": ["no", "yes"] }).options).toEqual(["no", "yes"]);
});

test("free names and shares", () => {
  expect(freeName("c", ["c1", "c2", "c4"])).toBe("c3");
  expect([0, 0.001, 0.5, 0.999, 1].map(percent)).toEqual(["0 %", "< 1 %", "50 %", "> 99 %", "100 %"]);
});

test("every phrase has both languages with the same blanks, and every phrase used is there", () => {
  const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((each) => each[1]).sort();
  for (const [key, [en, nl]] of Object.entries(WORDS)) expect([key, blanks(nl)]).toEqual([key, blanks(en)]);
  const source = Object.values(import.meta.glob<string>("./*.tsx", { query: "?raw", import: "default", eager: true })).join("\n");
  const used = [...source.matchAll(/\bt\("([a-z0-9_]+)"/g)].map((each) => each[1] ?? "");
  expect(used.filter((key) => !(key in WORDS))).toEqual([]);
});

test("a lever that gets other settings stands at one of them", () => {
  const file = (lever: Entry): Entry => ({ levers: { "a.x": lever } });
  const at = ["levers", "a.x", "settings"];
  const now = (value: string) => ({ op: "set", at: ["levers", "a.x", "now"], value });
  expect(settingsGiven(file({ now: "no" }), at, ["none", "some", "all"])).toEqual([{ op: "set", at, value: ["none", "some", "all"] }, now("none")]);
  expect(settingsGiven(file({ now: "all", settings: ["none", "some", "all"] }), at, ["low", "high"])[1]).toEqual(now("high"));
  expect(settingsGiven(file({ now: "some", settings: ["none", "some"] }), at, ["some", "none"])).toHaveLength(1);
  expect(settingsGiven(file({ now: "some", settings: ["none", "some"] }), at, [])).toEqual([{ op: "remove", at }, now("yes")]);
  expect(settingsGiven(file({}), at, [])).toEqual([]);
});

describe("names and chances", () => {
  test("a name is made of the first words, in plain letters, and is free", () => {
    expect(nameFrom("Cassia pays for a gauging station")).toBe("cassia_pays_gauging");
    expect(nameFrom("Côte d’Ivoire")).toBe("cote_d_ivoire");
    expect(withoutName("Norland closes its waters", ["Norland", "Nor"])).toBe("closes its waters");
    expect(nameFrom("closes its waters")).toBe("closes_waters");
    expect(nameFrom("the strait")).toBe("strait");
    expect(nameFrom("a binding agreement of all three")).toBe("binding_agreement_all");
    expect(nameFrom("of the")).toBe("of_the");
    const file = { clocks: { deadline: {} }, credibility: {}, levers: { "a.threat": {} }, terms: { truce: "a.threat" } };
    expect(freeFrom("the deadline", namesTaken(file, "credibility"), "n")).toBe("deadline_1"); // a clock and a threat of the same words are two levers
    expect(freeFrom("the threat", namesTaken(file, "clocks"), "n")).toBe("threat_1");
    expect(namesTaken(file, "terms")).toEqual(["truce", "a.threat"]);
    expect(nameFrom("30 days")).toBe("n_30_days");
    expect(nameFrom("水")).toBe("");
    expect(freeFrom("It stops", ["a.it_stops"], "lever", "a.")).toBe("a.it_stops_1");
    expect(freeFrom("", ["party1"], "party")).toBe("party2");
  });
  test("words speak of the party that is named first", () => {
    const parties = { a: { name: "Arvonia", also: ["the upper state"] }, b: { name: "Bellmark" } };
    expect(partyIn(["an official of Bellmark", "Arvonia releases water"], parties)).toBe("b");
    expect(partyIn(["the Upper State waits"], parties)).toBe("a");
    expect(partyIn(["nobody"], parties)).toBe("a");
    expect(partyIn(["the calm (Alm)* of Alms"], { c: { name: "Calma" }, a: { name: "Alm" }, d: { name: "(Alm)*" } })).toBe("d");
    expect(partyIn(["stay calm"], { c: { name: "Brill" }, a: { name: "Alm" } })).toBe("c");
    expect(partyIn(["如果中国撤军"], { a: { name: "Alm" }, b: { name: "中国" } })).toBe("b");
    expect(partyIn(["nobody"], {})).toBe("");
  });
  test("two switches one after the other both count, also before the page is drawn again", () => {
    expect([switched("a"), switched("b"), switched("a")].reduce((all, next) => next(all), ["c"])).toEqual(["c", "b"]);
  });
  test("chances that are left add up to one, in their old proportions", () => {
    expect(chancesWithout({ a: 0.5, b: 0.25, c: 0.25 }, "a")).toEqual({ b: 0.5, c: 0.5 });
    expect(chancesWithout({ a: 1, b: 0, c: 0 }, "a")).toEqual({ b: 0.5, c: 0.5 });
    const thirds = chancesWithout({ a: 0.4, b: 0.2, c: 0.2, d: 0.2 }, "a");
    expect(Object.values(thirds).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
  });
  test("where two texts differ is told in whole lines, and putting that in place of it makes the one of the other", () => {
    const put = (text: string, all: ReturnType<typeof hunks>) =>
      [...all].reverse().reduce((now, each) => now.slice(0, each.from) + each.insert + now.slice(each.to), text);
    expect(hunks("a\nb\nc\n", "a\nB\nc\n")).toEqual([{ from: 2, to: 3, insert: "B" }]); // the line after it is not touched
    expect(hunks("a\nb\nc\nd\n", "A\nb\nc\nD\n").length).toBe(2); // a name that is changed in two places leaves what is between
    expect(hunks("a\nb", "a\nb")).toEqual([]);
    for (const before of ["", "a", "a\n", "a\nb\r\nc", "\n\n", "a\na\nb\n"])
      for (const after of ["", "a", "b\na", "a\n\nc", "a\nb\r\nc\n", "a\nb\n"]) expect(put(before, hunks(before, after))).toBe(after);
  });
});

test("a line that is switched off is known again by what it says, wherever it came to stand", () => {
  const line = (at: string, words: string, party = "a") => ({ at, party, words });
  const lines = [line("wants.a[0]", "peace"), line("wants.a[1]", "land"), line("wants.b[0]", "land", "b")];
  const off = switchedLine(lines[1] as (typeof lines)[0], lines, "en")([]);
  expect(stillOff(off, lines, "en")).toEqual(["wants.a[1]"]);
  expect(stillOff(off, [line("wants.a[0]", "land"), line("wants.a[1]", "peace"), line("wants.b[0]", "land", "b")], "en")).toEqual(["wants.a[0]"]);
  expect(stillOff(off, [line("wants.a[0]", "peace"), line("wants.b[0]", "land", "b")], "en")).toEqual([]);
  expect(stillOff(off, [line("wants.a[0]", "vrede"), line("wants.a[1]", "grond")], "nl")).toEqual(["wants.a[1]"]);
  expect(switchedLine(lines[1] as (typeof lines)[0], lines, "en")(off)).toEqual([]);
});
