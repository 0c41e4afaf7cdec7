import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { byLanguage, movedTo } from "./logic";
import type { Plain, Problem } from "./model";
import { inPlace } from "./place";
import { useTyped } from "./typed";
import { language, t } from "./words";

export function Problems({ problems }: { problems: Problem[] }) {
  if (!problems.length) return null;
  return (
    <div role="alert">
      <ul class="problems">
        {problems.slice(0, 5).map((each) => (
          <li key={each.what + each.at}>
            {each.what}
            {each.hint ? <span class="hint"> {each.hint}</span> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What is asked for again whenever one of `when` changes; the last answer stays until the next is there. */
export function useTold<T>(ask: () => Promise<T>, when: unknown[]): { told: T | null; problems: Problem[]; busy: boolean } {
  const [known, setKnown] = useState<{ told: T | null; problems: Problem[]; of: string }>({ told: null, problems: [], of: "" });
  const asked = JSON.stringify(when);
  useEffect(() => {
    let stale = false;
    ask().then(
      (told) => {
        if (!stale) setKnown({ told, problems: [], of: asked });
      },
      (error) => {
        const problems = error.problems ?? [{ code: "", what: String(error), at: "", line: null, column: null, hint: "" }];
        if (!stale) setKnown(({ told }) => ({ told, problems, of: asked }));
      },
    );
    return () => {
      stale = true;
    };
  }, when);
  return { told: known.told, problems: known.problems, busy: known.of !== asked };
}

interface TextProps {
  label: string;
  value: string;
  save: (value: string) => Promise<Problem[]>;
  long?: boolean;
  number?: boolean;
  hint?: string;
  hidden?: boolean;
  list?: string[];
  lines?: boolean;
  place?: string;
  typing?: (typed: string) => void;
}

/** A field that is saved when it is left, or by Enter. */
export function TextField({ label, value, save, long, number, hint, hidden, list, lines, place, typing }: TextProps) {
  const id = useId();
  const [problems, setProblems] = useState<Problem[]>([]);
  const { typed, given, type, back, send } = useTyped({ text: value }, () => setProblems([]));
  const text = typed("text");
  const done = async () => setProblems(typed("text") !== given("text") ? await inPlace(() => send(() => save(typed("text")))) : []);
  const common = {
    id,
    value: text,
    dir: "auto" as const,
    placeholder: place || undefined,
    "aria-invalid": problems.length > 0,
    "aria-describedby": hint ? `${id}-hint` : undefined,
    onBlur: done,
    onInput: (event: Event) => {
      const now = (event.target as HTMLInputElement).value;
      type("text", now);
      typing?.(now);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === "Enter" && !lines && !(long && event.shiftKey)) {
        event.preventDefault();
        void done();
      }
      if (event.key === "Escape") {
        back();
        setProblems([]);
      }
    },
  };
  return (
    <div class="field">
      <label for={id} class={hidden ? "unseen" : ""}>
        {label}
      </label>
      {long ? (
        <textarea {...common} rows={Math.min(12, Math.max(2, lines ? text.split("\n").length + 1 : Math.ceil(text.length / 70)))} />
      ) : (
        <input {...common} type="text" inputMode={number ? "decimal" : "text"} list={list ? `${id}-list` : undefined} />
      )}
      {list ? (
        <datalist id={`${id}-list`}>
          {list.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      ) : null}
      {hint ? (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      ) : null}
      <Problems problems={problems} />
    </div>
  );
}

const FITS = 30; // letters that a closed list shows

/** What is chosen in full, where a closed list would cut it off. */
export const InFull = ({ said, fits = FITS }: { said: string; fits?: number }) =>
  said.length > fits ? <span class="hint in-full">{said}</span> : null;

interface ChoiceProps {
  label: string;
  value: string;
  options: [string, string][];
  save: (value: string) => Promise<Problem[]>;
  hidden?: boolean;
  hint?: string;
}
export function ChoiceField({ label, value, options, save, hidden, hint }: ChoiceProps) {
  const id = useId();
  const [problems, setProblems] = useState<Problem[]>([]);
  return (
    <div class="field">
      <label for={id} class={hidden ? "unseen" : ""}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={async (event) => {
          const select = event.target as HTMLSelectElement;
          const found = await save(select.value);
          setProblems(found);
          if (found.length) select.value = value;
        }}
      >
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      <InFull said={options.find(([key]) => key === value)?.[1] ?? ""} />
      {hint ? <span class="hint">{hint}</span> : null}
      <Problems problems={problems} />
    </div>
  );
}

export function FlagField({
  label,
  value,
  save,
  hint,
}: {
  label: string;
  value: boolean;
  save: (value: boolean) => Promise<Problem[]>;
  hint?: string;
}) {
  const [problems, setProblems] = useState<Problem[]>([]);
  return (
    <div class="field flag">
      <label>
        <input type="checkbox" checked={value} onChange={async (event) => setProblems(await save((event.target as HTMLInputElement).checked))} />{" "}
        {label}
      </label>
      {hint ? <span class="hint">{hint}</span> : null}
      <Problems problems={problems} />
    </div>
  );
}

interface OrderProps {
  n: number;
  label: string;
  move: (items: number[]) => void;
  name: (k: number) => string;
  children: (k: number) => ComponentChildren;
}

/** A list put in order by dragging, by the buttons, or by Alt with the arrow keys. */
export function Ordered({ n, label, move, name, children }: OrderProps) {
  const [held, setHeld] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState("");
  const shift = (from: number, to: number) => {
    if (to < 0 || to >= n || to === from) return;
    move(movedTo(n, from, to));
    setSaid(t("moved_to", { name: name(from), place: to + 1, n }));
    setTimeout(() => (list.current?.children[to]?.querySelector(".grip") as HTMLElement | null)?.focus(), 60);
  };
  return (
    <>
      <ol class="ordered" ref={list} aria-label={label}>
        {Array.from({ length: n }, (_, k) => (
          <li
            key={k}
            class={`${held === k ? "held" : ""} ${over === k && held !== k ? (held !== null && held < k ? "below" : "above") : ""}`}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(k);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (held !== null) shift(held, k);
              setHeld(null);
              setOver(null);
            }}
            onKeyDown={(event) => {
              if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
              event.preventDefault();
              shift(k, k + (event.key === "ArrowUp" ? -1 : 1));
            }}
          >
            <button
              type="button"
              class="grip"
              draggable
              title={t("grip")}
              aria-label={t("grip_of", { name: name(k), place: k + 1, n })}
              onDragStart={(event) => {
                setHeld(k);
                event.dataTransfer?.setData("text/plain", String(k));
              }}
              onDragEnd={() => {
                setHeld(null);
                setOver(null);
              }}
            >
              <span aria-hidden="true">{k + 1}</span>
            </button>
            <div class="inside">{children(k)}</div>
            <span class="shift">
              <button type="button" aria-label={t("up_of", { name: name(k) })} disabled={k === 0} onClick={() => shift(k, k - 1)}>
                ↑
              </button>
              <button type="button" aria-label={t("down_of", { name: name(k) })} disabled={k === n - 1} onClick={() => shift(k, k + 1)}>
                ↓
              </button>
            </span>
          </li>
        ))}
      </ol>
      <span class="unseen" role="status">
        {said}
      </span>
    </>
  );
}

/** A text of a case for a reader: of several languages the page's, else the first. */
export const words = (value: Plain | undefined): string => {
  const told = byLanguage(value);
  if (told) return (told.find(([each]) => each === language.value) ?? told[0])?.[1] ?? "";
  return value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
};
export const Tag = ({ kind, children }: { kind: string; children: ComponentChildren }) => <span class={`tag ${kind}`}>{children}</span>;
