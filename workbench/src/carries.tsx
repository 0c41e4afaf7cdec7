import { Statement } from "./answer";
import { inList } from "./case";
import { useKept } from "./kept";
import { type Off, stillOff, switchedLine, switchedOff, whole } from "./logic";
import type { Fallen, Line, Without } from "./model";
import { Problems, Tag, useTold } from "./parts";
import { answer, get, post, sheet } from "./server";
import { language, t } from "./words";

const called = (fallen: Fallen) => fallen.who || fallen.claims.map((each) => inList("claims", each)).join(", ");

/** Speakers, sources and claims that may be wrong: first those with whom most turns; those with whom nothing does are folded away. */
function Falls({ falls, off }: { falls: Fallen[]; off: (lines: Line[]) => void }) {
  const turning = falls.filter((each) => each.turned.length).sort((a, b) => b.turned.length - a.turned.length);
  const idle = falls.filter((each) => !each.turned.length);
  const shown = (each: Fallen) => (
    <details key={each.who + each.claims.join()} class="fold falls">
      <summary>
        {called(each)}{" "}
        <span class="quiet">
          {["", t("falls_n", { n: each.lines.length }), each.turned.length ? t("turns_n", { n: each.turned.length }) : ""]
            .filter((one, k) => k === 0 || one)
            .join(" · ")}
        </span>
      </summary>
      <button type="button" class="small" aria-label={`${t("falls_off")}: ${called(each)}`} onClick={() => off(each.lines)}>
        {t("falls_off")}
      </button>
      <ul>
        {each.lines.map((line) => (
          <li key={line.at}>
            <Statement line={line} />
          </li>
        ))}
      </ul>
      {each.turned.length ? (
        <>
          <p class="quiet">{t("turns_n", { n: each.turned.length })}</p>
          <ul>
            {each.turned.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      ) : null}
    </details>
  );
  return (
    <>
      <h2>{t("if_wrong")}</h2>
      {turning.map(shown)}
      {idle.length ? (
        <details class="fold">
          <summary>{t("turns_none", { n: idle.length })}</summary>
          {idle.map(shown)}
        </details>
      ) : null}
    </>
  );
}

/** What carries it: every statement with a switch; off, and what turns. */
export function Carries() {
  const version = sheet.value?.version;
  const lines = useTold(
    async () => ({ ...(await get<{ lines: Line[] }>("/statements")), version, spoken: language.value }),
    [version, language.value],
  );
  const [gone, setGone] = useKept<Off[]>("statements off", []);
  const all = lines.told?.lines ?? [];
  const spoken = lines.told?.spoken ?? language.value;
  const off = stillOff(gone, all, spoken);
  const [doubtful, setDoubtful] = useKept("doubtful", true);
  const ask = async () => (off.length ? post<Without>("/without", { off }) : null);
  const { told, problems } = useTold(ask, [lines.told?.version, spoken, off.join()]); // once it is known where they stand now
  const shown = all.filter((each) => !doubtful || !each.firm || off.includes(each.at));
  const falls = answer.value?.falls ?? [];
  return (
    <div class="screen">
      <h1>{t("nav_carries")}</h1>
      <p class="lead">{t("about_carries")}</p>
      <Problems problems={[...lines.problems, ...problems]} />
      <div class="two">
        <section aria-labelledby="statements-title">
          <h2 id="statements-title">{t("statements")}</h2>
          <label>
            <input type="checkbox" checked={doubtful} onChange={() => setDoubtful(!doubtful)} /> {t("doubtful_only")}
          </label>{" "}
          {off.length ? (
            <button type="button" class="small" onClick={() => setGone([])}>
              {t("all_on")}
            </button>
          ) : null}
          <ul class="switchlist">
            {shown.map((line) => (
              <li key={line.at} class={off.includes(line.at) ? "off" : ""}>
                <button
                  type="button"
                  role="switch"
                  aria-checked={!off.includes(line.at)}
                  aria-label={`${line.party} ${line.words}`}
                  onClick={() => setGone(switchedLine(line, all, spoken))}
                >
                  <span aria-hidden="true" />
                </button>
                <span class="kind quiet">{t(`kind_${line.kind}`)}</span> <Statement line={line} />
              </li>
            ))}
          </ul>
          {falls.length && lines.told ? <Falls falls={falls} off={(more) => setGone((before) => switchedOff(more, before, all, spoken))} /> : null}
        </section>
        <section class="beside" aria-live="polite" aria-labelledby="turns-title">
          <h2 id="turns-title">{t("turns_title")}</h2>
          {!off.length ? <p class="quiet">{t("turns_hint")}</p> : null}
          {told ? (
            <>
              {told.turned.length ? (
                <ul class="turned">
                  {told.turned.map((each) => (
                    <li key={each.kind + each.about}>
                      <Tag kind="fails">{t("turns")}</Tag> {each.title}
                    </li>
                  ))}
                </ul>
              ) : (
                <p>{t("turns_nothing")}</p>
              )}
              <h3>{t("answer_without", { n: off.length })}</h3>
              <ul class="sentences">
                {told.answer.sentences
                  .filter((each) => ["now", "ends", "term"].includes(each.kind))
                  .map((each) => (
                    <li key={each.text} class={answer.value?.sentences.some((one) => whole(one) === whole(each)) ? "" : "changed"}>
                      {whole(each)}
                    </li>
                  ))}
              </ul>
            </>
          ) : null}
        </section>
      </div>
    </div>
  );
}
