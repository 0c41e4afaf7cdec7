import { useEffect, useId, useRef, useState } from "preact/hooks";
import { post, sheet } from "./server";
import type { Condition, Problem } from "./model";
import { calledIn, entry, short } from "./case";
import { Problems } from "./parts";
import { useTyped } from "./typed";
import { t } from "./words";

/** What a lever or a term is called in words, where that is more than its name. */
function memberWords(name: string): string {
  const section = name in entry(["levers"]) ? "levers" : "terms";
  const said = calledIn(section, name);
  return said === name ? "" : short(said, 40);
}

const QUIET = 500; // milliseconds without a letter after which a condition that reads is saved

interface ConditionProps {
  label: string;
  value: string;
  save: (value: string) => Promise<Problem[]>;
  hidden?: boolean;
  hint?: string;
  clear?: () => Promise<Problem[]>;
  left?: () => void;
  typing?: (text: string) => void;
}

/** A condition: shown as text until it is touched, then in an editor that knows the names of the case. With `left` it is begun: open at once, saved only when it is kept. */
export function ConditionField({ label, value, save, hidden, hint, clear, left, typing }: ConditionProps) {
  const id = useId();
  const [editing, setEditing] = useState(left !== undefined);
  const [told, setTold] = useState<Condition | null>(null);
  const [problems, setProblems] = useState<Problem[]>([]);
  const waiting = useRef(0);
  const holder = useRef<HTMLDivElement>(null);
  const editor = useRef<ReturnType<typeof import("./editor").conditionEditor> | null>(null);
  const shown = useRef<HTMLButtonElement>(null);
  const edited = useRef(false);
  const { typed, given, type, back, send } = useTyped({ text: value }, () => {
    setTold(null);
    setProblems([]);
    editor.current?.put(typed("text"));
  });
  const text = typed("text");
  const done = async (written: string, check: Condition | null) => {
    if (written.trim() !== given("text").trim() && check?.ok) setProblems(await send(() => save(written.trim())));
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
      editor.current = conditionEditor(holder.current, typed("text"), {
        label,
        sheet: () => sheet.value,
        called: memberWords,
        check: async (text) => {
          const found = await post<Condition>("/condition", { text });
          if (text === typed("text")) setTold(found);
          return found;
        },
        changed: (text, found) => {
          type("text", text);
          typing?.(text);
          clearTimeout(waiting.current);
          if (found && !left) waiting.current = window.setTimeout(() => void done(text, found), QUIET);
        },
        leave: (text, found) => {
          clearTimeout(waiting.current);
          void done(text, found);
          setEditing(false);
          if (left && !text.trim()) left();
        },
        back: () => {
          clearTimeout(waiting.current);
          back();
          setTold(null);
          setEditing(false);
          left?.();
        },
      });
    });
    return () => {
      gone = true;
      editor.current?.close();
      editor.current = null;
    };
  }, [editing]);
  return (
    <div class="field condition">
      <span class={hidden ? "unseen" : "label"} id={id}>
        {label}
      </span>
      {editing ? (
        <div class="editor" ref={holder} />
      ) : (
        <button type="button" class="code" ref={shown} aria-labelledby={`${id} ${id}-text`} onClick={() => setEditing(true)}>
          <span id={`${id}-text`}>{text || t("empty")}</span>
        </button>
      )}
      {clear && !editing ? (
        <button type="button" class="plain small-text" aria-label={t("remove_of", { name: label })} onClick={async () => setProblems(await clear())}>
          {t("take_out")}
        </button>
      ) : null}
      {hint ? <span class="hint">{hint}</span> : null}
      {told && !told.ok ? <Problems problems={told.mistakes.slice(0, 2)} /> : null}
      {told?.ok && told.canonical !== text.trim() ? (
        <span class="hint">
          {t("canonical")} <code>{told.canonical}</code>
        </span>
      ) : null}
      <Problems problems={problems} />
    </div>
  );
}

/** A line that is begun by its condition: it stands nowhere, and counts for nothing, until that says something. */
export function Begun({ save, left }: { save: (that: string) => Promise<Problem[]>; left: () => void }) {
  const over = useRef(false); // an editor that goes still tells what was typed in it
  return (
    <div class="begun">
      <ConditionField
        label={t("of_new", { field: t("field_that") })}
        value=""
        hint={t("begun_hint")}
        save={async (that) => (over.current ? [] : save(that))}
        left={left}
      />
      <button
        type="button"
        class="small"
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => {
          over.current = true;
          left();
        }}
      >
        {t("cancel")}
      </button>
    </div>
  );
}
