import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "./model";
import { Problems } from "./parts";
import { route } from "./route";
import { get, post, Refusal, sheet } from "./server";
import { t } from "./words";

/** The text of the case: the same case as the forms, saved as it is typed whenever it reads. */
export function Text() {
  const holder = useRef<HTMLDivElement>(null);
  const editor = useRef<{ close: () => void; put: (text: string) => void; goto: (line: number) => void } | null>(null);
  const typed = useRef<string | null>(null);
  const on = useRef(0);
  const [problems, setProblems] = useState<Problem[]>(sheet.value?.problems ?? []);
  const [dirty, setDirty] = useState(false);
  const waiting = useRef(0);
  const save = async () => {
    clearTimeout(waiting.current);
    if (typed.current === null) return;
    const mine = typed.current;
    try {
      const told = await post<{ version: number }>("/text", { version: on.current, text: mine });
      on.current = told.version;
      setProblems([]);
      if (typed.current === mine) {
        typed.current = null;
        setDirty(false);
      }
    } catch (error) {
      if (error instanceof Refusal) setProblems(error.problems);
    }
  };
  useEffect(() => {
    let gone = false;
    void Promise.all([get<{ text: string; version: number }>("/text"), import("./editor")]).then(([told, { textEditor }]) => {
      if (gone || !holder.current) return;
      on.current = told.version;
      editor.current = textEditor(holder.current, told.text, t("nav_text"), {
        look: async (text) => (await post<{ problems: Problem[] }>("/look", { version: on.current, text })).problems,
        changed: (text) => {
          if (text === putting.current) return;
          typed.current = text;
          setDirty(true);
          clearTimeout(waiting.current);
          waiting.current = window.setTimeout(() => void save(), 900);
        },
        save: () => void save(),
      });
      const line = Number(route.value[1]);
      if (line) editor.current.goto(line);
    });
    return () => {
      gone = true;
      editor.current?.close();
    };
  }, []);
  const putting = useRef<string | null>(null);
  useEffect(() => {
    const now = sheet.value;
    if (!now || now.version === on.current || typed.current !== null) return;
    void get<{ text: string; version: number }>("/text").then((told) => {
      on.current = told.version;
      putting.current = told.text;
      editor.current?.put(told.text);
      putting.current = null;
    });
  }, [sheet.value?.version]);
  return (
    <div class="screen">
      <h1>{t("nav_text")}</h1>
      <p class="lead">{t("about_text")}</p>
      <p class="quiet" role="status">
        {problems.length ? t(dirty ? "text_problems" : "text_mistakes", { n: problems.length }) : dirty ? t("text_typing") : t("text_saved")}
      </p>
      <Problems problems={problems.map((each) => ({ ...each, what: each.line ? `${t("line", { n: each.line })}: ${each.what}` : each.what }))} />
      <div class="yaml" ref={holder} />
    </div>
  );
}
