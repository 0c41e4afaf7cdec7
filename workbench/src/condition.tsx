import { useEffect, useId, useRef, useState } from "preact/hooks";
import { sheet } from "./server";
import { post } from "./server";
import type { Condition, Problem } from "./model";
import { Problems } from "./parts";
import { t } from "./words";

const QUIET = 500; // milliseconds without a letter after which a condition that reads is saved

/** A condition: shown as text until it is touched, then in an editor that knows the names of the case. */
export function ConditionField({ label, value, save, hidden, hint, clear }: { label: string; value: string; save: (value: string) => Promise<Problem[]>; hidden?: boolean; hint?: string; clear?: () => Promise<Problem[]> }) {
  const id = useId();
  const [editing, setEditing] = useState(false);
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState<Condition | null>(null);
  const [problems, setProblems] = useState<Problem[]>([]);
  const kept = useRef(value);
  const latest = useRef(value);
  const waiting = useRef(0);
  const holder = useRef<HTMLDivElement>(null);
  const close = useRef<() => void>(() => {});
  const shown = useRef<HTMLButtonElement>(null);
  const edited = useRef(false);
  useEffect(() => { if (kept.current !== value) { kept.current = value; latest.current = value; setTyped(value); setTold(null); } }, [value]);
  const done = async (written: string, check: Condition | null) => {
    const text = written.trim();
    if (text === kept.current || !check?.ok) return;
    kept.current = text;
    const found = await save(text);
    setProblems(found);
    if (found.length) kept.current = value;
  };
  useEffect(() => {
    if (!editing) {
      if (edited.current && document.activeElement === document.body) shown.current?.focus(); // whoever left by a key goes on from here
      return;
    }
    edited.current = true;
    let gone = false;
    void import("./editor").then(({ conditionEditor }) => {
      if (gone || !holder.current) return;
      close.current = conditionEditor(holder.current, latest.current, {
        label, sheet: () => sheet.value,
        check: async (text) => { const found = await post<Condition>("/condition", { text }); if (text === latest.current) setTold(found); return found; },
        changed: (text, found) => {
          latest.current = text;
          setTyped(text);
          clearTimeout(waiting.current);
          if (found) waiting.current = window.setTimeout(() => void done(text, found), QUIET);
        },
        leave: (text, found) => { clearTimeout(waiting.current); void done(text, found); setEditing(false); },
      });
    });
    return () => { gone = true; close.current(); };
  }, [editing]);
  return (
    <div class="field condition">
      <span class={hidden ? "unseen" : "label"} id={id}>{label}</span>
      {editing ? <div class="editor" ref={holder} /> : (
        <button type="button" class="code" ref={shown} aria-labelledby={`${id} ${id}-text`} onClick={() => setEditing(true)}><span id={`${id}-text`}>{typed || t("empty")}</span></button>
      )}
      {clear && !editing ? <button type="button" class="plain small-text" aria-label={t("remove_of", { name: label })} onClick={async () => setProblems(await clear())}>{t("take_out")}</button> : null}
      {hint ? <span class="hint">{hint}</span> : null}
      {told && !told.ok ? <Problems problems={told.mistakes.slice(0, 2)} /> : null}
      {told?.ok && told.canonical !== typed.trim() ? <span class="hint">{t("canonical")} <code>{told.canonical}</code></span> : null}
      <Problems problems={problems} />
    </div>
  );
}
