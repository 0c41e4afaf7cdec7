import { calledIn, file, inList, isMap, keys, number, plainNumber, put, settingsOf } from "./case";
import type { Entry, Plain, Step } from "./model";
import { ChoiceField, TextField, words } from "./parts";
import { edit } from "./server";
import { t } from "./words";

/** Who guards a zone: by which lever, with how many thousand troops at each of its settings. */
export function GuardingField({ at, value, label }: { at: Step[]; value: Plain | undefined; label: string }) {
  const guards = (Array.isArray(value) ? value : []) as Entry[];
  const all = guards.map((_, k) => k);
  const levers = keys("levers");
  const fresh = (): Entry => {
    const lever = levers.find((each) => !guards.some((guard) => guard.lever === each)) ?? levers[0] ?? "";
    return { party: lever.split(".")[0] ?? "", lever, troops_k: Object.fromEntries(settingsOf(lever).map((each, k) => [each, 10 * k])), assumed: t("assumed_start") };
  };
  return (
    <fieldset class="field rows">
      <legend>{label}</legend>
      {guards.map((guard, k) => {
        const here = [...at, k];
        const lever = words(guard.lever);
        const troops = isMap(guard.troops_k) ? guard.troops_k : {};
        return (
          <div class="row" key={k}>
            <ChoiceField label={t("field_party")} value={words(guard.party)} options={keys("parties").map((each) => [each, calledIn("parties", each)])} save={(each) => edit([{ op: "set", at: [...here, "party"], value: each }])} />
            <ChoiceField label={t("proposal_lever")} value={lever} options={levers.map((each) => [each, inList("levers", each)])} save={(each) => edit([{ op: "set", at: here, value: { ...guard, lever: each, troops_k: Object.fromEntries(settingsOf(each).map((one, m) => [one, 10 * m])) } }])} />
            {settingsOf(lever).map((setting) => <TextField key={setting} number label={t("troops_at", { setting })} value={plainNumber(troops[setting])} save={(typed) => put(isMap(troops[setting]) ? [...here, "troops_k", setting, "value"] : [...here, "troops_k", setting], number(typed))} />)}
            <button type="button" class="small" aria-label={t("remove_of", { name: lever })} onClick={() => void edit([guards.length === 1 ? { op: "remove", at } : { op: "order", at, items: all.filter((each) => each !== k) }])}>×</button>
          </div>
        );
      })}
      <button type="button" class="small" disabled={!levers.length || !file().parties} onClick={() => void edit([guards.length ? { op: "order", at, items: [...all, -1], new: [fresh()] } : { op: "set", at, value: [fresh()] }])}>{t("add_guarding")}</button>
    </fieldset>
  );
}
