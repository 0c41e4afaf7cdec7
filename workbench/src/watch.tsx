import { Blocks } from "./blocks";
import type { Entry, Plain } from "./model";
import { told } from "./case";
import { percent, valueAt } from "./logic";
import { link } from "./route";
import { presents, progress, refused, sheet, watch } from "./server";
import { t } from "./words";

/** What to watch: moves and silences that tell, courses that may follow, and what was seen so far. */
export function Watch() {
  const known = watch.value?.version === sheet.value?.version ? watch.value : null;
  return (
    <div class="screen" aria-busy={!known}>
      <h1>{t("nav_watch")}</h1>
      <p class="lead">
        {t("about_watch")} <a href={link("build", "observations")}>{t("section_observations")}</a>
      </p>
      {known ? (
        known.blocks.length ? (
          <Blocks blocks={known.blocks} name="watch" />
        ) : (
          <p>
            {t("watch_nothing")} <a href={link("build", "wants")}>{t("section_wants")}</a>
          </p>
        )
      ) : (
        <p class="quiet" role="status">
          {refused.value.length ? t("answer_refused") : progress.value ? t("watch_later") : t("watch_working")}
        </p>
      )}
    </div>
  );
}

/** What a setting of a lever means, in words where the case has them. */
const meant = (lever: Entry, setting: string) =>
  told((valueAt(lever, ["meaning", setting]) ?? valueAt(lever, ["told", setting])) || setting.replace(/_/g, " "));
const oddsOf = (lever: Plain | undefined) => Object.entries(((lever as Entry | undefined)?.odds ?? {}) as Entry);

/** Where it is open how things stand today: which levers, and what hangs on it. */
export function OpenToday() {
  const file = sheet.value?.file ?? {};
  const open = Object.entries((file.levers ?? {}) as Entry).filter(([, lever]) => oddsOf(lever).length);
  if (file.present === "unknown")
    return (
      <p class="note">
        {t("present_unknown")} <a href={link("build")}>{t("section_head")}</a>
      </p>
    );
  if (!open.length) return null;
  const known = presents.value?.version === sheet.value?.version ? presents.value : null;
  return (
    <section class="open-today" aria-labelledby="open-title">
      <h2 id="open-title">{t("open_today")}</h2>
      <ul>
        {open.map(([name, lever]) => (
          <li key={name}>
            <a href={link("build", "levers", name)}>{told((lever as Entry).is) || name}</a>:{" "}
            {oddsOf(lever)
              .map(([setting, chance]) => `${meant(lever as Entry, setting)} ${percent(Number(chance))}`)
              .join(", ")}
          </li>
        ))}
      </ul>
      {known ? (
        known.blocks.length ? (
          <Blocks blocks={known.blocks} name="today" />
        ) : (
          <p>{known.ways ? t("open_same", { n: known.ways }) : t("open_apart")}</p>
        )
      ) : (
        <p class="quiet" role="status">
          {t("stage_drawn")}
        </p>
      )}
    </section>
  );
}
