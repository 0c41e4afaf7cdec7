import { useState } from "preact/hooks";
import { Blocks } from "./blocks";
import { calledIn, entry, keys } from "./case";
import type { Block, Problem } from "./model";
import { Problems, useTold } from "./parts";
import { get, post, Refusal, send, sheet } from "./server";
import { language, t } from "./words";

interface Told {
  blocks: Block[];
}
interface Asking {
  told: Told | null;
  problems: Problem[];
  busy: boolean;
  ask: (question: () => Promise<Told>) => Promise<void>;
}

/** What is worked out when it is asked for, since it takes a while; of an older version it is taken away. */
function useAsked(): Asking {
  const [known, setKnown] = useState<{ told: Told | null; problems: Problem[]; version: number; spoken: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const ask = async (question: () => Promise<Told>) => {
    const [version, spoken] = [sheet.value?.version ?? 0, language.value];
    setBusy(true);
    setKnown(null);
    try {
      setKnown({ told: await question(), problems: [], version, spoken });
    } catch (error) {
      if (error instanceof Refusal) setKnown({ told: null, problems: error.problems, version, spoken });
      else throw error;
    } finally {
      setBusy(false);
    }
  };
  const fresh = known?.version === sheet.value?.version && known?.spoken === language.value ? known : null;
  return { told: fresh?.told ?? null, problems: fresh?.problems ?? [], busy, ask };
}

function Shown({ asked, name }: { asked: Asking; name: string }) {
  return (
    <div aria-live="polite" aria-busy={asked.busy}>
      {asked.busy ? (
        <p class="quiet" role="status">
          {t("stage_core")}
        </p>
      ) : null}
      <Problems problems={asked.problems} />
      {asked.told ? <Blocks blocks={asked.told.blocks} name={name} /> : null}
    </div>
  );
}

/** Which of several ways to play for ever is taken. */
const RULES = ["status quo", "most movers", "logit"];

function ForEver() {
  const asked = useAsked();
  const [chosen, setChosen] = useState("");
  const own = keys("parties")
    .filter((each) => entry(["parties", each]).chance !== true)
    .flatMap((each): [string, string][] => [
      [`best for ${each}`, t("rule_best_for", { party: calledIn("parties", each) })],
      [`worst for ${each}`, t("rule_worst_for", { party: calledIn("parties", each) })],
    ]);
  const rules = [...RULES.map((each): [string, string] => [each, t(`rule_${each.replace(" ", "_")}`)]), ...own];
  const select = rules.some(([each]) => each === chosen) ? chosen : (RULES[0] ?? "");
  return (
    <section aria-labelledby="ever-title">
      <h2 id="ever-title">{t("ever_title")}</h2>
      <p class="lead">{t("ever_about")}</p>
      <form
        class="adding"
        onSubmit={(event) => {
          event.preventDefault();
          void asked.ask(() => post<Told>("/equilibrium", { select }));
        }}
      >
        <label for="rule">{t("ever_rule")}</label>
        <select id="rule" value={select} onChange={(event) => setChosen((event.target as HTMLSelectElement).value)}>
          {rules.map(([each, said]) => (
            <option key={each} value={each}>
              {said}
            </option>
          ))}
        </select>
        <button type="submit" class="main" disabled={asked.busy}>
          {t("ever_go")}
        </button>
      </form>
      <Shown asked={asked} name="for-ever" />
    </section>
  );
}

function Forecasts() {
  const [made, scored] = [useAsked(), useAsked()];
  const [months, setMonths] = useState("1, 3, 6");
  const typed = encodeURIComponent(months.replace(/\s/g, ""));
  return (
    <section aria-labelledby="forecast-title">
      <h2 id="forecast-title">{t("forecast_title")}</h2>
      <p class="lead">{t("forecast_about")}</p>
      <form
        class="adding"
        onSubmit={(event) => {
          event.preventDefault();
          void made.ask(() => post<Told>("/forecast", { months }));
        }}
      >
        <label for="months">{t("forecast_months")}</label>
        <input id="months" type="text" class="narrow" value={months} onInput={(event) => setMonths((event.target as HTMLInputElement).value)} />
        <button type="submit" class="main" disabled={made.busy}>
          {t("forecast_go")}
        </button>
        {made.told ? (
          <a class="button" href={`/hand/forecast.json?months=${typed}`} download>
            {t("forecast_freeze")}
          </a>
        ) : null}
        <label class="button">
          {t("forecast_score")}
          <input
            type="file"
            class="unseen"
            accept=".json"
            onChange={(event) => {
              const field = event.target as HTMLInputElement;
              const file = field.files?.[0];
              if (file) void scored.ask(() => send<Told>("/score", file));
              field.value = "";
            }}
          />
        </label>
      </form>
      <Shown asked={made} name="forecast" />
      <Shown asked={scored} name="scores" />
    </section>
  );
}

/** What is typed in a terminal: broken between its words only, since an option may have a hyphen. */
const Command = ({ said }: { said: string }) => (
  <code class="command">{said.split(" ").map((each, k) => [k ? " " : "", <span key={k}>{each}</span>])}</code>
);

function Sweeps() {
  const { told, problems } = useTold(() => get<{ sweeps: string[] }>("/sweeps"), [sheet.value?.folder]);
  return (
    <section aria-labelledby="sweeps-title">
      <h2 id="sweeps-title">{t("sweeps_title")}</h2>
      <p class="lead">{t("sweeps_about")}</p>
      <Problems problems={problems} />
      {told?.sweeps.length ? (
        <ul class="hand">
          {told.sweeps.map((each) => (
            <li key={each}>
              <a href={`/swept?folder=${encodeURIComponent(each)}&language=${language.value}`} target="_blank" rel="noreferrer">
                {each}
              </a>
            </li>
          ))}
        </ul>
      ) : told ? (
        <p>
          {t("sweeps_none")} <Command said={`bestand sweep ${sheet.value?.name} --measure "reached ${keys("terms")[0] ?? "…"}" --out sweep`} />
        </p>
      ) : null}
    </section>
  );
}

/** Looking further ahead than the answer in short does: played for ever, dated chances, and what a sweep found. */
export function Ahead() {
  return (
    <div class="screen ahead">
      <h1>{t("nav_ahead")}</h1>
      <ForEver />
      <Forecasts />
      <Sweeps />
    </div>
  );
}
