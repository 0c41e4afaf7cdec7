import { useEffect, useRef, useState } from "preact/hooks";
import { hunks } from "./logic";
import type { Problem } from "./model";
import { Problems } from "./parts";
import { route } from "./route";
import { get, post, Refusal, sheet } from "./server";
import { t } from "./words";

interface Told {
  text: string;
  version: number;
}

const PAUSE = 900; // milliseconds without a key after which what is typed is saved
let unsaved: { on: Told; text: string } | null = null; // typed on a version, and not in the file yet: it stays while other screens are looked at

/** The text of the case: the same case as the forms, saved as it is typed whenever it reads. */
export function Text() {
  const holder = useRef<HTMLDivElement>(null);
  const editor = useRef<ReturnType<typeof import("./editor").textEditor> | null>(null);
  const on = useRef<Told>({ text: "", version: 0 }); // what the text here was last in step with
  const [problems, setProblems] = useState<Problem[]>(sheet.value?.problems ?? []);
  const [dirty, setDirty] = useState(unsaved !== null);
  const [theirs, setTheirs] = useState<Told | null>(null); // others have changed the same lines
  const against = useRef(false);
  const posting = useRef(false);
  const waiting = useRef(0);
  const keep = (text: string | null) => {
    unsaved = text === null ? null : { on: on.current, text };
    setDirty(text !== null);
  };
  const later = () => {
    clearTimeout(waiting.current);
    waiting.current = window.setTimeout(() => void save(), PAUSE);
  };
  const save = async () => {
    clearTimeout(waiting.current);
    if (unsaved === null || against.current || posting.current) return;
    const { text } = unsaved;
    posting.current = true;
    try {
      const told = await post<{ version: number }>("/text", { version: on.current.version, text });
      on.current = { text, version: told.version };
      editor.current?.based(text);
      setProblems([]);
      keep(unsaved === null || unsaved.text === text ? null : unsaved.text);
    } catch (error) {
      if (error instanceof Refusal && error.problems[0]?.code !== "web/other-version") setProblems(error.problems);
    }
    posting.current = false;
    if (unsaved !== null && unsaved.text !== text) later();
    await inStep();
  };
  /** What is wrong in the text as it stands, once both the text and what is said of it have come. */
  const said = () => {
    if (unsaved === null && sheet.value?.version === on.current.version) setProblems(sheet.value.problems);
  };
  /** Takes in what others have saved meanwhile, around what is typed here. */
  const inStep = async () => {
    if (posting.current || !editor.current) return;
    if ((sheet.value?.version ?? 0) <= on.current.version) return said();
    const told = await get<Told>("/text");
    if (posting.current || !editor.current || told.version <= on.current.version) return;
    const same = told.text === editor.current.text(); // as where it was saved from here while this screen was left
    if (same) editor.current.based(told.text);
    against.current = !same && !editor.current.take(hunks(on.current.text, told.text));
    setTheirs(against.current ? told : null);
    if (against.current) return;
    on.current = told;
    if (same) keep(null);
    if (unsaved === null) return said();
    keep(editor.current.text());
    later();
  };
  const choose = (mine: boolean) => {
    if (!theirs) return;
    on.current = theirs;
    against.current = false;
    setTheirs(null);
    if (mine) {
      editor.current?.based(theirs.text);
      keep(editor.current?.text() ?? null);
      void save();
    } else {
      editor.current?.put(theirs.text);
      setProblems([]);
      keep(null);
    }
  };
  useEffect(() => {
    let gone = false;
    void Promise.all([get<Told>("/text"), import("./editor")]).then(([told, { textEditor }]) => {
      if (gone || !holder.current) return;
      on.current = unsaved?.on ?? told;
      editor.current = textEditor(holder.current, unsaved?.text ?? told.text, t("nav_text"), {
        look: async (text) => (await post<{ problems: Problem[] }>("/look", { version: on.current.version, text })).problems,
        changed: (text) => {
          keep(text);
          later();
        },
        save: () => void save(),
      });
      if (unsaved) {
        editor.current.based(on.current.text);
        later();
      }
      void inStep();
      const line = Number(route.value[1]);
      if (line) editor.current.goto(line);
    });
    return () => {
      gone = true;
      void save();
      editor.current?.close();
      editor.current = null;
    };
  }, []);
  useEffect(() => {
    void inStep();
  }, [sheet.value?.version]);
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [dirty]);
  return (
    <div class="screen">
      <h1>{t("nav_text")}</h1>
      <p class="lead">{t("about_text")}</p>
      <p class="quiet" role="status">
        {problems.length ? t(dirty ? "text_problems" : "text_mistakes", { n: problems.length }) : dirty ? t("text_typing") : t("text_saved")}
      </p>
      {theirs ? (
        <div class="note" role="alert">
          <p>{t("text_against")}</p>
          <button type="button" class="main" onClick={() => choose(true)}>
            {t("text_mine")}
          </button>{" "}
          <button type="button" onClick={() => choose(false)}>
            {t("text_theirs")}
          </button>
        </div>
      ) : null}
      <Problems problems={problems.map((each) => ({ ...each, what: each.line ? `${t("line", { n: each.line })}: ${each.what}` : each.what }))} />
      <div class="yaml" ref={holder} />
    </div>
  );
}
