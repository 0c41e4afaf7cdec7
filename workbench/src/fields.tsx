import { useRef, useState } from "preact/hooks";
import { entry, isMap, keys, list, number, plainNumber, put, putNumber, settingsOf } from "./case";
import { MemberField } from "./choosing";
import { ConditionField } from "./condition";
import { Fold } from "./fold";
import { hintOf, keyOf, keysOf, type Kind, labelOf, leverAt, sectionsOf, settingName } from "./forms";
import { byLanguage, freeFrom } from "./logic";
import { ListField, MapField, PartField } from "./members";
import type { Entry, Plain, Problem, Step } from "./model";
import { OddsField } from "./odds";
import { ChoiceField, FlagField, Problems, TextField, words } from "./parts";
import { RangeField } from "./range";
import { go } from "./route";
import { RowsField } from "./rows";
import { edit, rename } from "./server";
import { TranslatedField } from "./translations";
import { OwnSettings, TypesField } from "./types";
import { t } from "./words";

export interface Props {
  at: Step[];
  kind: Kind;
  value: Plain | undefined;
  label: string;
  hint?: string;
}
export const given = (value: Plain | undefined) => value !== undefined && value !== null;
export const choiceName = (each: string) => (each ? t(`choice_${each.replace(/ /g, "_")}`) || each : "–");

/** Keys of which the form is more than that of their kind: what they hold has to stay in step with something else. */
const OWN: Record<string, (props: Props) => preact.JSX.Element> = {
  "Lever.settings": ({ at, value, label }) => <OwnSettings at={at} value={value} label={label} />,
  "Lever.odds": ({ at, value }) => {
    const lever = words(at[1]);
    return (
      <OddsField
        settings={settingsOf(lever)}
        now={words(entry(at.slice(0, -1)).now) || (settingsOf(lever)[0] ?? "")}
        value={value}
        save={(odds) => (odds ? edit([{ op: "set", at, value: odds }]) : edit([{ op: "remove", at }]))}
      />
    );
  },
  "Party.name": (props) => (props.value === "…" ? <FirstName {...props} /> : <WordsField {...props} />),
  "Party.types": ({ at, value, label }) => <TypesField at={at} value={value} label={label} />,
  "Credibility.now": ({ at, value, label }) => {
    const levels = list(entry(at.slice(0, -1)).levels ?? ["spent", "believed"]);
    return (
      <ChoiceField label={label} value={words(value)} options={["", ...levels].map((each) => [each, each || "–"])} save={(each) => put(at, each)} />
    );
  },
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
function FieldOf({ at: holder, model, name, value }: { at: Step[]; model: string; name: string; value: Plain | undefined }) {
  const kind = keyOf(model, name);
  if (!kind) return null;
  const props = { at: [...holder, name], kind, value, label: labelOf(model, name), hint: hintOf(model, name) };
  const Own = OWN[`${model}.${name}`];
  return (
    <div class={`key ${wide(kind) ? "wide-key" : ""}`} data-key={`${model}.${name}`}>
      {Own ? <Own {...props} /> : <KindField {...props} />}
    </div>
  );
}
const LONG = new Set(["summary", "gloss", "claim", "what", "instead", "quote"]);
const wide = (kind: Kind & { key?: string }) =>
  ["condition", "part", "map", "rows"].includes(kind.kind) || LONG.has(kind.key ?? "") || kind.item?.kind === "part";

/** A value of any kind, with what can be done to it. */
export function KindField({ at, kind, value, label, hint }: Props) {
  switch (kind.kind) {
    case "words":
      return <WordsField at={at} value={value} label={label} hint={hint} />;
    case "flag":
      return (
        <FlagField
          label={label}
          value={typeof value === "boolean" ? value : kind.usual === true}
          hint={hint}
          save={(each) => put(at, each, each === (kind.usual === true))}
        />
      );
    case "number":
      return <TextField label={label} number hint={hint} value={plainNumber(value)} save={(typed) => put(at, number(typed))} />;
    case "quantity":
      return <QuantityField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "rates":
      return <RatesField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "condition":
      return (
        <ConditionField
          label={label}
          hint={hint}
          value={words(value)}
          save={(that) => put(at, that)}
          clear={given(value) && !mustBe(kind) ? () => put(at, "") : undefined}
        />
      );
    case "choice": {
      const all = (kind.of ?? []).map(String);
      return (
        <ChoiceField
          label={label}
          hint={hint}
          value={words(value)}
          options={[...(mustBe(kind) && given(value) ? [] : [""]), ...all].map((each) => [each, choiceName(each)])}
          save={(each) => put(at, each)}
        />
      );
    }
    case "name":
      return <MemberField at={at} value={value} label={label} hint={hint} sections={sectionsOf(kind)} />;
    case "setting":
      return <SettingField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "part":
      return <PartField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "list":
      return <ListField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "map":
      return <MapField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "rows":
      return <RowsField at={at} kind={kind} value={value} label={label} hint={hint} />;
    case "together":
      return <RangeField at={at} value={value} label={label} />;
    case "fixed":
      return (
        <p class="hint">
          {label}: {String(kind.value)}
        </p>
      );
  }
  return (
    <TextField
      label={label}
      hint={hint}
      long={LONG.has(String(at.at(-1)))}
      list={kind.known}
      place={kind.kind === "day" ? "2025-04-25" : ""}
      value={words(value)}
      save={(typed) => put(at, typed)}
    />
  );
}
const mustBe = (kind: Kind & { must?: boolean }) => kind.must === true;

function WordsField({ at, value, label, hint }: Omit<Props, "kind">) {
  const each = byLanguage(value);
  const long = LONG.has(String(at.at(-1)));
  if (!each)
    return (
      <>
        <TextField label={label} hint={hint} long={long} value={words(value)} save={(typed) => put(at, typed)} />
        <TranslatedField text={words(value)} label={label} />
      </>
    );
  return (
    <>
      {each.map(([one, text]) => (
        <TextField
          key={one}
          label={`${label} (${one})`}
          long={long}
          value={text}
          save={(typed) => put(typed || each.length > 1 ? [...at, one] : at, typed)}
        />
      ))}
    </>
  );
}

function SettingField({ at, value, label, hint }: Props) {
  const lever = leverAt(at);
  const all = settingsOf(lever);
  const stands = words(value);
  return (
    <ChoiceField
      label={label}
      hint={hint}
      value={stands}
      options={["", ...all, ...(stands && !all.includes(stands) ? [stands] : [])].map((each) => [each, each ? settingName(lever, each) : "–"])}
      save={(each) => put(at, each)}
    />
  );
}

/** What else is said of a number than the number itself. */
export const NumberMore = ({ at, model, value }: { at: Step[]; model: string; value: Plain | undefined }) => (
  <Form at={at} model={model} value={value} first={["is", "range", "because", "assumed"]} without={["value"]} />
);

/** A number; its range and what it rests on are opened where they are wanted. */
function QuantityField({ at, kind, value, label, hint }: Props) {
  const model = kind.model ?? "Quantity";
  const range = isMap(value) && Array.isArray(value.range) ? t("range_of", { low: words(value.range[0]), high: words(value.range[1]) }) : "";
  return (
    <div data-key={`${model}.value`}>
      <TextField label={label} number value={plainNumber(value)} hint={hint} save={(typed) => (typed.trim() ? putNumber(at, typed) : put(at, ""))} />
      {given(value) ? (
        <Fold summary={[t("number_more"), range].filter(Boolean).join(" · ")}>
          <NumberMore at={at} model={model} value={value} />
        </Fold>
      ) : null}
    </div>
  );
}

function RatesField(props: Props) {
  const { at, kind, value, label } = props;
  const [problems, setProblems] = useState<Problem[]>([]);
  if (Array.isArray(value)) return <ListField {...props} kind={{ kind: "list", item: kind.each, least: 1 }} />;
  const split = async () =>
    setProblems(await edit([{ op: "set", at, value: [{ ...(isMap(value) ? value : { value: value ?? 0.1 }), when: "true" }] }]));
  return (
    <>
      <QuantityField {...props} />
      {given(value) ? (
        <button type="button" class="plain small-text" aria-label={`${label}: ${t("rates_split")}`} onClick={() => void split()}>
          {t("rates_split")}
        </button>
      ) : null}
      <Problems problems={problems} />
    </>
  );
}

/** All that can be said of a part: what is usually said first, then what is said here, then what else may be. */
export function Form({ at, model, value, first, without = [] }: { at: Step[]; model: string; value?: Plain; first?: string[]; without?: string[] }) {
  const all = keysOf(model).filter((each) => !without.includes(each.key));
  const stands = value === undefined ? entry(at) : value;
  const here: Entry = isMap(stands) ? stands : { [model === "Term" || model === "Guard" ? "that" : "value"]: stands };
  const usual = first ?? all.filter((each) => each.must).map((each) => each.key);
  const begun = useRef(new Set(usual));
  const [unfolded, setUnfolded] = useState(false);
  if (!unfolded) for (const each of all) if (here[each.key] !== undefined) begun.current.add(each.key); // what is filled in under the fold does not jump away
  const order = (key: string) => {
    const k = usual.indexOf(key);
    return k < 0 ? usual.length : k;
  };
  const shown = all.filter((each) => begun.current.has(each.key)).sort((a, b) => order(a.key) - order(b.key));
  const rest = all.filter((each) => !shown.includes(each));
  const field = (key: string) => <FieldOf key={key} at={at} model={model} name={key} value={here[key]} />;
  return (
    <div class="form">
      {shown.map((each) => field(each.key))}
      {rest.length ? (
        <div class="key wide-key">
          <Fold
            opened={setUnfolded}
            summary={t(shown.length ? "more_keys" : "more_keys_first", {
              list:
                rest
                  .slice(0, 4)
                  .map((each) => labelOf(model, each.key))
                  .join(", ") + (rest.length > 4 ? ", …" : ""),
            })}
          >
            <div class="form">{rest.map((each) => field(each.key))}</div>
          </Fold>
        </div>
      ) : null}
    </div>
  );
}
