import { useEffect, useRef, useState } from "preact/hooks";
import { Adding, AddingClaim, opened } from "./adding";
import { Beginning, isBegun } from "./beginning";
import { calledIn, entry, file, isMap, keys, list, plainNumber, put, told } from "./case";
import { Begun, ConditionField } from "./condition";
import { Form, KindField } from "./fields";
import { FindingShown } from "./finding";
import { forms, keyOf, partOf, startOf } from "./forms";
import { valueAt } from "./logic";
import type { Entry, Plain, Problem, Step } from "./model";
import { Ordered, Problems, Tag, TextField, words } from "./parts";
import { go, link, route } from "./route";
import { GROUPS, HEAD, SECTIONS, type Section } from "./sections";
import { answer, edit, rename as renamed } from "./server";
import { Translations } from "./translations";
import { t } from "./words";

function Findings({ at }: { at: string }) {
  const found = (answer.value?.findings ?? []).filter((each) => each.at === at || each.at.startsWith(`${at}.`) || each.at.startsWith(`${at}[`));
  return found.length ? (
    <ul class="nearby">
      {found.map((each) => (
        <li key={each.code + each.what}>
          <FindingShown found={each} linked={false} />
        </li>
      ))}
    </ul>
  ) : null;
}

/** By what a member is known in its list; a term by its words, or by the condition it stands for. */
function called(section: Section, name: string) {
  const here = valueAt(file(), [section.key, name]);
  if (section.key !== "terms") return section.title.map((key) => told(entry([section.key, name])[key])).find(Boolean) ?? "";
  return isMap(here) ? told(here.is) : "";
}

/** What a term stands for, edited where it is listed. */
function TermCondition({ name }: { name: string }) {
  const here = valueAt(file(), ["terms", name]);
  return (
    <ConditionField
      hidden
      label={t("condition_of", { name })}
      value={isMap(here) ? words(here.that) : words(here)}
      save={(that) => put(["terms", name, "that"], that)}
    />
  );
}

const MANY = 12; // entries of a list from which on one looks for them by words

/** A section whose entries have names: a list, and the one that is open. */
function Named({ section, open }: { section: Section; open?: string }) {
  const names = keys(section.key);
  const list = useRef<HTMLUListElement>(null);
  const fresh = useRef("");
  useEffect(() => {
    if (!names.length && document.activeElement === document.body) document.querySelector<HTMLInputElement>(".adding input")?.focus();
  }, []); // what led here is gone: begin to type
  const [sought, setSought] = useState("");
  const says = (name: string) => `${name} ${called(section, name)} ${words(valueAt(file(), [section.key, name, "quote"]))}`.toLowerCase();
  const shown = sought.trim() ? names.filter((name) => says(name).includes(sought.trim().toLowerCase())) : names;
  const made = (name: string) => {
    setSought("");
    fresh.current = name;
    opened(section.key)(name);
  };
  useEffect(() => {
    if (!open || (open !== fresh.current && called(section, open) !== "…")) return;
    fresh.current = "";
    const first = list.current?.querySelector<HTMLInputElement>(".opened .form input, .opened .form textarea");
    first?.focus();
    if (first?.value === "…") first.select();
  }, [open]);
  return (
    <>
      {names.length > MANY ? (
        <div class="field find">
          <input
            type="search"
            aria-label={t("find_in", { n: names.length })}
            placeholder={t("find_in", { n: names.length })}
            value={sought}
            onInput={(event) => setSought((event.target as HTMLInputElement).value)}
          />
        </div>
      ) : null}
      {shown.length ? null : names.length ? (
        <p class="quiet" role="status">
          {t("found_none")}
        </p>
      ) : null}
      <ul class="entries" ref={list}>
        {shown.map((name) => (
          <li key={name} class={open === name ? "open" : ""}>
            <a class="entry" href={open === name ? link("build", section.key) : link("build", section.key, name)} aria-expanded={open === name}>
              {called(section, name) ? <span>{called(section, name)}</span> : null} <code>{name}</code>
            </a>
            {section.key === "terms" && open !== name ? <TermCondition name={name} /> : null}
            {open === name ? (
              <div class="opened">
                <Findings at={`${section.key}.${name}`} />
                <TextField
                  label={t("field_id")}
                  value={name}
                  hint={section.key === "parties" ? t("rename_hint") : ""}
                  save={(to) => rename(section.key, name, to)}
                />
                <Form key={name} at={[section.key, name]} model={section.model} first={section.first} />
                <RemoveEntry at={[section.key, name]} name={name} after={() => go("build", section.key)} />
              </div>
            ) : null}
          </li>
        ))}
      </ul>
      {section.key === "claims" ? <AddingClaim made={made} /> : <Adding section={section} made={made} />}
    </>
  );
}

async function rename(section: string, name: string, to: string): Promise<Problem[]> {
  const found = await renamed(section, name, to.trim());
  if (!found.length) go("build", section, to.trim());
  return found;
}

function RemoveEntry({ at, name, after }: { at: Step[]; name: string; after: () => void }) {
  const [problems, setProblems] = useState<Problem[]>([]);
  return (
    <div class="end">
      <button
        type="button"
        class="danger"
        onClick={async () => {
          const found = await edit([{ op: "remove", at }]);
          setProblems(found);
          if (!found.length) after();
        }}
      >
        {t("remove_of", { name })}
      </button>
      <Problems problems={problems} />
    </div>
  );
}

/** A list put in order: wants, bans, observations. A line that is a condition is begun by it; `of` is the claim that one is begun for. */
function Listed({ at, section, open, of = "" }: { at: Step[]; section: Section; open: number | null; of?: string }) {
  const [shown, setShown] = useState<number | null>(open);
  const [starting, setStarting] = useState(of !== "");
  const holder = useRef<HTMLDivElement>(null);
  const fresh = useRef(false);
  useEffect(() => {
    if (open !== null) setShown(open); // a link to another line of the list
  }, [open]);
  const items = Array.isArray(valueAt(file(), at)) ? (valueAt(file(), at) as Entry[]) : [];
  const name = (k: number) => section.title.map((key) => told(items[k]?.[key])).find(Boolean) ?? String(k + 1);
  const all = items.map((_, k) => k);
  const [problems, setProblems] = useState<Problem[]>([]);
  const byCondition = section.first[0] === "that";
  const asked = byCondition || isBegun(section.model);
  const add = async (given: Entry = {}) => {
    const said = of
      ? { ...given, is: told(entry(["claims", of]).gloss), because: [of] }
      : { ...section.start?.(), ...partOf(section.model, [section.key], "", given) };
    const found = await edit([items.length ? { op: "order", at, items: [...all, -1], new: [said] } : { op: "set", at, value: [said] }]);
    setProblems(found);
    if (!found.length) {
      fresh.current = asked;
      setShown(items.length);
      setStarting(false);
    }
    return found;
  };
  const leave = () => {
    setStarting(false);
    requestAnimationFrame(() => holder.current?.querySelector<HTMLElement>(":scope > button")?.focus());
  };
  useEffect(() => {
    if (fresh.current) {
      fresh.current = false;
      holder.current?.querySelector<HTMLInputElement>(".opened .form input[type=text]")?.focus();
    }
  }, [shown]);
  return (
    <div ref={holder}>
      <Ordered
        n={items.length}
        label={at.join(" ")}
        name={name}
        move={(order) => {
          setShown(null);
          void edit([{ op: "order", at, items: order }]);
        }}
      >
        {(k) => {
          const item = items[k] ?? {};
          return (
            <>
              <button type="button" class="entry" aria-expanded={shown === k} onClick={() => setShown(shown === k ? null : k)}>
                <span>
                  {name(k)}
                  {item.red_line === true ? (
                    <>
                      {" "}
                      <Tag kind="error">{t("field_red_line")}</Tag>
                    </>
                  ) : null}
                </span>
                {item.is && item.that ? <code>{words(item.that)}</code> : null}
                <span class="because">
                  {list(item.because).join(" ")}
                  {item.assumed && !list(item.because).length ? <Tag kind="assumed">{t("basis_assumed")}</Tag> : null}
                </span>
              </button>
              {shown === k ? (
                <div class="opened">
                  <Findings at={`${at.join(".")}[${k}]`} />
                  <Form key={k} at={[...at, k]} model={section.model} first={section.first} />
                  <div class="end">
                    <button
                      type="button"
                      class="danger"
                      aria-label={t("remove_of", { name: name(k) })}
                      onClick={() => {
                        setShown(null);
                        void edit([items.length === 1 ? { op: "remove", at } : { op: "order", at, items: all.filter((each) => each !== k) }]);
                      }}
                    >
                      {t("remove_line")}
                    </button>
                  </div>
                </div>
              ) : null}
            </>
          );
        }}
      </Ordered>
      <Problems problems={problems} />
      {starting && byCondition ? (
        <Begun save={(that) => add({ that })} left={leave} />
      ) : starting ? (
        <Beginning model={section.model} save={add} left={leave} />
      ) : (
        <button
          type="button"
          onClick={() => {
            if (asked) setStarting(true);
            else void add();
          }}
        >
          {t(`add_${section.key}`)}
        </button>
      )}
    </div>
  );
}

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
      <Findings at={section.key} />
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
