import { useId, useRef, useState } from "preact/hooks";
import { entry, isMap, keys, list, number, plainNumber, put, putNumber, settingsOf, told } from "./case";
import { Adder, Beginning, isBegun } from "./beginning";
import { ChosenField, MemberField } from "./choosing";
import { ConditionField } from "./condition";
import { hintOf, keyOf, keysOf, type Kind, labelOf, leverAt, membersOf, partOf, sectionsOf, settingName, startOf } from "./forms";
import { byLanguage, freeFrom } from "./logic";
import type { Entry, Plain, Problem, Step } from "./model";
import { OddsField } from "./odds";
import { ChoiceField, FlagField, Problems, TextField, useAnew, words } from "./parts";
import { go } from "./route";
import { RowsField } from "./rows";
import { edit, rename } from "./server";
import { TranslatedField } from "./translations";
import { OwnSettings, TypesField } from "./types";
import { t } from "./words";

interface Props { at: Step[]; kind: Kind; value: Plain | undefined; label: string; hint?: string }
const given = (value: Plain | undefined) => value !== undefined && value !== null;
const choiceName = (each: string) => (each ? t(`choice_${each.replace(/ /g, "_")}`) || each : "–");

/** Keys of which the form is more than that of their kind: what they hold has to stay in step with something else. */
const OWN: Record<string, (props: Props) => preact.JSX.Element> = {
  "Lever.settings": ({ at, value, label }) => <OwnSettings at={at} value={value} label={label} />,
  "Lever.odds": ({ at, value }) => { const lever = words(at[1]); return <OddsField settings={settingsOf(lever)} now={words(entry(at.slice(0, -1)).now) || (settingsOf(lever)[0] ?? "")} value={value} save={(odds) => (odds ? edit([{ op: "set", at, value: odds }]) : edit([{ op: "remove", at }]))} />; },
  "Party.name": (props) => (props.value === "…" ? <FirstName {...props} /> : <WordsField {...props} />),
  "Party.types": ({ at, value, label }) => <TypesField at={at} value={value} label={label} />,
  "Credibility.now": ({ at, value, label }) => { const levels = list(entry(at.slice(0, -1)).levels ?? ["spent", "believed"]); return <ChoiceField label={label} value={words(value)} options={["", ...levels].map((each) => [each, each || "–"])} save={(each) => put(at, each)} />; },
};

/** What a party is called that had no name yet: the case names it so as well, in one edit. */
function FirstName({ at, label }: Props) {
  const save = async (typed: string) => {
    if (!typed.trim()) return [];
    const name = freeFrom(typed, keys("parties"), "party");
    const refused = await rename("parties", words(at[1]), name, { called: typed.trim() });
    if (!refused.length) go("build", "parties", name);
    return refused;
  };
  return <TextField label={label} value="…" save={save} />;
}

/** The form of one key of a model, whatever its kind. */
export function FieldOf({ at: holder, model, name, value }: { at: Step[]; model: string; name: string; value: Plain | undefined }) {
  const kind = keyOf(model, name);
  if (!kind) return null;
  const props = { at: [...holder, name], kind, value, label: labelOf(model, name), hint: hintOf(model, name) };
  const Own = OWN[`${model}.${name}`];
  return <div class={`key ${wide(kind) ? "wide-key" : ""}`} data-key={`${model}.${name}`}>{Own ? <Own {...props} /> : <KindField {...props} />}</div>;
}
const LONG = new Set(["summary", "gloss", "claim", "what", "instead", "quote"]);
const wide = (kind: Kind & { key?: string }) => ["condition", "part", "map", "rows"].includes(kind.kind) || LONG.has(kind.key ?? "") || kind.item?.kind === "part";

/** A value of any kind, with what can be done to it. */
export function KindField({ at, kind, value, label, hint }: Props) {
  switch (kind.kind) {
    case "words": return <WordsField at={at} value={value} label={label} hint={hint} />;
    case "flag": return <FlagField label={label} value={value === true} hint={hint} save={(each) => put(at, each)} />;
    case "number": return <TextField label={label} number hint={hint} value={plainNumber(value)} save={(typed) => put(at, number(typed))} />;
    case "quantity": return <QuantityField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "rates": return <RatesField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "condition": return <ConditionField label={label} hint={hint} value={words(value)} save={(that) => put(at, that)} clear={given(value) && !mustBe(kind) ? () => put(at, "") : undefined} />;
    case "choice": { const all = (kind.of ?? []).map(String); return <ChoiceField label={label} hint={hint} value={words(value)} options={[...(mustBe(kind) && given(value) ? [] : [""]), ...all].map((each) => [each, choiceName(each)])} save={(each) => put(at, each)} />; }
    case "name": return <MemberField at={at} value={value} label={label} hint={hint} sections={sectionsOf(kind)} />;
    case "setting": return <SettingField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "part": return <PartField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "list": return <ListField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "map": return <MapField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "rows": return <RowsField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "together": return <RangeField at={at} value={value} label={label} />;
    case "fixed": return <p class="hint">{label}: {String(kind.value)}</p>;
  }
  return <TextField label={label} hint={hint} long={LONG.has(String(at.at(-1)))} list={kind.known} place={kind.kind === "day" ? "2025-04-25" : ""} value={words(value)} save={(typed) => put(at, typed)} />;
}
const mustBe = (kind: Kind & { must?: boolean }) => kind.must === true;

function WordsField({ at, value, label, hint }: Omit<Props, "kind">) {
  const each = byLanguage(value);
  const long = LONG.has(String(at.at(-1)));
  if (!each) return <><TextField label={label} hint={hint} long={long} value={words(value)} save={(typed) => put(at, typed)} /><TranslatedField text={words(value)} label={label} /></>;
  return <>{each.map(([one, text]) => <TextField key={one} label={`${label} (${one})`} long={long} value={text} save={(typed) => put(typed || each.length > 1 ? [...at, one] : at, typed)} />)}</>;
}

function SettingField({ at, value, label, hint }: Props) {
  const lever = leverAt(at);
  const all = settingsOf(lever);
  const stands = words(value);
  return <ChoiceField label={label} hint={hint} value={stands} options={["", ...all, ...(stands && !all.includes(stands) ? [stands] : [])].map((each) => [each, each ? settingName(lever, each) : "–"])} save={(each) => put(at, each)} />;
}

/** Lowest and highest of a number, kept together. */
function RangeField({ at, value, label }: Omit<Props, "kind">) {
  const id = useId();
  const stands = Array.isArray(value) ? value.map(String) : ["", ""];
  const [typed, setTyped] = useState(stands);
  const [problems, setProblems] = useState<Problem[]>([]);
  const latest = useRef(stands); // what is typed, also between a letter and the next look of the page
  useAnew(JSON.stringify(value), () => { latest.current = stands; setTyped(stands); setProblems([]); });
  const type = (k: number, text: string) => { latest.current = latest.current.map((one, m) => (m === k ? text : one)); setTyped(latest.current); };
  const done = async () => {
    const now = latest.current;
    if (now.join() === stands.join()) return;
    if (now.every((each) => each.trim())) setProblems(await put(at, now.map(number)));
    else if (now.every((each) => !each.trim())) setProblems(await put(at, ""));
  };
  return (
    <fieldset class="field range"><legend>{label}</legend>
      {[t("range_low"), t("range_high")].map((each, k) => <span key={each}><label for={`${id}-${k}`}>{each}</label> <input id={`${id}-${k}`} type="text" inputMode="decimal" value={typed[k] ?? ""} onInput={(event) => type(k, (event.target as HTMLInputElement).value)} onBlur={() => void done()} onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); void done(); } }} /></span>)}
      <Problems problems={problems} />
    </fieldset>
  );
}

/** What else is said of a number than the number itself. */
export const NumberMore = ({ at, model, value }: { at: Step[]; model: string; value: Plain | undefined }) => <Form at={at} model={model} value={value} first={["is", "range", "because", "assumed"]} without={["value"]} />;

/** A number; its range and what it rests on are opened where they are wanted. */
function QuantityField({ at, kind, value, label, hint }: Props) {
  const model = kind.model ?? "Quantity";
  const range = isMap(value) && Array.isArray(value.range) ? t("range_of", { low: words(value.range[0]), high: words(value.range[1]) }) : "";
  return (
    <div data-key={`${model}.value`}>
      <TextField label={label} number value={plainNumber(value)} hint={hint} save={(typed) => (typed.trim() ? putNumber(at, typed) : put(at, ""))} />
      {given(value) ? <Fold summary={[t("number_more"), range].filter(Boolean).join(" · ")}><NumberMore at={at} model={model} value={value} /></Fold> : null}
    </div>
  );
}

function RatesField(props: Props) {
  const { at, kind, value, label } = props;
  const [problems, setProblems] = useState<Problem[]>([]);
  if (Array.isArray(value)) return <ListField {...props} kind={{ kind: "list", item: kind.each, least: 1 }} />;
  const split = async () => setProblems(await edit([{ op: "set", at, value: [{ ...(isMap(value) ? value : { value: value ?? 0.1 }), when: "true" }] }]));
  return (
    <>
      <QuantityField {...props} />
      {given(value) ? <button type="button" class="plain small-text" aria-label={`${label}: ${t("rates_split")}`} onClick={() => void split()}>{t("rates_split")}</button> : null}
      <Problems problems={problems} />
    </>
  );
}

/** What is opened when it is wanted, and built only then. */
export function Fold({ summary, children, open: first = false }: { summary: string; children: preact.ComponentChildren; open?: boolean }) {
  const [open, setOpen] = useState(first);
  return <details class="fold" open={open} onToggle={(event) => setOpen((event.target as HTMLDetailsElement).open)}><summary>{summary}</summary>{open ? children : null}</details>;
}

/** A part that a line has or has not. */
function PartField({ at, kind, value, label, hint }: Props) {
  const [problems, setProblems] = useState<Problem[]>([]);
  const begin = async (given: Entry) => { const found = await edit([{ op: "set", at, value: partOf(kind.model ?? "", at, "", given) }]); setProblems(found); return found; };
  if (!given(value)) return <div class="field"><span class="label">{label}</span><Adder model={kind.model} label={label} add={begin} />{hint ? <span class="hint">{hint}</span> : null}<Problems problems={problems} /></div>;
  return (
    <fieldset class="field rows"><legend>{label}</legend>
      {hint ? <p class="hint">{hint}</p> : null}
      <Form at={at} model={kind.model ?? ""} value={value} />
      <div class="end"><button type="button" class="danger small" onClick={async () => setProblems(await edit([{ op: "remove", at }]))}>{t("remove_of", { name: label })}</button></div>
      <Problems problems={problems} />
    </fieldset>
  );
}

/** A list: names are chosen, words are typed, parts have a form each. */
function ListField({ at, kind, value, label, hint }: Props) {
  const item = kind.item as Kind;
  if (item.kind === "name") return <ChosenField at={at} value={value} label={label} hint={hint} sections={sectionsOf(item)} />;
  if (item.kind === "part") return <PartsField at={at} kind={kind} value={value} label={label} hint={hint} />;
  const items = Array.isArray(value) ? value : given(value) ? [value as Plain] : [];
  if (!items.some((each) => isMap(each) || String(each).includes(","))) return <TextField label={label} hint={[hint, t("with_commas")].filter(Boolean).join(" ")} value={items.map(String).join(", ")} save={(typed) => put(at, typed.split(",").map((each) => each.trim()).filter(Boolean))} />;
  return (
    <fieldset class="field rows"><legend>{label}</legend>
      {items.map((each, k) => <div class="row" key={k}><div class="one"><KindField at={[...at, k]} kind={item} value={each} label={t("nth", { name: label, n: k + 1 })} /></div><button type="button" class="small" aria-label={t("remove_of", { name: `${label} ${k + 1}` })} onClick={() => void (items.length === 1 ? put(at, "") : edit([{ op: "order", at, items: items.map((_, m) => m).filter((m) => m !== k) }]))}>×</button></div>)}
      <button type="button" class="small" onClick={() => void edit([{ op: "order", at, items: [...items.map((_, m) => m), -1], new: ["…"] }])}>{t("add_of", { name: label })}</button>
    </fieldset>
  );
}

/** By what a part is known in a list of such parts. */
const titleOf = (value: Plain | undefined): string => (isMap(value) ? ["is", "name", "as", "who", "gloss", "lever", "that", "by", "party", "ask", "value"].map((key) => told(value[key])).find(Boolean) ?? "" : told(value));

function PartsField({ at, kind, value, label, hint }: Props) {
  const item = kind.item as Kind;
  const items = Array.isArray(value) ? value : given(value) ? [value as Plain] : [];
  const single = given(value) && !Array.isArray(value);
  const [problems, setProblems] = useState<Problem[]>([]);
  const [fresh, setFresh] = useState(-1);
  const all = items.map((_, k) => k);
  const add = async (given: Entry) => {
    const made = partOf(item.model ?? "", [...at, items.length], "", given);
    const found = await edit([single ? { op: "set", at, value: [...items, made] } : items.length ? { op: "order", at, items: [...all, -1], new: [made] } : { op: "set", at, value: [made] }]);
    setProblems(found);
    if (!found.length) setFresh(items.length);
    return found;
  };
  const remove = async (k: number) => {
    if (items.length > 1) return setProblems(await edit([{ op: "order", at, items: all.filter((each) => each !== k) }]));
    if (item.model === "RateWhen") return setProblems(await edit([{ op: "set", at, value: (items[0] as Entry).value ?? 0 }]));
    setProblems(await edit([{ op: "remove", at }]));
  };
  return (
    <fieldset class="field rows"><legend>{label}</legend>
      {hint ? <p class="hint">{hint}</p> : null}
      {items.map((each, k) => (
        <Fold key={`${k}${k === fresh}`} summary={`${k + 1}. ${titleOf(each)}`} open={k === fresh || items.length === 1}>
          <Form at={single ? at : [...at, k]} model={item.model ?? ""} value={each} />
          <div class="end"><button type="button" class="danger small" onClick={() => void remove(k)}>{t("remove_of", { name: t("nth", { name: label, n: k + 1 }) })}</button></div>
        </Fold>
      ))}
      <Adder model={item.model} label={label} add={add} />
      <Problems problems={problems} />
    </fieldset>
  );
}

/** What is given by name: by lever, party or setting, or under names of its own. */
export function MapField({ at, kind, value, label, hint, bare }: Props & { bare?: boolean }) {
  const item = kind.item as Kind;
  const held = isMap(value) ? value : {};
  const sorted = kind.keys as Kind;
  const lever = sorted.kind === "setting" ? leverAt(at) : "";
  const all = sorted.kind === "setting" ? settingsOf(lever) : sorted.kind === "choice" ? (sorted.of ?? []).map(String) : sectionsOf(sorted).flatMap(membersOf);
  const deep = ["part", "list", "map", "rows"].includes(item.kind) && item.item?.kind !== "name";
  const whole = sorted.kind !== "new" && sorted.kind !== "name" && sorted.kind !== "text" && !deep && item.kind !== "list"; // a line for each, whether given or not
  const [problems, setProblems] = useState<Problem[]>([]);
  const [fresh, setFresh] = useState("");
  const shown = whole ? [...all, ...Object.keys(held).filter((each) => !all.includes(each))] : Object.keys(held);
  const left = all.filter((each) => !(each in held));
  const called = (each: string) => (sorted.kind === "setting" ? settingName(lever, each) : sorted.kind === "choice" ? choiceName(each) : nameOf(sectionsOf(sorted)[0] ?? "", each));
  const [starting, setStarting] = useState<[string, string] | null>(null); // a part that is asked for first: its name, and the words for it
  const keep = async (name: string, made: Plain) => {
    const found = await edit([isMap(value) ? { op: "set", at: [...at, name], value: made } : { op: "set", at, value: { [name]: made } }]);
    setProblems(found);
    if (!found.length) { setFresh(name); setStarting(null); }
    return found;
  };
  const add = async (name: string, said = "") => {
    if (item.kind === "part" && isBegun(item.model)) setStarting([name, said]);
    else if (name) await keep(name, startOf(item, [...at, name], {}, said));
  };
  const remove = async (name: string) => setProblems(await (Object.keys(held).length === 1 ? edit([{ op: "remove", at }]) : edit([{ op: "remove", at: [...at, name] }])));
  return (
    <fieldset class={`field rows ${bare ? "bare" : ""}`}><legend class={bare ? "unseen" : ""}>{label}</legend>
      {hint ? <p class="hint">{hint}</p> : null}
      <div class={deep ? "" : "grid"}>{shown.map((each) => {
        const inner = { at: [...at, each], kind: item, value: held[each], label: item.kind === "words" ? each.replace(/_/g, " ") : called(each) };
        const gone = <button type="button" class="small" aria-label={t("remove_of", { name: `${label} ${called(each)}` })} onClick={() => void remove(each)}>×</button>;
        if (!deep) return <div class="row" key={each}><div class="one"><KindField {...inner} /></div>{each in held && !whole ? gone : null}</div>;
        return (
          <Fold key={`${each}${each === fresh}`} summary={[called(each), titleOf(held[each])].filter((one, k, both) => one && both.indexOf(one) === k).join(" – ")} open={each === fresh || (sorted.kind !== "new" && Object.keys(held).length < 4)}>
            {sorted.kind === "new" || sorted.kind === "text" ? <TextField label={t("field_id")} value={each} save={(to) => (sorted.kind === "new" && at[0] !== "translations" ? rename(at.map(String).join("."), each, to.trim()) : edit([{ op: "rename", at: [...at, each], to: to.trim() }]))} /> : null}
            {item.kind === "part" ? <Form at={[...at, each]} model={item.model ?? ""} value={held[each]} /> : <KindField {...inner} />}
            <div class="end"><button type="button" class="danger small" onClick={() => void remove(each)}>{t("remove_of", { name: called(each) })}</button></div>
          </Fold>
        );
      })}</div>
      {starting ? <Beginning model={item.model ?? ""} save={(given) => keep(starting[0], partOf(item.model ?? "", [...at, starting[0]], starting[1], given))} left={() => setStarting(null)} /> : null}
      {whole || starting ? null : sorted.kind === "new" || sorted.kind === "text" ? <NewName label={label} taken={Object.keys(held)} add={add} /> : left.length ? (
        <select aria-label={t("add_to", { name: label })} value="" onChange={(event) => void add((event.target as HTMLSelectElement).value)}>
          <option value="">{t(sorted.kind === "setting" ? "add_setting" : sectionsOf(sorted)[0] === "levers" ? "add_lever" : "add_one_parties")}</option>
          {left.map((each) => <option key={each} value={each}>{called(each)}</option>)}
        </select>
      ) : null}
      <Problems problems={problems} />
    </fieldset>
  );
}
const nameOf = (section: string, name: string) => { const said = told(entry([section, name]).name ?? entry([section, name]).is); return said || name; };

function NewName({ label, taken, add }: { label: string; taken: string[]; add: (name: string, said: string) => Promise<void> }) {
  const [typed, setTyped] = useState("");
  const done = async () => { await add(freeFrom(typed, taken, "n"), typed.trim()); setTyped(""); };
  return <div class="row"><input type="text" aria-label={t("add_to", { name: label })} placeholder={t("in_words")} value={typed} onInput={(event) => setTyped((event.target as HTMLInputElement).value)} onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); void done(); } }} /><button type="button" class="small" onClick={() => void done()}>{t("add")}</button></div>;
}

/** All that can be said of a part: what is usually said first, then what is said here, then what else may be. */
export function Form({ at, model, value, first, without = [] }: { at: Step[]; model: string; value?: Plain; first?: string[]; without?: string[] }) {
  const all = keysOf(model).filter((each) => !without.includes(each.key));
  const stands = value === undefined ? entry(at) : value;
  const here: Entry = isMap(stands) ? stands : { [model === "Term" || model === "Guard" ? "that" : "value"]: stands };
  const usual = first ?? all.filter((each) => each.must).map((each) => each.key);
  const begun = useRef(new Set(all.filter((each) => usual.includes(each.key) || here[each.key] !== undefined).map((each) => each.key))); // what is filled in does not jump away
  const order = (key: string) => { const k = usual.indexOf(key); return k < 0 ? usual.length : k; };
  const shown = all.filter((each) => begun.current.has(each.key)).sort((a, b) => order(a.key) - order(b.key));
  const rest = all.filter((each) => !shown.includes(each));
  const field = (key: string) => <FieldOf key={key} at={at} model={model} name={key} value={here[key]} />;
  return (
    <div class="form">
      {shown.map((each) => field(each.key))}
      {rest.length ? <div class="key wide-key"><Fold summary={t(shown.length ? "more_keys" : "more_keys_first", { list: rest.slice(0, 4).map((each) => labelOf(model, each.key)).join(", ") + (rest.length > 4 ? ", …" : "") })}><div class="form">{rest.map((each) => field(each.key))}</div></Fold></div> : null}
    </div>
  );
}
