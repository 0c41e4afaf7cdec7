import { useState } from "preact/hooks";
import { entry, inList, keys, list, put } from "./case";
import type { Plain, Problem, Step } from "./model";
import { ChoiceField, Problems, words } from "./parts";
import { link } from "./route";
import { t } from "./words";

/** Members of one or more sections, chosen one by one. */
export function ChosenField({ at, value, label, sections, hint }: { at: Step[]; value: Plain | undefined; label: string; sections: string[]; hint?: string }) {
  const chosen = list(value);
  const home = (name: string) => sections.find((each) => name in entry([each])) ?? sections[0] ?? "";
  const left = sections.flatMap((section) => keys(section).filter((name) => !chosen.includes(name)).map((name) => [section, name] as const));
  const add = t(`add_one_${sections.length > 1 ? "about" : sections[0]}`);
  const [problems, setProblems] = useState<Problem[]>([]);
  const chose = async (names: string[]) => setProblems(await put(at, names));
  return (
    <div class="field">
      <span class="label">{label}</span>
      <span class="chips">
        {chosen.map((name) => (
          <span class="chip" key={name}>
            <a href={link("build", home(name), name)} title={inList(home(name), name)}>{home(name) === "parties" ? inList("parties", name) : name}</a>
            <button type="button" aria-label={t("remove_of", { name })} onClick={() => void chose(chosen.filter((each) => each !== name))}>×</button>
          </span>
        ))}
        {left.length ? (
          <select aria-label={`${label}: ${add}`} value="" onChange={(event) => { const name = (event.target as HTMLSelectElement).value; if (name) void chose([...chosen, name]); }}>
            <option value="">{add}</option>
            {left.map(([section, name]) => <option key={name} value={name}>{inList(section, name)}</option>)}
          </select>
        ) : chosen.length ? null : <span class="hint">{t("none_to_choose")}</span>}
      </span>
      {hint ? <span class="hint">{hint}</span> : null}
      <Problems problems={problems} />
    </div>
  );
}

/** One member of a section, or none. */
export function MemberField({ at, value, label, sections, hint }: { at: Step[]; value: Plain | undefined; label: string; sections: string[]; hint?: string }) {
  const stands = words(value);
  const known = sections.flatMap((section) => Object.keys(entry(section.split("."))).map((name): [string, string] => [name, inList(section, name)]));
  return <ChoiceField label={label} hint={hint} value={stands} options={[["", "–"], ...(stands && !known.some(([name]) => name === stands) ? [[stands, stands] as [string, string]] : []), ...known]} save={(each) => put(at, each)} />;
}
