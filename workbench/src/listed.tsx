import { useEffect, useRef, useState } from "preact/hooks";
import { Adding, AddingClaim, opened } from "./adding";
import { Beginning, isBegun } from "./beginning";
import { entry, file, isMap, keys, list, put, told } from "./case";
import { Begun, ConditionField } from "./condition";
import { Form } from "./fields";
import { FindingShown } from "./finding";
import { partOf } from "./forms";
import { valueAt } from "./logic";
import type { Entry, Problem, Step } from "./model";
import { Ordered, Problems, Tag, TextField, words } from "./parts";
import { go, link } from "./route";
import type { Section } from "./sections";
import { answer, edit, rename as renamed } from "./server";
import { t } from "./words";

/** What is to be said of a part, beside its form. */
export function FindingsAt({ at }: { at: string }) {
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
export function Named({ section, open }: { section: Section; open?: string }) {
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
                <FindingsAt at={`${section.key}.${name}`} />
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

export function RemoveEntry({ at, name, after }: { at: Step[]; name: string; after: () => void }) {
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
export function Listed({ at, section, open, of = "" }: { at: Step[]; section: Section; open: number | null; of?: string }) {
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
                  <FindingsAt at={`${at.join(".")}[${k}]`} />
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
