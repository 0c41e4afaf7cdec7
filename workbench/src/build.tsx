import { useEffect, useRef, useState } from "preact/hooks";
import { ConditionField } from "./condition";
import { Adding, AddingClaim, opened } from "./adding";
import { entry, file, isMap, keys, list, plainNumber, put, putNumber, settingsOf } from "./case";
import { ChosenField, MemberField, ofLever } from "./choosing";
import { GuardingField } from "./guarding";
import { byLanguage, valueAt } from "./logic";
import type { Entry, Plain, Problem, Step } from "./model";
import { OddsField } from "./odds";
import { ChoiceField, FlagField, Ordered, Problems, Tag, TextField, words } from "./parts";
import { go, link, route } from "./route";
import { DETERRENCE, type Field, HEAD, SECTIONS, type Section, TEST } from "./sections";
import { answer, edit, rename as renamed, sheet } from "./server";
import { OwnSettings, TypesField } from "./types";
import { t } from "./words";

function Findings({ at }: { at: string }) {
  const found = (answer.value?.findings ?? []).filter((each) => each.at === at || each.at.startsWith(`${at}.`) || each.at.startsWith(`${at}[`));
  return found.length ? <ul class="nearby">{found.map((each) => <li key={each.code + each.what}><Tag kind={each.severity}>{t(`severity_${each.severity}`)}</Tag> {each.what} <span class="hint">{each.advice}</span></li>)}</ul> : null;
}

/** Settings by lever: a line each, and one to add. */
function SettingsField({ at, value, label }: { at: Step[]; value: Plain | undefined; label: string }) {
  const given = isMap(value) ? value : {};
  const left = keys("levers").filter((each) => !(each in given));
  return (
    <fieldset class="field rows">
      <legend>{label}</legend>
      {Object.entries(given).map(([lever, setting]) => (
        <div class="row" key={lever}>
          <ChoiceField label={lever} value={words(setting)} options={settingsOf(lever).map((each) => [each, each])} save={(each) => edit([{ op: "set", at: [...at, lever], value: each }])} />
          <button type="button" class="small" aria-label={t("remove_of", { name: lever })} onClick={() => void (Object.keys(given).length === 1 ? put(at, "") : edit([{ op: "remove", at: [...at, lever] }]))}>×</button>
        </div>
      ))}
      <select aria-label={t("add_to", { name: label })} value="" onChange={(event) => { const lever = (event.target as HTMLSelectElement).value; if (lever) void edit([{ op: "set", at: value === undefined ? at : [...at, lever], value: value === undefined ? { [lever]: settingsOf(lever)[0] ?? "" } : settingsOf(lever)[0] ?? "" }]); }}>
        <option value="">{t("add_lever")}</option>
        {left.map((each) => <option key={each}>{each}</option>)}
      </select>
    </fieldset>
  );
}

function GuardsField({ at, value }: { at: Step[]; value: Plain | undefined }) {
  const lever = words(at[1]);
  const given = isMap(value) ? value : {};
  const left = settingsOf(lever).filter((each) => !(each in given));
  return (
    <fieldset class="field rows">
      <legend>{t("field_needs")}</legend>
      {Object.entries(given).map(([setting, guard]) => (
        <div class="row" key={setting}>
          <ConditionField label={t("guard_of", { setting })} value={isMap(guard) ? words(guard.that) : words(guard)} save={(that) => edit([{ op: "set", at: isMap(guard) ? [...at, setting, "that"] : [...at, setting], value: that }])} />
          <button type="button" class="small" aria-label={t("remove_of", { name: setting })} onClick={() => void (Object.keys(given).length === 1 ? put(at, "") : edit([{ op: "remove", at: [...at, setting] }]))}>×</button>
        </div>
      ))}
      <select aria-label={t("add_guard")} value="" onChange={(event) => { const setting = (event.target as HTMLSelectElement).value; const guard = { that: "true", assumed: t("assumed_start") }; if (setting) void edit([value === undefined ? { op: "set", at, value: { [setting]: guard } } : { op: "set", at: [...at, setting], value: guard }]); }}>
        <option value="">{t("add_guard")}</option>
        {left.map((each) => <option key={each}>{each}</option>)}
      </select>
    </fieldset>
  );
}

function TestsField({ at, value }: { at: Step[]; value: Plain | undefined }) {
  const single = isMap(value);
  const tests = (single ? [value] : Array.isArray(value) ? value : []) as Entry[];
  return (
    <fieldset class="field rows">
      <legend>{t("field_test")}</legend>
      {tests.map((test, k) => <div class="test" key={k}>{TEST.filter((each) => test[each.key] !== undefined || ["ask", "that", "expect"].includes(each.key)).map((each) => <FieldOf key={each.key} at={single ? at : [...at, k]} field={each} value={test[each.key]} />)}</div>)}
    </fieldset>
  );
}

function FieldOf({ at: holder, field, value }: { at: Step[]; field: Field; value: Plain | undefined }) {
  const at = [...holder, field.key];
  const label = t(`field_${field.key}`);
  switch (field.kind) {
    case "condition": return <ConditionField label={label} value={words(value)} save={(that) => put(at, that)} />;
    case "flag": return <FlagField label={label} value={value === true} save={(each) => put(at, each)} />;
    case "number": return <TextField label={label} number value={plainNumber(value)} save={(typed) => putNumber(at, typed)} hint={isMap(value) && Array.isArray(value.range) ? t("range_of", { low: words(value.range[0]), high: words(value.range[1]) }) : ""} />;
    case "levers": return <ChosenField at={at} value={value} label={label} sections={["levers"]} />;
    case "parties": return <ChosenField at={at} value={value} label={label} sections={["parties"]} />;
    case "about": return <ChosenField at={at} value={value} label={label} sections={["parties", "levers", "terms", "zones", "areas"]} />;
    case "claims": return <ChosenField at={at} value={value} label={label} sections={["claims"]} />;
    case "member": return <MemberField at={at} value={value} label={label} section={field.choices?.[0] ?? ""} />;
    case "lever": return <MemberField at={at} value={value} label={t("proposal_lever")} section="levers" />;
    case "taken": return <ChoiceField label={label} value={words(value)} options={["", ...settingsOf(ofLever(holder))].map((each) => [each, each || "–"])} save={(each) => put(at, each)} />;
    case "own settings": return <OwnSettings at={at} value={value} label={label} />;
    case "guarding": return <GuardingField at={at} value={value} label={label} />;
    case "types": return <TypesField at={at} value={value} label={label} />;
    case "words": return <TextField label={label} value={list(value).join(", ")} hint={t("with_commas")} save={(typed) => put(at, typed.split(",").map((each) => each.trim()).filter(Boolean))} />;
    case "choice": return <ChoiceField label={label} value={words(value) || (field.choices?.[0] ?? "")} options={(field.choices ?? []).map((each) => [each, each ? t(`choice_${each.replace(" ", "_")}`) : "–"])} save={(each) => put(at, each)} />;
    case "basis": return <ChoiceField label={label} value={words(value)} options={["", "stated", "reported", "inferred", "assumed"].map((each) => [each, each ? t(`basis_${each}`) : "–"])} save={(each) => put(at, each)} />;
    case "setting": return <ChoiceField label={label} value={words(value) || (settingsOf(words(holder[1]))[0] ?? "")} options={settingsOf(words(holder[1])).map((each) => [each, each])} save={(each) => put(at, each)} />;
    case "odds": return <OddsField settings={settingsOf(words(holder[1]))} now={words(entry(holder).now) || (settingsOf(words(holder[1]))[0] ?? "")} value={value} save={(odds) => (odds ? edit([{ op: "set", at, value: odds }]) : edit([{ op: "remove", at }]))} />;
    case "party": case "zone": return <MemberField at={at} value={value} label={label} section={field.kind === "party" ? "parties" : "zones"} />;
    case "guards": return <GuardsField at={at} value={value} />;
    case "settings": return <SettingsField at={at} value={value} label={label} />;
    case "tests": return <TestsField at={at} value={value} />;
  }
  const told = byLanguage(value);
  if (!told) return <TextField label={label} long={field.kind === "long"} value={words(value)} save={(typed) => put(at, typed)} />;
  return <>{told.map(([each, text]) => <TextField key={each} label={`${label} (${each})`} long={field.kind === "long"} value={text} save={(typed) => put(typed || told.length > 1 ? [...at, each] : at, typed)} />)}</>;
}

function Form({ at, fields }: { at: Step[]; fields: Field[] }) {
  const here = entry(at);
  const known = fields.map((each) => each.key);
  const rest = Object.keys(here).filter((key) => !known.includes(key));
  return (
    <div class="form">
      {fields.map((field) => <FieldOf key={field.key} at={at} field={field} value={here[field.key]} />)}
      {rest.length ? <p class="hint">{t("in_text", { list: rest.join(", ") })} <a href={link("text")}>{t("nav_text")}</a></p> : null}
    </div>
  );
}

/** A section whose entries have names: a list, and the one that is open. */
function Named({ section, open }: { section: Section; open?: string }) {
  const names = keys(section.key);
  const list = useRef<HTMLUListElement>(null);
  const fresh = useRef("");
  const made = (name: string) => { fresh.current = name; opened(section.key)(name); };
  useEffect(() => {
    if (!open || open !== fresh.current) return;
    fresh.current = "";
    const first = list.current?.querySelector<HTMLInputElement>(".opened .form input, .opened .form textarea");
    first?.focus();
    if (first?.value === "…") first.select();
  }, [open]);
  if (section.key === "terms") return <Terms names={names} section={section} />;
  return (
    <>
      <ul class="entries" ref={list}>
        {names.map((name) => (
          <li key={name} class={open === name ? "open" : ""}>
            <a class="entry" href={open === name ? link("build", section.key) : link("build", section.key, name)} aria-expanded={open === name}>
              <code>{name}</code> <span>{section.title.map((key) => words(entry([section.key, name])[key])).find(Boolean) ?? ""}</span>
            </a>
            {open === name ? (
              <div class="opened">
                <Findings at={`${section.key}.${name}`} />
                <TextField label={t("field_id")} value={name} hint={section.key === "parties" ? t("rename_hint") : ""} save={(to) => rename(section.key, name, to)} />
                <Form at={[section.key, name]} fields={section.fields} />
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
  if (!found.length) go("build", section, ...(section === "terms" ? [] : [to.trim()]));
  return found;
}

function RemoveEntry({ at, name, after }: { at: Step[]; name: string; after: () => void }) {
  const [problems, setProblems] = useState<Problem[]>([]);
  return (
    <div class="end">
      <button type="button" class="danger" onClick={async () => { const found = await edit([{ op: "remove", at }]); setProblems(found); if (!found.length) after(); }}>{t("remove_of", { name })}</button>
      <Problems problems={problems} />
    </div>
  );
}

/** A condition stands alone, or under `that` beside what it rests on. */
const conditionOf = (value: Plain | undefined) => words(isMap(value) ? value.that : value);

function Terms({ names, section }: { names: string[]; section: Section }) {
  return (
    <>
      <ul class="terms">
        {names.map((name) => (
          <li key={name}>
            <TextField label={t("field_id")} hidden value={name} save={(to) => rename("terms", name, to)} />
            <ConditionField label={name} hidden value={conditionOf(entry(["terms"])[name])} save={(that) => edit([{ op: "set", at: isMap(entry(["terms"])[name]) ? ["terms", name, "that"] : ["terms", name], value: that }])} />
            <button type="button" class="small" aria-label={t("remove_of", { name })} onClick={() => void edit([{ op: "remove", at: ["terms", name] }])}>×</button>
          </li>
        ))}
      </ul>
      <Adding section={section} made={opened("terms")} />
    </>
  );
}

/** A list put in order: wants, bans, observations. */
function Listed({ at, section, open }: { at: Step[]; section: Section; open: number | null }) {
  const [shown, setShown] = useState<number | null>(open);
  const items = (Array.isArray(valueAt(file(), at)) ? (valueAt(file(), at) as Entry[]) : []);
  const name = (k: number) => section.title.map((key) => words(items[k]?.[key])).find(Boolean) ?? String(k + 1);
  const all = items.map((_, k) => k);
  const [problems, setProblems] = useState<Problem[]>([]);
  const add = async () => {
    const found = await edit([items.length ? { op: "order", at, items: [...all, -1], new: [section.start(file())] } : { op: "set", at, value: [section.start(file())] }]);
    setProblems(found);
    if (!found.length) setShown(items.length);
  };
  return (
    <>
      <Ordered n={items.length} label={at.join(" ")} name={name} move={(order) => { setShown(null); void edit([{ op: "order", at, items: order }]); }}>
        {(k) => {
          const item = items[k] ?? {};
          return (
            <>
              <button type="button" class="entry" aria-expanded={shown === k} onClick={() => setShown(shown === k ? null : k)}>
                <span>{name(k)}</span>
                {item.red_line === true ? <Tag kind="error">{t("field_red_line")}</Tag> : null}
                {item.is && item.that ? <code>{words(item.that)}</code> : null}
                <span class="because">{list(item.because).join(" ")}{item.assumed ? <Tag kind="assumed">{t("basis_assumed")}</Tag> : null}</span>
              </button>
              {shown === k ? (
                <div class="opened">
                  <Findings at={`${at.join(".")}[${k}]`} />
                  <Form at={[...at, k]} fields={section.fields} />
                  <div class="end"><button type="button" class="danger" onClick={() => { setShown(null); void edit([items.length === 1 ? { op: "remove", at } : { op: "order", at, items: all.filter((each) => each !== k) }]); }}>{t("remove_of", { name: name(k) })}</button></div>
                </div>
              ) : null}
            </>
          );
        }}
      </Ordered>
      <Problems problems={problems} />
      <button type="button" onClick={() => void add()}>{t(`add_${section.key}`)}</button>
    </>
  );
}

function Wants({ section, open }: { section: Section; open: Step[] }) {
  const parties = keys("parties");
  const party = parties.includes(words(open[0])) ? words(open[0]) : (parties[0] ?? "");
  const stated = valueAt(file(), ["wants", party]);
  const types = isMap(stated) ? Object.keys(stated) : [];
  const [type, setType] = useState("");
  const asked = types.includes(words(open[1])) ? words(open[1]) : types.includes(type) ? type : (types[0] ?? "");
  const number = open.find((each) => typeof each === "string" && /^\d+$/.test(each));
  return (
    <>
      <div class="tabs" role="group" aria-label={t("field_party")}>
        {parties.map((each) => <a key={each} href={link("build", "wants", each)} aria-current={each === party ? "true" : undefined}>{words(entry(["parties", each]).name) || each}</a>)}
      </div>
      {types.length ? <div class="tabs small" role="group" aria-label={t("field_types")}>{types.map((each) => <button type="button" key={each} aria-pressed={each === asked} onClick={() => { setType(each); go("build", "wants", party, each); }}>{each.replace(/_/g, " ")} <span class="quiet">{plainNumber(valueAt(file(), ["parties", party, "types", each]))}</span></button>)}</div> : null}
      <p class="hint">{t("wants_hint")}</p>
      <Listed key={`${party}/${asked}`} at={asked ? ["wants", party, asked] : ["wants", party]} section={section} open={number === undefined ? null : Number(number)} />
    </>
  );
}

export function Build() {
  const [, which = "head", ...open] = route.value;
  const section = SECTIONS.find((each) => each.key === which);
  if (!sheet.value?.file) return <p>{t("not_readable")} <a href={link("text")}>{t("nav_text")}</a></p>;
  return (
    <div class="build">
      <nav class="sections" aria-label={t("nav_build")}>
        <a href={link("build")} aria-current={which === "head" ? "page" : undefined}>{t("section_head")}</a>
        {SECTIONS.map((each) => {
          const value = valueAt(file(), [each.key]);
          const n = Array.isArray(value) ? value.length : isMap(value) ? Object.keys(value).length : 0;
          return <a key={each.key} href={link("build", each.key)} aria-current={each.key === which ? "page" : undefined}>{t(`section_${each.key}`)} <span class="n">{n || ""}</span></a>;
        })}
      </nav>
      <section class="sheet" aria-labelledby="section-title">
        <h1 id="section-title">{t(`section_${section ? section.key : "head"}`)}</h1>
        <p class="lead">{t(`about_${section ? section.key : "head"}`)}</p>
        {!section ? <Form at={[]} fields={HEAD} /> : section.key === "wants" ? <Wants section={section} open={open} /> : section.list ? <Listed key={section.key} at={[section.key]} section={section} open={open[0] === undefined ? null : Number(open[0])} /> : <Named section={section} open={open[0]} />}
        {section?.key === "zones" ? <><h2>{t("section_deterrence")}</h2><p class="lead">{t("about_deterrence")}</p><Form at={["deterrence"]} fields={DETERRENCE} /></> : null}
      </section>
    </div>
  );
}

