import { useState } from "preact/hooks";
import { screenOf } from "./logic";
import type { Compared, Turned, Versions } from "./model";
import { Problems, Tag, useTold } from "./parts";
import { get, sheet, step } from "./server";
import { language, t } from "./words";

/** Statements that differ between two versions. */
export function Differences({ old, now }: { old: string; now: string }) {
  const { told, problems } = useTold(() => get<Compared>(`/compare?old=${old}&new=${now}`), [old, now, sheet.value?.version]);
  if (problems.length) return <Problems problems={problems} />;
  if (!told) return null;
  if (!told.changes.length) return <p>{told.old === told.new ? t("no_changes") : t("no_changes_said")}</p>;
  return (
    <ul class="differences">
      {told.changes.map((each) => (
        <li key={each.at + each.kind}>
          <Tag kind={each.kind}>{t(`change_${each.kind}`)}</Tag>{" "}
          <a href={screenOf(each.at, sheet.value?.file ?? null)}>
            <code>{each.at}</code>
          </a>{" "}
          {each.before ? <del>{each.before}</del> : null} {each.after ? <ins>{each.after}</ins> : null}
        </li>
      ))}
    </ul>
  );
}

/** Conclusions that came out otherwise, and the fewest changes that did it. */
function Conclusions({ old, now }: { old: string; now: string }) {
  const { told, problems, busy } = useTold(
    () => (old === now ? Promise.resolve(null) : get<Turned>(`/turned?old=${old}&new=${now}`)),
    [old, now, sheet.value?.version, language.value],
  );
  if (problems.length) return <Problems problems={problems} />;
  if (!told)
    return old === now ? (
      <p>{t("no_changes")}</p>
    ) : (
      <p class="quiet" role="status">
        {t("stage_core")}
      </p>
    );
  return (
    <div aria-busy={busy}>
      <ul class="flipped">
        {told.turned.map((each) => (
          <li key={each.now}>
            <strong>{each.now}</strong>
            {each.before ? (
              <p class="quiet">
                {t("before_it")} {each.before}
              </p>
            ) : null}
            <ul>
              {each.causes.map((cause) => (
                <li key={cause}>{cause}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {told.notes.map((each) => (
        <p class="quiet" key={each}>
          {each}
        </p>
      ))}
    </div>
  );
}

interface Row {
  which: string;
  name: string;
  said: string;
  when: string;
}

/** Saves and commits as one list of versions, each with the name by which it is asked for. */
export const rowsOf = (told: Versions, kind: (kind: string) => string): Row[] => [
  ...told.versions.map((each) => ({
    which: String(each.number),
    name: `${each.number}. ${kind(each.kind)}`,
    said: t(`what_${each.what}`) || each.what,
    when: each.when.replace("T", " "),
  })),
  ...told.commits.map((each) => ({ which: `git:${each.commit}`, name: each.commit.slice(0, 10), said: each.subject, when: each.day })),
];

function Choice({ id, label, value, rows, set }: { id: string; label: string; value: string; rows: Row[]; set: (which: string) => void }) {
  const option = (each: Row) => (
    <option key={each.which} value={each.which}>
      {each.name} {each.said.slice(0, 60)} ({each.when})
    </option>
  );
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => set((event.target as HTMLSelectElement).value)}>
        <optgroup label={t("versions")}>{rows.filter((each) => !each.which.startsWith("git:")).map(option)}</optgroup>
        {rows.some((each) => each.which.startsWith("git:")) ? (
          <optgroup label="git">{rows.filter((each) => each.which.startsWith("git:")).map(option)}</optgroup>
        ) : null}
      </select>
    </div>
  );
}

const FEW = 20; // versions that are listed at once

/** Every save, and git's commits of the file; any two compared. */
export function Changes() {
  const { told, problems } = useTold(() => get<Versions>("/versions"), [sheet.value?.version]);
  const [from, setFrom] = useState<string | null>(null);
  const [upTo, setUpTo] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const here = String(sheet.value?.version ?? 0);
  const rows = told ? rowsOf(told, (kind) => t(`kind_of_${kind}`)) : [];
  const old = from ?? rows[1]?.which ?? here;
  const now = upTo ?? here;
  return (
    <div class="screen">
      <h1>{t("nav_changes")}</h1>
      <p class="lead">{t("about_changes")}</p>
      <Problems problems={problems} />
      {rows.length > 1 ? (
        <div class="pair">
          <Choice id="from-version" label={t("from_version")} value={old} rows={rows} set={setFrom} />
          <Choice id="to-version" label={t("to_version")} value={now} rows={rows} set={setUpTo} />
        </div>
      ) : null}
      <div class="two">
        <section aria-live="polite" aria-labelledby="turned-title">
          <h2 id="turned-title">{t("concluded_otherwise")}</h2>
          {rows.length > 1 ? (
            <>
              <Conclusions old={old} now={now} />
              <h2>{t("statements_changed")}</h2>
              <Differences old={old} now={now} />
            </>
          ) : (
            <p class="quiet">{t("first_version")}</p>
          )}
        </section>
        <section aria-labelledby="versions-title">
          <h2 id="versions-title">{t("versions")}</h2>
          <ol class="versions">
            {(all ? rows : rows.slice(0, FEW)).map((each) => (
              <li key={each.which} class={each.which === old ? "open" : ""}>
                <button type="button" class="plain" aria-pressed={each.which === old} onClick={() => setFrom(each.which)}>
                  {each.which.startsWith("git:") ? (
                    <>
                      <Tag kind="term">git</Tag> <code>{each.name}</code> {each.said}
                    </>
                  ) : (
                    <>
                      {each.name} {each.said ? <code>{each.said}</code> : null}
                    </>
                  )}
                </button>
                <time class="quiet" dateTime={each.when.replace(" ", "T")}>
                  {each.when}
                </time>
                {each.which !== here ? (
                  <button
                    type="button"
                    class="small"
                    aria-label={t("restore_of", { name: each.name })}
                    onClick={() => void step("restore", { which: each.which })}
                  >
                    {t("restore")}
                  </button>
                ) : (
                  <Tag kind="holds">{t("now_here")}</Tag>
                )}
              </li>
            ))}
          </ol>
          {rows.length > FEW && !all ? (
            <button type="button" class="small" onClick={() => setAll(true)}>
              {t("show_all", { n: rows.length })}
            </button>
          ) : null}
          {told?.more ? <p class="quiet">{t("more_commits", { n: told.commits.length })}</p> : null}
          {told && !told.commits.length ? <p class="quiet">{t("no_commits")}</p> : null}
        </section>
      </div>
    </div>
  );
}
