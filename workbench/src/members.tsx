import { useState } from "preact/hooks";
import { Adder, Beginning, isBegun } from "./beginning";
import { entry, isMap, put, settingsOf, told } from "./case";
import { ChosenField } from "./choosing";
import { choiceName, Form, given, KindField, type Props } from "./fields";
import { Fold } from "./fold";
import { type Kind, leverAt, membersOf, partOf, sectionsOf, settingName, startOf } from "./forms";
import { freeFrom } from "./logic";
import type { Entry, Plain, Problem } from "./model";
import { Problems, TextField } from "./parts";
import { edit, rename } from "./server";
import { t } from "./words";

/** A part that a line has or has not. */
export function PartField({ at, kind, value, label, hint }: Props) {
  const [problems, setProblems] = useState<Problem[]>([]);
  const begin = async (given: Entry) => {
    const found = await edit([{ op: "set", at, value: partOf(kind.model ?? "", at, "", given) }]);
    setProblems(found);
    return found;
  };
  if (!given(value))
    return (
      <div class="field">
        <span class="label">{label}</span>
        <Adder model={kind.model} label={label} add={begin} />
        {hint ? <span class="hint">{hint}</span> : null}
        <Problems problems={problems} />
      </div>
    );
  return (
    <fieldset class="field rows">
      <legend>{label}</legend>
      {hint ? <p class="hint">{hint}</p> : null}
      <Form at={at} model={kind.model ?? ""} value={value} />
      <div class="end">
        <button type="button" class="danger small" onClick={async () => setProblems(await edit([{ op: "remove", at }]))}>
          {t("remove_of", { name: label })}
        </button>
      </div>
      <Problems problems={problems} />
    </fieldset>
  );
}

/** A list: names are chosen, words are typed, parts have a form each. */
export function ListField({ at, kind, value, label, hint }: Props) {
  const item = kind.item as Kind;
  if (item.kind === "name") return <ChosenField at={at} value={value} label={label} hint={hint} sections={sectionsOf(item)} />;
  if (item.kind === "part") return <PartsField at={at} kind={kind} value={value} label={label} hint={hint} />;
  const items = Array.isArray(value) ? value : given(value) ? [value as Plain] : [];
  if (!items.some((each) => isMap(each) || String(each).includes(",")))
    return (
      <TextField
        label={label}
        hint={[hint, t("with_commas")].filter(Boolean).join(" ")}
        value={items.map(String).join(", ")}
        save={(typed) =>
          put(
            at,
            typed
              .split(",")
              .map((each) => each.trim())
              .filter(Boolean),
          )
        }
      />
    );
  return (
    <fieldset class="field rows">
      <legend>{label}</legend>
      {items.map((each, k) => (
        <div class="row" key={k}>
          <div class="one">
            <KindField at={[...at, k]} kind={item} value={each} label={t("nth", { name: label, n: k + 1 })} />
          </div>
          <button
            type="button"
            class="small"
            aria-label={t("remove_of", { name: `${label} ${k + 1}` })}
            onClick={() =>
              void (items.length === 1 ? put(at, "") : edit([{ op: "order", at, items: items.map((_, m) => m).filter((m) => m !== k) }]))
            }
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" class="small" onClick={() => void edit([{ op: "order", at, items: [...items.map((_, m) => m), -1], new: ["…"] }])}>
        {t("add_of", { name: label })}
      </button>
    </fieldset>
  );
}

/** By what a part is known in a list of such parts. */
const titleOf = (value: Plain | undefined): string =>
  isMap(value)
    ? (["is", "name", "as", "who", "gloss", "lever", "that", "by", "party", "ask", "value"].map((key) => told(value[key])).find(Boolean) ?? "")
    : told(value);

function PartsField({ at, kind, value, label, hint }: Props) {
  const item = kind.item as Kind;
  const items = Array.isArray(value) ? value : given(value) ? [value as Plain] : [];
  const single = given(value) && !Array.isArray(value);
  const [problems, setProblems] = useState<Problem[]>([]);
  const [fresh, setFresh] = useState(-1);
  const all = items.map((_, k) => k);
  const add = async (given: Entry) => {
    const made = partOf(item.model ?? "", [...at, items.length], "", given);
    const found = await edit([
      single
        ? { op: "set", at, value: [...items, made] }
        : items.length
          ? { op: "order", at, items: [...all, -1], new: [made] }
          : { op: "set", at, value: [made] },
    ]);
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
    <fieldset class="field rows">
      <legend>{label}</legend>
      {hint ? <p class="hint">{hint}</p> : null}
      {items.map((each, k) => (
        <Fold key={`${k}${k === fresh}`} summary={`${k + 1}. ${titleOf(each)}`} open={k === fresh || items.length === 1}>
          <Form at={single ? at : [...at, k]} model={item.model ?? ""} value={each} />
          <div class="end">
            <button type="button" class="danger small" onClick={() => void remove(k)}>
              {t("remove_of", { name: t("nth", { name: label, n: k + 1 }) })}
            </button>
          </div>
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
  const all =
    sorted.kind === "setting" ? settingsOf(lever) : sorted.kind === "choice" ? (sorted.of ?? []).map(String) : sectionsOf(sorted).flatMap(membersOf);
  const deep = ["part", "list", "map", "rows"].includes(item.kind) && item.item?.kind !== "name";
  const whole = sorted.kind !== "new" && sorted.kind !== "name" && sorted.kind !== "text" && !deep && item.kind !== "list"; // a line for each, whether given or not
  const [problems, setProblems] = useState<Problem[]>([]);
  const [fresh, setFresh] = useState("");
  const shown = whole ? [...all, ...Object.keys(held).filter((each) => !all.includes(each))] : Object.keys(held);
  const left = all.filter((each) => !(each in held));
  const called = (each: string) =>
    sorted.kind === "setting" ? settingName(lever, each) : sorted.kind === "choice" ? choiceName(each) : nameOf(sectionsOf(sorted)[0] ?? "", each);
  const [starting, setStarting] = useState<[string, string] | null>(null); // a part that is asked for first: its name, and the words for it
  const keep = async (name: string, made: Plain) => {
    const found = await edit([isMap(value) ? { op: "set", at: [...at, name], value: made } : { op: "set", at, value: { [name]: made } }]);
    setProblems(found);
    if (!found.length) {
      setFresh(name);
      setStarting(null);
    }
    return found;
  };
  const add = async (name: string, said = "") => {
    if (item.kind === "part" && isBegun(item.model)) setStarting([name, said]);
    else if (name) await keep(name, startOf(item, [...at, name], {}, said));
  };
  const remove = async (name: string) =>
    setProblems(await (Object.keys(held).length === 1 ? edit([{ op: "remove", at }]) : edit([{ op: "remove", at: [...at, name] }])));
  return (
    <fieldset class={`field rows ${bare ? "bare" : ""}`}>
      <legend class={bare ? "unseen" : ""}>{label}</legend>
      {hint ? <p class="hint">{hint}</p> : null}
      <div class={deep ? "" : "grid"}>
        {shown.map((each) => {
          const inner = { at: [...at, each], kind: item, value: held[each], label: item.kind === "words" ? each.replace(/_/g, " ") : called(each) };
          const gone = (
            <button type="button" class="small" aria-label={t("remove_of", { name: `${label} ${called(each)}` })} onClick={() => void remove(each)}>
              ×
            </button>
          );
          if (!deep)
            return (
              <div class="row" key={each}>
                <div class="one">
                  <KindField {...inner} />
                </div>
                {each in held && !whole ? gone : null}
              </div>
            );
          return (
            <Fold
              key={`${each}${each === fresh}`}
              summary={[called(each), titleOf(held[each])].filter((one, k, both) => one && both.indexOf(one) === k).join(" – ")}
              open={each === fresh || (sorted.kind !== "new" && Object.keys(held).length < 4)}
            >
              {sorted.kind === "new" || sorted.kind === "text" ? (
                <TextField
                  label={t("field_id")}
                  value={each}
                  save={(to) =>
                    sorted.kind === "new" && at[0] !== "translations"
                      ? rename(at.map(String).join("."), each, to.trim())
                      : edit([{ op: "rename", at: [...at, each], to: to.trim() }])
                  }
                />
              ) : null}
              {item.kind === "part" ? <Form at={[...at, each]} model={item.model ?? ""} value={held[each]} /> : <KindField {...inner} />}
              <div class="end">
                <button type="button" class="danger small" onClick={() => void remove(each)}>
                  {t("remove_of", { name: called(each) })}
                </button>
              </div>
            </Fold>
          );
        })}
      </div>
      {starting ? (
        <Beginning
          model={item.model ?? ""}
          save={(given) => keep(starting[0], partOf(item.model ?? "", [...at, starting[0]], starting[1], given))}
          left={() => setStarting(null)}
        />
      ) : null}
      {whole || starting ? null : sorted.kind === "new" || sorted.kind === "text" ? (
        <NewName label={label} taken={Object.keys(held)} add={add} />
      ) : left.length ? (
        <select aria-label={t("add_to", { name: label })} value="" onChange={(event) => void add((event.target as HTMLSelectElement).value)}>
          <option value="">
            {t(sorted.kind === "setting" ? "add_setting" : sectionsOf(sorted)[0] === "levers" ? "add_lever" : "add_one_parties")}
          </option>
          {left.map((each) => (
            <option key={each} value={each}>
              {called(each)}
            </option>
          ))}
        </select>
      ) : null}
      <Problems problems={problems} />
    </fieldset>
  );
}
const nameOf = (section: string, name: string) => {
  const said = told(entry([section, name]).name ?? entry([section, name]).is);
  return said || name;
};

function NewName({ label, taken, add }: { label: string; taken: string[]; add: (name: string, said: string) => Promise<void> }) {
  const [typed, setTyped] = useState("");
  const done = async () => {
    await add(freeFrom(typed, taken, "n"), typed.trim());
    setTyped("");
  };
  return (
    <div class="row">
      <input
        type="text"
        aria-label={t("add_to", { name: label })}
        placeholder={t("in_words")}
        value={typed}
        onInput={(event) => setTyped((event.target as HTMLInputElement).value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            void done();
          }
        }}
      />
      <button type="button" class="small" onClick={() => void done()}>
        {t("add")}
      </button>
    </div>
  );
}
