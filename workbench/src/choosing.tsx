import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { entry, inList, keys, list, put } from "./case";
import type { Plain, Problem, Step } from "./model";
import { ChoiceField, Problems, words } from "./parts";
import { link } from "./route";
import { t } from "./words";

interface ChipsProps {
  label: string;
  chosen: string[];
  left: [string, string][];
  add: string;
  chose: (names: string[]) => void;
  shown: (name: string) => ComponentChildren;
  children?: ComponentChildren;
}

/** Names chosen one by one, each to be taken out again. */
export function Chips({ label, chosen, left, add, chose, shown, children }: ChipsProps) {
  return (
    <div class="field">
      <span class="label">{label}</span>
      <span class="chips">
        {chosen.map((name) => (
          <span class="chip" key={name}>
            {shown(name)}
            <button type="button" aria-label={t("remove_of", { name })} onClick={() => chose(chosen.filter((each) => each !== name))}>
              ×
            </button>
          </span>
        ))}
        {left.length ? (
          <select
            aria-label={`${label}: ${add}`}
            value=""
            onChange={(event) => {
              const name = (event.target as HTMLSelectElement).value;
              if (name) chose([...chosen, name]);
            }}
          >
            <option value="">{add}</option>
            {left.map(([name, said]) => (
              <option key={name} value={name}>
                {said}
              </option>
            ))}
          </select>
        ) : chosen.length ? null : (
          <span class="hint">{t("none_to_choose")}</span>
        )}
      </span>
      {children}
    </div>
  );
}

interface FromSections {
  at: Step[];
  value: Plain | undefined;
  label: string;
  sections: string[];
  hint?: string;
}

/** Members of one or more sections, chosen one by one. */
export function ChosenField({ at, value, label, sections, hint }: FromSections) {
  const chosen = list(value);
  const home = (name: string) => sections.find((each) => name in entry([each])) ?? sections[0] ?? "";
  const left = sections.flatMap((section) =>
    keys(section)
      .filter((name) => !chosen.includes(name))
      .map((name): [string, string] => [name, inList(section, name)]),
  );
  const [problems, setProblems] = useState<Problem[]>([]);
  return (
    <Chips
      label={label}
      chosen={chosen}
      left={left}
      add={t(`add_one_${sections.length > 1 ? "about" : sections[0]}`)}
      chose={async (names) => setProblems(await put(at, names))}
      shown={(name) => (
        <a href={link("build", home(name), name)} title={inList(home(name), name)}>
          {home(name) === "parties" ? inList("parties", name) : name}
        </a>
      )}
    >
      {hint ? <span class="hint">{hint}</span> : null}
      <Problems problems={problems} />
    </Chips>
  );
}

/** One member of a section, or none. */
export function MemberField({ at, value, label, sections, hint }: FromSections) {
  const stands = words(value);
  const known = sections.flatMap((section) => Object.keys(entry(section.split("."))).map((name): [string, string] => [name, inList(section, name)]));
  return (
    <ChoiceField
      label={label}
      hint={hint}
      value={stands}
      options={[["", "–"], ...(stands && !known.some(([name]) => name === stands) ? [[stands, stands] as [string, string]] : []), ...known]}
      save={(each) => put(at, each)}
    />
  );
}
