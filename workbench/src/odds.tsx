import { useState } from "preact/hooks";
import type { Entry, Plain, Problem } from "./model";
import { Problems, useAnew } from "./parts";
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
  const [typed, setTyped] = useState<Record<string, string>>(read);
  const [open, setOpen] = useState(stated !== null);
  const [problems, setProblems] = useState<Problem[]>([]);
  useAnew(JSON.stringify([stated, settings]), () => {
    setTyped(read());
    setOpen(stated !== null);
    setProblems([]);
  });
  const sum = settings.reduce((so_far, each) => so_far + numberOf(typed[each] ?? ""), 0);
  const whole = Math.abs(sum - 1) < 1e-9;
  const keep = async () =>
    setProblems(
      await save(Object.fromEntries(settings.filter((each) => numberOf(typed[each] ?? "") !== 0).map((each) => [each, numberOf(typed[each] ?? "")]))),
    );
  return (
    <fieldset class="field rows">
      <legend>{t("field_odds")}</legend>
      <label>
        <input
          type="checkbox"
          checked={open}
          onChange={async () => {
            if (open && stated) setProblems(await save(null));
            else {
              setOpen(!open);
              setTyped({ ...read(), [now]: "1" });
            }
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
                  value={typed[each] ?? ""}
                  onInput={(event) => {
                    const value = (event.target as HTMLInputElement).value;
                    setTyped((before) => ({ ...before, [each]: value }));
                  }}
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
