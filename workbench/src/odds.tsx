import { useState } from "preact/hooks";
import type { Entry, Plain, Problem } from "./model";
import { Problems } from "./parts";
import { useTyped } from "./typed";
import { t } from "./words";

const numberOf = (typed: string) => (typed.trim() === "" ? 0 : Number(typed.replace(",", ".")));
const shown = (sum: number) => String(Math.round(1000 * sum) / 1000);

/** How likely each setting is today, where that is open: kept together, since they add up to one. */
export function OddsField({
  settings,
  now,
  value,
  save,
}: {
  settings: string[];
  now: string;
  value: Plain | undefined;
  save: (odds: Entry | null) => Promise<Problem[]>;
}) {
  const stated = (value && typeof value === "object" ? value : null) as Entry | null;
  const read = () => Object.fromEntries(settings.map((each) => [each, stated?.[each] === undefined ? "" : String(stated[each])]));
  const [begun, setBegun] = useState(false);
  const [problems, setProblems] = useState<Problem[]>([]);
  const { typed, type, back, send } = useTyped(read(), () => {
    setBegun(false);
    setProblems([]);
  });
  const open = stated !== null || begun;
  const sum = settings.reduce((so_far, each) => so_far + numberOf(typed(each)), 0);
  const whole = Math.abs(sum - 1) < 1e-9;
  const keep = async () =>
    setProblems(
      await send(() => save(Object.fromEntries(settings.map((each) => [each, numberOf(typed(each))]).filter(([, chance]) => chance !== 0)))),
    );
  return (
    <fieldset class="field rows">
      <legend>{t("field_odds")}</legend>
      <label>
        <input
          type="checkbox"
          checked={open}
          onChange={async () => {
            if (stated) return setProblems(await save(null));
            setBegun(!begun);
            back();
            type(now, "1");
          }}
        />{" "}
        {t("odds_open")}
      </label>
      {open ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void keep();
          }}
        >
          <div class="row">
            {settings.map((each) => (
              <div class="field" key={each}>
                <label for={`odds-${each}`}>{t("chance_of", { setting: each })}</label>
                <input
                  id={`odds-${each}`}
                  type="text"
                  inputMode="decimal"
                  value={typed(each)}
                  onInput={(event) => type(each, (event.target as HTMLInputElement).value)}
                />
              </div>
            ))}
          </div>
          <p class="hint" role="status">
            {t(whole ? "odds_whole" : "odds_sum", { sum: Number.isFinite(sum) ? shown(sum) : "?" })}
          </p>
          <button type="submit" class="small" disabled={!whole}>
            {t("odds_keep")}
          </button>
        </form>
      ) : (
        <p class="hint">{t("odds_about")}</p>
      )}
      <Problems problems={problems} />
    </fieldset>
  );
}
