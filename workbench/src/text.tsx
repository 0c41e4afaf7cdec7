import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "./model";
import { Problems } from "./parts";
import { route } from "./route";
import { get, post, Refusal, sheet } from "./server";
import { t } from "./words";

interface Written {
  text: string;
  version: number;
}

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
  const began = (told: Written, { textEditor }: typeof import("./editor")) => {
    if (!holder.current || editor.current) return;
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
  };
  const putting = useRef<string | null>(null);
  useEffect(() => {
    if (sheet.value?.version === on.current || typed.current !== null) return;
    let stale = false;
    void Promise.all([get<Written>("/text"), import("./editor")]).then(([told, made]) => {
      if (stale || typed.current !== null || told.version < on.current) return;
      on.current = told.version;
      setProblems(sheet.value?.version === told.version ? sheet.value.problems : []);
      putting.current = told.text;
      began(told, made);
      editor.current?.put(told.text);
      putting.current = null;
    });
    return () => {
      stale = true;
    };
  }, [sheet.value?.version]);
  useEffect(() => () => editor.current?.close(), []);
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
