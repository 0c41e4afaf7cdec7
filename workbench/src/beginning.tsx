import { useRef, useState } from "preact/hooks";
import { calledIn, file, inList, keys, list, number, settingsOf } from "./case";
import { Chips } from "./choosing";
import { ConditionField } from "./condition";
import { dayOf, labelOf, settingName } from "./forms";
import type { Entry, Plain, Problem } from "./model";
import { ChoiceField, Problems, TextField, words } from "./parts";
import { t } from "./words";

/** What is asked of the one who begins a part: the key of the answer, and its kind; a setting is one of the lever that is asked for before it. */
interface Asked {
  key: string;
  kind: "lever" | "setting" | "party" | "condition" | "number" | "day" | "codes" | "levers";
}
interface Beginnings {
  asks: Asked[];
  made?: (given: Entry) => Entry;
}

const LEVER: Asked = { key: "lever", kind: "lever" };
const THAT: Asked = { key: "that", kind: "condition" };
const setting = (key: string): Asked => ({ key, kind: "setting" });
const amount = (key: string): Asked => ({ key, kind: "number" });
const ownerOf = (lever: Plain | undefined) => words(lever).split(".")[0] ?? "";
const asTest = ({ that = "" }: Entry): Entry => ({ ask: "reached", that, expect: "yes" });

/** Parts that say something only once more is known of them than a name: what is asked first, and what the answers make. */
const BEGUN: Record<string, Beginnings> = {
  Event: {
    asks: [LEVER, setting("to"), amount("per_month")],
    made: ({ lever, to = "", per_month = "" }) => ({ sets: { [words(lever)]: to }, per_month }),
  },
  View: { asks: [{ key: "vary", kind: "levers" }] },
  Hypothesis: { asks: [THAT], made: (given) => ({ test: asTest(given) }) },
  Test: { asks: [THAT], made: asTest },
  Observation: { asks: [{ key: "on", kind: "day" }, LEVER, setting("took")] },
  Zone: { asks: [{ key: "attacker", kind: "party" }, { key: "attack", kind: "condition" }, amount("width_km"), amount("surge_k")] },
  Area: { asks: [{ key: "iso", kind: "codes" }] },
  Guarding: {
    asks: [LEVER],
    made: ({ lever = "" }) => ({ party: ownerOf(lever), lever, troops_k: Object.fromEntries(settingsOf(words(lever)).map((each) => [each, 0])) }),
  },
  Holding: { asks: [THAT, { key: "party", kind: "party" }], made: ({ that = "", party = "" }) => ({ that, by: [party] }) },
  Deterrence: { asks: [{ key: "truce", kind: "condition" }] },
  Backstop: { asks: [LEVER] },
  Hub: { asks: [LEVER] },
  Guard: { asks: [THAT] },
  Lapse: { asks: [THAT] },
  RateWhen: { asks: [amount("value"), { key: "when", kind: "condition" }] },
  Issue: { asks: [{ key: "open_until", kind: "condition" }] },
  Framing: { asks: [{ key: "by", kind: "party" }] },
  Clock: { asks: [amount("days")] },
  Credibility: { asks: [LEVER, setting("threat"), setting("deed"), amount("fades_per_month")] },
  SharedMeans: {
    asks: [LEVER, setting("to"), amount("costs"), amount("of")],
    made: ({ lever, to, costs = "", of = "" }) => ({ party: ownerOf(lever), of, costs: { [words(lever)]: { [words(to)]: costs } } }),
  },
  Channel: {
    asks: [LEVER, { key: "party", kind: "party" }, { key: "stands", kind: "condition" }],
    made: ({ lever = "", party = "", stands = "" }) => ({ carries: [lever], to: [party], stands }),
  },
};
/** Whether a part is asked for before it stands in the case. */
export const isBegun = (model: string | undefined) => model !== undefined && model in BEGUN;

const named = (section: string) => keys(section).map((each): [string, string] => [each, inList(section, each)]);

const read = (kind: Asked["kind"], typed: string): Plain =>
  kind === "number" ? number(typed) : kind === "codes" ? typed.split(/[,\s]+/).filter(Boolean) : typed;

function Answer({ asked, label, given, give }: { asked: Asked; label: string; given: Entry; give: (value: Plain) => void }) {
  const lever = words(given.lever);
  const stands = given[asked.key];
  switch (asked.kind) {
    case "condition":
      return <ConditionField label={label} value="" save={async () => []} typing={give} />;
    case "levers":
      return (
        <Chips
          label={label}
          chosen={list(stands)}
          left={named("levers").filter(([each]) => !list(stands).includes(each))}
          add={t("add_one_levers")}
          chose={give}
          shown={(each) => <span title={calledIn("levers", each)}>{each}</span>}
        />
      );
    case "codes":
    case "number":
    case "day":
      return (
        <TextField
          label={label}
          number={asked.kind === "number"}
          value={asked.kind === "day" ? dayOf(file()) : ""}
          typing={(typed) => give(read(asked.kind, typed))}
          save={async () => []}
        />
      );
  }
  const options =
    asked.kind === "setting"
      ? settingsOf(lever).map((each): [string, string] => [each, settingName(lever, each)])
      : named(asked.kind === "lever" ? "levers" : "parties");
  return (
    <ChoiceField
      label={label}
      value={words(stands)}
      options={[["", t("choose")], ...options]}
      save={async (each) => {
        give(each);
        return [];
      }}
    />
  );
}

/** A part that is begun: it stands nowhere, and counts for nothing, until all that is asked has been answered and it is kept. */
export function Beginning({ model, save, left }: { model: string; save: (given: Entry) => Promise<Problem[]>; left: () => void }) {
  const { asks = [], made = (given: Entry) => given } = BEGUN[model] ?? {};
  const given = useRef<Entry>(asks.some((each) => each.kind === "day") ? { on: dayOf(file()) } : {}); // also between a letter and the next look of the page
  const [, look] = useState(0);
  const [problems, setProblems] = useState<Problem[]>([]);
  const label = ({ key }: Asked) => t(`begun_${model}_${key}`) || labelOf(model, key);
  const give = (key: string) => (value: Plain) => {
    const settings = key === "lever" ? asks.filter((each) => each.kind === "setting").map((each) => [each.key, ""]) : [];
    given.current = { ...given.current, [key]: value, ...Object.fromEntries(settings) };
    look((n) => n + 1);
  };
  const keep = async () => {
    const lacking = asks.filter(({ key }) => !list(given.current[key]).some((each) => each.trim()));
    setProblems(
      lacking.length
        ? [{ code: "", what: t("begun_lacking", { list: lacking.map(label).join("; ") }), at: "", line: null, column: null, hint: "" }]
        : await save(made(given.current)),
    );
  };
  return (
    <fieldset
      class="begun"
      ref={(each) => {
        if (each && !each.contains(document.activeElement) && !each.dataset.met) {
          each.dataset.met = "1";
          each.querySelector<HTMLElement>("select, input, button")?.focus();
        }
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") left();
        if (event.key === "Enter" && (event.target as HTMLElement).matches("input")) {
          event.preventDefault();
          void keep();
        }
      }}
    >
      <legend class="unseen">{t("begun_title")}</legend>
      <div class="form">
        {asks.map((each) => (
          <Answer key={each.key} asked={each} label={label(each)} given={given.current} give={give(each.key)} />
        ))}
      </div>
      <p class="hint">{t("begun_until")}</p>
      <Problems problems={problems} />
      <button type="button" class="small main" onClick={() => void keep()}>
        {t("begun_keep")}
      </button>{" "}
      <button type="button" class="small" onClick={left}>
        {t("cancel")}
      </button>
    </fieldset>
  );
}

/** The button that adds a part: one that is asked for first is begun, any other stands at once. */
export function Adder({ model, label, add }: { model?: string; label: string; add: (given: Entry) => Promise<Problem[]> }) {
  const [starting, setStarting] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const leave = () => {
    setStarting(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  const keep = async (given: Entry) => {
    const found = await add(given);
    if (!found.length) setStarting(false);
    return found;
  };
  if (starting) return <Beginning model={model ?? ""} save={keep} left={leave} />;
  return (
    <button
      type="button"
      class="small"
      ref={button}
      onClick={() => {
        if (isBegun(model)) setStarting(true);
        else void add({});
      }}
    >
      {t("add_of", { name: label })}
    </button>
  );
}
