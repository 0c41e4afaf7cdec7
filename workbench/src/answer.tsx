import { useState } from "preact/hooks";
import { keys } from "./case";
import { findings } from "./finding";
import { nameOf, percent, screenOf, type Shown, shownSentences } from "./logic";
import type { Compared, Conclusion, Line } from "./model";
import { link } from "./route";
import { answer, before, get, marked, markedVersion, markFromHere, progress, refused, share, sheet } from "./server";
import { Problems, Tag } from "./parts";
import { numeral, t } from "./words";

/** One statement of the case, with what it rests on; a click leads to where it is edited. */
export function Statement({ line }: { line: Line }) {
  const basis = line.basis ?? "none";
  return (
    <span class="statement">
      <a href={screenOf(line.at, sheet.value?.file ?? null)}>
        {line.party ? `${line.party}: ` : ""}
        {line.words}
      </a>{" "}
      <Tag kind={basis}>{t(`basis_${basis}`)}</Tag>
      {line.because.map((claim) => (
        <a key={claim} class="cite" href={link("build", "claims", claim)}>
          {claim}
          {line.hedged.includes(claim) ? " ~" : ""}
        </a>
      ))}
    </span>
  );
}

function Carries({ conclusion }: { conclusion: Conclusion }) {
  return (
    <div class="carries">
      <p>
        <strong>{conclusion.title}</strong>
        {conclusion.share !== null ? <span class="quiet"> · {t("in_share", { share: percent(conclusion.share) })}</span> : null}
      </p>
      {conclusion.lines.length ? (
        <ul>
          {conclusion.lines.slice(0, 8).map((line) => (
            <li key={line.at}>
              <Statement line={line} />
            </li>
          ))}
        </ul>
      ) : null}
      {conclusion.turned?.length ? (
        <>
          <p class="quiet">{t("turned_by")}</p>
          <ul>
            {conclusion.turned.slice(0, 4).map((lines) => (
              <li key={lines.map((line) => line.at).join()}>
                {lines.map((line, k) => (
                  <span key={line.at}>
                    {k ? ` ${t("and")} ` : ""}
                    <Statement line={line} />
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </>
      ) : conclusion.turned ? (
        <p class="quiet">{t("turned_by_none")}</p>
      ) : null}
    </div>
  );
}

const ABOUT: Record<string, (conclusion: Conclusion, about: string) => boolean> = {
  now: (each) => each.kind === "now_rests",
  ends: (each) => each.kind === "now_rests",
  term: (each, about) => each.about === about && each.kind.startsWith("term"),
  deal: (each) => each.kind.includes("deal"),
};

/** A number and its percent sign stay on one line, and an error with its sign. */
const unbroken = (text: string) => text.replace(/(\d) %/g, "$1\u00a0%").replace(/± (?=\d)/g, "±\u00a0");

function Opened({ sentence }: { sentence: Shown }) {
  const known = answer.value;
  const [compared, setCompared] = useState<{ told: Compared; of: string } | null>(null);
  if (!known) return null;
  const pair = `${markedVersion.value}-${known.version}`;
  const changes = compared?.of === pair ? compared.told : null;
  const conclusions = known.conclusions.filter((each) => ABOUT[sentence.kind]?.(each, sentence.about));
  return (
    <div class="opened">
      {sentence.more.length ? (
        <ul class="more">
          {sentence.more.map((text) => (
            <li key={text}>{unbroken(text)}</li>
          ))}
        </ul>
      ) : null}
      {sentence.was !== null ? (
        <div class="was">
          <p class="quiet">{sentence.was ? t("was_in", { version: markedVersion.value }) : t("new_since", { version: markedVersion.value })}</p>
          {sentence.was ? <blockquote>{sentence.was}</blockquote> : null}
          {changes ? (
            <ul class="quiet">
              {changes.changes.slice(0, 12).map((each) => (
                <li key={each.at + each.kind}>
                  <a href={screenOf(each.at, sheet.value?.file ?? null)}>{each.at}</a> {t(`change_${each.kind}`)}
                </li>
              ))}
            </ul>
          ) : (
            <button
              type="button"
              class="plain"
              onClick={async () => setCompared({ told: await get<Compared>(`/compare?old=${markedVersion.value}&new=now`), of: pair })}
            >
              {t("what_changed_it")}
            </button>
          )}
        </div>
      ) : null}
      {sentence.kind === "now" || sentence.kind === "ends" ? (
        <ul class="witnesses">
          {known.today.map((each) => (
            <li key={each.party} class={each.stays ? "stays" : "goes"}>
              {each.told.map((text) => (
                <p key={text}>{text}</p>
              ))}
            </li>
          ))}
        </ul>
      ) : null}
      {sentence.kind === "now" || sentence.kind === "term" ? (
        <table>
          <caption class="quiet">{t("both_readings", { n: known.states })}</caption>
          <thead>
            <tr>
              <th scope="col">{t("field_concept")}</th>
              <th scope="col">{t("reading_best")}</th>
              <th scope="col">{t("reading_any")}</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(known.counts).map(([concept, n]) => (
              <tr key={concept}>
                <th scope="row">{t(`choice_${concept}`)}</th>
                <td>{numeral(n)}</td>
                <td>{numeral(known.classical[concept] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {sentence.kind === "hypotheses" ? (
        <ul>
          {known.hypotheses.map((each) => (
            <li key={each.name}>
              <Tag kind={each.status}>{t(`status_${each.status}`)}</Tag> {each.claim}
              {each.told.map((text) => (
                <p class="quiet" key={text}>
                  {text}
                </p>
              ))}
            </li>
          ))}
        </ul>
      ) : null}
      {conclusions.map((each) => (
        <Carries key={each.kind + each.about} conclusion={each} />
      ))}
      {sentence.kind === "leans" ? (
        <p>
          <a href={link("carries")}>{t("to_carries")}</a>
        </p>
      ) : null}
      <p class="quiet links">
        {["now", "ends", "term"].includes(sentence.kind) ? <a href={link("moves")}>{t("nav_moves")}</a> : null}
        {sentence.kind === "deal" ? <a href={link("deals")}>{t("nav_deals")}</a> : null}
        {sentence.kind === "truce" ? <a href={link("truce")}>{t("nav_truce")}</a> : null}
        <a href={link("answer", sentence.kind, sentence.about || "-")}>{t("link_here")}</a>
      </p>
    </div>
  );
}

/** What a case still lacks before its answer says anything: levers, then wants. */
const lacking = () => {
  const stated = sheet.value?.file;
  return stated && !stated.ranking && !stated.graph ? ["levers", "wants"].find((each) => !keys(each).length) : undefined;
};

/** What is to be said next; last an outcome that is asked about. */
function Lacking() {
  const lacks = lacking() ?? (sheet.value?.file && !keys("terms").length ? "terms" : undefined);
  if (!lacks) return null;
  return (
    <p class="note">
      {t(`lacking_${lacks}`)} <a href={link("build", lacks)}>{t(`section_${lacks}`)}</a>
    </p>
  );
}

/** The answer in short, always beside what is edited. */
export function AnswerInShort({ open: first }: { open?: string }) {
  const known = sheet.value?.file ? answer.value : null; // of a file with mistakes nothing is known
  const [open, setOpen] = useState<string | null>(first ?? null);
  const shown = known ? shownSentences(known, before.value, marked.value).filter((each) => !lacking() || each.kind === "caveat") : [];
  const fresh = known !== null && known.version === sheet.value?.version;
  const changed = shown.filter((each) => each.was !== null).length;
  return (
    <section class="answer" aria-labelledby="answer-title" aria-busy={!fresh} data-stage={fresh ? known.stage : ""}>
      <div class="head">
        {first ? (
          <h1 id="answer-title">{t("answer_title")}</h1>
        ) : (
          <h2 id="answer-title" tabIndex={-1}>
            {t("answer_title")}
          </h2>
        )}
        <span class="quiet doing" role="status">
          <span>
            {refused.value.length || sheet.value?.problems.length
              ? t("answer_refused")
              : !fresh || progress.value
                ? t(`stage_${progress.value || "core"}`)
                : ""}
          </span>
          {progress.value && fresh && share.value > 0 ? <span aria-hidden="true">{percent(share.value)}</span> : null}
        </span>
      </div>
      <Problems problems={refused.value} />
      {first || !findings().length ? null : (
        <button type="button" class="plain small-text" onClick={() => document.getElementById("findings-title")?.focus()}>
          {t("findings_title", { n: findings().length })}
        </button>
      )}
      {lacking() ? <Lacking /> : null}
      <ul class={`sentences ${fresh ? "" : "stale"}`}>
        {shown.map((each) => {
          const name = nameOf(each);
          return (
            <li key={name + each.text} class={`${each.old ? "old" : ""} ${each.was !== null ? "changed" : ""} ${each.just ? "just" : ""}`}>
              <button type="button" aria-expanded={open === name} onClick={() => setOpen(open === name ? null : name)}>
                {each.was !== null ? <Tag kind="new">{t(each.was.startsWith(each.text) ? "changed_below" : "changed")}</Tag> : null}{" "}
                {each.lead ? <b class="lead-in">{each.lead}</b> : null} {unbroken(each.text)}
              </button>
              {open === name ? <Opened sentence={each} /> : null}
            </li>
          );
        })}
      </ul>
      {lacking() ? null : <Lacking />}
      {known ? (
        <p class="quiet foot">
          {markedVersion.value === known.version
            ? t("marks_from_now")
            : changed
              ? t("marks_n", { n: changed, version: markedVersion.value })
              : t("marks_none", { version: markedVersion.value })}{" "}
          {markedVersion.value !== known.version ? (
            <button type="button" class="plain" onClick={markFromHere}>
              {t("mark_from_here")}
            </button>
          ) : null}
        </p>
      ) : null}
    </section>
  );
}
