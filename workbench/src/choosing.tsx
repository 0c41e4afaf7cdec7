import { entry, inList, isMap, keys, list, put } from "./case";
import type { Entry, Plain, Step } from "./model";
import { ChoiceField, words } from "./parts";
import { link } from "./route";
import { t } from "./words";

/** Members of one or more sections, chosen one by one; what stands there in another form is left to the text. */
export function ChosenField({ at, value, label, sections }: { at: Step[]; value: Plain | undefined; label: string; sections: string[] }) {
  if (isMap(value) || (Array.isArray(value) && value.some(isMap))) return <p class="hint">{label}: {t("in_text", { list: label })} <a href={link("text")}>{t("nav_text")}</a></p>;
  const chosen = list(value);
  const home = (name: string) => sections.find((each) => name in entry([each])) ?? sections[0] ?? "";
  const left = sections.flatMap((section) => keys(section).filter((name) => !chosen.includes(name)).map((name) => [section, name] as const));
  const add = t(`add_one_${sections.length > 1 ? "about" : sections[0]}`);
  return (
    <div class="field">
      <span class="label">{label}</span>
      <span class="chips">
        {chosen.map((name) => (
          <span class="chip" key={name}>
            <a href={link("build", home(name), name)} title={inList(home(name), name)}>{home(name) === "parties" ? inList("parties", name) : name}</a>
            <button type="button" aria-label={t("remove_of", { name })} onClick={() => void put(at, chosen.filter((each) => each !== name))}>×</button>
          </span>
        ))}
        {left.length ? (
          <select aria-label={`${label}: ${add}`} value="" onChange={(event) => { const name = (event.target as HTMLSelectElement).value; if (name) void put(at, [...chosen, name]); }}>
            <option value="">{add}</option>
            {left.map(([section, name]) => <option key={name} value={name}>{inList(section, name)}</option>)}
          </select>
        ) : chosen.length ? null : <span class="hint">{t("none_to_choose")}</span>}
      </span>
    </div>
  );
}

/** One member of a section, or none. */
export function MemberField({ at, value, label, section }: { at: Step[]; value: Plain | undefined; label: string; section: string }) {
  const names = keys(section);
  const stands = words(value);
  const all = ["", ...(stands && !names.includes(stands) ? [stands] : []), ...names];
  return <ChoiceField label={label} value={stands} options={all.map((each) => [each, each ? inList(section, each) : "–"])} save={(each) => put(at, each)} />;
}

/** The settings that a lever has; those of no lever, none. */
export const ofLever = (holder: Step[]): string => words(holder[0] === "levers" ? holder[1] : (entry(holder) as Entry).lever);
