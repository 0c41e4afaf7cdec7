import { useId, useState } from "preact/hooks";
import { number, put } from "./case";
import type { Plain, Problem, Step } from "./model";
import { Problems } from "./parts";
import { useTyped } from "./typed";
import { t } from "./words";

/** Lowest and highest of a number, kept together. */
export function RangeField({ at, value, label }: { at: Step[]; value: Plain | undefined; label: string }) {
  const id = useId();
  const [low, high] = Array.isArray(value) ? value.map(String) : [];
  const [problems, setProblems] = useState<Problem[]>([]);
  const { typed, given, type, send } = useTyped({ low: low ?? "", high: high ?? "" }, () => setProblems([]));
  const done = async () => {
    const now = [typed("low").trim(), typed("high").trim()];
    const changed = ["low", "high"].some((each) => typed(each) !== given(each));
    if (changed && now.every(Boolean) === now.some(Boolean)) setProblems(await send(() => put(at, now.every(Boolean) ? now.map(number) : "")));
  };
  return (
    <fieldset class="field range">
      <legend>{label}</legend>
      {["low", "high"].map((each) => (
        <span key={each}>
          <label for={`${id}-${each}`}>{t(`range_${each}`)}</label>{" "}
          <input
            id={`${id}-${each}`}
            type="text"
            inputMode="decimal"
            value={typed(each)}
            onInput={(event) => type(each, (event.target as HTMLInputElement).value)}
            onBlur={() => void done()}
            onKeyDown={(event) => {
              if (event.key === "Enter") {
                event.preventDefault();
                void done();
              }
            }}
          />
        </span>
      ))}
      <Problems problems={problems} />
    </fieldset>
  );
}
