import { useState } from "preact/hooks";
import { screenOf } from "./logic";
import type { Compared, Version } from "./model";
import { Problems, Tag, useTold } from "./parts";
import { get, sheet, step } from "./server";
import { t } from "./words";

/** Statements that differ between two versions. */
export function Differences({ old, now }: { old: string; now: string }) {
  const { told, problems } = useTold(() => get<Compared>(`/compare?old=${old}&new=${now}`), [old, now, sheet.value?.version]);
  if (!told) return <Problems problems={problems} />;
  if (!told.changes.length) return <p>{told.old === told.new ? t("no_changes") : t("no_changes_said")}</p>;
  return (
    <ul class="differences">
      {told.changes.map((each) => (
        <li key={each.at + each.kind}>
          <Tag kind={each.kind}>{t(`change_${each.kind}`)}</Tag> <a href={screenOf(each.at, sheet.value?.file ?? null)}><code>{each.at}</code></a>
          {each.before ? <del>{each.before}</del> : null} {each.after ? <ins>{each.after}</ins> : null}
        </li>
      ))}
    </ul>
  );
}

export function Changes() {
  const { told, problems } = useTold(() => get<{ versions: Version[] }>("/versions"), [sheet.value?.version]);
  const [old, setOld] = useState<number | null>(null);
  const now = sheet.value?.version ?? 0;
  const chosen = old ?? told?.versions[1]?.number ?? now;
  return (
    <div class="screen">
      <h1>{t("nav_changes")}</h1>
      <p class="lead">{t("about_changes")}</p>
      <Problems problems={problems} />
      <div class="two">
        <section aria-labelledby="versions-title">
          <h2 id="versions-title">{t("versions")}</h2>
          <ol class="versions">
            {told?.versions.map((each) => (
              <li key={each.number} class={each.number === chosen ? "open" : ""}>
                <button type="button" class="plain" aria-pressed={each.number === chosen} onClick={() => setOld(each.number)}>{each.number}. {t(`kind_of_${each.kind}`)} {each.what ? <code>{each.what}</code> : null}</button>
                <time class="quiet" dateTime={each.when}>{each.when.replace("T", " ")}</time>
                {each.number !== now ? <button type="button" class="small" onClick={() => void step("restore", { number: each.number })}>{t("restore")}</button> : <Tag kind="holds">{t("now_here")}</Tag>}
              </li>
            ))}
          </ol>
        </section>
        <section aria-live="polite" aria-labelledby="since-title">
          <h2 id="since-title">{t("since", { version: chosen })}</h2>
          <Differences old={String(chosen)} now="now" />
        </section>
      </div>
    </div>
  );
}
