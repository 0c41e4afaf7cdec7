import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
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

/** The page allows no styles inside its elements; its own sheet says how drawings look. */
const bare = (svg: string) => svg.replace(/ style="[^"]*"/g, "");

/** A drawing of the library, put into the page as elements; what is marked with a state can be chosen. */
export function Picture({ svg, choose }: { svg: string; choose?: (state: string, element: Element) => void }) {
  const holder = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // before the page is shown: what stands below does not jump
    const drawn = new DOMParser().parseFromString(bare(svg), "image/svg+xml").documentElement;
    if (drawn.tagName !== "svg" || !holder.current) return;
    if (choose) {
      for (const part of drawn.querySelectorAll("[data-state]")) {
        part.setAttribute("tabindex", "0");
        part.setAttribute("role", "button");
        part.querySelector("title")?.remove();
      }
      drawn.setAttribute("role", "group");
    }
    const put = document.importNode(drawn, true) as unknown as SVGSVGElement;
    put.style.setProperty("--drawn", `${put.viewBox.baseVal.width}px`); // letters stay large enough to read: what is wider scrolls
    holder.current.replaceChildren(put);
  }, [svg]);
  const chosen = (event: Event) => {
    const part = (event.target as Element).closest("[data-state]");
    if (part && choose) choose(part.getAttribute("data-state") ?? "", part);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the boxes inside are the buttons; this only listens for them
    <div
      class="picture"
      ref={holder}
      onClick={chosen}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          chosen(event);
        }
      }}
    />
  );
}

/** The two ways to take a picture along. */
export function TakeAlong({ svg, name }: { svg: () => string; name: string }) {
  return (
    <>
      <button type="button" class="plain" onClick={() => saveFile(new Blob([svg()], { type: "image/svg+xml" }), `${name}.svg`)}>
        SVG
      </button>{" "}
      <button type="button" class="plain" onClick={() => savePng(svg(), `${name}.png`)}>
        PNG
      </button>
    </>
  );
}

/** Saves a picture on the page as a PNG file. */
export function savePng(svg: string, name: string): void {
  const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const box = (drawn.getAttribute("viewBox") ?? "0 0 800 400").split(/\s+/).map(Number);
  const [width, height] = [box[2] ?? 800, box[3] ?? 400];
  drawn.setAttribute("width", String(width));
  drawn.setAttribute("height", String(height));
  const image = new Image();
  const address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(drawn)], { type: "image/svg+xml" }));
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = 2 * width;
    canvas.height = 2 * height;
    const pen = canvas.getContext("2d");
    if (!pen) return;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    canvas.toBlob((blob) => {
      if (blob) saveFile(blob, name);
    });
  };
  image.src = address;
}
export function saveFile(blob: Blob, name: string): void {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
}

/** A text of a case for a reader: of several languages the page's, else the first. */
export const words = (value: Plain | undefined): string => {
  const told = byLanguage(value);
  if (told) return (told.find(([each]) => each === language.value) ?? told[0])?.[1] ?? "";
  return value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
};
export const Tag = ({ kind, children }: { kind: string; children: ComponentChildren }) => <span class={`tag ${kind}`}>{children}</span>;
