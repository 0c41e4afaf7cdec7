import { useState } from "preact/hooks";
import { calledIn, file, isMap, put } from "./case";
import { screenOf, stepsOf, valueAt } from "./logic";
import type { Edit, Entry, Finding, Plain, Problem } from "./model";
import { Problems, Tag } from "./parts";
import { link } from "./route";
import { answer, edit, sheet } from "./server";
import { t } from "./words";

const worthOf = (want: Plain | undefined) => (isMap(want) ? Number(isMap(want.worth) ? want.worth.value : want.worth) : Number.NaN);

/** What one click does about a finding, where one click can do it. */
const DONE: Record<string, (found: Finding) => Edit[] | null> = {
  "check/unused-claim": ({ parts }) => [{ op: "set", at: ["claims", parts.claim ?? "", "context"], value: true }],
  "check/seen-otherwise": ({ parts }) => [{ op: "set", at: ["levers", parts.lever ?? "", "now"], value: parts.seen ?? "" }],
  "check/no-present": () => [{ op: "remove", at: ["present"] }],
  "check/no-such-text": ({ parts }) => [{ op: "remove", at: ["translations", parts.language ?? "", parts.text ?? ""] }],
  "check/order-against-weights": ({ at }) => {
    const steps = stepsOf(at, file());
    const place = typeof steps.at(-1) === "number" ? steps.slice(0, -1) : steps;
    const wants = valueAt(file(), place);
    if (!Array.isArray(wants) || wants.some((each) => !Number.isFinite(worthOf(each)))) return null;
    const items = wants.map((_, k) => k).sort((a, b) => worthOf(wants[b]) - worthOf(wants[a]) || a - b);
    return [{ op: "order", at: place, items }];
  },
  "check/empty-want": ({ at }) => {
    const steps = stepsOf(at, file()).slice(0, 4);
    const k = steps.at(-1);
    const wants = valueAt(file(), steps.slice(0, -1));
    if (typeof k !== "number" || !Array.isArray(wants)) return null;
    return [
      wants.length === 1
        ? { op: "remove", at: steps.slice(0, -1) }
        : { op: "order", at: steps.slice(0, -1), items: wants.map((_, m) => m).filter((m) => m !== k) },
    ];
  },
};

/** Who is meant by a name that no party has: the party whose other name it is, chosen from the list. */
function Whose({ found, refused }: { found: Finding; refused: (problems: Problem[]) => void }) {
  const parties = Object.keys((file().parties ?? {}) as Entry);
  const also = async (party: string) => {
    const stands = valueAt(file(), ["parties", party, "also"]);
    refused(await put(["parties", party, "also"], [...(Array.isArray(stands) ? stands : []), found.parts.who ?? ""]));
  };
  return (
    <select
      aria-label={t("also_of")}
      value=""
      onChange={(event) => {
        const party = (event.target as HTMLSelectElement).value;
        if (party) void also(party);
      }}
    >
      <option value="">{t("also_of")}</option>
      {parties.map((each) => (
        <option key={each} value={each}>
          {calledIn("parties", each)}
        </option>
      ))}
    </select>
  );
}

/** Where a finding is looked after: the form of its place, or the room of the sources. */
const leadsTo = (found: Finding) =>
  found.code === "check/quotes-unchecked"
    ? link("read")
    : found.code === "check/no-such-text"
      ? link("build", "translations")
      : screenOf(found.at, sheet.value?.file ?? null);

/** One thing to look at again: what it is, what to do about it on the page, and the click that does it. */
export function FindingShown({ found, linked }: { found: Finding; linked: boolean }) {
  const [problems, setProblems] = useState<Problem[]>([]);
  const what = (
    <>
      <Tag kind={found.severity}>{t(`severity_${found.severity}`)}</Tag> {found.what}
    </>
  );
  const advice = t(`advice_${found.code}`, found.parts) || found.advice;
  const done = DONE[found.code]?.(found) ?? null;
  return (
    <>
      {linked ? <a href={leadsTo(found)}>{what}</a> : what}
      {advice ? <span class="hint">{advice}</span> : null}
      {done ? (
        <button type="button" class="small" onClick={async () => setProblems(await edit(done))}>
          {t(`done_${found.code}`, found.parts)}
        </button>
      ) : null}
      {found.code === "check/unknown-party" ? <Whose found={found} refused={setProblems} /> : null}
      <Problems problems={problems} />
    </>
  );
}

/** What is doubtful in the case as it stands. */
export const findings = () => (sheet.value?.file && answer.value?.findings) || [];

const MOST = 40; // findings that are shown
/** Findings of the same kind together, in the order of the first of each. */
const byCode = (found: Finding[]): [Finding, ...Finding[]][] =>
  [...new Set(found.map((each) => each.code))].map((code) => found.filter((each) => each.code === code) as [Finding, ...Finding[]]);

/** What an analyst should look at again, each a click away from its place. */
export function Findings() {
  const found = findings();
  if (!found.length) return null;
  return (
    <section class="findings" aria-labelledby="findings-title">
      <h2 id="findings-title" tabIndex={-1}>
        {t("findings_title", { n: found.length })}
      </h2>
      <ul>
        {byCode(found.slice(0, MOST)).map(([first, ...more]) => (
          <li key={first.code + first.at + first.what} class={first.severity}>
            <FindingShown found={first} linked />
            {more.length ? (
              <details class="alike">
                <summary>{t("findings_alike", { n: more.length })}</summary>
                <ul>
                  {more.map((each) => (
                    <li key={each.at + each.what} class={each.severity}>
                      <FindingShown found={each} linked />
                    </li>
                  ))}
                </ul>
              </details>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
