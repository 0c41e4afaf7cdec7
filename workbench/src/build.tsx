import { useState } from "preact/hooks";
import { Beginning, isBegun } from "./beginning";
import { calledIn, file, isMap, keys, plainNumber, told } from "./case";
import { Form, KindField } from "./fields";
import { forms, keyOf, partOf, startOf } from "./forms";
import { FindingsAt, Listed, Named, RemoveEntry } from "./listed";
import { valueAt } from "./logic";
import type { Entry, Plain, Problem, Step } from "./model";
import { Problems, words } from "./parts";
import { go, link, route } from "./route";
import { GROUPS, HEAD, SECTIONS, type Section } from "./sections";
import { edit } from "./server";
import { Translations } from "./translations";
import { t } from "./words";

/** A type of a party by its words, or by its name as words. */
const typeName = (party: string, name: string) => {
  const type = valueAt(file(), ["parties", party, "types", name]);
  return (isMap(type) && told(type.is)) || name.replace(/_/g, " ");
};

const isChance = (party: string) => valueAt(file(), ["parties", party, "chance"]) === true; // it wants nothing

function Wants({ section, open }: { section: Section; open: Step[] }) {
  const parties = keys("parties");
  const party = parties.includes(words(open[0])) ? words(open[0]) : (parties[0] ?? "");
  const stated = valueAt(file(), ["wants", party]);
  const types = isMap(stated) ? Object.keys(stated) : [];
  const [type, setType] = useState("");
  const asked = types.includes(words(open[1])) ? words(open[1]) : types.includes(type) ? type : (types[0] ?? "");
  const number = open.find((each) => typeof each === "string" && /^\d+$/.test(each));
  const of = open[1] === "of" ? words(open[2]) : ""; // the claim for which one is begun
  return (
    <>
      <div class="tabs" role="group" aria-label={t("field_party")}>
        {parties
          .filter((each) => each === party || !isChance(each))
          .map((each) => (
            <a key={each} href={link("build", "wants", each)} aria-current={each === party ? "true" : undefined}>
              {calledIn("parties", each)}
            </a>
          ))}
      </div>
      {types.length ? (
        <div class="tabs small" role="group" aria-label={t("field_types")}>
          {types.map((each) => (
            <button
              type="button"
              key={each}
              aria-pressed={each === asked}
              onClick={() => {
                setType(each);
                go("build", "wants", party, each);
              }}
            >
              {typeName(party, each)} <span class="quiet">{plainNumber(valueAt(file(), ["parties", party, "types", each]))}</span>
            </button>
          ))}
        </div>
      ) : null}
      <p class="hint">{t("wants_hint")}</p>
      <Listed
        key={`${party}/${asked}/${of}`}
        at={asked ? ["wants", party, asked] : ["wants", party]}
        section={section}
        open={number === undefined ? null : Number(number)}
        of={of}
      />
    </>
  );
}

/** What is said once for the case: one part, or one thing by party. */
function Once({ section }: { section: Section }) {
  const [problems, setProblems] = useState<Problem[]>([]);
  const [starting, setStarting] = useState(false);
  const value = valueAt(file(), [section.key]);
  const kind = keyOf("CaseFile", section.key);
  if (!kind) return null;
  if (section.form === "map") return <KindField at={[section.key]} kind={kind} value={value} label={t(`section_${section.key}`)} />;
  const begin = async (given: Entry = {}) => {
    const found = await edit([
      { op: "set", at: [section.key], value: section.model ? partOf(section.model, [section.key], "", given) : startOf(kind, [section.key]) },
    ]);
    setProblems(found);
    return found;
  };
  if (value === undefined && starting) return <Beginning model={section.model} save={begin} left={() => setStarting(false)} />;
  if (value === undefined)
    return (
      <>
        <button
          type="button"
          onClick={() => {
            if (isBegun(section.model)) setStarting(true);
            else void begin();
          }}
        >
          {t("begin")}
        </button>
        <Problems problems={problems} />
      </>
    );
  return (
    <>
      <FindingsAt at={section.key} />
      <Form at={[section.key]} model={section.model} first={section.first} />
      <RemoveEntry at={[section.key]} name={t(`section_${section.key}`)} after={() => {}} />
    </>
  );
}

function Inside({ section, open }: { section: Section; open: string[] }) {
  switch (section.form) {
    case "wants":
      return <Wants section={section} open={open} />;
    case "list":
      return <Listed at={[section.key]} section={section} open={open[0] === undefined ? null : Number(open[0])} />;
    case "translations":
      return <Translations />;
    case "named":
      return <Named section={section} open={open[0]} />;
  }
  return <Once section={section} />;
}

/** How many members a section has; of wants those of every party and type. */
const counted = (section: Section) => {
  const value = valueAt(file(), [section.key]);
  return section.form === "wants"
    ? lines(value)
    : Array.isArray(value)
      ? value.length
      : isMap(value) && section.form !== "part"
        ? Object.keys(value).length
        : 0;
};
const lines = (value: Plain | undefined): number =>
  Array.isArray(value) ? value.length : isMap(value) ? Object.values(value).reduce((n: number, each) => n + lines(each), 0) : 0;

export function Build() {
  const [, which = "head", ...open] = route.value;
  const section = SECTIONS.find((each) => each.key === which);
  if (!Object.keys(forms.value).length) return <p class="quiet wait">…</p>;
  return (
    <div class="build">
      <select
        class="section-choice"
        aria-label={t("section")}
        value={section?.key ?? ""}
        onChange={(event) => {
          const key = (event.target as HTMLSelectElement).value;
          go("build", ...(key ? [key] : []));
        }}
      >
        <option value="">{t("section_head")}</option>
        {GROUPS.map(([group, sections]) => (
          <optgroup key={group} label={t(group)}>
            {sections.map((each) => (
              <option key={each.key} value={each.key}>
                {[t(`section_${each.key}`), counted(each) || ""].join(" ")}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <nav class="sections" aria-label={t("nav_build")}>
        <a href={link("build")} aria-current={section ? undefined : "page"}>
          {t("section_head")}
        </a>
        {GROUPS.map(([group, sections], k) => (
          <details key={group} open={k < 2 || sections.some((each) => each.key === which || valueAt(file(), [each.key]) !== undefined)}>
            <summary class="room">{t(group)}</summary>
            {sections.map((each) => {
              const value = valueAt(file(), [each.key]);
              const n = counted(each);
              return (
                <a
                  key={each.key}
                  class={value === undefined ? "unsaid" : ""}
                  href={link("build", each.key)}
                  aria-current={each.key === which ? "page" : undefined}
                >
                  {t(`section_${each.key}`)} <span class="n">{n || (value === undefined ? "" : "·")}</span>
                </a>
              );
            })}
          </details>
        ))}
      </nav>
      <section class="sheet" aria-labelledby="section-title">
        <h1 id="section-title">{t(`section_${section ? section.key : "head"}`)}</h1>
        <p class="lead">{t(`about_${section ? section.key : "head"}`)}</p>
        {section ? (
          <Inside key={section.key} section={section} open={open} />
        ) : (
          <Form at={[]} model="CaseFile" first={HEAD} without={[...SECTIONS.map((each) => each.key)]} />
        )}
      </section>
    </div>
  );
}
