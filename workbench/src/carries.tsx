import { useState } from "preact/hooks";
import { Statement } from "./answer";
import { switched, whole } from "./logic";
import type { Line, Without } from "./model";
import { Problems, Tag, useTold } from "./parts";
import { answer, get, post, sheet } from "./server";
import { language, t } from "./words";

/** What carries it: every statement with a switch; off, and what turns. */
export function Carries() {
  const version = sheet.value?.version;
  const lines = useTold(() => get<{ lines: Line[] }>("/statements"), [version, language.value]);
  const [off, setOff] = useState<string[]>([]);
  const [doubtful, setDoubtful] = useState(true);
  const { told, problems } = useTold(async () => (off.length ? post<Without>("/without", { off }) : null), [version, language.value, off.join()]);
  const shown = (lines.told?.lines ?? []).filter((each) => !doubtful || !each.firm || off.includes(each.at));
  const falls = answer.value?.falls ?? [];
  return (
    <div class="screen">
      <h1>{t("nav_carries")}</h1>
      <p class="lead">{t("about_carries")}</p>
      <Problems problems={[...lines.problems, ...problems]} />
      <div class="two">
        <section aria-labelledby="statements-title">
          <h2 id="statements-title">{t("statements")}</h2>
          <label><input type="checkbox" checked={doubtful} onChange={() => setDoubtful(!doubtful)} /> {t("doubtful_only")}</label>{" "}
          {off.length ? <button type="button" class="small" onClick={() => setOff([])}>{t("all_on")}</button> : null}
          <ul class="switchlist">
            {shown.map((line) => (
              <li key={line.at} class={off.includes(line.at) ? "off" : ""}>
                <button type="button" role="switch" aria-checked={!off.includes(line.at)} aria-label={`${line.party} ${line.words}`} onClick={() => setOff(switched(line.at))}><span aria-hidden="true" /></button>
                <span class="kind quiet">{t(`kind_${line.kind}`)}</span> <Statement line={line} />
              </li>
            ))}
          </ul>
          {falls.length && lines.told ? <><h2>{t("if_wrong")}</h2><ul>{falls.map((each) => <li key={each.who + each.claims.join()}><button type="button" class="plain" onClick={() => setOff([...new Set([...off, ...each.lines.map((line) => line.at)])])}>{each.who || each.claims.join(", ")}</button> <span class="quiet">{t("falls_n", { n: each.lines.length })}</span>{each.turned.length ? <ul>{each.turned.map((text) => <li key={text}>{text}</li>)}</ul> : null}</li>)}</ul></> : null}
        </section>
        <section class="beside" aria-live="polite" aria-labelledby="turns-title">
          <h2 id="turns-title">{t("turns_title")}</h2>
          {!off.length ? <p class="quiet">{t("turns_hint")}</p> : null}
          {told ? (
            <>
              {told.turned.length ? <ul class="turned">{told.turned.map((each) => <li key={each.kind + each.about}><Tag kind="fails">{t("turns")}</Tag> {each.title}</li>)}</ul> : <p>{t("turns_nothing")}</p>}
              <h3>{t("answer_without", { n: off.length })}</h3>
              <ul class="sentences">{told.answer.sentences.filter((each) => ["now", "ends", "term"].includes(each.kind)).map((each) => <li key={each.text} class={answer.value?.sentences.some((one) => whole(one) === whole(each)) ? "" : "changed"}>{whole(each)}</li>)}</ul>
            </>
          ) : null}
        </section>
      </div>
    </div>
  );
}
