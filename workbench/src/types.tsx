import { useState } from "preact/hooks";
import { isMap, list, number, plainNumber } from "./case";
import { NumberMore } from "./fields";
import { Fold } from "./fold";
import { chancesWithout, nameFrom, settingsGiven, valueAt } from "./logic";
import type { Edit, Entry, Plain, Problem, Step } from "./model";
import { Problems, TextField, words } from "./parts";
import { edit, rename, sheet } from "./server";
import { useTyped } from "./typed";
import { t } from "./words";

const chanceOf = (typed: string) => {
  const value = number(typed);
  return typeof value === "number" ? value : Number.NaN;
};

/** Edits that add a type to a party: it begins with the wants of the first, and a chance of nothing. */
function typeAdded(file: Entry, party: string, name: string): Edit[] {
  const types = (valueAt(file, ["parties", party, "types"]) ?? {}) as Entry;
  const wants = valueAt(file, ["wants", party]);
  const first = Object.keys(types)[0];
  const at: Step[] = ["parties", party, "types"];
  if (first === undefined)
    return [{ op: "set", at, value: { [name]: 1 } }, ...(Array.isArray(wants) ? [{ op: "nest", at: ["wants", party], under: name } as Edit] : [])];
  const copied = isMap(wants) ? wants[first] : undefined;
  return [
    { op: "set", at: [...at, name], value: 0 },
    ...(copied === undefined ? [] : [{ op: "set", at: ["wants", party, name], value: copied } as Edit]),
  ];
}
/** Edits that take a type out of a party: the others keep their proportions; the wants of the last become the party's own. */
function typeRemoved(file: Entry, party: string, name: string): Edit[] {
  const at: Step[] = ["parties", party, "types"];
  const types = (valueAt(file, at) ?? {}) as Entry;
  const wants = valueAt(file, ["wants", party]);
  const left = chancesWithout(Object.fromEntries(Object.entries(types).map(([each, chance]) => [each, Number(plainNumber(chance))])), name);
  const own = isMap(wants) && name in wants;
  if (Object.keys(left).length === 0)
    return [{ op: "remove", at }, ...(own ? [{ op: "set", at: ["wants", party], value: wants[name] ?? [] } as Edit] : [])];
  return [
    { op: "remove", at: [...at, name] },
    ...Object.entries(left)
      .filter(([each, chance]) => Number(plainNumber(types[each])) !== chance)
      .map(([each, chance]): Edit => ({ op: "set", at: isMap(types[each]) ? [...at, each, "value"] : [...at, each], value: chance })),
    ...(own ? [{ op: "remove", at: ["wants", party, name] } as Edit] : []),
  ];
}

/** Possible versions of what a party wants: named, each with a chance, kept together since they add up to one. */
export function TypesField({ at, value, label }: { at: Step[]; value: Plain | undefined; label: string }) {
  const party = words(at[1]);
  const types = isMap(value) ? value : {};
  const names = Object.keys(types);
  const stated = (each: string) => plainNumber(types[each]);
  const [name, setName] = useState("");
  const [problems, setProblems] = useState<Problem[]>([]);
  const { typed, type, send } = useTyped(Object.fromEntries(names.map((each) => [each, stated(each)])), () => setProblems([]));
  const sum = names.reduce((so_far, each) => so_far + chanceOf(typed(each)), 0);
  const whole = Math.abs(sum - 1) < 1e-6;
  const changed = names.flatMap((each): Edit[] =>
    typed(each) === stated(each)
      ? []
      : [{ op: "set", at: isMap(types[each]) ? [...at, each, "value"] : [...at, each], value: chanceOf(typed(each)) }],
  );
  const keep = async () => {
    if (whole && changed.length) setProblems(await send(() => edit(changed)));
  };
  const add = async () => {
    const made = nameFrom(name);
    if (!made) return;
    const found = await edit(typeAdded(sheet.value?.file ?? {}, party, made));
    setProblems(found);
    if (!found.length) setName("");
  };
  return (
    <fieldset class="field rows">
      <legend>{label}</legend>
      {names.map((each) => (
        <div class="row" key={each}>
          <TextField label={t("field_type")} value={each} save={(to) => rename("types", each, to.trim(), { of: party })} />
          <div class="field">
            <label for={`chance-${each}`}>{t("chance_of", { setting: each })}</label>
            <input
              id={`chance-${each}`}
              type="text"
              inputMode="decimal"
              value={typed(each)}
              onInput={(event) => type(each, (event.target as HTMLInputElement).value)}
              onKeyDown={(event) => {
                if (event.key === "Enter") {
                  event.preventDefault();
                  void keep();
                }
              }}
            />
          </div>
          <button
            type="button"
            class="small"
            aria-label={t("remove_of", { name: each })}
            onClick={async () => setProblems(await edit(typeRemoved(sheet.value?.file ?? {}, party, each)))}
          >
            ×
          </button>
          <div class="all" data-key="Type.value">
            <Fold summary={t("type_more", { name: each })}>
              <NumberMore at={[...at, each]} model="Type" value={types[each]} />
            </Fold>
          </div>
        </div>
      ))}
      {changed.length ? (
        <p class="hint" role="status">
          {t(whole ? "odds_whole" : "odds_sum", { sum: Number.isFinite(sum) ? String(Math.round(1000 * sum) / 1000) : "?" })}{" "}
          <button type="button" class="small" disabled={!whole} onClick={() => void keep()}>
            {t("odds_keep")}
          </button>
        </p>
      ) : null}
      <div class="row">
        <input
          aria-label={t("add_to", { name: label })}
          placeholder={t("new_type")}
          value={name}
          onInput={(event) => setName((event.target as HTMLInputElement).value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") {
              event.preventDefault();
              void add();
            }
          }}
        />
        <button type="button" class="small" onClick={() => void add()}>
          {t("add")}
        </button>
      </div>
      <p class="hint">{names.length ? t("types_wants") : t("types_none")}</p>
      <Problems problems={problems} />
    </fieldset>
  );
}

/** The settings of a lever in their order, and another name for any of them. */
export function OwnSettings({ at, value, label }: { at: Step[]; value: Plain | undefined; label: string }) {
  const settings = list(value);
  return (
    <div class="field">
      <TextField
        label={label}
        value={settings.join(", ")}
        hint={settings.length ? t("with_commas") : t("settings_usual")}
        save={(typed) =>
          edit(
            settingsGiven(
              sheet.value?.file ?? {},
              at,
              typed
                .split(",")
                .map((each) => each.trim())
                .filter(Boolean),
            ),
          )
        }
      />
      {settings.length ? (
        <details>
          <summary>{t("rename_settings")}</summary>
          {settings.map((each, k) => (
            <TextField
              key={each}
              label={t("setting_n", { n: k + 1 })}
              value={each}
              save={(to) => rename("settings", each, to.trim(), { of: words(at[1]) })}
            />
          ))}
        </details>
      ) : null}
    </div>
  );
}
